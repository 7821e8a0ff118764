//! A row whose columns stand in another order.

use std::borrow::Cow;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use crate::Value;
use crate::driver::{ColumnError, ElementType, Row};

/// Some columns of a row, in an order of their own.
pub(super) struct MappedRow<'r> {
    pub(super) row: &'r dyn Row,
    /// For each column its place in the row.
    pub(super) columns: &'r [usize],
}

impl MappedRow<'_> {
    fn place(&self, column: usize) -> usize {
        // What is not there, the row does not have either.
        self.columns.get(column).copied().unwrap_or(usize::MAX)
    }

    /// The error names the column that was asked for.
    fn read<'s, T>(
        &'s self,
        column: usize,
        read: impl FnOnce(&'s dyn Row, usize) -> Result<T, ColumnError>,
    ) -> Result<T, ColumnError> {
        read(self.row, self.place(column)).map_err(|error| ColumnError { column, ..error })
    }
}

impl Row for MappedRow<'_> {
    fn len(&self) -> usize {
        self.columns.len()
    }

    fn has_schema_names(&self) -> bool {
        self.row.has_schema_names()
    }

    fn column_name(&self, column: usize) -> &str {
        self.row.column_name(self.place(column))
    }

    fn boolean(&self, column: usize) -> Result<Option<bool>, ColumnError> {
        self.read(column, |row, i| row.boolean(i))
    }

    fn integer(&self, column: usize) -> Result<Option<i64>, ColumnError> {
        self.read(column, |row, i| row.integer(i))
    }

    fn float(&self, column: usize) -> Result<Option<f64>, ColumnError> {
        self.read(column, |row, i| row.float(i))
    }

    fn decimal(&self, column: usize) -> Result<Option<BigDecimal>, ColumnError> {
        self.read(column, |row, i| row.decimal(i))
    }

    fn text(&self, column: usize) -> Result<Option<Cow<'_, str>>, ColumnError> {
        self.read(column, |row, i| row.text(i))
    }

    fn bytes(&self, column: usize) -> Result<Option<Cow<'_, [u8]>>, ColumnError> {
        self.read(column, |row, i| row.bytes(i))
    }

    fn date_time(&self, column: usize) -> Result<Option<DateTime<Utc>>, ColumnError> {
        self.read(column, |row, i| row.date_time(i))
    }

    fn date(&self, column: usize) -> Result<Option<NaiveDate>, ColumnError> {
        self.read(column, |row, i| row.date(i))
    }

    fn time(&self, column: usize) -> Result<Option<NaiveTime>, ColumnError> {
        self.read(column, |row, i| row.time(i))
    }

    fn json(&self, column: usize) -> Result<Option<serde_json::Value>, ColumnError> {
        self.read(column, |row, i| row.json(i))
    }

    fn uuid(&self, column: usize) -> Result<Option<Uuid>, ColumnError> {
        self.read(column, |row, i| row.uuid(i))
    }

    fn list(&self, column: usize, element: ElementType) -> Result<Option<Vec<Value>>, ColumnError> {
        self.read(column, |row, i| row.list(i, element))
    }

    fn dynamic(&self, column: usize) -> Result<Value, ColumnError> {
        self.read(column, |row, i| row.dynamic(i))
    }
}
