//! SQLite: JSON is text.

use sea_query::{BinOper, Expr, ExprTrait, Func};

use super::{JsonDialect, constant, only_if};

/// JSON is text.
#[derive(Debug)]
pub(in crate::sql::dialect) struct SqliteJson;

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
