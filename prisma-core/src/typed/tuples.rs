//! One implementation for tuples of each length.

/// Calls a macro with the first type parameter, with the first two, and so on: `for_tuples!(tuple: A B C)` is `tuple!(A)`, `tuple!(A B)`
/// and `tuple!(A B C)`; `for_tuples!(tuple from A: B C)` leaves out the first of these.
macro_rules! for_tuples {
    ($implement:ident: $first:ident $($rest:ident)*) => {
        $implement!($first);
        $crate::typed::tuples::for_tuples!($implement from $first: $($rest)*);
    };
    ($implement:ident from $($done:ident)+:) => {};
    ($implement:ident from $($done:ident)+: $next:ident $($rest:ident)*) => {
        $implement!($($done)+ $next);
        $crate::typed::tuples::for_tuples!($implement from $($done)+ $next: $($rest)*);
    };
}
pub(super) use for_tuples;
