//! SQLite.

use std::fmt;

use prisma_schema::Provider;
use sea_query::backend::QueryBuilder;
use sea_query::{Expr, ExprTrait, Func, FunctionCall, SqlWriter, SqliteQueryBuilder, Value, Values};

use super::join::{JoinDialect, SqliteJoin};
use super::json::{JsonDialect, SqliteJson};
use super::{Dialect, Pages, SqlQuery, write};

#[derive(Debug)]
pub(super) struct Sqlite;

impl Dialect for Sqlite {
    fn provider(&self) -> Provider {
        Provider::Sqlite
    }

    fn render(&self, query: &SqlQuery) -> (String, Values) {
        let mut writer = Writer::default();
        write(query, &SqliteQueryBuilder, &mut writer);
        (writer.text, Values(writer.values))
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

    fn pages(&self) -> Pages {
        Pages::ByKey
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

/// Writes `LIMIT +?`. The number after a bare `LIMIT ?` is part of how SQLite plans a statement, which it would prepare anew for each
/// execution, since that number is bound anew.
#[derive(Debug, Default)]
struct Writer {
    text: String,
    values: Vec<Value>,
}

impl SqlWriter for Writer {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, _: &T) {
        // The marker of a LIMIT or OFFSET; those of values are signed.
        self.text.push_str(if matches!(value, Value::BigUnsigned(_)) { "+?" } else { "?" });
        self.values.push(value);
    }

    fn as_writer(&mut self) -> &mut dyn fmt::Write {
        self
    }
}

impl fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        Ok(())
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
