//! PostgreSQL.

use std::fmt;
use std::time::Duration;

use prisma_schema::{Arity, FieldWalker, Provider, ScalarType};
use sea_query::backend::QueryBuilder;
use sea_query::extension::postgres::PgBinOper;
use sea_query::{
    BinOper, DynIden, Expr, ExprTrait, Func, PostgresQueryBuilder, SelectStatement, SqlWriter, SqlWriterValues, Value,
    Values,
};

use super::join::{JoinDialect, PostgresJoin};
use super::json::{JsonDialect, PostgresJson};
use super::{ArrayType, Dialect, Pages, SqlQuery, like, lock_rows, write};
use crate::sql::template::written;
use crate::tree::{Lock, Mode};

#[derive(Debug)]
pub(super) struct Postgres;

impl Dialect for Postgres {
    fn provider(&self) -> Provider {
        Provider::Postgresql
    }

    fn render(&self, query: &SqlQuery) -> (String, Values) {
        let (placeholder, numbered) = PostgresQueryBuilder.placeholder();
        let mut writer = Writer(SqlWriterValues::new(placeholder, numbered));
        write(query, &PostgresQueryBuilder, &mut writer);
        writer.0.into_parts()
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

    fn array_type(&self, field: FieldWalker<'_>) -> Option<ArrayType> {
        let scalar = field.scalar().filter(|_| field.arity() != Arity::List)?;
        let native = scalar.native_type.as_ref().map(|native| native.name.as_str());
        Some(ArrayType::BuiltIn(match (&scalar.ty, native) {
            (ScalarType::Enum(id), _) => return Some(ArrayType::Enum(*id)),
            (ScalarType::Boolean, None | Some("Boolean")) => "boolean",
            (ScalarType::Int, None | Some("Integer")) => "integer",
            (ScalarType::Int, Some("SmallInt")) => "smallint",
            (ScalarType::BigInt, None | Some("BigInt")) => "bigint",
            (ScalarType::Float, None | Some("DoublePrecision")) => "double precision",
            (ScalarType::Float, Some("Real")) => "real",
            (ScalarType::Decimal, None | Some("Decimal")) => "numeric",
            (ScalarType::String, None | Some("Text")) => "text",
            (ScalarType::String, Some("VarChar")) => "varchar",
            (ScalarType::String, Some("Char")) => "bpchar",
            (ScalarType::String, Some("Uuid")) => "uuid",
            (ScalarType::DateTime, None | Some("Timestamp")) => "timestamp",
            (ScalarType::DateTime, Some("Timestamptz")) => "timestamptz",
            (ScalarType::DateTime, Some("Date")) => "date",
            (ScalarType::DateTime, Some("Time")) => "time",
            (ScalarType::DateTime, Some("Timetz")) => "timetz",
            (ScalarType::Json, None | Some("JsonB")) => "jsonb",
            (ScalarType::Json, Some("Json")) => "json",
            (ScalarType::Bytes, None | Some("ByteA")) => "bytea",
            _ => return None,
        }))
    }

    /// As a function, since the operator `||` has variants for single elements, of which the server would choose one.
    fn append(&self, list: Expr, elements: Expr) -> Option<Expr> {
        Some(Func::cust("array_cat").args([list, elements]).into())
    }

    fn offset_needs_limit(&self) -> bool {
        false
    }

    /// Of a LIMIT that is bound, PostgreSQL supposes that it is a tenth of all rows. A plan for such a number looks so much dearer than one for the number
    /// that is given that it makes a new one for each execution, which takes longer than many a query.
    fn writes_limits(&self) -> bool {
        true
    }

    fn pages(&self) -> Pages {
        Pages::Lateral
    }

    fn nulls_sort_low(&self) -> bool {
        false
    }

    fn correlates_relation_filters(&self) -> bool {
        true
    }

    /// `ILIKE`, which indexes of trigrams help with.
    fn like(&self, text: Expr, pattern: Expr, mode: Mode) -> Expr {
        match mode {
            Mode::Default => like(text, BinOper::Like, pattern),
            // The escape character is the same if nothing is said; said, sea-query would put it in parentheses.
            Mode::Insensitive => text.binary(PgBinOper::ILike, pattern),
        }
    }

    /// Texts of UUIDs are in the order of what they stand for.
    fn compared_as(&self, field: FieldWalker<'_>) -> Option<(&'static str, &'static str)> {
        let scalar = field.scalar()?;
        match (&scalar.ty, scalar.native_type.as_ref().map(|native| native.name.as_str())) {
            (ScalarType::Boolean, _) => Some(("integer", "boolean")),
            (_, Some("Uuid")) => Some(("text", "uuid")),
            _ => None,
        }
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

    fn search(&self, columns: Vec<Expr>, query: Expr) -> Option<Expr> {
        Some(document(columns).binary(BinOper::Custom("@@"), words(query)))
    }

    fn relevance(&self, columns: Vec<Expr>, query: Expr) -> Option<Expr> {
        Some(Func::cust("ts_rank").args([document(columns), words(query)]).into())
    }
}

/// The text of columns, taken apart into words; what is NULL has none.
fn document(columns: Vec<Expr>) -> Expr {
    let parts = std::iter::once(Expr::Constant(" ".to_owned().into())).chain(columns);
    Func::cust("to_tsvector").arg(Func::cust("concat_ws").args(parts)).into()
}

/// What is searched for: words with `&`, `|`, `!` and `<->` between them.
fn words(query: Expr) -> Expr {
    Func::cust("to_tsquery").arg(query).into()
}

/// Writes numbered placeholders, and LIMITs that are to be written.
struct Writer(SqlWriterValues);

impl SqlWriter for Writer {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, builder: &T) {
        match written(&value) {
            // A `String` takes all that is written.
            Some(number) => drop(fmt::Write::write_fmt(&mut self.0, format_args!("{number}"))),
            None => self.0.push_param(value, builder),
        }
    }

    fn as_writer(&mut self) -> &mut dyn fmt::Write {
        self.0.as_writer()
    }
}

impl fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_str(text)
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
