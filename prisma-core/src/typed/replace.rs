//! A list of types with one of them replaced: how the type of a record changes when a relation is included.

use std::marker::PhantomData;

use super::model::NotIncluded;

/// The first element.
#[derive(Debug)]
pub struct Here;

/// The element at `I` of what follows the first.
#[derive(Debug)]
pub struct Next<I>(PhantomData<I>);

/// The element at `I` of the first element, which is a list itself.
#[derive(Debug)]
pub struct Within<I>(PhantomData<I>);

/// A list `(A, (B, ()))` that has [`NotIncluded`] at `I`, where `S` can be put.
pub trait Replace<I, S> {
    /// The list with `S`.
    type Output;
}

/// List `L` with `S` at `I`.
pub(super) type Replaced<L, I, S> = <L as Replace<I, S>>::Output;

impl<T, S> Replace<Here, S> for (NotIncluded, T) {
    type Output = (S, T);
}
impl<I, H, T: Replace<I, S>, S> Replace<Next<I>, S> for (H, T) {
    type Output = (H, T::Output);
}
impl<I, H: Replace<I, S>, T, S> Replace<Within<I>, S> for (H, T) {
    type Output = (H::Output, T);
}
