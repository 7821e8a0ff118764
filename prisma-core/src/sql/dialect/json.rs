//! How each provider looks into `Json` columns.

use std::fmt;

use sea_query::{BinOper, CaseStatement, Expr, ExprTrait, Func};

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

/// JSON is text.
#[cfg(feature = "sqlite")]
#[derive(Debug)]
pub(super) struct SqliteJson;

#[cfg(feature = "sqlite")]
impl JsonDialect for SqliteJson {
    fn at(&self, value: Expr, path: Expr) -> Expr {
        value.binary(BinOper::Custom("->"), path)
    }

    fn equals(&self, value: Expr, other: Expr) -> Expr {
        // Without the blanks that somebody may have written.
        Func::cust("json").arg(value).eq(Func::cust("json").arg(other))
    }

    fn is_text(&self, value: Expr) -> Expr {
        Func::cust("json_type").arg(value).eq(constant("text"))
    }

    fn is_number(&self, value: Expr) -> Expr {
        Func::cust("json_type").arg(value).is_in([constant("integer"), constant("real")])
    }

    fn is_array(&self, value: Expr) -> Expr {
        Func::cust("json_type").arg(value).eq(constant("array"))
    }

    fn text(&self, value: Expr) -> Expr {
        value.binary(BinOper::Custom("->>"), constant("$"))
    }

    fn number(&self, value: Expr) -> Expr {
        only_if(self.is_number(value.clone()), self.text(value))
    }

    fn contains(&self, _array: Expr, _elements: Expr) -> Option<Expr> {
        None
    }

    fn element(&self, array: Expr, is_last: bool) -> Expr {
        array.binary(BinOper::Custom("->"), constant(if is_last { "$[#-1]" } else { "$[0]" }))
    }
}

/// JSON is a type of its own on MySQL, and text on MariaDB.
#[cfg(feature = "mysql")]
#[derive(Debug)]
pub(super) struct MysqlJson;

#[cfg(feature = "mysql")]
impl MysqlJson {
    fn type_of(&self, value: Expr) -> Expr {
        Func::cust("JSON_TYPE").arg(value).into()
    }
}

#[cfg(feature = "mysql")]
impl JsonDialect for MysqlJson {
    fn at(&self, value: Expr, path: Expr) -> Expr {
        Func::cust("JSON_EXTRACT").args([value, path]).into()
    }

    /// MySQL compares values of its type, and has no function for it; MariaDB has text, and a function. Each reads the comments that are
    /// for it alone.
    fn equals(&self, value: Expr, other: Expr) -> Expr {
        let sql = "/*M! JSON_EQUALS( */ ? /*M! , */ /*!50701 = CAST( */ ? /*!50701 AS JSON) */ /*M! ) */";
        // To MariaDB's function, NULL equals everything.
        let columns = [&value, &other].into_iter().filter(|e| !matches!(e, Expr::Value(_))).cloned();
        let Some(are_there) = columns.map(ExprTrait::is_not_null).reduce(ExprTrait::and) else {
            return Expr::cust_with_exprs(sql, [value, other]);
        };
        only_if(are_there, Expr::cust_with_exprs(sql, [value, other]))
    }

    fn is_text(&self, value: Expr) -> Expr {
        self.type_of(value).eq(constant("STRING"))
    }

    fn is_number(&self, value: Expr) -> Expr {
        let types = ["INTEGER", "UNSIGNED INTEGER", "DOUBLE", "DECIMAL"];
        self.type_of(value).is_in(types.map(constant))
    }

    fn is_array(&self, value: Expr) -> Expr {
        self.type_of(value).eq(constant("ARRAY"))
    }

    fn text(&self, value: Expr) -> Expr {
        Func::cust("JSON_UNQUOTE").arg(value).into()
    }

    fn number(&self, value: Expr) -> Expr {
        only_if(self.is_number(value.clone()), self.text(value).cast_as("DECIMAL(65, 30)"))
    }

    fn contains(&self, array: Expr, elements: Expr) -> Option<Expr> {
        Some(Func::cust("JSON_CONTAINS").args([array, elements]).into())
    }

    fn element(&self, array: Expr, is_last: bool) -> Expr {
        let path = match is_last {
            false => constant("$[0]"),
            true => {
                let last = Func::cust("JSON_LENGTH").arg(array.clone()).sub(Expr::cust("1"));
                Func::cust("CONCAT").args([constant("$["), last, constant("]")]).into()
            }
        };
        self.at(array, path)
    }
}

/// The type `jsonb`, and `json` by way of it.
#[cfg(any(feature = "postgres", feature = "cockroachdb"))]
#[derive(Debug)]
pub(super) struct PostgresJson;

#[cfg(any(feature = "postgres", feature = "cockroachdb"))]
impl PostgresJson {
    fn is(&self, value: Expr, kind: &str) -> Expr {
        Func::cust("jsonb_typeof").arg(value).eq(constant(kind))
    }
}

#[cfg(any(feature = "postgres", feature = "cockroachdb"))]
impl JsonDialect for PostgresJson {
    fn column(&self, column: Expr) -> Expr {
        column.cast_as("jsonb")
    }

    fn path(&self, path: &[JsonKey]) -> Value {
        let text = |key: &JsonKey| match key {
            JsonKey::Name(name) => name.clone(),
            JsonKey::Index(index) => index.to_string(),
        };
        Value::List(path.iter().map(|key| Value::String(text(key))).collect())
    }

    fn at(&self, value: Expr, path: Expr) -> Expr {
        value.binary(BinOper::Custom("#>"), path.cast_as("text[]"))
    }

    fn equals(&self, value: Expr, other: Expr) -> Expr {
        value.eq(other)
    }

    fn is_text(&self, value: Expr) -> Expr {
        self.is(value, "string")
    }

    fn is_number(&self, value: Expr) -> Expr {
        self.is(value, "number")
    }

    fn is_array(&self, value: Expr) -> Expr {
        self.is(value, "array")
    }

    fn text(&self, value: Expr) -> Expr {
        value.binary(BinOper::Custom("#>>"), constant("{}").cast_as("text[]"))
    }

    fn number(&self, value: Expr) -> Expr {
        only_if(self.is_number(value.clone()), self.text(value).cast_as("numeric"))
    }

    fn contains(&self, array: Expr, elements: Expr) -> Option<Expr> {
        Some(array.binary(BinOper::Custom("@>"), elements.cast_as("jsonb")))
    }

    fn element(&self, array: Expr, is_last: bool) -> Expr {
        array.binary(BinOper::Custom("->"), Expr::cust(if is_last { "-1" } else { "0" }))
    }
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
