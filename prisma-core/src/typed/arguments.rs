//! Filter, order and paging: the same at the top and in an included relation.

use std::marker::PhantomData;

use super::filter::{IntoFilter, UniqueFilter};
use super::order::OrderBy;
use crate::tree;

/// Which records of `M`, in which order.
pub struct Arguments<M> {
    pub(super) node: tree::Arguments,
    model: PhantomData<fn() -> M>,
}

impl<M> Default for Arguments<M> {
    fn default() -> Self {
        Self { node: tree::Arguments::default(), model: PhantomData }
    }
}

impl<M> Arguments<M> {
    pub(super) fn filter(&mut self, filter: impl IntoFilter<M>) {
        tree::Filter::add(&mut self.node.filter, filter.into_node());
    }

    pub(super) fn order_by(&mut self, order: OrderBy<M>) {
        self.node.order.push(order.node);
    }

    pub(super) fn cursor(&mut self, cursor: UniqueFilter<M>) {
        self.node.cursor = Some(cursor.node);
    }
}

/// The methods that everything with [`Arguments`] has, given the way to them.
macro_rules! argument_methods {
    ($model:ty, $($arguments:ident).+) => {
        /// Only records that meet the condition; several are combined by "and". `None` is no condition.
        pub fn filter(mut self, filter: impl $crate::typed::IntoFilter<$model>) -> Self {
            self.$($arguments).+.filter(filter);
            self
        }

        /// Orders the records; further calls order those that are equal so far.
        pub fn order_by(mut self, order: $crate::typed::OrderBy<$model>) -> Self {
            self.$($arguments).+.order_by(order);
            self
        }

        /// Starts at this record, itself included (`skip(1)` passes over it). If it is not there, the result is empty.
        pub fn cursor(mut self, cursor: impl $crate::typed::IntoUnique<$model>) -> Self {
            self.$($arguments).+.cursor(cursor.into_unique());
            self
        }

        /// Passes over so many records.
        pub fn skip(mut self, records: u64) -> Self {
            self.$($arguments).+.node.skip = Some(records);
            self
        }

        /// At most so many records; a negative number takes them from the end, still in the order asked for.
        pub fn take(mut self, records: i64) -> Self {
            self.$($arguments).+.node.take = Some(records);
            self
        }

        /// Only the first record of each combination of these fields.
        pub fn distinct<D>(mut self, fields: impl IntoIterator<Item = D>) -> Self
        where
            D: $crate::typed::DistinctField<$model>,
        {
            self.$($arguments).+.node.distinct.extend(fields.into_iter().map(D::id));
            self
        }
    };
}
pub(super) use argument_methods;

/// A column field of `M`, of whatever type.
#[diagnostic::on_unimplemented(
    message = "a column field of `{M}` is wanted, and `{Self}` is none",
    note = "columns are named by the tokens of the model's own module, such as `user::email`"
)]
pub trait DistinctField<M> {
    /// The field.
    fn id(self) -> tree::FieldId;
}

impl<M, T, K> DistinctField<M> for super::field::Field<M, T, K> {
    fn id(self) -> tree::FieldId {
        super::field::Field::id(self)
    }
}
