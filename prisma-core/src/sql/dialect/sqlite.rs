//! SQLite.

use prisma_schema::Provider;
use sea_query::{Expr, ExprTrait, Func, FunctionCall, SqliteQueryBuilder, Values};

use super::join::{JoinDialect, SqliteJoin};
use super::json::{JsonDialect, SqliteJson};
use super::{Dialect, SqlQuery, build};

#[derive(Debug)]
pub(super) struct Sqlite;

impl Dialect for Sqlite {
    fn provider(&self) -> Provider {
        Provider::Sqlite
    }

    fn render(&self, query: &SqlQuery) -> (String, Values) {
        build(query, &SqliteQueryBuilder)
    }

    fn max_parameters(&self) -> usize {
        32_766
    }

    fn has_returning(&self) -> bool {
        true
    }

    fn has_on_conflict(&self) -> bool {
        true
    }

    fn survives_failed_statement(&self) -> bool {
        true
    }

    fn append(&self, _list: Expr, _elements: Expr) -> Option<Expr> {
        None
    }

    fn offset_needs_limit(&self) -> bool {
        true
    }

    fn elements(&self, list: Expr) -> Option<(FunctionCall, &'static str)> {
        Some((Func::cust("json_each").arg(list), "value"))
    }

    fn nulls_sort_low(&self) -> bool {
        true
    }

    /// SQLite holds whole decimals as integers, and would cut their quotient.
    fn divide_decimal(&self, dividend: Expr, divisor: Expr) -> Expr {
        dividend.cast_as("REAL").div(divisor)
    }

    fn join(&self) -> Option<&'static dyn JoinDialect> {
        Some(&SqliteJoin)
    }

    fn json(&self) -> Option<&'static dyn JsonDialect> {
        Some(&SqliteJson)
    }

    /// SQLite repeats a correlated SELECT for each row, without an index unless the schema has one.
    fn correlates_relation_filters(&self) -> bool {
        false
    }
}
