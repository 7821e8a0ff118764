//! How each provider writes related records as JSON text, so that they stand in one column of the record that they belong to.
//!
//! The text is put together from that of each value, which [`JoinedRow`](crate::engine) reads again without loss.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(any(feature = "postgres", feature = "cockroachdb"))]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt;

#[cfg(feature = "mysql")]
pub(super) use mysql::MysqlJoin;
#[cfg(any(feature = "postgres", feature = "cockroachdb"))]
pub(super) use postgres::PostgresJoin;
use sea_query::{Expr, NullOrdering, Order};
#[cfg(feature = "sqlite")]
pub(super) use sqlite::SqliteJoin;

use crate::driver::ElementType;

/// What the SQL of one provider has for records as JSON text.
pub trait JoinDialect: Send + Sync + fmt::Debug {
    /// A value as JSON text: `null` for NULL. Text, numbers and truth values are JSON's own; for others the text or number is
    ///
    /// * `Decimal`: its digits; `"r…"`: a float of 64 bits that stands for one (behind a `p` the power of 2 that it is times, a multiple of 32),
    ///   `"f…"`: one of 32;
    /// * `Float`: its digits, or as for `Decimal`;
    /// * `Bytes`: hexadecimal digits;
    /// * `DateTime`: a number of milliseconds since 1970, a text of microseconds since 1970, or ISO 8601;
    /// * `Date`: a number of days since 1970, or ISO 8601; `Time`: ISO 8601;
    /// * `Json`: text that holds it.
    fn cell(&self, cell: Cell<'_>, value: Expr) -> Expr;

    /// The texts of all rows in an order, with commas between; NULL if there are none.
    fn rows(&self, row: Expr, order: Vec<SortKey>) -> Expr;

    /// Whether a SELECT after FROM may look at the rows of one that is further out.
    fn correlates_sources(&self) -> bool;
}

/// What kind of value is written.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    /// How it is read.
    pub element: ElementType,
    /// Whether it is a list of those.
    pub is_list: bool,
    /// The native type that the schema gives it.
    pub native: Option<&'a str>,
}

/// One key of an order.
#[derive(Debug, Clone)]
pub struct SortKey {
    /// What is compared.
    pub value: Expr,
    /// Up or down.
    pub order: Order,
    /// Where NULL goes, if that is said.
    pub nulls: Option<NullOrdering>,
}

/// ` ORDER BY …` with a placeholder for each key, which `placeholder` writes; nothing if there are no keys.
fn order_by(order: &[SortKey], mut placeholder: impl FnMut() -> String) -> String {
    let terms: Vec<_> = order
        .iter()
        .map(|key| {
            let direction = if matches!(key.order, Order::Desc) { "DESC" } else { "ASC" };
            let nulls = match key.nulls {
                Some(NullOrdering::First) => " NULLS FIRST",
                Some(NullOrdering::Last) => " NULLS LAST",
                None => "",
            };
            format!("{} {direction}{nulls}", placeholder())
        })
        .collect();
    if terms.is_empty() { String::new() } else { format!(" ORDER BY {}", terms.join(", ")) }
}

/// The values of an aggregate's template: the row, and the keys of its order.
fn values(row: Expr, order: Vec<SortKey>) -> Vec<Expr> {
    std::iter::once(row).chain(order.into_iter().map(|key| key.value)).collect()
}
