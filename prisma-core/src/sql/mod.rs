//! From the query tree to SQL text, through sea-query statements.

mod aggregate;
mod apart;
mod cache;
mod cursor;
// What the dialects share is for nobody where there are none.
#[cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql", feature = "cockroachdb")),
    allow(dead_code)
)]
mod dialect;
mod filter;
mod join;
mod json;
mod link;
mod lower;
mod order;
mod page;
mod select;
mod shape;
mod template;
#[cfg(test)]
mod tests;
pub(crate) mod write;

pub(crate) use aggregate::{aggregate_shape, group_shape};
pub(crate) use apart::reads_apart;
pub(crate) use cache::{Cache, MOST_VALUES};
#[cfg(feature = "mysql")]
pub use dialect::INSERT_IGNORE;
pub use dialect::{ArrayType, Cell, Dialect, JoinDialect, JsonDialect, Pages, SortKey, SqlQuery, dialect};
pub(crate) use filter::all_of;
pub(crate) use lower::{JoinTable, Lowering, Table, table_ref};
pub(crate) use order::{nulls_first, total_order};
pub(crate) use page::{comes_reversed, names_one};
pub(crate) use select::{Fetch, KeyColumns, Layout, Parents, Select, selected_fields, shape as read_shape};
pub(crate) use shape::{Shape, StatementKind};
pub use template::{Slots, Template};
