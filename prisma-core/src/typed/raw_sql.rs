//! SQL text with values in it: what `sql!` makes.

use std::borrow::Cow;
use std::fmt;

use bigdecimal::BigDecimal;
use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::value::{EnumScalar, Scalar};
use crate::sql::Dialect;
use crate::{Error, ErrorKind, Value};

/// SQL text with values to be bound: `sql!("SELECT * FROM users WHERE id = {id}")`.
///
/// It knows no provider: where a value stands, the provider's placeholder is written when the statement is run. It can be
/// put into another: `sql!("SELECT * FROM users WHERE {condition}")`.
#[derive(Clone, PartialEq, Default)]
#[must_use = "SQL runs when it is given to `query_raw` or `execute_raw`"]
pub struct RawSql {
    pieces: Vec<Piece>,
}

#[derive(Clone, PartialEq)]
enum Piece {
    Text(Cow<'static, str>),
    Value(Value),
    List(Vec<Value>),
}

impl RawSql {
    /// No text at all: for a part that is not needed.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Text as it is. Never give it what comes from outside of the program: it is not bound, but part of the statement.
    pub fn verbatim(text: impl Into<Cow<'static, str>>) -> Self {
        Self { pieces: vec![Piece::Text(text.into())] }
    }

    /// Parts with a text between each two of them: `RawSql::join(conditions, " AND ")`.
    pub fn join(parts: impl IntoIterator<Item = RawSql>, separator: &'static str) -> Self {
        let mut joined = Self::default();
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                joined.pieces.push(Piece::Text(separator.into()));
            }
            joined.pieces.extend(part.pieces);
        }
        joined
    }

    /// Further text. Called by `sql!`.
    #[doc(hidden)]
    pub fn text(mut self, text: &'static str) -> Self {
        self.pieces.push(Piece::Text(text.into()));
        self
    }

    /// A value, a list or further SQL. Called by `sql!`.
    #[doc(hidden)]
    pub fn argument(mut self, argument: &(impl SqlArgument + ?Sized)) -> Self {
        argument.add_to(&mut self);
        self
    }

    /// A value to be bound. For implementations of [`SqlArgument`].
    pub fn push_value(&mut self, value: Value) {
        self.pieces.push(Piece::Value(value));
    }

    /// A list of values: one parameter where the provider has arrays, else one for each. For implementations of [`SqlArgument`].
    pub fn push_list(&mut self, values: Vec<Value>) {
        self.pieces.push(Piece::List(values));
    }

    /// The text with the provider's placeholders, and the values in their order.
    ///
    /// # Errors
    /// An empty list where the text needs a value.
    pub(super) fn render(self, dialect: &dyn Dialect) -> Result<(String, Vec<Value>), Error> {
        let (mut sql, mut values) = (String::new(), Vec::new());
        let bind = |value: Value, sql: &mut String, values: &mut Vec<Value>| {
            values.push(value);
            dialect.write_placeholder(values.len(), sql);
        };
        let mut pieces = self.pieces.into_iter().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => sql.push_str(&text),
                Piece::Value(value) => bind(value, &mut sql, &mut values),
                Piece::List(list) => {
                    let closes = matches!(pieces.peek(), Some(Piece::Text(t)) if t.trim_start().starts_with(')'));
                    let membership = if closes { Membership::at_end_of(&sql) } else { None };
                    match (membership, dialect.has_arrays()) {
                        (membership, true) => {
                            if let Some(membership) = membership {
                                sql.truncate(membership.start);
                                sql.push_str(if membership.negated { "<> ALL (" } else { "= ANY (" });
                            }
                            bind(Value::List(list), &mut sql, &mut values);
                        }
                        // A list that nothing is in.
                        (Some(_), false) if list.is_empty() => {
                            sql.push_str("SELECT NULL FROM (SELECT 1) AS t WHERE 1 = 0")
                        }
                        (None, false) if list.is_empty() => return Err(empty_list(&sql)),
                        (_, false) => {
                            for (i, value) in list.into_iter().enumerate() {
                                if i > 0 {
                                    sql.push_str(", ");
                                }
                                bind(value, &mut sql, &mut values);
                            }
                        }
                    }
                }
            }
        }
        Ok((sql, values))
    }
}

/// `IN (` or `NOT IN (` at the end of a text.
struct Membership {
    start: usize,
    negated: bool,
}

impl Membership {
    fn at_end_of(sql: &str) -> Option<Self> {
        let before = before_word(sql.trim_end().strip_suffix('(')?, "IN")?;
        Some(match before_word(before, "NOT") {
            Some(before) => Self { start: before.len(), negated: true },
            None => Self { start: before.len(), negated: false },
        })
    }
}

/// What stands before a keyword at the end of a text.
fn before_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let text = text.trim_end();
    let at = text.len().checked_sub(word.len())?;
    let (before, last) = (text.get(..at)?, text.get(at..)?);
    let is_word = last.eq_ignore_ascii_case(word) && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    is_word.then_some(before)
}

fn empty_list(sql: &str) -> Error {
    let end: String = sql.chars().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect();
    let message = format!(
        "the list after `{}` is empty, and this database has no value for an empty list: it may stand alone in `IN (…)`, or leave that part of the SQL out",
        end.trim_start()
    );
    ErrorKind::InvalidQuery { code: "P2009", path: Vec::new(), message }.into()
}

/// What `query_raw` and `execute_raw` run: SQL that `sql!` made. Plain text is none, so that no value is spliced into it by an oversight.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not run as SQL: it must be made by `sql!`",
    label = "not made by `sql!`",
    note = "write `sql!(\"SELECT … WHERE id = {{id}}\")`: the values between braces are bound, never spliced",
    note = "text that is only known when the program runs: `RawSql::verbatim(text)`; never give it what comes from outside of the program"
)]
pub trait IntoRawSql {
    /// The SQL.
    fn into_raw_sql(self) -> RawSql;
}

impl IntoRawSql for RawSql {
    fn into_raw_sql(self) -> RawSql {
        self
    }
}

/// Shows the text with `{…}` for values, which may be secret.
impl fmt::Debug for RawSql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sql!(\"")?;
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Value(_) | Piece::List(_) => f.write_str("{…}")?,
            }
        }
        f.write_str("\")")
    }
}

/// What can stand between the braces of `sql!`: a value, a list of values, or SQL that `sql!` made.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be bound in SQL",
    label = "neither a value of a column, nor a list of such, nor SQL",
    note = "values are `bool`, integers, floats, `BigDecimal`, `String`, `&str`, `Vec<u8>`, `DateTime<Utc>`, `NaiveDate`, `NaiveTime`, `Uuid`, `serde_json::Value` and the schema's enums, and `Option` of these",
    note = "lists are `Vec`, slices and arrays of values; other SQL is put in if `sql!` made it"
)]
pub trait SqlArgument {
    /// Adds it to the SQL.
    fn add_to(&self, sql: &mut RawSql);
}

/// A value that can be bound in SQL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value that can be bound in SQL",
    note = "values are `bool`, integers, floats, `BigDecimal`, `String`, `&str`, `Vec<u8>`, `DateTime<Utc>`, `NaiveDate`, `NaiveTime`, `Uuid`, `serde_json::Value` and the schema's enums"
)]
pub trait SqlValue {
    /// The value.
    fn to_value(&self) -> Value;
}

/// A reference to what can be bound can be bound too. Not for all types at once: an enum could be a reference.
macro_rules! by_reference {
    ([$($generics:tt)*] $ty:ty) => {
        impl<$($generics)*> SqlArgument for &$ty {
            fn add_to(&self, sql: &mut RawSql) {
                SqlArgument::add_to(*self, sql);
            }
        }
    };
}

macro_rules! values {
    ($([$($generics:tt)*] $ty:ty => |$value:ident| $convert:expr),* $(,)?) => {$(
        value!([$($generics)*] $ty => |$value| $convert);
        impl<$($generics)*> SqlValue for &$ty {
            fn to_value(&self) -> Value {
                SqlValue::to_value(*self)
            }
        }
        by_reference!([$($generics)*] $ty);
    )*};
}
macro_rules! value {
    ([$($generics:tt)*] $ty:ty => |$value:ident| $convert:expr) => {
        impl<$($generics)*> SqlValue for $ty {
            fn to_value(&self) -> Value {
                let $value = self;
                $convert
            }
        }
        impl<$($generics)*> SqlArgument for $ty {
            fn add_to(&self, sql: &mut RawSql) {
                sql.push_value(self.to_value());
            }
        }
    };
}
values! {
    [] bool => |v| Value::Boolean(*v),
    [] i8 => |v| Value::Int((*v).into()),
    [] i16 => |v| Value::Int((*v).into()),
    [] u16 => |v| Value::Int((*v).into()),
    [] i32 => |v| Value::Int(*v),
    [] u32 => |v| Value::BigInt((*v).into()),
    [] i64 => |v| Value::BigInt(*v),
    [] f32 => |v| Value::Float((*v).into()),
    [] f64 => |v| Value::Float(*v),
    [] BigDecimal => |v| Value::Decimal(v.clone()),
    [] str => |v| Value::String(v.to_owned()),
    [] String => |v| Value::String(v.clone()),
    [] Cow<'_, str> => |v| Value::String(v.to_string()),
    [] char => |v| Value::String((*v).into()),
    [] [u8] => |v| Value::Bytes(v.to_vec()),
    [] Vec<u8> => |v| Value::Bytes(v.clone()),
    [const N: usize] [u8; N] => |v| Value::Bytes(v.to_vec()),
    [] DateTime<Utc> => |v| Value::DateTime(*v),
    [] DateTime<FixedOffset> => |v| Value::DateTime(v.to_utc()),
    [] DateTime<Local> => |v| Value::DateTime(v.to_utc()),
    [] NaiveDate => |v| Value::Date(*v),
    [] NaiveTime => |v| Value::Time(*v),
    [] serde_json::Value => |v| Value::Json(v.clone()),
    [] Uuid => |v| Value::Uuid(*v),
    [] Value => |v| v.clone(),
    [T: SqlValue] Option<T> => |v| v.as_ref().map_or(Value::Null, T::to_value),
}
value!([E: EnumScalar] E => |v| v.into_scalar());

macro_rules! lists {
    ($([$($generics:tt)*] $ty:ty),*) => {$(
        impl<$($generics)*> SqlArgument for $ty {
            fn add_to(&self, sql: &mut RawSql) {
                sql.push_list(self.iter().map(SqlValue::to_value).collect());
            }
        }
        by_reference!([$($generics)*] $ty);
    )*};
}
lists!([T: SqlValue] [T], [T: SqlValue] Vec<T>, [T: SqlValue, const N: usize] [T; N]);

impl SqlArgument for RawSql {
    fn add_to(&self, sql: &mut RawSql) {
        sql.pieces.extend(self.pieces.iter().cloned());
    }
}
by_reference!([] RawSql);

#[cfg(test)]
mod tests {
    use prisma_schema::Provider;

    use super::*;

    fn render(sql: &RawSql, provider: Provider) -> Result<(String, usize), Error> {
        let dialect = crate::sql::dialect(provider).unwrap();
        sql.clone().render(dialect).map(|(sql, values)| (sql, values.len()))
    }

    fn with_list(before: &'static str, list: &[i32], after: &'static str) -> RawSql {
        RawSql::empty().text(before).argument(list).text(after)
    }

    #[test]
    fn placeholders_are_the_provider_s() {
        let sql = RawSql::empty().text("a = ").argument(&1).text(" AND b = ").argument("x");
        assert_eq!(render(&sql, Provider::Sqlite).unwrap(), ("a = ? AND b = ?".to_owned(), 2));
        assert_eq!(render(&sql, Provider::Mysql).unwrap(), ("a = ? AND b = ?".to_owned(), 2));
        assert_eq!(render(&sql, Provider::Postgresql).unwrap(), ("a = $1 AND b = $2".to_owned(), 2));
        assert_eq!(format!("{sql:?}"), "sql!(\"a = {…} AND b = {…}\")");
    }

    #[test]
    fn lists() {
        let some = with_list("a IN (", &[1, 2], ")");
        assert_eq!(render(&some, Provider::Sqlite).unwrap(), ("a IN (?, ?)".to_owned(), 2));
        assert_eq!(render(&some, Provider::Postgresql).unwrap(), ("a = ANY ($1)".to_owned(), 1));
        let not = with_list("begin not in( ", &[1, 2], " ) OR b");
        assert_eq!(render(&not, Provider::Postgresql).unwrap(), ("begin <> ALL ($1 ) OR b".to_owned(), 1));
        let whole = with_list("SELECT min(", &[1], ")");
        assert_eq!(render(&whole, Provider::Postgresql).unwrap(), ("SELECT min($1)".to_owned(), 1));
        let none = with_list("a NOT IN (", &[], ")");
        let (sql, values) = render(&none, Provider::Sqlite).unwrap();
        assert!(sql.starts_with("a NOT IN (SELECT NULL") && values == 0, "{sql}");
        assert_eq!(render(&none, Provider::Postgresql).unwrap().0, "a <> ALL ($1)");
        let error = render(&with_list("SELECT max(", &[], ")"), Provider::Mysql).unwrap_err();
        assert_eq!(error.code(), Some("P2009"), "{error}");
    }

    #[test]
    fn parts() {
        let parts = ["a", "b"].map(|column| RawSql::verbatim(column).text(" = ").argument(&1));
        let both = RawSql::empty().text("WHERE ").argument(&RawSql::join(parts, " AND ")).argument(&RawSql::empty());
        assert_eq!(render(&both, Provider::Postgresql).unwrap(), ("WHERE a = $1 AND b = $2".to_owned(), 2));
    }

    #[test]
    fn bytes_are_one_value() {
        let sql =
            RawSql::empty().argument(&vec![1u8, 2]).argument(&[1u8, 2]).argument(&Some("x")).argument(&None::<i32>);
        let (_, values) = sql.render(crate::sql::dialect(Provider::Sqlite).unwrap()).unwrap();
        let bytes = Value::Bytes(vec![1, 2]);
        assert_eq!(values, [bytes.clone(), bytes, Value::String("x".to_owned()), Value::Null]);
    }
}
