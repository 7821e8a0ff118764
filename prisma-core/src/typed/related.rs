//! What is computed of related records: beside each record, or to order by.

use std::fmt;
use std::marker::PhantomData;

use super::aggregate::{Aggregates, ComputedValue, Extremes, Summed};
use super::column::{Columns, Decode, OneValue};
use super::field::Field;
use super::filter::IntoFilter;
use super::model::{Many, Model, Record, Relation, Slots};
use super::order::OrderBy;
use super::relation::ToMany;
use super::replace::Settled;
use super::value::Scalar;
use crate::Error;
use crate::driver::ColumnError;
use crate::tree::{self, Aggregate, Direction, FieldId, Order, OrderTarget, RelationAggregate};

/// Something computed of the records that the to-many relation `R` leads to, of type `T`: `user::posts.count()`, `user::posts.sum(post::views)`.
///
/// It is what `aggregate` of a query takes, and has the orders [`asc`](Self::asc) and [`desc`](Self::desc).
#[must_use]
pub struct Related<R, T> {
    node: RelationAggregate,
    types: PhantomData<fn() -> (R, T)>,
}

impl<R: Relation<Arity = Many>> ToMany<R> {
    /// How many related records there are.
    pub fn count(self) -> Related<R, i64> {
        Related { node: RelationAggregate::count(R::FIELD), types: PhantomData }
    }

    /// The sum of a field of the related records; `None` if none has a value.
    pub fn sum<T: OneValue, K>(self, field: Field<R::Target, T, K>) -> Related<R, Option<<T::Scalar as Scalar>::Sum>>
    where
        T::Scalar: Summed,
    {
        Related::of(Aggregate::Sum, field.id())
    }

    /// The mean of a field of the related records; `None` if none has a value.
    pub fn avg<T: OneValue, K>(self, field: Field<R::Target, T, K>) -> Related<R, Option<<T::Scalar as Scalar>::Mean>>
    where
        T::Scalar: Summed,
    {
        Related::of(Aggregate::Avg, field.id())
    }

    /// The least value of a field of the related records; `None` if none has a value.
    pub fn min<T: OneValue, K>(self, field: Field<R::Target, T, K>) -> Related<R, Option<T::Scalar>>
    where
        T::Scalar: Extremes,
    {
        Related::of(Aggregate::Min, field.id())
    }

    /// The greatest value of a field of the related records; `None` if none has a value.
    pub fn max<T: OneValue, K>(self, field: Field<R::Target, T, K>) -> Related<R, Option<T::Scalar>>
    where
        T::Scalar: Extremes,
    {
        Related::of(Aggregate::Max, field.id())
    }
}

impl<R: Relation, T> Related<R, T> {
    fn of(aggregate: fn(FieldId) -> Aggregate, field: FieldId) -> Self {
        let node = RelationAggregate { field: R::FIELD, aggregate: aggregate(field), filter: None };
        Self { node, types: PhantomData }
    }

    /// Only of related records that meet the condition; several are combined by "and". `None` is no condition.
    pub fn filter(mut self, filter: impl IntoFilter<R::Target>) -> Self {
        tree::Filter::add(&mut self.node.filter, filter.into_node());
        self
    }

    /// Orders by it: the least first.
    pub fn asc(self) -> OrderBy<R::Model> {
        self.order(Direction::Asc)
    }

    /// Orders by it: the greatest first.
    pub fn desc(self) -> OrderBy<R::Model> {
        self.order(Direction::Desc)
    }

    fn order(self, direction: Direction) -> OrderBy<R::Model> {
        OrderBy::new(Order { path: Vec::new(), target: OrderTarget::Related(self.node), direction, nulls: None })
    }
}

impl<R, T> Clone for Related<R, T> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), types: PhantomData }
    }
}
impl<R: Relation, T> fmt::Debug for Related<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} {:?}", <R::Model as Model>::NAME, R::NAME, self.node)
    }
}

/// The model `M` itself: a bound that can be missed, so that it is told what the mistake is.
#[diagnostic::on_unimplemented(
    message = "this is computed of what is related to a record of `{Self}`, and the query reads `{M}`",
    label = "a relation of `{Self}`",
    note = "it is made of the relations in the model's own module: `user::posts.count()` for records of `User`"
)]
pub trait SameModel<M> {}
#[diagnostic::do_not_recommend]
impl<M> SameModel<M> for M {}

impl<M, R, T> Aggregates<M, RelationAggregate> for Related<R, T>
where
    R: Relation<Model: SameModel<M>>,
    T: ComputedValue,
{
    type Output = T;

    fn add_to(self, nodes: &mut Vec<RelationAggregate>) {
        nodes.push(self.node);
    }
}

/// A record, and what is computed of the records that are related to it.
impl<T: Record, V: ComputedValue> Record for (T, V) {
    type Model = T::Model;
    type Base = (T::Base, V);
    type Relations = Settled;

    fn assemble((base, computed): Self::Base, slots: &mut Slots) -> Result<Self, Error> {
        Ok((T::assemble(base, slots)?, computed))
    }
}

impl<B: Decode, V: ComputedValue> Decode for (B, V) {
    /// What is computed has no name of its own.
    const FIELDS: &'static [&'static str] = B::FIELDS;

    fn decode(columns: &mut Columns<'_>) -> Result<Self, ColumnError> {
        Ok((B::decode(columns)?, V::read(columns)?))
    }
}
