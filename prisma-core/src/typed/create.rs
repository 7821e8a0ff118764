//! What the generated create builders are made of.

use std::fmt;
use std::marker::PhantomData;

use super::filter::UniqueFilter;
use super::model::{Many, Model, Relation};
use super::tuples::for_tuples;
use super::value::IntoValue;
use crate::tree::{self, Create, NestedWrite, WriteRelation};

/// State of a required field that was set.
#[derive(Debug)]
pub enum Set {}

/// State of a required field in a create builder: [`Set`], or the field's own marker type while it is not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is required to create this record, but it is not set",
    label = "`{Self}` is not set",
    note = "set it on the create value with the method of the same name"
)]
pub trait IsSet {}
impl IsSet for Set {}

/// State of a required field that will do where the record is created through relation `R`: [`Set`], or the marker of a field that
/// `R` itself sets.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is required to create this record, but it is not set",
    label = "`{Self}` is not set",
    note = "set it on the create value with the method of the same name"
)]
pub trait IsSetIn<R> {}
impl<R> IsSetIn<R> for Set {}

/// A generated create builder, whatever is set of it.
pub trait CreateBuilder: Sized {
    /// The record to create.
    fn into_create(self) -> Create;
}

/// A create value with all required fields set. Implemented by the generated builders.
#[diagnostic::on_unimplemented(
    message = "a create value of the model `{M}` is wanted, and `{Self}` is none",
    label = "not a create value of `{M}`",
    note = "make one with the function `create` of the model's module, such as `user::create()`"
)]
pub trait CreateInput<M>: CreateBuilder {}

/// A create value that can be nested in relation `R`, which leads to `M`: all required fields set but those that the relation sets.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a create value for the relation `{R}`",
    label = "a create value of the related model is wanted here",
    note = "make one with the function `create` of the related model's module, such as `post::create()`"
)]
pub trait NestedCreate<R: Relation, M = <R as Relation>::Target>: CreateBuilder {}

/// One create value for relation `R`, or an array or `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a create value for the relation `{R}`, nor an array or `Vec` of them",
    note = "make one with the function `create` of the related model's module, such as `post::create()`"
)]
pub trait NestedCreates<R: Relation> {
    /// The records to create.
    fn into_creates(self) -> Vec<Create>;
}

impl<R: Relation, C: NestedCreate<R>, const N: usize> NestedCreates<R> for [C; N] {
    fn into_creates(self) -> Vec<Create> {
        self.into_iter().map(CreateBuilder::into_create).collect()
    }
}
impl<R: Relation, C: NestedCreate<R>> NestedCreates<R> for Vec<C> {
    fn into_creates(self) -> Vec<Create> {
        self.into_iter().map(CreateBuilder::into_create).collect()
    }
}

/// What a relation's setter in a create value takes: create values (created), unique filters (connected), `or_create` (either);
/// for to-many relations also arrays, `Vec`s and tuples of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be put into the relation `{R}` of a create value",
    label = "not accepted by the relation `{R}`",
    note = "it takes a create value of the related model (`post::create()`), a unique filter to connect (`post::id.eq(1)`), or `filter.or_create(create)`; a to-many relation takes arrays of them too"
)]
pub trait NestedInput<R>: Sized {
    /// Adds what is to be done.
    fn add_to(self, writes: &mut Vec<NestedWrite>);
}

impl<R: Relation> NestedInput<R> for UniqueFilter<R::Target> {
    fn add_to(self, writes: &mut Vec<NestedWrite>) {
        match writes.last_mut() {
            Some(NestedWrite::Connect(all)) => all.push(self.node),
            _ => writes.push(NestedWrite::Connect(vec![self.node])),
        }
    }
}

impl<R: Relation, C: NestedCreate<R>> NestedInput<R> for OrCreate<R::Target, C> {
    fn add_to(self, writes: &mut Vec<NestedWrite>) {
        let node = self.into_node::<R>();
        match writes.last_mut() {
            Some(NestedWrite::ConnectOrCreate(all)) => all.push(node),
            _ => writes.push(NestedWrite::ConnectOrCreate(vec![node])),
        }
    }
}

impl<R: Relation<Arity: ToManyArity>, I: NestedInput<R>, const N: usize> NestedInput<R> for [I; N] {
    fn add_to(self, writes: &mut Vec<NestedWrite>) {
        self.into_iter().for_each(|i| i.add_to(writes));
    }
}
impl<R: Relation<Arity: ToManyArity>, I: NestedInput<R>> NestedInput<R> for Vec<I> {
    fn add_to(self, writes: &mut Vec<NestedWrite>) {
        self.into_iter().for_each(|i| i.add_to(writes));
    }
}

/// To-many.
#[diagnostic::on_unimplemented(
    message = "this relation leads to one record, so it does not take several",
    note = "give the create value, the unique filter or `or_create` itself, not an array, a `Vec` or a tuple of them"
)]
pub trait ToManyArity {}
impl ToManyArity for Many {}

macro_rules! tuple {
    ($($t:ident)*) => {
        impl<R: Relation<Arity: ToManyArity>, $($t: NestedInput<R>),*> NestedInput<R> for ($($t,)*) {
            fn add_to(self, writes: &mut Vec<NestedWrite>) {
                #[allow(non_snake_case)]
                let ($($t,)*) = self;
                $($t.add_to(writes);)*
            }
        }
    };
}
for_tuples!(tuple from A: B C D);

/// A record to connect, or to create where it is not there: `city::name.eq("Oslo").or_create(city::create().name("Oslo"))`.
pub struct OrCreate<M, C> {
    unique: UniqueFilter<M>,
    create: C,
}

impl<M, C> OrCreate<M, C> {
    pub(super) fn new(unique: UniqueFilter<M>, create: C) -> Self {
        Self { unique, create }
    }

    pub(super) fn into_node<R: Relation>(self) -> tree::ConnectOrCreate
    where
        C: NestedCreate<R>,
    {
        tree::ConnectOrCreate { unique: self.unique.node, create: self.create.into_create() }
    }
}

impl<M, C> fmt::Debug for OrCreate<M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrCreate").field("unique", &self.unique).finish_non_exhaustive()
    }
}

/// The contents of a create builder of model `M`; `S` is the states of its required fields. Used by generated code.
pub struct CreateNode<M, S> {
    create: Create,
    types: PhantomData<fn() -> (M, S)>,
}

impl<M, S> CreateNode<M, S> {
    /// Nothing set.
    pub const fn new() -> Self {
        Self { create: Create { scalars: Vec::new(), relations: Vec::new() }, types: PhantomData }
    }

    /// The record to create.
    pub fn into_create(self) -> Create {
        self.create
    }
}

/// Adds a create value to what is done in relation `R`. Used by generated code: a blanket impl of [`NestedInput`] would hide which
/// field is missing in an array of create values.
pub fn add_create<R: Relation>(create: impl NestedCreate<R>, writes: &mut Vec<NestedWrite>) {
    let create = create.into_create();
    match writes.last_mut() {
        Some(NestedWrite::Create(all)) => all.push(create),
        _ => writes.push(NestedWrite::Create(vec![create])),
    }
}

/// The one create value for relation `R`. Used by generated code.
pub fn one_create<R: Relation>(create: impl NestedCreate<R>) -> Vec<Create> {
    vec![create.into_create()]
}

/// Sets a column of a builder. Used by generated code.
pub fn set_column<M, S, After, T>(
    mut node: CreateNode<M, S>,
    field: u32,
    value: impl IntoValue<T>,
) -> CreateNode<M, After> {
    node.create.scalars.push((tree::FieldId(field), value.into_value()));
    CreateNode { create: node.create, types: PhantomData }
}

/// Adds to a relation of a builder. Used by generated code.
pub fn set_relation<M, S, After, R: Relation>(
    mut node: CreateNode<M, S>,
    input: impl NestedInput<R>,
) -> CreateNode<M, After> {
    let mut writes = Vec::new();
    input.add_to(&mut writes);
    let relations = writes.into_iter().map(|write| WriteRelation { field: R::FIELD, write });
    node.create.relations.extend(relations);
    CreateNode { create: node.create, types: PhantomData }
}

impl<M, S> Default for CreateNode<M, S> {
    fn default() -> Self {
        Self::new()
    }
}
impl<M, S> Clone for CreateNode<M, S> {
    fn clone(&self) -> Self {
        Self { create: self.create.clone(), types: PhantomData }
    }
}
impl<M: Model, S> fmt::Debug for CreateNode<M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(M::NAME)
            .field("scalars", &self.create.scalars)
            .field("relations", &self.create.relations)
            .finish()
    }
}
