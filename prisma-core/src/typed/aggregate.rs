//! What is computed of records: `count`, `sum`, `avg`, `min`, `max`, and `aggregate`.

use std::fmt;
use std::marker::PhantomData;

use bigdecimal::BigDecimal;

use super::arguments::{Arguments, argument_methods};
use super::column::{Columns, FieldType, OneValue};
use super::field::Field;
use super::find::{Operation, Sql, awaitable};
use super::model::Model;
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
pub trait Summed: Number {
    /// What the sum is: integers of 32 bits sum up to one of 64.
    type Sum: Scalar;
    /// What the mean is.
    type Mean: Scalar;
}

impl Summed for i32 {
    type Sum = i64;
    type Mean = f64;
}
impl Summed for i64 {
    type Sum = i64;
    type Mean = f64;
}
impl Summed for f64 {
    type Sum = f64;
    type Mean = f64;
}
impl Summed for BigDecimal {
    type Sum = BigDecimal;
    type Mean = BigDecimal;
}

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
    pub fn sum(self) -> Computed<M, Option<<T::Scalar as Summed>::Sum>>
    where
        T: OneValue,
        T::Scalar: Summed,
    {
        Computed::new(tree::Aggregate::Sum(self.id()))
    }

    /// The mean of the values; `None` if there are none.
    pub fn avg(self) -> Computed<M, Option<<T::Scalar as Summed>::Mean>>
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

/// What is to be computed of records of `M`: one thing, or a tuple of up to 12.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be computed of records of `{M}`",
    label = "not an aggregate of `{M}`",
    note = "aggregates are `count()`, and `count`, `sum`, `avg`, `min`, `max` of the tokens of the model's own module: `post::views.sum()`; several in a tuple"
)]
pub trait Aggregates<M>: Send + 'static {
    /// What comes of it.
    type Output: Send + 'static;

    /// Adds what is to be computed.
    fn add_to(&self, nodes: &mut Vec<tree::Aggregate>);

    /// Reads what came of it.
    ///
    /// # Errors
    /// A column that holds something else, such as a sum beyond 64 bits.
    fn read(columns: &mut Columns<'_>) -> Result<Self::Output, ColumnError>;
}

impl<M: 'static, T: FieldType> Aggregates<M> for Computed<M, T> {
    type Output = T;

    fn add_to(&self, nodes: &mut Vec<tree::Aggregate>) {
        nodes.push(self.node);
    }

    fn read(columns: &mut Columns<'_>) -> Result<T, ColumnError> {
        columns.next()
    }
}

macro_rules! tuples {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<M, $first: Aggregates<M>, $($rest: Aggregates<M>),*> Aggregates<M> for ($first, $($rest,)*) {
            type Output = ($first::Output, $($rest::Output,)*);

            fn add_to(&self, nodes: &mut Vec<tree::Aggregate>) {
                #[allow(non_snake_case)]
                let ($first, $($rest,)*) = self;
                $first.add_to(nodes);
                $($rest.add_to(nodes);)*
            }

            fn read(columns: &mut Columns<'_>) -> Result<Self::Output, ColumnError> {
                Ok(($first::read(columns)?, $($rest::read(columns)?,)*))
            }
        }
        tuples!($($rest)*);
    };
}
tuples!(A B C D E F G H I J K L);

/// P2023 for a column that does not hold what was to be computed.
pub(super) fn column_error<M: Model>(error: &ColumnError) -> Error {
    Error::column(M::NAME, "what is computed", error)
}

/// Computes `A` of records of `M`. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct Aggregate<'db, M, A> {
    handle: &'db Handle,
    arguments: Arguments<M>,
    aggregates: A,
}

impl<'db, M: Model, A: Aggregates<M>> Aggregate<'db, M, A> {
    pub(super) fn new(handle: &'db Handle, aggregates: A) -> Self {
        Self { handle, arguments: Arguments::default(), aggregates }
    }

    argument_methods!(M, arguments);

    /// SQL and parameters of the statement, without running it.
    ///
    /// # Errors
    /// A query with more values than a statement can have (P2029).
    pub fn to_sql(self) -> Result<Sql, Error> {
        let handle = self.handle;
        handle.aggregate_to_sql(self.into_query()).map(Sql)
    }

    fn into_query(self) -> AggregateQuery {
        let mut aggregates = Vec::new();
        self.aggregates.add_to(&mut aggregates);
        AggregateQuery { model: M::ID, arguments: self.arguments.node, aggregates }
    }
}

impl<M: Model, A: Aggregates<M>> Operation for Aggregate<'_, M, A> {
    type Output = A::Output;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<A::Output, Error>>
    where
        Self: 'a,
    {
        let query = self.into_query();
        Box::pin(async move {
            let mut answer = None;
            let mut read = |row: &dyn Row| {
                answer = Some(A::read(&mut Columns::new(row)).map_err(|e| column_error::<M>(&e))?);
                Ok(())
            };
            handle.aggregate(query, &mut read).await?;
            answer.ok_or_else(|| Error::internal("an aggregate answered no row"))
        })
    }
}
awaitable!([M: Model, A: Aggregates<M>] Aggregate<'db, M, A>);
