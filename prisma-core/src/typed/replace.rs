//! A list of types with one of them replaced: how the type of a record changes when a relation is included.

use std::marker::PhantomData;

use super::model::{Model, NotIncluded, WithRelations};

/// The first element.
#[derive(Debug)]
pub struct Here;

/// The element at `I` of what follows the first.
#[derive(Debug)]
pub struct Next<I>(PhantomData<I>);

/// The element at `I` of the first element, which is a list of up to 16 itself.
#[derive(Debug)]
pub struct Within<I>(PhantomData<I>);

/// The element at `I` of what follows the first list of 16.
#[derive(Debug)]
pub struct NextBlock<I>(PhantomData<I>);

/// The elements of a list by number, for generated code: a name instead of a type within a type within a type.
pub mod at {
    use super::{Here, Next};

    macro_rules! positions {
        ($previous:ident:) => {};
        ($previous:ident: $name:ident $($rest:ident)*) => {
            /// The element of this number, counted from 0.
            pub type $name = Next<$previous>;
            positions!($name: $($rest)*);
        };
    }
    /// The first element.
    pub type At0 = Here;
    positions!(At0: At1 At2 At3 At4 At5 At6 At7 At8 At9 At10 At11 At12 At13 At14 At15);
}

/// Where an element is in a list, or in a list of lists.
pub trait Position: 'static {
    /// Counted from 0, through all lists.
    const POSITION: usize;
}

impl Position for Here {
    const POSITION: usize = 0;
}
impl<I: Position> Position for Next<I> {
    const POSITION: usize = 1 + I::POSITION;
}
impl<I: Position> Position for Within<I> {
    const POSITION: usize = I::POSITION;
}
impl<I: Position> Position for NextBlock<I> {
    const POSITION: usize = 16 + I::POSITION;
}

/// A list `(A, (B, ()))` with `S` in place of the element at `I`; the same list if that is beyond its end.
pub trait Replace<I, S> {
    /// The list with `S`.
    type Output;
}

/// List `L` with `S` at `I`.
pub(super) type Replaced<L, I, S> = <L as Replace<I, S>>::Output;

impl<H, T, S> Replace<Here, S> for (H, T) {
    type Output = (S, T);
}
impl<I, H, T: Replace<I, S>, S> Replace<Next<I>, S> for (H, T) {
    type Output = (H, T::Output);
}
impl<I, H, T: Replace<I, S>, S> Replace<NextBlock<I>, S> for (H, T) {
    type Output = (H, T::Output);
}
impl<I, H: Replace<I, S>, T, S> Replace<Within<I>, S> for (H, T) {
    type Output = (H::Output, T);
}
impl<I, S> Replace<I, S> for () {
    type Output = ();
}
/// A list of lists that is taken for a list.
impl<I, S> Replace<I, S> for NotIncluded {
    type Output = NotIncluded;
}

/// In place of the list of a record that takes no relations: what was selected, and what has something computed beside it.
#[derive(Debug)]
pub struct Settled;

impl<I, S> Replace<I, S> for Settled {
    type Output = Settled;
}
#[diagnostic::do_not_recommend]
impl<M: Model> WithRelations<Settled> for M {
    type Record = M;
}

/// A list that has [`NotIncluded`] at `I`.
pub trait Vacant<I> {}
impl<T> Vacant<Here> for (NotIncluded, T) {}
impl<I, H, T: Vacant<I>> Vacant<Next<I>> for (H, T) {}
impl<I, H, T: Vacant<I>> Vacant<NextBlock<I>> for (H, T) {}
impl<I, H: Vacant<I>, T> Vacant<Within<I>> for (H, T) {}
