//! PostgreSQL and CockroachDB.

use sea_query::Expr;

use super::{Cell, JoinDialect, SortKey, order_by, values};
use crate::driver::ElementType;

/// `string_agg` of texts made by `to_json`.
#[derive(Debug)]
pub(in crate::sql::dialect) struct PostgresJoin;

impl JoinDialect for PostgresJoin {
    fn cell(&self, cell: Cell<'_>, value: Expr) -> Expr {
        if cell.is_list {
            let element = one(cell).replace("$1", "u.e");
            let list = format!(
                "COALESCE((SELECT '[' || string_agg({element}, ',' ORDER BY u.o) || ']' FROM unnest($1) WITH ORDINALITY AS u(e, o)), '[]')"
            );
            return Expr::cust_with_exprs(list, [value]);
        }
        Expr::cust_with_exprs(one(cell), [value])
    }

    fn rows(&self, row: Expr, order: Vec<SortKey>) -> Expr {
        let mut number = 1;
        let order_by = order_by(&order, || {
            number += 1;
            format!("${number}")
        });
        Expr::cust_with_exprs(format!("string_agg($1, ','{order_by})"), values(row, order))
    }

    fn correlates_sources(&self) -> bool {
        true
    }
}

/// The text of one value, `$1`.
fn one(cell: Cell<'_>) -> String {
    let json = match (cell.element, cell.native) {
        (ElementType::Boolean | ElementType::Int | ElementType::BigInt, _) => "$1",
        (ElementType::Decimal, _) => "to_json($1::numeric)",
        (ElementType::Bytes, _) => "to_json(encode($1, 'hex'))",
        (ElementType::Json, _) => "to_json($1::text)",
        // In whole numbers, since seconds with a fraction are a float in older versions.
        (ElementType::DateTime, _) => {
            "to_json((EXTRACT(EPOCH FROM date_trunc('minute', $1))::bigint * 1000000 + EXTRACT(MICROSECONDS FROM $1)::bigint)::text)"
        }
        (ElementType::Date, _) => "to_json($1 - DATE '1970-01-01')",
        (ElementType::Time, Some("Timetz")) => "to_json(($1 AT TIME ZONE 'UTC')::time)",
        _ => "to_json($1)",
    };
    format!("COALESCE(({json})::text, 'null')")
}
