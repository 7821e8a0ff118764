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

/// What a change is part of: a record that is written ([`RecordChange`]), or the records that an `upsert_many` finds there
/// ([`Found`](super::Found)).
pub trait TakesChanges: Default {
    /// The changes of their own, with those of relations.
    fn record(&mut self) -> &mut RecordChange;
}

impl TakesChanges for RecordChange {
    fn record(&mut self) -> &mut RecordChange {
        self
    }
}

/// Accepted where changes of a record of `M` are wanted: one [`Change`], or a tuple, array, `Vec` or `Option` of them. `N` tells of what they are part;
/// in [`upsert_many`](super::Actions::upsert_many) `set_excluded` is accepted too.
#[diagnostic::on_unimplemented(
    message = "changes of a record of `{M}` are wanted, and `{Self}` is none",
    label = "not a change of `{M}`",
    note = "changes are made of the tokens of the model's own module: `post::views.increment(1)`, `post::title.set(\"…\")`, or several in a tuple or an array"
)]
pub trait IntoChanges<M, N: TakesChanges = RecordChange>: Sized {
    /// Adds the changes to others.
    fn add_to(self, changes: &mut N);

    /// The changes.
    fn into_changes(self) -> N {
        let mut changes = N::default();
        self.add_to(&mut changes);
        changes
    }
}

impl<M, N: TakesChanges> IntoChanges<M, N> for Change<M> {
    fn add_to(self, changes: &mut N) {
        let record = changes.record();
        match self.node {
            Node::Scalar(field, change) => record.scalars.push((field, change)),
            Node::Relation(write) => record.relations.push(write),
        }
    }
}

impl<M, N: TakesChanges, C: IntoChanges<M, N>, const L: usize> IntoChanges<M, N> for [C; L] {
    fn add_to(self, changes: &mut N) {
        self.into_iter().for_each(|c| c.add_to(changes));
    }
}
impl<M, N: TakesChanges, C: IntoChanges<M, N>> IntoChanges<M, N> for Vec<C> {
    fn add_to(self, changes: &mut N) {
        self.into_iter().for_each(|c| c.add_to(changes));
    }
}
impl<M, N: TakesChanges, C: IntoChanges<M, N>> IntoChanges<M, N> for Option<C> {
    fn add_to(self, changes: &mut N) {
        if let Some(more) = self {
            more.add_to(changes);
        }
    }
}
impl<M, N: TakesChanges> IntoChanges<M, N> for () {
    fn add_to(self, _: &mut N) {}
}

macro_rules! tuple {
    ($($t:ident)*) => {
        impl<M, N: TakesChanges, $($t: IntoChanges<M, N>),*> IntoChanges<M, N> for ($($t,)*) {
            fn add_to(self, changes: &mut N) {
                #[allow(non_snake_case)]
                let ($($t,)*) = self;
                $($t.add_to(changes);)*
            }
        }
    };
}
for_tuples!(tuple: A B C D E F G H I J K L);
