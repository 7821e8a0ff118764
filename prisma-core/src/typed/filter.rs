//! Conditions as values.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use super::client::ClientSchema;
use super::create::OrCreate;
use super::model::Model;
use crate::Value;
use crate::tree::{self, CompareOp, Condition, FieldId, Mode, Operand};

/// A condition on records of `M`: an ordinary value, to be combined with `&`, `|` and `!`, kept in a `Vec`, returned from functions.
pub struct Filter<M> {
    pub(super) node: tree::Filter,
    model: PhantomData<fn() -> M>,
}

/// A condition that holds for one record at most, since it names all fields of a unique key.
///
/// It is accepted by `find_unique`, `update`, `delete`, `connect` and wherever a [`Filter`] is.
pub struct UniqueFilter<M> {
    pub(super) node: tree::Unique,
    model: PhantomData<fn() -> M>,
}

impl<M> Filter<M> {
    pub(super) fn new(node: tree::Filter) -> Self {
        Self { node, model: PhantomData }
    }

    pub(super) fn condition(field: FieldId, condition: Condition) -> Self {
        Self::new(tree::Filter::Scalar { field, condition, mode: Mode::Default })
    }

    pub(super) fn compare(field: FieldId, op: CompareOp, operand: Operand) -> Self {
        Self::condition(field, Condition::Compare(op, operand))
    }

    /// All of the filters hold; of none: every record.
    pub fn all<F: IntoFilter<M>>(filters: impl IntoIterator<Item = F>) -> Self {
        Self::new(tree::Filter::And(filters.into_iter().filter_map(IntoFilter::into_node).collect()))
    }

    /// One of the filters at least holds; of none: no record.
    pub fn any<F: IntoFilter<M>>(filters: impl IntoIterator<Item = F>) -> Self {
        Self::new(tree::Filter::Or(filters.into_iter().filter_map(IntoFilter::into_node).collect()))
    }
}

/// A provider that can compare text without regard to case.
#[diagnostic::on_unimplemented(
    message = "`insensitive` is not there for this provider: its text comparison follows the column's collation",
    note = "PostgreSQL, CockroachDB and MongoDB have it; SQLite's LIKE ignores the case of ASCII letters by itself, MySQL's and SQL Server's collations usually ignore case"
)]
pub trait InsensitiveFilters {}

impl<M: Model> Filter<M> {
    /// Compares text without regard to case.
    #[must_use]
    pub fn insensitive(mut self) -> Self
    where
        <M::Schema as ClientSchema>::Provider: InsensitiveFilters,
    {
        fn set(filter: &mut tree::Filter) {
            match filter {
                tree::Filter::And(all) | tree::Filter::Or(all) => all.iter_mut().for_each(set),
                tree::Filter::Not(one) => set(one),
                tree::Filter::Scalar { mode, .. } | tree::Filter::Aggregate { mode, .. } => *mode = Mode::Insensitive,
                tree::Filter::Search { .. } | tree::Filter::Relation { .. } => {}
            }
        }
        set(&mut self.node);
        self
    }
}

impl<M> UniqueFilter<M> {
    pub(super) fn new(key: Vec<(FieldId, Value)>) -> Self {
        Self { node: tree::Unique { key, filter: None }, model: PhantomData }
    }

    /// Further conditions: a record that does not meet them counts as not there.
    ///
    /// At the top a query has `filter` of its own; this is for keys within a change or a page, such as
    /// `user::posts.update(post::id.eq(1).filter(post::published.eq(false)), post::published.set(true))`.
    #[must_use]
    pub fn filter(mut self, filter: impl IntoFilter<M>) -> Self {
        tree::Filter::add(&mut self.node.filter, filter.into_node());
        self
    }

    /// Connects the record, or creates it where it is not there.
    pub fn or_create<C>(self, create: C) -> OrCreate<M, C> {
        OrCreate::new(self, create)
    }
}

/// Accepted where a condition on records of `M` is wanted: a [`Filter`], a [`UniqueFilter`], or `None` for no condition.
#[diagnostic::on_unimplemented(
    message = "a filter for `{M}` is wanted, and `{Self}` is none",
    label = "not a filter for `{M}`",
    note = "filters are made of the tokens of the model's own module, such as `user::email.eq(\"…\")`; for a related model: `user::posts.some(…)`, `post::author.is(…)`",
    note = "an `Option` must hold a `Filter`: `id.map(|id| user::id.eq(id).into())`"
)]
pub trait IntoFilter<M> {
    /// The condition in the query tree.
    fn into_node(self) -> Option<tree::Filter>;
}

impl<M> IntoFilter<M> for Filter<M> {
    fn into_node(self) -> Option<tree::Filter> {
        Some(self.node)
    }
}
impl<M> IntoFilter<M> for UniqueFilter<M> {
    fn into_node(self) -> Option<tree::Filter> {
        Some(self.node.into_filter())
    }
}
impl<M> IntoFilter<M> for Option<Filter<M>> {
    fn into_node(self) -> Option<tree::Filter> {
        self.map(|f| f.node)
    }
}

impl<M> From<UniqueFilter<M>> for Filter<M> {
    fn from(unique: UniqueFilter<M>) -> Self {
        Self::new(unique.node.into_filter())
    }
}

/// Accepted on the right of `&` and `|` behind a filter: another filter for the same model, or what makes a condition on groups of it.
#[diagnostic::on_unimplemented(
    message = "a filter for `{M}` is wanted, and `{Self}` is none",
    label = "not a filter for `{M}`",
    note = "`&` and `|` combine filters of one model; for a related model there are `user::posts.some(…)`, `post::author.is(…)`"
)]
pub trait Combine<M> {
    /// What comes of it: a [`Filter`], or a [`Having`](super::Having).
    type Output;

    /// Both.
    fn and_after(self, left: tree::Filter) -> Self::Output;

    /// One of both at least.
    fn or_after(self, left: tree::Filter) -> Self::Output;
}

impl<M> Combine<M> for Filter<M> {
    type Output = Filter<M>;
    fn and_after(self, left: tree::Filter) -> Filter<M> {
        Filter::new(left.and(self.node))
    }
    fn or_after(self, left: tree::Filter) -> Filter<M> {
        Filter::new(left.or(self.node))
    }
}
impl<M> Combine<M> for UniqueFilter<M> {
    type Output = Filter<M>;
    fn and_after(self, left: tree::Filter) -> Filter<M> {
        Filter::from(self).and_after(left)
    }
    fn or_after(self, left: tree::Filter) -> Filter<M> {
        Filter::from(self).or_after(left)
    }
}
impl<M> Combine<M> for Option<Filter<M>> {
    type Output = Filter<M>;
    fn and_after(self, left: tree::Filter) -> Filter<M> {
        match self {
            Some(right) => right.and_after(left),
            None => Filter::new(left),
        }
    }
    fn or_after(self, left: tree::Filter) -> Filter<M> {
        match self {
            Some(right) => right.or_after(left),
            None => Filter::new(left),
        }
    }
}

impl<M, F: Combine<M>> BitAnd<F> for Filter<M> {
    type Output = F::Output;
    fn bitand(self, other: F) -> F::Output {
        other.and_after(self.node)
    }
}
impl<M, F: Combine<M>> BitOr<F> for Filter<M> {
    type Output = F::Output;
    fn bitor(self, other: F) -> F::Output {
        other.or_after(self.node)
    }
}
impl<M> Not for Filter<M> {
    type Output = Filter<M>;
    fn not(self) -> Filter<M> {
        Filter::new(tree::Filter::Not(Box::new(self.node)))
    }
}
impl<M, F: Combine<M>> BitAnd<F> for UniqueFilter<M> {
    type Output = F::Output;
    fn bitand(self, other: F) -> F::Output {
        Filter::from(self) & other
    }
}
impl<M, F: Combine<M>> BitOr<F> for UniqueFilter<M> {
    type Output = F::Output;
    fn bitor(self, other: F) -> F::Output {
        Filter::from(self) | other
    }
}
impl<M> Not for UniqueFilter<M> {
    type Output = Filter<M>;
    fn not(self) -> Filter<M> {
        !Filter::from(self)
    }
}

impl<M> Clone for Filter<M> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}
impl<M> Clone for UniqueFilter<M> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), model: PhantomData }
    }
}
impl<M> fmt::Debug for Filter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
impl<M> fmt::Debug for UniqueFilter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
