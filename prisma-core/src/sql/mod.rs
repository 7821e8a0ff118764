//! From the query tree to SQL text, through sea-query statements.

mod dialect;
mod template;

pub use dialect::{Dialect, SqlQuery, dialect};
pub use template::{Slots, Template};
