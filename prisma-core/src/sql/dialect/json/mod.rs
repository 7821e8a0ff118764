//! How each provider looks into `Json` columns.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(any(feature = "postgres", feature = "cockroachdb"))]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt;

#[cfg(feature = "mysql")]
pub(super) use mysql::MysqlJson;
#[cfg(any(feature = "postgres", feature = "cockroachdb"))]
pub(super) use postgres::PostgresJson;
use sea_query::{CaseStatement, Expr};
#[cfg(feature = "sqlite")]
pub(super) use sqlite::SqliteJson;

use crate::Value;
use crate::tree::JsonKey;

/// What the SQL of one provider has for `Json` columns. A value is whatever [`column`](Self::column) or [`at`](Self::at) gives.
pub trait JsonDialect: Send + Sync + fmt::Debug {
    /// A column as a value.
    fn column(&self, column: Expr) -> Expr {
        column
    }

    /// A path as it is bound.
    fn path(&self, path: &[JsonKey]) -> Value {
        Value::String(path_text(path))
    }

    /// The value at a path; NULL if there is none.
    fn at(&self, value: Expr, path: Expr) -> Expr;

    /// Whether two values are the same.
    fn equals(&self, value: Expr, other: Expr) -> Expr;

    /// Whether it is text.
    fn is_text(&self, value: Expr) -> Expr;

    /// Whether it is a number.
    fn is_number(&self, value: Expr) -> Expr;

    /// Whether it is an array.
    fn is_array(&self, value: Expr) -> Expr;

    /// The text of one that is text.
    fn text(&self, value: Expr) -> Expr;

    /// The number of one that is a number, and NULL of any other.
    fn number(&self, value: Expr) -> Expr;

    /// Whether an array has all elements of another; `None` if that cannot be asked.
    fn contains(&self, array: Expr, elements: Expr) -> Option<Expr>;

    /// The first or the last element of an array.
    fn element(&self, array: Expr, is_last: bool) -> Expr;
}

/// `$."a"[0]`
fn path_text(path: &[JsonKey]) -> String {
    let mut text = "$".to_owned();
    for key in path {
        match key {
            JsonKey::Index(index) => text.push_str(&format!("[{index}]")),
            JsonKey::Name(name) => {
                text.push('.');
                text.push_str(&serde_json::Value::from(name.as_str()).to_string());
            }
        }
    }
    text
}

fn constant(text: &str) -> Expr {
    Expr::Constant(text.to_owned().into())
}

/// `then` of the values that are what `is` says, NULL of others: it is not computed of them.
fn only_if(is: Expr, then: Expr) -> Expr {
    CaseStatement::new().case(is, then).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        assert_eq!(path_text(&[]), "$");
        assert_eq!(path_text(&["a".into(), 0.into(), "b \"c".into()]), r#"$."a"[0]."b \"c""#);
        assert_eq!(path_text(&[JsonKey::from(-1)]), r#"$."-1""#);
    }
}
