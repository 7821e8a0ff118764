//! Groups of records: `group_by`, `having`.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use super::aggregate::{Aggregates, Computed, ComputedValue, column_error};
use super::arguments::RecordCount;
use super::column::{Columns, Nullable, OneValue};
use super::field::Field;
use super::filter::{Combine, Filter, IntoFilter, UniqueFilter};
use super::find::{Operation, Sql, awaitable};
use super::model::Model;
use super::order::OrderBy;
use super::tuples::for_tuples;
use super::value::{IntoOperand, IntoValue, Ordered};
use crate::Error;
use crate::driver::{BoxFuture, Row};
use crate::engine::Handle;
use crate::tree::{self, CompareOp, Condition, Direction, FieldId, GroupQuery, Mode, Order, OrderTarget};

/// Fields of `M` to group its records by: one, or a tuple of up to 8.
#[diagnostic::on_unimplemented(
    message = "records of `{M}` cannot be grouped by `{Self}`",
    label = "not a field to group `{M}` by",
    note = "records are grouped by column fields of their own model, which hold one value: `group_by(post::author_id)`, or several in a tuple"
)]
pub trait GroupKeys<M> {
    /// The values of a group.
    type Output: ComputedValue;

    /// Adds the fields.
    fn add_to(self, fields: &mut Vec<FieldId>);
}

impl<M, T: OneValue, K> GroupKeys<M> for Field<M, T, K> {
    type Output = T;

    fn add_to(self, fields: &mut Vec<FieldId>) {
        fields.push(self.id());
    }
}

macro_rules! tuple {
    ($($t:ident)*) => {
        impl<M, $($t: GroupKeys<M>),*> GroupKeys<M> for ($($t,)*) {
            type Output = ($($t::Output,)*);

            fn add_to(self, fields: &mut Vec<FieldId>) {
                #[allow(non_snake_case)]
                let ($($t,)*) = self;
                $($t.add_to(fields);)*
            }
        }
    };
}
for_tuples!(tuple: A B C D E F G H);

/// Groups records of `M` by fields, and reads of each group `V`: its values of these, or those and what is computed. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct GroupBy<'db, M, V> {
    handle: &'db Handle,
    query: GroupQuery,
    types: PhantomData<fn() -> (M, V)>,
}

impl<'db, M: Model, V> GroupBy<'db, M, V> {
    pub(super) fn new<K: GroupKeys<M, Output = V>>(handle: &'db Handle, keys: K) -> Self {
        let mut by = Vec::new();
        keys.add_to(&mut by);
        let query = GroupQuery {
            model: M::ID,
            filter: None,
            by,
            aggregates: Vec::new(),
            having: None,
            order: Vec::new(),
            skip: None,
            take: None,
        };
        Self { handle, query, types: PhantomData }
    }

    /// Computes this of each group: the query then answers pairs of the group's values and of what is computed.
    pub fn aggregate<A: Aggregates<M>>(mut self, aggregates: A) -> GroupBy<'db, M, (V, A::Output)> {
        aggregates.add_to(&mut self.query.aggregates);
        GroupBy { handle: self.handle, query: self.query, types: PhantomData }
    }

    /// Groups only records that meet the condition; several are combined by "and". `None` is no condition.
    pub fn filter(mut self, filter: impl IntoFilter<M>) -> Self {
        tree::Filter::add(&mut self.query.filter, filter.into_node());
        self
    }

    /// Only groups that meet the condition, on fields that they are grouped by and on what is computed; several are combined by
    /// "and". Conditions on other fields are P2019.
    pub fn having(mut self, having: impl IntoHaving<M>) -> Self {
        tree::Filter::add(&mut self.query.having, Some(having.into_having().node));
        self
    }

    /// Orders the groups by a field that they are grouped by, or by what is computed; further calls order those that are equal so
    /// far. Other fields are P2019.
    pub fn order_by(mut self, order: impl IntoGroupOrder<M>) -> Self {
        self.query.order.push(order.into_node());
        self
    }

    /// Passes over so many groups.
    pub fn skip(mut self, groups: impl RecordCount<u64>) -> Self {
        self.query.skip = Some(groups.into_count());
        self
    }

    /// At most so many groups; a negative number takes them from the end, still in the order asked for.
    pub fn take(mut self, groups: impl RecordCount<i64>) -> Self {
        self.query.take = Some(groups.into_count());
        self
    }

    /// SQL and parameters of the statement, without running it.
    ///
    /// # Errors
    /// A condition or an order that looks at fields of which a group has many values (P2019); more values than a statement can have
    /// (P2029).
    pub fn to_sql(self) -> Result<Sql, Error> {
        self.handle.group_to_sql(self.query).map(Sql)
    }
}

impl<M: Model, V: ComputedValue> Operation for GroupBy<'_, M, V> {
    type Output = Vec<V>;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Vec<V>, Error>>
    where
        Self: 'a,
    {
        let query = self.query;
        Box::pin(async move {
            let is_reversed = query.take.is_some_and(|n| n < 0);
            let mut groups = Vec::new();
            let mut visit = |row: &dyn Row| {
                groups.push(V::read(&mut Columns::new(row)).map_err(|e| column_error::<M>(&e))?);
                Ok(())
            };
            handle.group(query, &mut visit).await?;
            if is_reversed {
                groups.reverse();
            }
            Ok(groups)
        })
    }
}
awaitable!([M: Model, V: ComputedValue] GroupBy<'db, M, V>);

/// A condition on groups of records of `M`: an ordinary value, to be combined with `&`, `|` and `!`, also with filters on the fields
/// that they are grouped by.
pub struct Having<M> {
    node: tree::Filter,
    model: PhantomData<fn() -> M>,
}

impl<M> Having<M> {
    fn new(node: tree::Filter) -> Self {
        Self { node, model: PhantomData }
    }
}

impl<M> Clone for Having<M> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}
impl<M> fmt::Debug for Having<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// Accepted where a condition on groups of records of `M` is wanted.
#[diagnostic::on_unimplemented(
    message = "a condition on groups of `{M}` is wanted, and `{Self}` is none",
    label = "not a condition on groups of `{M}`",
    note = "conditions on groups are made of what is computed, such as `post::views.sum().gt(10)` or `count().gt(1)`, and of the fields that the records are grouped by"
)]
pub trait IntoHaving<M> {
    /// The condition.
    fn into_having(self) -> Having<M>;
}

impl<M> IntoHaving<M> for Having<M> {
    fn into_having(self) -> Having<M> {
        self
    }
}
impl<M> IntoHaving<M> for Filter<M> {
    fn into_having(self) -> Having<M> {
        Having::new(self.node)
    }
}
impl<M> IntoHaving<M> for UniqueFilter<M> {
    fn into_having(self) -> Having<M> {
        Filter::from(self).into_having()
    }
}

impl<M> Combine<M> for Having<M> {
    type Output = Having<M>;
    fn and_after(self, left: tree::Filter) -> Having<M> {
        Having::new(left.and(self.node))
    }
    fn or_after(self, left: tree::Filter) -> Having<M> {
        Having::new(left.or(self.node))
    }
}
impl<M, H: IntoHaving<M>> BitAnd<H> for Having<M> {
    type Output = Having<M>;
    fn bitand(self, other: H) -> Having<M> {
        other.into_having().and_after(self.node)
    }
}
impl<M, H: IntoHaving<M>> BitOr<H> for Having<M> {
    type Output = Having<M>;
    fn bitor(self, other: H) -> Having<M> {
        other.into_having().or_after(self.node)
    }
}
impl<M> Not for Having<M> {
    type Output = Having<M>;
    fn not(self) -> Having<M> {
        Having::new(tree::Filter::Not(Box::new(self.node)))
    }
}

/// One key of an order of groups of records of `M`.
pub struct GroupOrderBy<M> {
    order: OrderBy<M>,
}

impl<M> GroupOrderBy<M> {
    /// Groups without a value, such as the sum of nothing, before all others.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        Self { order: self.order.nulls_first() }
    }

    /// Groups without a value, such as the sum of nothing, after all others.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        Self { order: self.order.nulls_last() }
    }
}

impl<M> Clone for GroupOrderBy<M> {
    fn clone(&self) -> Self {
        Self { order: self.order.clone() }
    }
}
impl<M> fmt::Debug for GroupOrderBy<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.order.fmt(f)
    }
}

/// Accepted where an order of groups of records of `M` is wanted.
#[diagnostic::on_unimplemented(
    message = "an order of groups of `{M}` is wanted, and `{Self}` is none",
    label = "not an order of groups of `{M}`",
    note = "groups are ordered by the fields that they are grouped by, `post::author_id.asc()`, and by what is computed: `count().desc()`"
)]
pub trait IntoGroupOrder<M> {
    /// The order in the query tree.
    fn into_node(self) -> Order;
}

impl<M> IntoGroupOrder<M> for OrderBy<M> {
    fn into_node(self) -> Order {
        self.node
    }
}
impl<M> IntoGroupOrder<M> for GroupOrderBy<M> {
    fn into_node(self) -> Order {
        self.order.node
    }
}

/// Conditions and orders of what is computed.
impl<M, T: OneValue> Computed<M, T> {
    fn condition(self, condition: Condition) -> Having<M> {
        Having::new(tree::Filter::Aggregate { aggregate: self.node, condition, mode: Mode::Default })
    }

    fn compare(self, op: CompareOp, operand: impl IntoOperand<M, T::Scalar>) -> Having<M> {
        self.condition(Condition::Compare(op, operand.into_operand()))
    }

    fn list<V: IntoValue<T::Scalar>>(self, values: impl IntoIterator<Item = V>, negated: bool) -> Having<M> {
        let values = values.into_iter().map(IntoValue::into_value).collect();
        self.condition(Condition::In { values, negated })
    }

    /// Equals a value, or a field that the records are grouped by.
    pub fn eq(self, operand: impl IntoOperand<M, T::Scalar>) -> Having<M> {
        self.compare(CompareOp::Eq, operand)
    }

    /// Differs from a value, or a field that the records are grouped by.
    pub fn ne(self, operand: impl IntoOperand<M, T::Scalar>) -> Having<M> {
        self.compare(CompareOp::Ne, operand)
    }

    /// Less than.
    pub fn lt(self, operand: impl IntoOperand<M, T::Scalar>) -> Having<M>
    where
        T::Scalar: Ordered,
    {
        self.compare(CompareOp::Lt, operand)
    }

    /// Less than or equal.
    pub fn lte(self, operand: impl IntoOperand<M, T::Scalar>) -> Having<M>
    where
        T::Scalar: Ordered,
    {
        self.compare(CompareOp::Lte, operand)
    }

    /// Greater than.
    pub fn gt(self, operand: impl IntoOperand<M, T::Scalar>) -> Having<M>
    where
        T::Scalar: Ordered,
    {
        self.compare(CompareOp::Gt, operand)
    }

    /// Greater than or equal.
    pub fn gte(self, operand: impl IntoOperand<M, T::Scalar>) -> Having<M>
    where
        T::Scalar: Ordered,
    {
        self.compare(CompareOp::Gte, operand)
    }

    /// Equals one of the values; of none: no group.
    pub fn is_in<V: IntoValue<T::Scalar>>(self, values: impl IntoIterator<Item = V>) -> Having<M> {
        self.list(values, false)
    }

    /// Equals none of the values; of none: every group.
    pub fn not_in<V: IntoValue<T::Scalar>>(self, values: impl IntoIterator<Item = V>) -> Having<M> {
        self.list(values, true)
    }

    /// There is nothing to compute it of: no record of the group has a value.
    pub fn is_null(self) -> Having<M>
    where
        T: Nullable,
    {
        self.condition(Condition::IsNull)
    }

    /// One record of the group at least has a value.
    pub fn is_not_null(self) -> Having<M>
    where
        T: Nullable,
    {
        self.condition(Condition::IsNotNull)
    }

    /// From the least to the greatest.
    pub fn asc(self) -> GroupOrderBy<M> {
        self.order(Direction::Asc)
    }

    /// From the greatest to the least.
    pub fn desc(self) -> GroupOrderBy<M> {
        self.order(Direction::Desc)
    }

    fn order(self, direction: Direction) -> GroupOrderBy<M> {
        let target = OrderTarget::Aggregate(self.node);
        GroupOrderBy { order: OrderBy::new(Order { path: Vec::new(), target, direction, nulls: None }) }
    }
}
