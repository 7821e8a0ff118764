//! The columns of a record that is deserialized, as a row: so that the record is decoded as one from a database is.

use std::borrow::Cow;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::Value;
use crate::driver::{ColumnError, ElementType, Row};

/// Values by column; those that were not there are `None`.
#[derive(Debug)]
pub(super) struct JsonRow {
    pub(super) names: &'static [&'static str],
    pub(super) cells: Vec<Option<Json>>,
}

impl JsonRow {
    fn read<T: for<'de> Deserialize<'de>>(
        &self,
        column: usize,
        expected: &'static str,
    ) -> Result<Option<T>, ColumnError> {
        match self.cells.get(column) {
            Some(Some(Json::Null) | None) | None => Ok(None),
            Some(Some(value)) => read(value, column, expected).map(Some),
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(value: &Json, column: usize, expected: &'static str) -> Result<T, ColumnError> {
    T::deserialize(value).map_err(|_| mismatch(value, column, expected))
}

fn mismatch(value: &Json, column: usize, expected: &'static str) -> ColumnError {
    let mut found = value.to_string();
    if let Some((end, _)) = found.char_indices().nth(60) {
        found.truncate(end);
    }
    ColumnError { column, expected, found }
}

impl Row for JsonRow {
    fn len(&self) -> usize {
        self.cells.len()
    }

    fn column_name(&self, column: usize) -> &str {
        self.names.get(column).copied().unwrap_or_default()
    }

    fn has_schema_names(&self) -> bool {
        true
    }

    fn boolean(&self, column: usize) -> Result<Option<bool>, ColumnError> {
        self.read(column, "Boolean")
    }

    fn integer(&self, column: usize) -> Result<Option<i64>, ColumnError> {
        self.read(column, "Int")
    }

    fn float(&self, column: usize) -> Result<Option<f64>, ColumnError> {
        self.read(column, "Float")
    }

    fn decimal(&self, column: usize) -> Result<Option<BigDecimal>, ColumnError> {
        self.read(column, "Decimal")
    }

    fn text(&self, column: usize) -> Result<Option<Cow<'_, str>>, ColumnError> {
        match self.cells.get(column) {
            Some(Some(Json::Null) | None) | None => Ok(None),
            Some(Some(Json::String(text))) => Ok(Some(Cow::Borrowed(text))),
            Some(Some(other)) => Err(mismatch(other, column, "String")),
        }
    }

    fn bytes(&self, column: usize) -> Result<Option<Cow<'_, [u8]>>, ColumnError> {
        Ok(self.read::<Vec<u8>>(column, "Bytes")?.map(Cow::Owned))
    }

    fn date_time(&self, column: usize) -> Result<Option<DateTime<Utc>>, ColumnError> {
        self.read(column, "DateTime")
    }

    fn date(&self, column: usize) -> Result<Option<NaiveDate>, ColumnError> {
        self.read(column, "DateTime (date)")
    }

    fn time(&self, column: usize) -> Result<Option<NaiveTime>, ColumnError> {
        self.read(column, "DateTime (time)")
    }

    /// A required field may hold JSON's own `null`; a missing one is none.
    fn json(&self, column: usize) -> Result<Option<Json>, ColumnError> {
        Ok(self.cells.get(column).cloned().flatten())
    }

    fn uuid(&self, column: usize) -> Result<Option<Uuid>, ColumnError> {
        self.read(column, "String (uuid)")
    }

    fn list(&self, column: usize, element: ElementType) -> Result<Option<Vec<Value>>, ColumnError> {
        let Some(values) = self.read::<Vec<Json>>(column, "list")? else { return Ok(None) };
        values.into_iter().map(|value| list_element(value, element, column)).collect::<Result<_, _>>().map(Some)
    }

    fn dynamic(&self, column: usize) -> Result<Value, ColumnError> {
        Ok(self.cells.get(column).cloned().flatten().map_or(Value::Null, Value::Json))
    }
}

fn list_element(value: Json, element: ElementType, column: usize) -> Result<Value, ColumnError> {
    let v = &value;
    Ok(match element {
        ElementType::Boolean => Value::Boolean(read(v, column, "Boolean")?),
        ElementType::Int => Value::Int(read(v, column, "Int")?),
        ElementType::BigInt => Value::BigInt(read(v, column, "BigInt")?),
        ElementType::Float => Value::Float(read(v, column, "Float")?),
        ElementType::Decimal => Value::Decimal(read(v, column, "Decimal")?),
        ElementType::String => Value::String(read(v, column, "String")?),
        ElementType::Bytes => Value::Bytes(read(v, column, "Bytes")?),
        ElementType::DateTime => Value::DateTime(read(v, column, "DateTime")?),
        ElementType::Date => Value::Date(read(v, column, "DateTime (date)")?),
        ElementType::Time => Value::Time(read(v, column, "DateTime (time)")?),
        ElementType::Uuid => Value::Uuid(read(v, column, "String (uuid)")?),
        // The enum itself knows its values by the schema's names.
        ElementType::Enum | ElementType::Json => Value::Json(value),
    })
}
