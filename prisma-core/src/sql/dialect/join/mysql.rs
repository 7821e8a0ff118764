//! MySQL and MariaDB. Neither needs a type for JSON, which MariaDB does not have, for text that is put together.

use sea_query::{Expr, NullOrdering};

use super::{Cell, JoinDialect, SortKey, order_by, values};
use crate::driver::ElementType;

/// `GROUP_CONCAT` of texts made by `JSON_QUOTE`; the driver lets it have any length.
#[derive(Debug)]
pub(in crate::sql::dialect) struct MysqlJoin;

impl JoinDialect for MysqlJoin {
    fn cell(&self, cell: Cell<'_>, value: Expr) -> Expr {
        let template = match (cell.element, cell.native) {
            (ElementType::Boolean | ElementType::Int | ElementType::BigInt, _) => "COALESCE(? + 0, 'null')",
            // As text, a single has six digits alone.
            (ElementType::Float, Some("Float")) => r#"COALESCE(CONCAT('"f', ? + 0e0, '"'), 'null')"#,
            (ElementType::Float, _) => "COALESCE(? + 0e0, 'null')",
            (ElementType::Bytes, _) => r#"COALESCE(CONCAT('"', HEX(?), '"'), 'null')"#,
            (ElementType::Decimal | ElementType::DateTime | ElementType::Date | ElementType::Time, _) => {
                r#"COALESCE(CONCAT('"', ?, '"'), 'null')"#
            }
            _ => "COALESCE(JSON_QUOTE(CAST(? AS CHAR)), 'null')",
        };
        Expr::cust_with_expr(template, value)
    }

    fn rows(&self, row: Expr, order: Vec<SortKey>) -> Expr {
        let order = order.into_iter().flat_map(placed).collect::<Vec<_>>();
        let order_by = order_by(&order, || "?".to_owned());
        Expr::cust_with_exprs(format!("GROUP_CONCAT(?{order_by} SEPARATOR ',')"), values(row, order))
    }

    /// MariaDB cannot.
    fn correlates_sources(&self) -> bool {
        false
    }
}

/// A key, behind one that puts NULL where it is to go.
fn placed(key: SortKey) -> impl Iterator<Item = SortKey> {
    let nulls = key.nulls.map(|nulls| SortKey {
        value: Expr::cust_with_expr("? IS NULL", key.value.clone()),
        order: if nulls == NullOrdering::First { sea_query::Order::Desc } else { sea_query::Order::Asc },
        nulls: None,
    });
    nulls.into_iter().chain([SortKey { nulls: None, ..key }])
}
