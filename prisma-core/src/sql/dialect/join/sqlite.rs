//! SQLite: a value is written by what it is stored as.

use sea_query::Expr;

use super::{Cell, JoinDialect, SortKey, order_by, values};
use crate::driver::ElementType;

/// `group_concat` of texts made by `json_quote`.
#[derive(Debug)]
pub(in crate::sql::dialect) struct SqliteJoin;

/// A number with all its digits, where `json_quote` writes 15. SQLite is exact to 18 for numbers of common size; others are brought there by powers of 2,
/// which lose nothing, and that power is written behind. (Zero and infinity are their own double.)
const REAL: &str = r#"CASE typeof(?) WHEN 'real' THEN CASE WHEN abs(?) BETWEEN 1e-5 AND 1e18 OR ? = ? * 2
THEN '"r' || printf('%!.20g', ?) || '"'
ELSE (WITH RECURSIVE f(m, e) AS (SELECT ?, 0 UNION ALL
SELECT m * iif(abs(m) < 1, 4294967296.0, 1 / 4294967296.0), e + iif(abs(m) < 1, -32, 32) FROM f WHERE abs(m) NOT BETWEEN 1 AND 1e18)
SELECT '"r' || printf('%!.20g', m) || 'p' || e || '"' FROM f WHERE abs(m) BETWEEN 1 AND 1e18) END
ELSE json_quote(?) END"#;

impl JoinDialect for SqliteJoin {
    fn cell(&self, cell: Cell<'_>, value: Expr) -> Expr {
        let template = match cell.element {
            ElementType::Float | ElementType::Decimal | ElementType::DateTime if !cell.is_list => REAL,
            ElementType::Bytes if !cell.is_list => "CASE WHEN ? IS NULL THEN 'null' ELSE json_quote(hex(?)) END",
            _ => "json_quote(?)",
        };
        Expr::cust_with_exprs(template, vec![value; template.matches('?').count()])
    }

    fn rows(&self, row: Expr, order: Vec<SortKey>) -> Expr {
        let order_by = order_by(&order, || "?".to_owned());
        Expr::cust_with_exprs(format!("group_concat(?, ','{order_by})"), values(row, order))
    }

    fn correlates_sources(&self) -> bool {
        true
    }
}
