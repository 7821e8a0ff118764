//! What must compile, in a crate of the strictest kind; and, under `tests/`, what must not.
#![deny(
    missing_docs,
    warnings,
    missing_debug_implementations,
    unreachable_pub,
    unused,
    nonstandard_style,
    clippy::all,
    clippy::pedantic
)]
#![allow(clippy::module_name_repetitions)]

pub mod names;
pub mod ordinary;
