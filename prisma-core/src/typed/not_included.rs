//! What is said to those who read a relation that was not included.
//!
//! The methods that the included relation would have are there, but for a bound that nothing meets: so the compiler tells
//! what is missing instead of looking for a method with a similar name.

use super::model::NotIncluded;

/// A relation's field that was read.
#[diagnostic::on_unimplemented(
    message = "this relation is not read by the query: its field is `{Self}`",
    label = "the relation was not included",
    note = "include it where the record is read: `.include(user::posts)` for the field `posts` of the model `User`"
)]
pub trait IsIncluded<'a> {}

macro_rules! not_there {
    ($($name:ident -> $result:ty = $value:expr),* $(,)?) => {
        impl NotIncluded {
            $(
                #[doc(hidden)]
                pub fn $name<'a>(&'a self) -> $result
                where
                    Self: IsIncluded<'a>,
                {
                    $value
                }
            )*
        }
    };
}

not_there! {
    len -> usize = 0,
    is_empty -> bool = true,
    iter -> std::slice::Iter<'a, NotIncluded> = [].iter(),
    first -> Option<&'a NotIncluded> = None,
    last -> Option<&'a NotIncluded> = None,
    as_ref -> Option<&'a NotIncluded> = None,
    as_deref -> Option<&'a NotIncluded> = None,
    is_some -> bool = false,
    is_none -> bool = true,
}
