//! Rows on their way out, by the index of the column.

use std::borrow::Cow;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use prisma_core::Value;
use prisma_core::driver::{ColumnError, ElementType, Row};
use sqlx::postgres::PgRow;
use sqlx::{Column, Row as _, ValueRef};
use uuid::Uuid;

use super::decode::Cell;

/// A row as it lies in the buffer of the connection.
pub(super) struct PgRowRef<'r>(pub(super) &'r PgRow);

impl<'r> PgRowRef<'r> {
    /// What `read` makes of a value; NULL is `None`.
    fn read<T>(
        &self,
        column: usize,
        expected: &'static str,
        read: impl FnOnce(Cell<'r>) -> Result<T, String>,
    ) -> Result<Option<T>, ColumnError> {
        let failed = |found: String| ColumnError { column, expected, found };
        let row: &'r PgRow = self.0;
        let Some(info) = row.columns().get(column).map(Column::type_info) else {
            return Err(failed("no such column".to_owned()));
        };
        let value = row.try_get_raw(column).map_err(|e| failed(e.to_string()))?;
        if value.is_null() {
            return Ok(None);
        }
        let bytes = value.as_bytes().map_err(|e| failed(e.to_string()))?;
        read(Cell { bytes, info }).map(Some).map_err(failed)
    }
}

impl Row for PgRowRef<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn column_name(&self, column: usize) -> &str {
        self.0.columns().get(column).map_or("", |c| c.name())
    }

    fn boolean(&self, column: usize) -> Result<Option<bool>, ColumnError> {
        self.read(column, "a boolean", Cell::boolean)
    }

    fn integer(&self, column: usize) -> Result<Option<i64>, ColumnError> {
        self.read(column, "an integer", Cell::integer)
    }

    fn float(&self, column: usize) -> Result<Option<f64>, ColumnError> {
        self.read(column, "a number", Cell::float)
    }

    fn decimal(&self, column: usize) -> Result<Option<BigDecimal>, ColumnError> {
        self.read(column, "a decimal number", Cell::decimal)
    }

    fn text(&self, column: usize) -> Result<Option<Cow<'_, str>>, ColumnError> {
        self.read(column, "text", Cell::text)
    }

    fn bytes(&self, column: usize) -> Result<Option<Cow<'_, [u8]>>, ColumnError> {
        self.read(column, "bytes", |cell| cell.data().map(Cow::Borrowed))
    }

    fn date_time(&self, column: usize) -> Result<Option<DateTime<Utc>>, ColumnError> {
        self.read(column, "a date and time", Cell::date_time)
    }

    fn date(&self, column: usize) -> Result<Option<NaiveDate>, ColumnError> {
        self.read(column, "a date", Cell::date)
    }

    fn time(&self, column: usize) -> Result<Option<NaiveTime>, ColumnError> {
        self.read(column, "a time", Cell::time)
    }

    fn json(&self, column: usize) -> Result<Option<serde_json::Value>, ColumnError> {
        self.read(column, "JSON", Cell::json)
    }

    fn uuid(&self, column: usize) -> Result<Option<Uuid>, ColumnError> {
        self.read(column, "a UUID", Cell::uuid)
    }

    fn list(&self, column: usize, element: ElementType) -> Result<Option<Vec<Value>>, ColumnError> {
        self.read(column, "a list of the elements", |cell| {
            cell.list(|cell| cell.map_or(Ok(Value::Null), |cell| cell.element(element)))
        })
    }

    fn dynamic(&self, column: usize) -> Result<Value, ColumnError> {
        let value =
            self.read(column, "a value of a type that is known here (cast it in the SQL, to text say)", Cell::dynamic);
        value.map(Option::unwrap_or_default)
    }
}
