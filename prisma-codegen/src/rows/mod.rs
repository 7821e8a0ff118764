//! Structs that rows are read as, beside the models' records.

mod from_row;

pub use from_row::derive_from_row;
