//! Filter, order and paging: the same at the top and in an included relation.

use std::marker::PhantomData;

use super::field::Field;
use super::filter::{IntoFilter, UniqueFilter};
use super::order::IntoOrder;
use super::tuples::for_tuples;
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

    pub(super) fn order_by(&mut self, order: impl IntoOrder<M>) {
        self.node.order.extend(order.into_order());
    }

    pub(super) fn distinct(&mut self, fields: impl DistinctFields<M>) {
        fields.add_to(&mut self.node.distinct);
    }

    pub(super) fn cursor(&mut self, cursor: UniqueFilter<M>) {
        self.node.cursor = Some(Box::new(cursor.node));
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

        /// Orders the records, by one key or several (an array, a `Vec`); further calls order those that are equal so far.
        pub fn order_by(mut self, order: impl $crate::typed::IntoOrder<$model>) -> Self {
            self.$($arguments).+.order_by(order);
            self
        }

        /// Starts at this record, itself included (`skip(1)` passes over it). If it is not there, the result is empty.
        pub fn cursor(mut self, cursor: impl $crate::typed::IntoUnique<$model>) -> Self {
            self.$($arguments).+.cursor(cursor.into_unique());
            self
        }

        /// Passes over so many records.
        pub fn skip(mut self, records: impl $crate::typed::RecordCount<u64>) -> Self {
            self.$($arguments).+.node.skip = Some(records.into_count());
            self
        }

        /// At most so many records; a negative number takes them from the end, still in the order asked for.
        pub fn take(mut self, records: impl $crate::typed::RecordCount<i64>) -> Self {
            self.$($arguments).+.node.take = Some(records.into_count());
            self
        }

        /// Only the first record of each combination of these fields: one, an array, or a tuple where their types differ.
        pub fn distinct(mut self, fields: impl $crate::typed::DistinctFields<$model>) -> Self {
            self.$($arguments).+.distinct(fields);
            self
        }
    };
}
pub(super) use argument_methods;

/// A number of records, as an `N`.
#[diagnostic::on_unimplemented(
    message = "a number of records is an `{N}` here, and this is `{Self}`",
    label = "an `{N}` is wanted here",
    note = "turn it into one: `n as {N}`, or `{N}::from(n)` if its type is smaller"
)]
pub trait RecordCount<N> {
    /// The number.
    fn into_count(self) -> N;
}

macro_rules! record_count {
    ($($ty:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl RecordCount<$ty> for $ty {
            fn into_count(self) -> $ty {
                self
            }
        }
    )*};
}
record_count!(i64 u64 u32);

/// Column fields of `M`: one, several of one type in an array or a `Vec`, or of several types in a tuple.
#[diagnostic::on_unimplemented(
    message = "column fields of `{M}` are wanted, and `{Self}` is none",
    label = "no column fields of `{M}`",
    note = "columns are named by the tokens of the model's own module: `user::email`, `[user::email, user::name]`, `(user::email, user::age)`"
)]
pub trait DistinctFields<M> {
    /// Adds the fields.
    fn add_to(self, fields: &mut Vec<tree::FieldId>);
}

impl<M, T, K> DistinctFields<M> for Field<M, T, K> {
    fn add_to(self, fields: &mut Vec<tree::FieldId>) {
        fields.push(self.id());
    }
}
impl<M, F: DistinctFields<M>, const N: usize> DistinctFields<M> for [F; N] {
    fn add_to(self, fields: &mut Vec<tree::FieldId>) {
        self.into_iter().for_each(|f| f.add_to(fields));
    }
}
impl<M, F: DistinctFields<M>> DistinctFields<M> for Vec<F> {
    fn add_to(self, fields: &mut Vec<tree::FieldId>) {
        self.into_iter().for_each(|f| f.add_to(fields));
    }
}

macro_rules! tuple {
    ($($t:ident)*) => {
        impl<M, $($t: DistinctFields<M>),*> DistinctFields<M> for ($($t,)*) {
            #[allow(non_snake_case)]
            fn add_to(self, fields: &mut Vec<tree::FieldId>) {
                let ($($t,)*) = self;
                $($t.add_to(fields);)*
            }
        }
    };
}
for_tuples!(tuple from A: B C D E F G H);
