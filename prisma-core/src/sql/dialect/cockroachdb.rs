//! CockroachDB: PostgreSQL's SQL, but for the order of NULLs and for full-text search.

use std::time::Duration;

use prisma_schema::Provider;
use sea_query::extension::postgres::PgBinOper;
use sea_query::{BinOper, DynIden, Expr, ExprTrait, Func, PostgresQueryBuilder, SelectStatement, Values};

use super::join::{JoinDialect, PostgresJoin};
use super::json::{JsonDialect, PostgresJson};
use super::{Dialect, SqlQuery, build, like, lock_rows};
use crate::tree::{Lock, Mode};

#[derive(Debug)]
pub(super) struct Cockroachdb;

impl Dialect for Cockroachdb {
    fn provider(&self) -> Provider {
        Provider::Cockroachdb
    }

    fn render(&self, query: &SqlQuery) -> (String, Values) {
        build(query, &PostgresQueryBuilder)
    }

    fn write_placeholder(&self, number: usize, sql: &mut String) {
        sql.push('$');
        sql.push_str(&number.to_string());
    }

    /// The protocol counts them in 16 bits.
    fn max_parameters(&self) -> usize {
        65_535
    }

    fn has_returning(&self) -> bool {
        true
    }

    fn has_on_conflict(&self) -> bool {
        true
    }

    fn survives_failed_statement(&self) -> bool {
        false
    }

    fn has_arrays(&self) -> bool {
        true
    }

    /// Of the table itself: what an outer join adds cannot be locked.
    fn lock(&self, select: &mut SelectStatement, lock: Lock, alias: DynIden) {
        lock_rows(select, lock, vec![alias]);
    }

    fn joined_record(&self) -> Option<Duration> {
        Some(Duration::from_micros(2))
    }

    fn join(&self) -> Option<&'static dyn JoinDialect> {
        Some(&PostgresJoin)
    }

    fn json(&self) -> Option<&'static dyn JsonDialect> {
        Some(&PostgresJson)
    }

    fn append(&self, list: Expr, elements: Expr) -> Option<Expr> {
        Some(Func::cust("array_cat").args([list, elements]).into())
    }

    fn offset_needs_limit(&self) -> bool {
        false
    }

    /// It orders NULL before everything else, unlike PostgreSQL.
    fn nulls_sort_low(&self) -> bool {
        true
    }

    fn correlates_relation_filters(&self) -> bool {
        true
    }

    /// The quotient of two integers is a `Decimal` here, which no integer column takes.
    fn divide_integer(&self, dividend: Expr, divisor: Expr) -> Expr {
        dividend.binary(BinOper::Custom("//"), divisor)
    }

    fn like(&self, text: Expr, pattern: Expr, mode: Mode) -> Expr {
        match mode {
            Mode::Default => like(text, BinOper::Like, pattern),
            // The escape character is the same if nothing is said; said, sea-query would put it in parentheses.
            Mode::Insensitive => text.binary(PgBinOper::ILike, pattern),
        }
    }
}
