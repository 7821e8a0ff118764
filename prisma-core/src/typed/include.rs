//! Reading relations along: what is included is in the type of the record.

use std::fmt;
use std::marker::PhantomData;

use super::arguments::{Arguments, argument_methods};
use super::model::{Arity, Many, Model, Record, Relation, WithRelations};
use super::relation::{ToMany, ToOne};
use super::replace::{Replace, Replaced};
use super::sink::IncludePlan;
use crate::tree::{Columns, RelationSelection, Selection};

/// A record type in whose place `R` a value `S` can be put: each relation's field has a type parameter of its own.
#[diagnostic::on_unimplemented(
    message = "the relation `{R}` cannot be included in `{Self}`",
    label = "`{R}` is included already, or is a relation of another model",
    note = "each relation of a model can be included once, with all its arguments: `.include(user::posts.filter(…).take(3))`",
    note = "relations of related records are included within: `.include(user::posts.include(post::author))`"
)]
pub trait Include<R, S> {
    /// The record with the relation.
    type Output;
}

/// One implementation for all: a compiler that had to tell those of a model with many relations apart would take long.
#[diagnostic::do_not_recommend]
impl<T, R, S> Include<R, S> for T
where
    T: Record,
    R: Relation<Model = T::Model>,
    T::Relations: Replace<R::Index, S>,
    T::Model: WithRelations<Replaced<T::Relations, R::Index, S>>,
{
    type Output = <T::Model as WithRelations<Replaced<T::Relations, R::Index, S>>>::Record;
}

/// Accepted by `include` on records of `M`: a relation's token, or one with arguments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation of the model `{M}`, so it cannot be included in its records",
    label = "not a relation of `{M}`",
    note = "relations are included by the tokens of the model's own module, such as `user::posts`; columns are always there"
)]
pub trait IntoInclude<M: Model> {
    /// The relation.
    type Relation: Relation<Model = M>;
    /// What its records are read as.
    type Record: Record<Model = <Self::Relation as Relation>::Target>;

    /// The relation with its arguments.
    fn into_include(self) -> IncludeQuery<Self::Relation, Self::Record>;
}

/// What the field of an included relation holds.
pub type SlotOf<I, M> =
    <<<I as IntoInclude<M>>::Relation as Relation>::Arity as Arity>::Slot<<I as IntoInclude<M>>::Record>;

/// Record `T` of model `M` with `I` included.
pub type Included<T, I, M> = <T as Include<<I as IntoInclude<M>>::Relation, SlotOf<I, M>>>::Output;

/// Record `T` with relation `R` included, whose records are read as `C`. Used by the macro `With!`.
pub type With<T, R, C> = <T as Include<R, <<R as Relation>::Arity as Arity>::Slot<C>>>::Output;

/// An included relation with its arguments, read as records `T`.
#[must_use]
pub struct IncludeQuery<R: Relation, T> {
    arguments: Arguments<R::Target>,
    pub(super) includes: Includes,
    record: PhantomData<fn() -> T>,
}

/// The relations that are read along, and how their records are made.
#[derive(Default)]
pub(super) struct Includes {
    pub(super) relations: Vec<RelationSelection>,
    pub(super) plans: Vec<IncludePlan>,
}

impl Includes {
    pub(super) fn add<R: Relation, T: Record>(&mut self, include: IncludeQuery<R, T>) {
        self.plans.push(IncludePlan::new::<R, T>(include.includes.plans));
        self.relations.push(RelationSelection {
            field: R::FIELD,
            arguments: include.arguments.node,
            selection: Selection { columns: Columns::All, relations: include.includes.relations, counts: Vec::new() },
        });
    }

    pub(super) fn split(self) -> (Selection, Vec<IncludePlan>) {
        (Selection { columns: Columns::All, relations: self.relations, counts: Vec::new() }, self.plans)
    }
}

impl<R: Relation> IncludeQuery<R, R::Target> {
    pub(super) fn new() -> Self {
        Self { arguments: Arguments::default(), includes: Includes::default(), record: PhantomData }
    }
}

impl<R: Relation, T> IncludeQuery<R, T> {
    /// Includes relations of the related records.
    pub fn include<N, I: IntoInclude<R::Target, Relation = N>>(
        mut self,
        include: I,
    ) -> IncludeQuery<R, Included<T, I, R::Target>>
    where
        N: Relation<Model = R::Target>,
        T: Include<N, SlotOf<I, R::Target>>,
    {
        self.includes.add(include.into_include());
        IncludeQuery { arguments: self.arguments, includes: self.includes, record: PhantomData }
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

impl<R: Relation> IntoInclude<R::Model> for ToMany<R> {
    type Relation = R;
    type Record = R::Target;
    fn into_include(self) -> IncludeQuery<R, R::Target> {
        IncludeQuery::new()
    }
}
impl<R: Relation> IntoInclude<R::Model> for ToOne<R> {
    type Relation = R;
    type Record = R::Target;
    fn into_include(self) -> IncludeQuery<R, R::Target> {
        IncludeQuery::new()
    }
}
impl<R: Relation, T: Record<Model = R::Target>> IntoInclude<R::Model> for IncludeQuery<R, T> {
    type Relation = R;
    type Record = T;
    fn into_include(self) -> IncludeQuery<R, T> {
        self
    }
}
