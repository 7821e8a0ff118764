//! The JSON protocol: the one that Prisma's clients speak to their engine. It builds the same query tree as the typed layer.
//!
//! [`answer`] takes one request and gives one response; `prisma query` reads and writes them line by line.

mod aggregate;
mod arguments;
mod filter;
mod group;
mod input;
mod json_filter;
mod operators;
mod raw;
mod run;
mod selection;
mod sink;
mod unique;
mod value;
mod write;

pub use run::{answer, run};
pub(crate) use value::{encode, write as decode};
