//! What the SQL of one provider has of its own.

#[cfg(feature = "cockroachdb")]
mod cockroachdb;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

mod join;
mod json;

use std::fmt;
use std::time::Duration;

pub use join::{Cell, JoinDialect, SortKey};
pub use json::JsonDialect;

#[cfg(feature = "mysql")]
pub use mysql::INSERT_IGNORE;
use prisma_schema::{EnumId, FieldWalker, Provider};
use sea_query::backend::QueryBuilder;
use sea_query::{
    BinOper, DeleteStatement, DynIden, Expr, ExprTrait, Func, FunctionCall, InsertStatement, LockBehavior, LockType,
    OnConflict, SelectStatement, SqlWriter, UpdateStatement, Values,
};

use super::shape::LIKE_ESCAPE;
use crate::Value;
use crate::tree::{Lock, LockStrength, LockWait, Mode};

/// A statement of sea-query.
#[derive(Debug, Clone)]
pub enum SqlQuery {
    /// SELECT
    Select(Box<SelectStatement>),
    /// INSERT
    Insert(Box<InsertStatement>),
    /// UPDATE
    Update(Box<UpdateStatement>),
    /// DELETE
    Delete(Box<DeleteStatement>),
}

/// The SQL of one provider: every difference that the lowering meets is a method here.
pub trait Dialect: Send + Sync + fmt::Debug + 'static {
    /// Whose it is.
    fn provider(&self) -> Provider;

    /// Writes a statement out; the values are those that the statement was built with, in the order of the placeholders.
    fn render(&self, query: &SqlQuery) -> (String, Values);

    /// Writes the placeholder of a parameter, the first of which has the number 1.
    fn write_placeholder(&self, number: usize, sql: &mut String) {
        let _ = number;
        sql.push('?');
    }

    /// How many parameters one statement may have.
    fn max_parameters(&self) -> usize;

    /// Whether INSERT, UPDATE and DELETE can answer columns of the rows they touch.
    fn has_returning(&self) -> bool;

    /// Whether INSERT can change the row that it conflicts with (`ON CONFLICT … DO UPDATE`).
    fn has_on_conflict(&self) -> bool;

    /// Whether such an INSERT says in which key it may conflict; otherwise it changes the row of any.
    fn names_conflict(&self) -> bool {
        true
    }

    /// Whether a transaction goes on after a statement that failed.
    fn survives_failed_statement(&self) -> bool;

    /// Whether columns hold arrays, and a list is bound as one.
    fn has_arrays(&self) -> bool {
        false
    }

    /// The type of an array of a field's values, where the columns of many rows are bound as one array each, which `UNNEST` takes apart. It must
    /// be told, since the statement does not tell it; so there is none where it is not known for sure.
    fn array_type(&self, field: FieldWalker<'_>) -> Option<ArrayType> {
        let _ = field;
        None
    }

    /// A list with further elements behind, where columns hold lists.
    fn append(&self, list: Expr, elements: Expr) -> Option<Expr>;

    /// Whether OFFSET must come with a LIMIT.
    fn offset_needs_limit(&self) -> bool;

    /// Whether a LIMIT of a usual number stands in the text, and is not bound: for a server that plans a statement once only if it knows the number.
    fn writes_limits(&self) -> bool {
        false
    }

    /// Whether NULL comes before all values in ascending order.
    fn nulls_sort_low(&self) -> bool;

    /// Whether a filter on related records is best put as EXISTS with the outer row's key inside, which the database turns into
    /// a join; otherwise it is put as IN over a SELECT that stands alone and is computed once.
    fn correlates_relation_filters(&self) -> bool;

    /// Whether UPDATE and DELETE may look at other rows of the table that they change, and at the first few that a SELECT finds.
    fn changes_what_it_reads(&self) -> bool {
        true
    }

    /// Whether an INSERT that passes over duplicates does nothing else: if not, it can fail when it has inserted rows already.
    fn skips_duplicates_alone(&self) -> bool {
        true
    }

    /// Lets an INSERT leave the rows alone that it conflicts with, where nobody asks how many there were. `column` is one of the
    /// table's.
    fn leave_alone(&self, column: &'static str) -> OnConflict {
        let _ = column;
        OnConflict::new().do_nothing().to_owned()
    }

    /// The elements of a list that is bound as one value, as the rows of a table with one column; `None` if a value cannot be a list.
    fn elements(&self, list: Expr) -> Option<(FunctionCall, &'static str)> {
        let _ = list;
        None
    }

    /// How it is best asked for a page of the records of each of several parents.
    fn pages(&self) -> Pages {
        Pages::Numbered
    }

    /// Lists that are longer go into one parameter, if all elements can be [taken out](Self::takes_from_list) of it.
    fn longest_spread_list(&self) -> usize {
        1024
    }

    /// Whether [`elements`](Self::elements) gives back this value as it was. JSON loses nothing of these, but SQLite ends a text of it where there is a NUL.
    fn takes_from_list(&self, value: &Value) -> bool {
        let is_exact = match value {
            Value::Int(_) | Value::BigInt(_) | Value::Uuid(_) | Value::Date(_) => true,
            Value::String(text) | Value::Enum(text) => !text.contains('\0'),
            _ => false,
        };
        is_exact && self.elements(Expr::null()).is_some()
    }

    /// Texts joined to one.
    fn concat(&self, parts: Vec<Expr>) -> Expr {
        parts.into_iter().reduce(|a, b| a.binary(BinOper::Custom("||"), b)).unwrap_or_else(|| Expr::cust("''"))
    }

    /// The quotient of two whole numbers, cut to a whole number.
    fn divide_integer(&self, dividend: Expr, divisor: Expr) -> Expr {
        dividend.div(divisor)
    }

    /// The quotient of two `Decimal`s.
    fn divide_decimal(&self, dividend: Expr, divisor: Expr) -> Expr {
        dividend.div(divisor)
    }

    /// A text without regard to case.
    fn fold_case(&self, text: Expr) -> Expr {
        Func::lower(text).into()
    }

    /// Whether a text looks like a pattern, in which `LIKE_ESCAPE` makes characters plain.
    fn like(&self, text: Expr, pattern: Expr, mode: Mode) -> Expr {
        match mode {
            Mode::Default => like(text, BinOper::Like, pattern),
            Mode::Insensitive => like(self.fold_case(text), BinOper::Like, self.fold_case(pattern)),
        }
    }

    /// Whether the words of columns meet a query of full-text search.
    fn search(&self, columns: Vec<Expr>, query: Expr) -> Option<Expr> {
        let _ = (columns, query);
        None
    }

    /// How well the words of columns meet a query of full-text search: a number that is the greater the better.
    fn relevance(&self, columns: Vec<Expr>, query: Expr) -> Option<Expr> {
        let _ = (columns, query);
        None
    }

    /// The type that a field's values are cast to for MIN and MAX, and back, where these do not take them as they are.
    fn compared_as(&self, field: FieldWalker<'_>) -> Option<(&'static str, &'static str)> {
        let _ = field;
        None
    }

    /// Locks the rows of a table that a SELECT finds, `alias` being what it calls it.
    fn lock(&self, select: &mut SelectStatement, lock: Lock, alias: DynIden) {
        let _ = alias;
        lock_rows(select, lock, Vec::new());
    }

    /// How much longer a related record takes that comes as JSON in one statement for all, about; `None`: that is never to be chosen unasked.
    fn joined_record(&self) -> Option<Duration> {
        None
    }

    /// How it writes related records as JSON text.
    fn join(&self) -> Option<&'static dyn JoinDialect> {
        None
    }

    /// How it looks into `Json` columns.
    fn json(&self) -> Option<&'static dyn JsonDialect> {
        None
    }
}

/// How a database is asked for a page of the records of each of several parents, whose keys are bound as one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// The records of all parents are numbered within each.
    Numbered,
    /// By a SELECT in FROM that looks at the parents beside it.
    Lateral,
    /// By the keys of the records, which a SELECT behind IN finds for each parent.
    ByKey,
}

/// The type of an array, by that of its elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrayType {
    /// One that every database has.
    BuiltIn(&'static str),
    /// One of the schema.
    Enum(EnumId),
}

/// The dialect of a provider, if this program speaks it.
pub fn dialect(provider: Provider) -> Option<&'static dyn Dialect> {
    match provider {
        #[cfg(feature = "mysql")]
        Provider::Mysql => Some(&mysql::Mysql),
        #[cfg(feature = "sqlite")]
        Provider::Sqlite => Some(&sqlite::Sqlite),
        #[cfg(feature = "postgres")]
        Provider::Postgresql => Some(&postgres::Postgres),
        #[cfg(feature = "cockroachdb")]
        Provider::Cockroachdb => Some(&cockroachdb::Cockroachdb),
        _ => None,
    }
}

/// `text LIKE pattern`, or with another operator of its kind.
fn like(text: Expr, operator: BinOper, pattern: Expr) -> Expr {
    let escape = Expr::Constant(LIKE_ESCAPE.to_string().into());
    text.binary(operator, pattern.binary(BinOper::Escape, escape))
}

/// `FOR UPDATE` and its kin, of some tables or of all.
fn lock_rows(select: &mut SelectStatement, lock: Lock, tables: Vec<DynIden>) {
    let strength = match lock.strength {
        LockStrength::Update => LockType::Update,
        LockStrength::Share => LockType::Share,
    };
    match lock.wait {
        LockWait::Wait => select.lock_with_tables(strength, tables),
        LockWait::SkipLocked => select.lock_with_tables_behavior(strength, tables, LockBehavior::SkipLocked),
        LockWait::NoWait => select.lock_with_tables_behavior(strength, tables, LockBehavior::Nowait),
    };
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "cockroachdb"))]
fn build(query: &SqlQuery, builder: &impl QueryBuilder) -> (String, Values) {
    let (placeholder, numbered) = builder.placeholder();
    let mut writer = sea_query::SqlWriterValues::new(placeholder, numbered);
    write(query, builder, &mut writer);
    writer.into_parts()
}

fn write(query: &SqlQuery, builder: &impl QueryBuilder, writer: &mut impl SqlWriter) {
    match query {
        SqlQuery::Select(q) => q.build_collect_any_into(builder, writer),
        SqlQuery::Insert(q) => q.build_collect_any_into(builder, writer),
        SqlQuery::Update(q) => q.build_collect_any_into(builder, writer),
        SqlQuery::Delete(q) => q.build_collect_any_into(builder, writer),
    }
}
