//! PostgreSQL and CockroachDB.

use sea_query::{BinOper, Expr, ExprTrait, Func};

use super::{JsonDialect, constant, only_if};
use crate::Value;
use crate::tree::JsonKey;

/// The type `jsonb`, and `json` by way of it.
#[derive(Debug)]
pub(in crate::sql::dialect) struct PostgresJson;

impl PostgresJson {
    fn is(&self, value: Expr, kind: &str) -> Expr {
        Func::cust("jsonb_typeof").arg(value).eq(constant(kind))
    }
}

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
