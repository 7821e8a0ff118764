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
