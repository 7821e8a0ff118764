//! Reading relations along: what is included is in the type of the record.

use std::fmt;
use std::marker::PhantomData;

use super::aggregate::Aggregates;
use super::arguments::{Arguments, argument_methods};
use super::model::{Arity, Many, Model, Record, Relation, WithRelations};
use super::relation::{ToMany, ToOne};
use super::replace::{Replace, Replaced, Vacant};
use super::select::{IntoSelect, NothingIncluded};
use super::sink::IncludePlan;
use crate::tree::{RelationAggregate, RelationSelection, Selection};

/// A record type in whose place `R` a value `S` can be put: each relation's field has a type parameter of its own.
pub trait Include<R, S> {
    /// The record with the relation.
    type Output;
}

/// One implementation for all: a compiler that had to tell those of a model with many relations apart would take long. It asks for
/// nothing that a mistake can violate: `Takes` does that, so that the mistake is shown where it is.
impl<T, R, S> Include<R, S> for T
where
    T: Record,
    R: Relation,
    T::Relations: Replace<R::Index, S>,
    T::Model: WithRelations<Replaced<T::Relations, R::Index, S>>,
{
    type Output = <T::Model as WithRelations<Replaced<T::Relations, R::Index, S>>>::Record;
}

/// A record type that relation `R` can be included in.
pub trait Takes<R> {}
impl<T, R> Takes<R> for T
where
    T: Record,
    R: Relation<Model = T::Model>,
    T::Relations: Vacant<R::Index>,
{
}

/// Accepted by `include` of a query that reads records as `T`: a relation's token, or one with arguments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be included in `{T}`",
    label = "a relation of another model, one that is included already, or an `include` behind `select` or `aggregate`",
    note = "relations are included by the tokens of the model's own module, such as `user::posts`",
    note = "each relation of a model can be included once, with all its arguments: `.include(user::posts.filter(…).take(3))`",
    note = "behind `select` and `aggregate` there is no `include`: `.include(user::posts).aggregate(user::posts.count())`, `select!(user {{ id, posts {{ title }} }})`",
    note = "relations of related records are included within: `.include(user::posts.include(post::author))`"
)]
pub trait IntoInclude<T>: Inclusion {}
#[diagnostic::do_not_recommend]
impl<T: Takes<I::Relation>, I: Inclusion> IntoInclude<T> for I {}

/// A relation to be included, whatever in: its token, or that with arguments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation, so it cannot be included",
    label = "not a relation",
    note = "relations are included by the tokens of the model's own module, such as `user::posts`; columns are always there"
)]
pub trait Inclusion {
    /// The relation.
    type Relation: Relation;
    /// What its records are read as.
    type Record: Record<Model = <Self::Relation as Relation>::Target>;

    /// The relation with its arguments.
    fn into_include(self) -> IncludeQuery<Self::Relation, Self::Record>;
}

/// What the field of included relation `I` holds.
pub type SlotOf<I> = <<<I as Inclusion>::Relation as Relation>::Arity as Arity>::Slot<<I as Inclusion>::Record>;

/// Record `T` with `I` included.
pub type Included<T, I> = <T as Include<<I as Inclusion>::Relation, SlotOf<I>>>::Output;

/// Record `T` with relation `R` included, whose records are read as `C`. Used by the macro `With!`.
pub type With<T, R, C> = <T as Include<R, <<R as Relation>::Arity as Arity>::Slot<C>>>::Output;

/// An included relation with its arguments, read as records `T`.
#[must_use]
pub struct IncludeQuery<R: Relation, T> {
    arguments: Arguments<R::Target>,
    pub(super) level: Level,
    record: PhantomData<fn() -> T>,
}

/// What is read of a record, and how the records of its relations are made.
#[derive(Default)]
pub(super) struct Level {
    pub(super) selection: Selection,
    pub(super) plans: Vec<IncludePlan>,
}

impl Level {
    /// Reads a relation along, into the slot that it has in the model's record.
    pub(super) fn include<R: Relation, T: Record>(&mut self, include: IncludeQuery<R, T>) {
        self.relation(R::SLOT, include);
    }

    /// Reads a relation along, into this slot.
    pub(super) fn relation<R: Relation, T: Record>(&mut self, slot: usize, include: IncludeQuery<R, T>) {
        let IncludeQuery { arguments, level, .. } = include;
        self.plans.push(IncludePlan::new::<R, T>(slot, level.plans));
        let relation = RelationSelection { field: R::FIELD, arguments: arguments.node, selection: level.selection };
        self.selection.relations.push(relation);
    }
}

impl<R: Relation> IncludeQuery<R, R::Target> {
    pub(super) fn new() -> Self {
        Self { arguments: Arguments::default(), level: Level::default(), record: PhantomData }
    }
}

impl<R: Relation, T> IncludeQuery<R, T> {
    /// Includes relations of the related records.
    pub fn include<I: IntoInclude<T>>(mut self, include: I) -> IncludeQuery<R, Included<T, I>>
    where
        T: Include<I::Relation, SlotOf<I>>,
    {
        self.level.include(include.into_include());
        IncludeQuery { arguments: self.arguments, level: self.level, record: PhantomData }
    }

    /// Reads of each related record what is selected, and nothing else.
    pub fn select<S: IntoSelect<R::Target>>(self, select: S) -> IncludeQuery<R, S::Record>
    where
        T: NothingIncluded,
    {
        IncludeQuery { arguments: self.arguments, level: select.into_select().level, record: PhantomData }
    }
}

impl<R: Relation, T: Record> IncludeQuery<R, T> {
    /// Computes something of what is related to each related record, which then comes beside it. It comes after `include` and `select`.
    pub fn aggregate<A: Aggregates<R::Target, RelationAggregate>>(mut self, of: A) -> IncludeQuery<R, (T, A::Output)> {
        of.add_to(&mut self.level.selection.aggregates);
        IncludeQuery { arguments: self.arguments, level: self.level, record: PhantomData }
    }
}

impl<R: Relation<Arity = Many>, T> IncludeQuery<R, T> {
    argument_methods!(R::Target, arguments);
}

impl<R: Relation, T> fmt::Debug for IncludeQuery<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} {:?}", <R::Model as Model>::NAME, R::NAME, self.arguments.node)
    }
}

macro_rules! inclusion {
    ([$($generics:tt)*] $include:ty, $record:ty, |$self:ident| $query:expr) => {
        impl<R: Relation, $($generics)*> Inclusion for $include {
            type Relation = R;
            type Record = $record;
            fn into_include($self) -> IncludeQuery<R, $record> {
                $query
            }
        }
    };
}
inclusion!([] ToMany<R>, R::Target, |self| IncludeQuery::new());
inclusion!([] ToOne<R>, R::Target, |self| IncludeQuery::new());
inclusion!([C: Record<Model = R::Target>] IncludeQuery<R, C>, C, |self| self);
