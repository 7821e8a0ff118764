//! What is computed of records: `count`, `sum`, `avg`, `min`, `max`, and `aggregate`.

use std::fmt;
use std::marker::PhantomData;

use super::arguments::{Arguments, argument_methods};
use super::column::{Columns, FieldType, OneValue};
use super::field::Field;
use super::find::{Operation, Sql, awaitable};
use super::model::Model;
use super::tuples::for_tuples;
use super::value::{Number, Ordered, Scalar};
use crate::Error;
use crate::driver::{BoxFuture, ColumnError, Row};
use crate::engine::Handle;
use crate::tree::{self, AggregateQuery};

/// Something computed of records of `M`, of type `T`: `count()`, `post::views.sum()`.
///
/// It is what [`aggregate`](super::Actions::aggregate) takes; in [`having`](super::GroupBy::having) and
/// [`order_by`](super::GroupBy::order_by) of a grouping it has conditions and orders of its own.
#[must_use]
pub struct Computed<M, T> {
    pub(super) node: tree::Aggregate,
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Computed<M, T> {
    fn new(node: tree::Aggregate) -> Self {
        Self { node, types: PhantomData }
    }
}

impl<M, T> Clone for Computed<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M, T> Copy for Computed<M, T> {}
impl<M, T> fmt::Debug for Computed<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// How many records there are.
pub fn count<M>() -> Computed<M, i64> {
    Computed::new(tree::Aggregate::Count)
}

/// Numbers that can be summed up.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field is no number: `sum` and `avg` are not there for it",
    label = "only numbers have this",
    note = "`Int`, `BigInt`, `Float` and `Decimal` fields have `sum` and `avg`; what has an order has `min` and `max`; every field has `count`"
)]
pub trait Summed: Number {}
#[diagnostic::do_not_recommend]
impl<T: Number> Summed for T {}

/// Scalars of which one is the least, and one the greatest.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field has no order: `min` and `max` are not there for it",
    label = "only what has an order has this",
    note = "numbers, text, dates and times have `min` and `max`; every field has `count`"
)]
pub trait Extremes: Ordered {}
#[diagnostic::do_not_recommend]
impl<T: Ordered> Extremes for T {}

impl<M, T: FieldType, K> Field<M, T, K> {
    /// How many records have a value in this field; of a required one, all have.
    pub fn count(self) -> Computed<M, i64> {
        Computed::new(tree::Aggregate::CountField(self.id()))
    }

    /// The sum of the values; `None` if there are none.
    pub fn sum(self) -> Computed<M, Option<<T::Scalar as Scalar>::Sum>>
    where
        T: OneValue,
        T::Scalar: Summed,
    {
        Computed::new(tree::Aggregate::Sum(self.id()))
    }

    /// The mean of the values; `None` if there are none.
    pub fn avg(self) -> Computed<M, Option<<T::Scalar as Scalar>::Mean>>
    where
        T: OneValue,
        T::Scalar: Summed,
    {
        Computed::new(tree::Aggregate::Avg(self.id()))
    }

    /// The least value; `None` if there is none.
    pub fn min(self) -> Computed<M, Option<T::Scalar>>
    where
        T: OneValue,
        T::Scalar: Extremes,
    {
        Computed::new(tree::Aggregate::Min(self.id()))
    }

    /// The greatest value; `None` if there is none.
    pub fn max(self) -> Computed<M, Option<T::Scalar>>
    where
        T: OneValue,
        T::Scalar: Extremes,
    {
        Computed::new(tree::Aggregate::Max(self.id()))
    }
}

/// What is to be computed of records of `M`, or (`N` is [`RelationAggregate`](tree::RelationAggregate)) of what is related to each of them: one thing,
/// or a tuple of up to 12.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be computed of records of `{M}` here",
    label = "not an aggregate of `{M}`, or not one for this place",
    note = "of records altogether: `count()`, and `count`, `sum`, `avg`, `min`, `max` of the tokens of the model's own module: `db.post().aggregate((count(), post::views.sum()))`",
    note = "of what is related to each record: the same of its to-many relations: `db.user().find_many().aggregate((user::posts.count(), user::posts.sum(post::views)))`"
)]
pub trait Aggregates<M, N = tree::Aggregate> {
    /// What comes of it.
    type Output: ComputedValue;

    /// Adds what is to be computed.
    fn add_to(self, nodes: &mut Vec<N>);
}

impl<M, T: ComputedValue> Aggregates<M> for Computed<M, T> {
    type Output = T;

    fn add_to(self, nodes: &mut Vec<tree::Aggregate>) {
        nodes.push(self.node);
    }
}

/// What was computed: one value, or a tuple of up to 12.
pub trait ComputedValue: Sized + Send + 'static {
    /// Reads it.
    ///
    /// # Errors
    /// A column that holds something else, such as a sum beyond 64 bits.
    fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError>;
}

impl<T: FieldType> ComputedValue for T {
    fn read(columns: &mut Columns<'_>) -> Result<T, ColumnError> {
        columns.next()
    }
}

macro_rules! tuple {
    ($($t:ident)*) => {
        impl<M, N, $($t: Aggregates<M, N>),*> Aggregates<M, N> for ($($t,)*) {
            type Output = ($($t::Output,)*);

            fn add_to(self, nodes: &mut Vec<N>) {
                #[allow(non_snake_case)]
                let ($($t,)*) = self;
                $($t.add_to(nodes);)*
            }
        }
        impl<$($t: ComputedValue),*> ComputedValue for ($($t,)*) {
            fn read(columns: &mut Columns<'_>) -> Result<Self, ColumnError> {
                Ok(($($t::read(columns)?,)*))
            }
        }
    };
}
for_tuples!(tuple: A B C D E F G H I J K L);

/// What a column that is no field's is called in errors.
pub(super) const COMPUTED: &str = "what is computed";

/// P2023 for a column that does not hold what was to be computed.
pub(super) fn column_error<M: Model>(error: &ColumnError) -> Error {
    Error::column(M::NAME, COMPUTED, error)
}

/// Computes `T` of records of `M`. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct Aggregate<'db, M, T> {
    handle: &'db Handle,
    arguments: Arguments<M>,
    aggregates: Vec<tree::Aggregate>,
    value: PhantomData<fn() -> T>,
}

impl<'db, M: Model, T> Aggregate<'db, M, T> {
    pub(super) fn new<A: Aggregates<M, Output = T>>(handle: &'db Handle, of: A) -> Self {
        let mut aggregates = Vec::new();
        of.add_to(&mut aggregates);
        Self { handle, arguments: Arguments::default(), aggregates, value: PhantomData }
    }

    argument_methods!(M, arguments);

    /// SQL and parameters of the statement, without running it.
    ///
    /// # Errors
    /// A query with more values than a statement can have (P2029).
    pub fn to_sql(self) -> Result<Sql, Error> {
        let query = AggregateQuery { model: M::ID, arguments: self.arguments.node, aggregates: self.aggregates };
        self.handle.aggregate_to_sql(query).map(Sql)
    }
}

impl<M: Model, T: ComputedValue> Operation for Aggregate<'_, M, T> {
    type Output = T;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<T, Error>>
    where
        Self: 'a,
    {
        let Self { arguments, aggregates, .. } = self;
        let query = AggregateQuery { model: M::ID, arguments: arguments.node, aggregates };
        Box::pin(async move {
            let mut answer = None;
            let mut visit = |row: &dyn Row| {
                answer = Some(T::read(&mut Columns::new(row)).map_err(|e| column_error::<M>(&e))?);
                Ok(())
            };
            handle.aggregate(query, &mut visit).await?;
            answer.ok_or_else(|| Error::internal("an aggregate answered no row"))
        })
    }
}
awaitable!([M: Model, T: ComputedValue] Aggregate<'db, M, T>);
