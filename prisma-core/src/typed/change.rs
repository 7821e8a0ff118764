//! Changes as values.

use super::tuples::for_tuples;
use std::fmt;
use std::marker::PhantomData;

use crate::tree::{FieldId, NestedWrite, RecordChange, ScalarChange, WriteRelation};

/// A change of a field or a relation of a record of `M`: an ordinary value.
pub struct Change<M> {
    node: Node,
    model: PhantomData<fn() -> M>,
}

#[derive(Debug, Clone)]
enum Node {
    Scalar(FieldId, ScalarChange),
    Relation(WriteRelation),
}

impl<M> Change<M> {
    pub(super) fn scalar(field: FieldId, change: ScalarChange) -> Self {
        Self { node: Node::Scalar(field, change), model: PhantomData }
    }

    pub(super) fn relation(field: FieldId, write: NestedWrite) -> Self {
        Self { node: Node::Relation(WriteRelation { field, write }), model: PhantomData }
    }
}

impl<M> Clone for Change<M> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), model: PhantomData }
    }
}
impl<M> fmt::Debug for Change<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// Accepted where changes of a record of `M` are wanted: one [`Change`], or a tuple, array, `Vec` or `Option` of them.
#[diagnostic::on_unimplemented(
    message = "changes of a record of `{M}` are wanted, and `{Self}` is none",
    label = "not a change of `{M}`",
    note = "changes are made of the tokens of the model's own module: `post::views.increment(1)`, `post::title.set(\"…\")`, or several in a tuple or an array"
)]
pub trait IntoChanges<M>: Sized {
    /// Adds the changes to those of a record.
    fn add_to(self, record: &mut RecordChange);

    /// The changes of a record.
    fn into_record_change(self) -> RecordChange {
        let mut record = RecordChange::default();
        self.add_to(&mut record);
        record
    }
}

impl<M> IntoChanges<M> for Change<M> {
    fn add_to(self, record: &mut RecordChange) {
        match self.node {
            Node::Scalar(field, change) => record.scalars.push((field, change)),
            Node::Relation(write) => record.relations.push(write),
        }
    }
}

impl<M, C: IntoChanges<M>, const N: usize> IntoChanges<M> for [C; N] {
    fn add_to(self, record: &mut RecordChange) {
        self.into_iter().for_each(|c| c.add_to(record));
    }
}
impl<M, C: IntoChanges<M>> IntoChanges<M> for Vec<C> {
    fn add_to(self, record: &mut RecordChange) {
        self.into_iter().for_each(|c| c.add_to(record));
    }
}
impl<M, C: IntoChanges<M>> IntoChanges<M> for Option<C> {
    fn add_to(self, record: &mut RecordChange) {
        if let Some(changes) = self {
            changes.add_to(record);
        }
    }
}
impl<M> IntoChanges<M> for () {
    fn add_to(self, _: &mut RecordChange) {}
}

macro_rules! tuple {
    ($($t:ident)*) => {
        impl<M, $($t: IntoChanges<M>),*> IntoChanges<M> for ($($t,)*) {
            fn add_to(self, record: &mut RecordChange) {
                #[allow(non_snake_case)]
                let ($($t,)*) = self;
                $($t.add_to(record);)*
            }
        }
    };
}
for_tuples!(tuple: A B C D E F G H I J K L);
