//! Orders as values.

use std::fmt;
use std::marker::PhantomData;

use crate::tree::{Direction, FieldId, Nulls, Order, OrderTarget};

/// One key of an order of records of `M`: an ordinary value.
pub struct OrderBy<M> {
    pub(super) node: Order,
    model: PhantomData<fn() -> M>,
}

impl<M> OrderBy<M> {
    pub(super) fn new(node: Order) -> Self {
        Self { node, model: PhantomData }
    }

    pub(super) fn scalar(field: FieldId, direction: Direction) -> Self {
        Self::new(Order { path: Vec::new(), target: OrderTarget::Scalar(field), direction, nulls: None })
    }

    /// NULLs before everything else.
    #[must_use]
    pub fn nulls_first(mut self) -> Self {
        self.node.nulls = Some(Nulls::First);
        self
    }

    /// NULLs after everything else.
    #[must_use]
    pub fn nulls_last(mut self) -> Self {
        self.node.nulls = Some(Nulls::Last);
        self
    }
}

/// Accepted where an order of records of `M` is wanted: one key, or several, of which a later one orders those that are equal in the
/// earlier ones.
#[diagnostic::on_unimplemented(
    message = "an order of records of `{M}` is wanted, and `{Self}` is none",
    label = "not an order of `{M}`",
    note = "an order is a field of the model's own module and a direction: `user::name.asc()`, `user::id.desc()`; by a related record: `post::author.order(user::name.asc())`; several stand in an array or a `Vec`"
)]
pub trait IntoOrder<M> {
    /// The keys in the query tree.
    fn into_order(self) -> Vec<Order>;
}

impl<M> IntoOrder<M> for OrderBy<M> {
    fn into_order(self) -> Vec<Order> {
        vec![self.node]
    }
}
impl<M> IntoOrder<M> for Vec<OrderBy<M>> {
    fn into_order(self) -> Vec<Order> {
        self.into_iter().map(|order| order.node).collect()
    }
}
impl<M, const N: usize> IntoOrder<M> for [OrderBy<M>; N] {
    fn into_order(self) -> Vec<Order> {
        self.map(|order| order.node).into()
    }
}
impl<M> IntoOrder<M> for Option<OrderBy<M>> {
    fn into_order(self) -> Vec<Order> {
        self.into_iter().map(|order| order.node).collect()
    }
}

impl<M> Clone for OrderBy<M> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}
impl<M> fmt::Debug for OrderBy<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
