//! Tokens of relations.

use std::fmt;
use std::marker::PhantomData;

use super::actions::{IntoUnique, IntoUniques};
use super::arguments::{DistinctFields, RecordCount};
use super::change::{Change, IntoChanges};
use super::create::{CreateBuilder, NestedCreate, NestedCreates, OrCreate};
use super::filter::{Filter, IntoFilter, UniqueFilter};
use super::include::{Include, IncludeQuery, Included, IntoInclude, SlotOf};
use super::model::{Many, Model, One, Optional, Relation};
use super::order::{IntoOrder, OrderBy};
use super::select::IntoSelect;
use crate::tree::{self, CreateMany, NestedUpdate, NestedUpdateMany, NestedUpsert, NestedWrite, Quantifier};

/// A to-many relation, named by its type `R`: `user::posts`.
pub struct ToMany<R>(PhantomData<fn() -> R>);

/// A to-one relation, named by its type `R`: `post::author`.
pub struct ToOne<R>(PhantomData<fn() -> R>);

macro_rules! token {
    ($token:ident) => {
        impl<R> $token<R> {
            /// The token of a relation. Called by generated code.
            pub const fn new() -> Self {
                Self(PhantomData)
            }
        }
        impl<R> Default for $token<R> {
            fn default() -> Self {
                Self::new()
            }
        }
        impl<R> Clone for $token<R> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<R> Copy for $token<R> {}
        impl<R: Relation> fmt::Debug for $token<R> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}.{}", <R::Model as Model>::NAME, R::NAME)
            }
        }
        impl<R: Relation> $token<R> {
            /// Includes relations of the related records.
            pub fn include<I: IntoInclude<R::Target>>(self, include: I) -> IncludeQuery<R, Included<R::Target, I>>
            where
                R::Target: Include<I::Relation, SlotOf<I>>,
            {
                IncludeQuery::new().include(include)
            }

            /// Reads of each related record what is selected, and nothing else.
            pub fn select<S: IntoSelect<R::Target>>(self, select: S) -> IncludeQuery<R, S::Record> {
                IncludeQuery::new().select(select)
            }
        }
    };
}
token!(ToMany);
token!(ToOne);

fn related<R: Relation>(quantifier: Quantifier, filter: Option<tree::Filter>) -> Filter<R::Model> {
    let filter = Box::new(filter.unwrap_or(tree::Filter::And(Vec::new())));
    Filter::new(tree::Filter::Relation { field: R::FIELD, quantifier, filter })
}

fn create_many<R: Relation, C: NestedCreate<R>>(
    records: impl IntoIterator<Item = C>,
    skip_duplicates: bool,
) -> Change<R::Model> {
    let creates: Vec<_> = records.into_iter().map(CreateBuilder::into_create).collect();
    if creates.iter().any(|c| !c.relations.is_empty()) {
        return columns_alone::<R>("create_many", "create");
    }
    let records = creates.into_iter().map(|c| c.scalars).collect();
    change::<R>(NestedWrite::CreateMany(CreateMany { records, skip_duplicates }))
}

/// The change for a method that was given relations, and takes none.
fn columns_alone<R: Relation>(method: &str, instead: &str) -> Change<R::Model> {
    let message = format!("`{method}` takes columns alone, and was given a relation: use `{instead}` on each record");
    change::<R>(NestedWrite::Invalid(message))
}

fn change<R: Relation>(write: NestedWrite) -> Change<R::Model> {
    Change::relation(R::FIELD, write)
}

impl<R: Relation<Arity = Many>> ToMany<R> {
    /// One related record at least meets the condition.
    pub fn some(self, filter: impl IntoFilter<R::Target>) -> Filter<R::Model> {
        related::<R>(Quantifier::Some, filter.into_node())
    }

    /// All related records meet the condition, also if there are none.
    pub fn every(self, filter: impl IntoFilter<R::Target>) -> Filter<R::Model> {
        related::<R>(Quantifier::Every, filter.into_node())
    }

    /// No related record meets the condition.
    pub fn none(self, filter: impl IntoFilter<R::Target>) -> Filter<R::Model> {
        related::<R>(Quantifier::None, filter.into_node())
    }

    /// Only related records that meet the condition.
    pub fn filter(self, filter: impl IntoFilter<R::Target>) -> IncludeQuery<R, R::Target> {
        IncludeQuery::new().filter(filter)
    }

    /// Orders the related records.
    pub fn order_by(self, order: impl IntoOrder<R::Target>) -> IncludeQuery<R, R::Target> {
        IncludeQuery::new().order_by(order)
    }

    /// Starts at this related record.
    pub fn cursor(self, cursor: impl IntoUnique<R::Target>) -> IncludeQuery<R, R::Target> {
        IncludeQuery::new().cursor(cursor)
    }

    /// Passes over so many related records of each parent.
    pub fn skip(self, records: impl RecordCount<u64>) -> IncludeQuery<R, R::Target> {
        IncludeQuery::new().skip(records)
    }

    /// At most so many related records of each parent; negative: from the end.
    pub fn take(self, records: impl RecordCount<i64>) -> IncludeQuery<R, R::Target> {
        IncludeQuery::new().take(records)
    }

    /// Only the first related record of each combination of these fields.
    pub fn distinct(self, fields: impl DistinctFields<R::Target>) -> IncludeQuery<R, R::Target> {
        IncludeQuery::new().distinct(fields)
    }

    /// Creates related records: one create value, an array or a `Vec`.
    pub fn create(self, records: impl NestedCreates<R>) -> Change<R::Model> {
        change::<R>(NestedWrite::Create(records.into_creates()))
    }

    /// Creates related records in one statement; they may have no relations of their own (P2009): `create` takes those.
    pub fn create_many<C: NestedCreate<R>>(self, records: impl IntoIterator<Item = C>) -> Change<R::Model> {
        create_many::<R, C>(records, false)
    }

    /// As [`create_many`](Self::create_many); those whose unique keys are there already are left out.
    pub fn create_many_skip_duplicates<C: NestedCreate<R>>(
        self,
        records: impl IntoIterator<Item = C>,
    ) -> Change<R::Model> {
        create_many::<R, C>(records, true)
    }

    /// Connects records that are there: one, or an array or `Vec` of keys.
    pub fn connect(self, records: impl IntoUniques<R::Target>) -> Change<R::Model> {
        change::<R>(NestedWrite::Connect(records.into_uniques()))
    }

    /// Connects a record, or creates it where it is not there: `tag::name.eq("x").or_create(tag::create().name("x"))`.
    pub fn connect_or_create<C: NestedCreate<R>>(self, or_create: OrCreate<R::Target, C>) -> Change<R::Model> {
        change::<R>(NestedWrite::ConnectOrCreate(vec![or_create.into_node()]))
    }

    /// Exactly these records are connected afterwards.
    pub fn set(self, records: impl IntoIterator<Item = UniqueFilter<R::Target>>) -> Change<R::Model> {
        change::<R>(NestedWrite::Set(records.into_iter().map(|u| u.node).collect()))
    }

    /// The records, one or several, are connected no more; they stay.
    pub fn disconnect(self, records: impl IntoUniques<R::Target>) -> Change<R::Model> {
        change::<R>(NestedWrite::Disconnect(records.into_uniques()))
    }

    /// Changes a connected record; P2025 if it is not connected.
    pub fn update(self, unique: impl IntoUnique<R::Target>, changes: impl IntoChanges<R::Target>) -> Change<R::Model> {
        change::<R>(NestedWrite::Update(vec![NestedUpdate {
            unique: Some(unique.into_unique().node),
            filter: None,
            write: changes.into_changes(),
        }]))
    }

    /// Changes columns of all connected records that meet the condition; their relations stay as they are (P2009): `update` changes
    /// those.
    pub fn update_many(
        self,
        filter: impl IntoFilter<R::Target>,
        changes: impl IntoChanges<R::Target>,
    ) -> Change<R::Model> {
        let changes = changes.into_changes();
        if !changes.relations.is_empty() {
            return columns_alone::<R>("update_many", "update");
        }
        let update = NestedUpdateMany { filter: filter.into_node(), scalars: changes.scalars };
        change::<R>(NestedWrite::UpdateMany(vec![update]))
    }

    /// Changes a connected record, or creates one.
    pub fn upsert<C: NestedCreate<R>>(
        self,
        unique: impl IntoUnique<R::Target>,
        create: C,
        update: impl IntoChanges<R::Target>,
    ) -> Change<R::Model> {
        change::<R>(NestedWrite::Upsert(vec![NestedUpsert {
            unique: Some(unique.into_unique().node),
            filter: None,
            create: create.into_create(),
            update: update.into_changes(),
        }]))
    }

    /// Deletes connected records, one or several; P2017 if one is not connected.
    pub fn delete(self, records: impl IntoUniques<R::Target>) -> Change<R::Model> {
        change::<R>(NestedWrite::Delete(records.into_uniques()))
    }

    /// Deletes all connected records that meet the condition.
    pub fn delete_many(self, filter: impl IntoFilter<R::Target>) -> Change<R::Model> {
        change::<R>(NestedWrite::DeleteMany(vec![filter.into_node().unwrap_or(tree::Filter::And(Vec::new()))]))
    }
}

impl<R: Relation> ToOne<R> {
    /// The related record is there and meets the condition.
    pub fn is(self, filter: impl IntoFilter<R::Target>) -> Filter<R::Model> {
        related::<R>(Quantifier::Is, filter.into_node())
    }

    /// The related record does not meet the condition, or there is none.
    pub fn is_not(self, filter: impl IntoFilter<R::Target>) -> Filter<R::Model> {
        related::<R>(Quantifier::IsNot, filter.into_node())
    }

    /// Orders by a field of the related record.
    pub fn order(self, mut order: OrderBy<R::Target>) -> OrderBy<R::Model> {
        order.node.path.insert(0, R::FIELD);
        OrderBy::new(order.node)
    }

    /// Creates the related record and connects it.
    pub fn create(self, record: impl NestedCreate<R>) -> Change<R::Model> {
        change::<R>(NestedWrite::Create(vec![record.into_create()]))
    }

    /// Connects a record that is there.
    pub fn connect(self, unique: impl IntoUnique<R::Target>) -> Change<R::Model> {
        change::<R>(NestedWrite::Connect(vec![unique.into_unique().node]))
    }

    /// Connects a record, or creates it where it is not there.
    pub fn connect_or_create<C: NestedCreate<R>>(self, or_create: OrCreate<R::Target, C>) -> Change<R::Model> {
        change::<R>(NestedWrite::ConnectOrCreate(vec![or_create.into_node()]))
    }

    /// Changes the connected record; P2025 if there is none.
    pub fn update(self, changes: impl IntoChanges<R::Target>) -> Change<R::Model> {
        self.update_where(None, changes)
    }

    /// Changes the connected record if it meets the condition; P2025 if not, or if there is none.
    pub fn update_where(
        self,
        filter: impl IntoFilter<R::Target>,
        changes: impl IntoChanges<R::Target>,
    ) -> Change<R::Model> {
        change::<R>(NestedWrite::Update(vec![NestedUpdate {
            unique: None,
            filter: filter.into_node(),
            write: changes.into_changes(),
        }]))
    }

    /// Changes the connected record, or creates one.
    pub fn upsert(self, create: impl NestedCreate<R>, update: impl IntoChanges<R::Target>) -> Change<R::Model> {
        self.upsert_where(None, create, update)
    }

    /// Changes the connected record if it meets the condition; creates and connects one if not, or if there is none.
    pub fn upsert_where(
        self,
        filter: impl IntoFilter<R::Target>,
        create: impl NestedCreate<R>,
        update: impl IntoChanges<R::Target>,
    ) -> Change<R::Model> {
        change::<R>(NestedWrite::Upsert(vec![NestedUpsert {
            unique: None,
            filter: filter.into_node(),
            create: create.into_create(),
            update: update.into_changes(),
        }]))
    }
}

/// A to-one relation that may have no record.
#[diagnostic::on_unimplemented(
    message = "this relation is required: it always has its record",
    note = "only optional relations (`?` in the schema) have `is_null`, `is_not_null`, `disconnect` and `delete`"
)]
pub trait OptionalArity {}
impl OptionalArity for Optional {}

impl<R: Relation> ToOne<R>
where
    R::Arity: ToOneArity,
{
    /// There is no related record.
    pub fn is_null(self) -> Filter<R::Model>
    where
        R::Arity: OptionalArity,
    {
        related::<R>(Quantifier::IsNull, None)
    }

    /// There is a related record.
    pub fn is_not_null(self) -> Filter<R::Model>
    where
        R::Arity: OptionalArity,
    {
        related::<R>(Quantifier::IsNotNull, None)
    }

    /// The record is connected no more; it stays.
    pub fn disconnect(self) -> Change<R::Model>
    where
        R::Arity: OptionalArity,
    {
        change::<R>(NestedWrite::DisconnectOne(None))
    }

    /// The record is connected no more, if it meets the condition.
    pub fn disconnect_where(self, filter: impl IntoFilter<R::Target>) -> Change<R::Model>
    where
        R::Arity: OptionalArity,
    {
        change::<R>(NestedWrite::DisconnectOne(filter.into_node()))
    }

    /// Deletes the connected record; P2025 if there is none.
    pub fn delete(self) -> Change<R::Model>
    where
        R::Arity: OptionalArity,
    {
        change::<R>(NestedWrite::DeleteOne(None))
    }

    /// Deletes the connected record if it meets the condition; P2025 if not, or if there is none.
    pub fn delete_where(self, filter: impl IntoFilter<R::Target>) -> Change<R::Model>
    where
        R::Arity: OptionalArity,
    {
        change::<R>(NestedWrite::DeleteOne(filter.into_node()))
    }
}

/// [`Optional`] or [`One`].
pub trait ToOneArity {}
impl ToOneArity for Optional {}
impl ToOneArity for One {}
