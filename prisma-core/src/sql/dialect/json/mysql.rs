//! MySQL and MariaDB.

use sea_query::{Expr, ExprTrait, Func};

use super::{JsonDialect, constant, only_if};

/// JSON is a type of its own on MySQL, and text on MariaDB.
#[derive(Debug)]
pub(in crate::sql::dialect) struct MysqlJson;

impl MysqlJson {
    fn type_of(&self, value: Expr) -> Expr {
        Func::cust("JSON_TYPE").arg(value).into()
    }
}

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
