//! MySQL and MariaDB.

use prisma_schema::Provider;
use sea_query::{BinOper, Expr, ExprTrait, Func, FunctionCall, IntoIden, MysqlQueryBuilder, OnConflict, Values};

use super::join::{JoinDialect, MysqlJoin};
use super::json::{JsonDialect, MysqlJson};
use super::{Dialect, SqlQuery, build};
use crate::Value;

/// What the builder writes for a shared lock. With what follows, MySQL wants another spelling, which MariaDB does not know; each reads the comments that
/// are for it alone.
const SHARED: &str = " LOCK IN SHARE MODE ";

#[derive(Debug)]
pub(super) struct Mysql;

/// How an INSERT begins that passes over duplicates. The driver sees to it that nothing else is ignored; raw SQL is left alone.
pub const INSERT_IGNORE: &str = "INSERT IGNORE /* duplicates */ ";

/// What the builder writes for an INSERT that leaves out rows that are there already.
const PASSES_OVER: &str = " ON DUPLICATE KEY IGNORE";

impl Dialect for Mysql {
    fn provider(&self) -> Provider {
        Provider::Mysql
    }

    fn render(&self, query: &SqlQuery) -> (String, Values) {
        let (sql, values) = build(query, &MysqlQueryBuilder);
        if let Some((select, wait)) =
            sql.rsplit_once(SHARED).filter(|(_, wait)| matches!(*wait, "NOWAIT" | "SKIP LOCKED"))
        {
            return (format!("{select} /*M! LOCK IN SHARE MODE */ /*!80001 FOR SHARE */ {wait}"), values);
        }
        match sql.strip_suffix(PASSES_OVER).and_then(|sql| sql.strip_prefix("INSERT ")) {
            Some(rest) => (format!("{INSERT_IGNORE}{rest}"), values),
            None => (sql, values),
        }
    }

    fn max_parameters(&self) -> usize {
        65_535
    }

    fn has_returning(&self) -> bool {
        false
    }

    fn has_on_conflict(&self) -> bool {
        true
    }

    fn names_conflict(&self) -> bool {
        false
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

    fn nulls_sort_low(&self) -> bool {
        true
    }

    fn correlates_relation_filters(&self) -> bool {
        true
    }

    fn changes_what_it_reads(&self) -> bool {
        false
    }

    /// INSERT IGNORE passes over other errors too, which the driver finds among the warnings.
    fn skips_duplicates_alone(&self) -> bool {
        false
    }

    /// A column that keeps its value, so that other errors than the duplicate are errors still.
    fn leave_alone(&self, column: &'static str) -> OnConflict {
        OnConflict::new().do_nothing_on([column.into_iden()]).to_owned()
    }

    /// No longer than a statement bears, since JSON_TABLE is not in every version.
    fn longest_spread_list(&self) -> usize {
        self.max_parameters() / 2
    }

    /// Text out of JSON would have a collation of its own, which the column's is not to be compared by.
    fn takes_from_list(&self, value: &Value) -> bool {
        matches!(value, Value::Int(_) | Value::BigInt(_))
    }

    fn elements(&self, list: Expr) -> Option<(FunctionCall, &'static str)> {
        let columns = Expr::cust_with_expr("?, '$[*]' COLUMNS (value BIGINT PATH '$')", list);
        Some((Func::cust("JSON_TABLE").arg(columns), "value"))
    }

    fn join(&self) -> Option<&'static dyn JoinDialect> {
        Some(&MysqlJoin)
    }

    fn json(&self) -> Option<&'static dyn JsonDialect> {
        Some(&MysqlJson)
    }

    /// `||` is OR, unless the server is told otherwise.
    fn concat(&self, parts: Vec<Expr>) -> Expr {
        Func::cust("CONCAT").args(parts).into()
    }

    /// `/` keeps four digits behind the point, which the column would round.
    fn divide_integer(&self, dividend: Expr, divisor: Expr) -> Expr {
        dividend.binary(BinOper::Custom("DIV"), divisor)
    }

    fn search(&self, columns: Vec<Expr>, query: Expr) -> Option<Expr> {
        Some(score(columns, query))
    }

    fn relevance(&self, columns: Vec<Expr>, query: Expr) -> Option<Expr> {
        Some(score(columns, query))
    }
}

/// How well columns, of which there is a FULLTEXT index together, meet a query: 0 if they do not.
fn score(mut columns: Vec<Expr>, query: Expr) -> Expr {
    let template = format!("MATCH ({}) AGAINST (? IN BOOLEAN MODE)", vec!["?"; columns.len()].join(", "));
    columns.push(query);
    Expr::cust_with_exprs(template, columns)
}
