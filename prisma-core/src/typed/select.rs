//! Reading part of a record: `select!`, `#[derive(Select)]`, and what `select` and `select_as` take.

use std::fmt;
use std::marker::PhantomData;

use super::column::FieldType;
use super::field::Field;
use super::filter::IntoFilter;
use super::include::{IncludeQuery, Inclusion, Level};
use super::model::{Many, Model, One, Optional, Record, Relation};
use super::relation::ToMany;
use crate::tree::{Columns, FieldId, RelationAggregate};

/// What is read of each record of `M`, as `T`: made by `select!`, or by what derives `Select`.
#[must_use = "a selection is given to `select` of a query"]
pub struct Select<M, T> {
    pub(super) level: Level,
    record: PhantomData<fn(M) -> T>,
}

impl<M: Model, T: Record<Model = M>> Select<M, T> {
    /// These columns, in this order; `unnamed` are those that nobody named. Called by generated code.
    #[doc(hidden)]
    pub fn columns(columns: impl Into<Vec<FieldId>>, unnamed: impl Into<Vec<FieldId>>) -> Self {
        let mut level = Level::default();
        level.selection.columns = Columns::Fields(columns.into());
        level.selection.unnamed = unnamed.into();
        Self { level, record: PhantomData }
    }

    /// A relation, by its place among those that are selected. Called by generated code.
    #[doc(hidden)]
    pub fn relation<I: Inclusion>(mut self, slot: usize, include: I) -> Self {
        self.level.relation(slot, include.into_include());
        self
    }

    /// The number of related records. Called by generated code.
    #[doc(hidden)]
    pub fn count<R: Relation<Arity = Many>>(mut self, _: ToMany<R>, filter: impl IntoFilter<R::Target>) -> Self {
        let count = RelationAggregate { filter: filter.into_node(), ..RelationAggregate::count(R::FIELD) };
        self.level.selection.aggregates.push(count);
        self
    }
}

impl<M: Model, T> fmt::Debug for Select<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", M::NAME, self.level.selection)
    }
}

/// What `select` takes for records of `M`.
#[diagnostic::on_unimplemented(
    message = "this is not a selection of fields of `{M}`",
    label = "a selection of `{M}` is wanted here",
    note = "it is made by `select!`, which begins with the model's own module: `select!(user {{ id, email }})` for `User`"
)]
pub trait IntoSelect<M> {
    /// What the records become.
    type Record: Record<Model = M>;

    /// The selection.
    fn into_select(self) -> Select<M, Self::Record>;
}

impl<M: Model, T: Record<Model = M>> IntoSelect<M> for Select<M, T> {
    type Record = T;

    fn into_select(self) -> Self {
        self
    }
}

/// A record that says what is read of model `M`: the model's own, or one that derives `Select`.
#[diagnostic::on_unimplemented(
    message = "records of `{M}` cannot be read as `{Self}`",
    label = "neither `{M}`, nor what derives `Select` with the module of `{M}`",
    note = "a struct says what it is read of: `#[derive(Select)] #[prisma(model = user)] struct UserCard {{ id: i32, email: String }}`"
)]
pub trait SelectAs<M> {
    /// The record itself.
    #[doc(hidden)]
    type Record: Record<Model = M>;

    /// What is read.
    fn selection() -> Select<M, Self::Record>;
}

/// All columns.
#[diagnostic::do_not_recommend]
impl<M: Model> SelectAs<M> for M {
    type Record = M;

    fn selection() -> Select<M, M> {
        Select { level: Level::default(), record: PhantomData }
    }
}

/// A record of which no part is chosen yet.
#[diagnostic::on_unimplemented(
    message = "`select` says all that is read, and stands alone: this query has an `include`, an `aggregate`, or another `select`",
    label = "chosen already",
    note = "name the relation in the selection: `select!(user {{ id, posts {{ title }} }})`; or include part of it: `.include(user::posts.select(select!(post {{ title }})))`",
    note = "`aggregate` comes after it: `.select(…).aggregate(…)`"
)]
pub trait NothingIncluded {}
#[diagnostic::do_not_recommend]
impl<M: Model> NothingIncluded for M {}

/// `include`, `select`, `select_as` and `aggregate` of a query, given its type but for model and record, these two, and the way to its [`Level`].
macro_rules! reading_methods {
    ($query:ident<$db:lifetime $(, $after:ident)*>, $model:ty, $record:ty, $($level:tt).+) => {
        /// Reads a relation along: its field in the record then holds what the relation leads to.
        pub fn include<__I: $crate::typed::IntoInclude<$record>>(
            mut self,
            include: __I,
        ) -> $query<$db, $model, $crate::typed::Included<$record, __I> $(, $after)*>
        where
            $record: $crate::typed::Include<__I::Relation, $crate::typed::SlotOf<__I>>,
        {
            self.$($level).+.include(include.into_include());
            self.reading()
        }

        /// Reads of each record what is selected, and nothing else: `.select(select!(user { id, posts { title } }))`.
        pub fn select<__S: $crate::typed::IntoSelect<$model>>(
            mut self,
            select: __S,
        ) -> $query<$db, $model, __S::Record $(, $after)*>
        where
            $record: $crate::typed::NothingIncluded,
        {
            self.$($level).+ = select.into_select().level;
            self.reading()
        }

        /// Reads of each record what a struct says that derives `Select`, as that struct.
        pub fn select_as<__C: $crate::typed::SelectAs<$model>>(mut self) -> $query<$db, $model, __C::Record $(, $after)*>
        where
            $record: $crate::typed::NothingIncluded,
        {
            self.$($level).+ = __C::selection().level;
            self.reading()
        }

        /// Computes something of the related records of each record, which then comes beside it:
        /// `.aggregate((user::posts.count(), user::posts.sum(post::views)))` gives `(User, (i64, Option<i64>))`. It comes after `include` and `select`.
        pub fn aggregate<__A>(mut self, of: __A) -> $query<$db, $model, ($record, __A::Output) $(, $after)*>
        where
            __A: $crate::typed::Aggregates<$model, $crate::tree::RelationAggregate>,
        {
            of.add_to(&mut self.$($level).+.selection.aggregates);
            self.reading()
        }
    };
}
pub(super) use reading_methods;

/// The type of a column's field that may be declared as `D`.
#[diagnostic::on_unimplemented(
    message = "this field is declared as `{D}`, but its column is read as `{Self}`",
    label = "declare it as `{Self}`"
)]
pub trait ReadAs<D> {}
impl<T: FieldType> ReadAs<T> for T {}

/// A column for a field that is declared as `D`. Called by generated code.
#[doc(hidden)]
pub fn column_as<D, M, T: ReadAs<D>, K>(column: Field<M, T, K>) -> FieldId {
    column.id()
}

/// What the field of relation `R` may be declared as.
#[diagnostic::on_unimplemented(
    message = "this field is declared as `{Self}`, but the relation is not read so",
    label = "not what the relation holds",
    note = "a to-many relation is a `Vec<T>`, an optional one an `Option<T>`, a required one a `T`; and `T` is the related model's record, or derives `Select` with that model"
)]
pub trait RelatedAs<R: Relation, A = <R as Relation>::Arity> {
    /// What the related records become.
    type Record: Record<Model = R::Target>;

    /// What is read of them.
    fn selection() -> Select<R::Target, Self::Record>;
}

macro_rules! related_as {
    ($arity:ty, $field:ty) => {
        impl<R: Relation, T: SelectAs<R::Target>> RelatedAs<R, $arity> for $field {
            type Record = T::Record;

            fn selection() -> Select<R::Target, T::Record> {
                T::selection()
            }
        }
    };
}
related_as!(Many, Vec<T>);
related_as!(Optional, Option<T>);
related_as!(One, T);

/// A relation for a field that is declared as `D`. Called by generated code.
#[doc(hidden)]
pub fn related_as<D: RelatedAs<R>, R: Relation>() -> IncludeQuery<R, D::Record> {
    IncludeQuery::new().select(D::selection())
}
