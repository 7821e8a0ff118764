//! Structs that rows are read as, beside the models' records.

mod fields;
mod from_row;
mod row;
mod select;
mod select_struct;

pub(crate) use fields::{FieldLists, FieldName};
pub use from_row::derive_from_row;
pub use select::{select, select_level};
pub use select_struct::{derive_select, select_struct};
