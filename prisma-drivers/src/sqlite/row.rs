//! Rows on their way out, by the index of the column.

use std::borrow::Cow;
use std::str::FromStr;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use prisma_core::Value;
use prisma_core::driver::{ColumnError, ElementType, Row};
use prisma_core::temporal::{date_time_of_millis, date_time_of_text, time_of_text};
use uuid::Uuid;

use super::raw_handle::RowView;
use super::stored::Stored;

/// The row that lies in SQLite's own buffer.
pub(super) struct SqliteRow<'r>(pub(super) RowView<'r>);

impl<'r> SqliteRow<'r> {
    fn stored(&self, column: usize) -> Result<Stored<'r>, ColumnError> {
        match self.0.value(column) {
            Some(Ok(stored)) => Ok(stored),
            _ => Err(self.refusal(column, "")),
        }
    }

    /// The value, if `read` takes it; NULL is `None`.
    #[inline(always)]
    fn read<T>(
        &self,
        column: usize,
        expected: &'static str,
        read: impl FnOnce(&Stored<'r>) -> Option<T>,
    ) -> Result<Option<T>, ColumnError> {
        match self.0.value(column) {
            Some(Ok(Stored::Null)) => Ok(None),
            Some(Ok(stored)) => match read(&stored) {
                Some(value) => Ok(Some(value)),
                None => Err(self.refusal(column, expected)),
            },
            _ => Err(self.refusal(column, expected)),
        }
    }

    /// Why a column cannot be read.
    #[cold]
    fn refusal(&self, column: usize, expected: &'static str) -> ColumnError {
        match self.0.value(column) {
            Some(Ok(stored)) => ColumnError { column, expected, found: stored.describe() },
            Some(Err(error)) => ColumnError { column, expected: "text in UTF-8", found: error.to_string() },
            None => {
                let found = format!("a row of {} columns", self.0.columns());
                ColumnError { column, expected: "a column", found }
            }
        }
    }
}

impl Row for SqliteRow<'_> {
    fn len(&self) -> usize {
        self.0.columns()
    }

    fn column_name(&self, column: usize) -> &str {
        self.0.column_name(column).unwrap_or("")
    }

    fn boolean(&self, column: usize) -> Result<Option<bool>, ColumnError> {
        self.read(column, "a boolean (0 or 1)", |stored| match stored {
            Stored::Integer(0) => Some(false),
            Stored::Integer(1) => Some(true),
            _ => None,
        })
    }

    fn integer(&self, column: usize) -> Result<Option<i64>, ColumnError> {
        self.read(column, "an integer", |stored| match stored {
            Stored::Integer(v) => Some(*v),
            _ => None,
        })
    }

    fn float(&self, column: usize) -> Result<Option<f64>, ColumnError> {
        self.read(column, "a number", |stored| match stored {
            Stored::Real(v) => Some(*v),
            #[allow(clippy::cast_precision_loss, reason = "a float is what the schema says")]
            Stored::Integer(v) => Some(*v as f64),
            _ => None,
        })
    }

    fn decimal(&self, column: usize) -> Result<Option<BigDecimal>, ColumnError> {
        self.read(column, "a decimal number", decimal)
    }

    fn text(&self, column: usize) -> Result<Option<Cow<'_, str>>, ColumnError> {
        self.read(column, "text", |stored| match stored {
            Stored::Text(v) => Some(Cow::Borrowed(*v)),
            _ => None,
        })
    }

    fn bytes(&self, column: usize) -> Result<Option<Cow<'_, [u8]>>, ColumnError> {
        self.read(column, "bytes", |stored| match stored {
            Stored::Blob(v) => Some(Cow::Borrowed(*v)),
            _ => None,
        })
    }

    fn date_time(&self, column: usize) -> Result<Option<DateTime<Utc>>, ColumnError> {
        self.read(column, "a date and time (milliseconds since 1970, or ISO 8601 text)", date_time)
    }

    fn date(&self, column: usize) -> Result<Option<NaiveDate>, ColumnError> {
        self.read(column, "a date", |stored| date_time(stored).map(|v| v.date_naive()))
    }

    fn time(&self, column: usize) -> Result<Option<NaiveTime>, ColumnError> {
        self.read(column, "a time", |stored| match stored {
            Stored::Text(v) => time_of_text(v).or_else(|| date_time(stored).map(|v| v.time())),
            _ => date_time(stored).map(|v| v.time()),
        })
    }

    fn json(&self, column: usize) -> Result<Option<serde_json::Value>, ColumnError> {
        self.read(column, "JSON", |stored| match stored {
            Stored::Text(v) => serde_json::from_str(v).ok(),
            Stored::Integer(v) => Some((*v).into()),
            Stored::Real(v) => serde_json::Number::from_f64(*v).map(Into::into),
            _ => None,
        })
    }

    fn uuid(&self, column: usize) -> Result<Option<Uuid>, ColumnError> {
        self.read(column, "a UUID", |stored| match stored {
            Stored::Text(v) => Uuid::parse_str(v).ok(),
            Stored::Blob(v) => Uuid::from_slice(v).ok(),
            _ => None,
        })
    }

    fn list(&self, column: usize, element: ElementType) -> Result<Option<Vec<Value>>, ColumnError> {
        self.read(column, "a JSON array of the elements", |stored| {
            let Stored::Text(text) = stored else { return None };
            let elements: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
            elements.into_iter().map(|value| list_element(value, element)).collect()
        })
    }

    fn dynamic(&self, column: usize) -> Result<Value, ColumnError> {
        let stored = self.stored(column)?;
        let declared = self.0.declared(column).unwrap_or("");
        let is_declared = |names: [&str; 2]| names.iter().any(|name| declared.eq_ignore_ascii_case(name));
        Ok(match stored {
            Stored::Integer(v @ (0 | 1)) if is_declared(["boolean", "bool"]) => Value::Boolean(v == 1),
            stored if is_declared(["datetime", "timestamp"]) => {
                date_time(&stored).map_or_else(|| plain(stored), Value::DateTime)
            }
            stored => plain(stored),
        })
    }
}

fn plain(stored: Stored<'_>) -> Value {
    match stored {
        Stored::Null => Value::Null,
        Stored::Integer(v) => i32::try_from(v).map_or(Value::BigInt(v), Value::Int),
        Stored::Real(v) => Value::Float(v),
        Stored::Text(v) => Value::String(v.to_owned()),
        Stored::Blob(v) => Value::Bytes(v.to_owned()),
    }
}

fn decimal(stored: &Stored<'_>) -> Option<BigDecimal> {
    match stored {
        Stored::Integer(v) => Some((*v).into()),
        // The shortest digits that mean this number: 0.1 is 0.1, not the 55 digits that the bits stand for.
        Stored::Real(v) => BigDecimal::from_str(&v.to_string()).ok(),
        Stored::Text(v) => BigDecimal::from_str(v.trim()).ok(),
        _ => None,
    }
}

fn date_time(stored: &Stored<'_>) -> Option<DateTime<Utc>> {
    match stored {
        Stored::Integer(v) => DateTime::from_timestamp_millis(*v),
        Stored::Real(v) => date_time_of_millis(*v),
        Stored::Text(v) => date_time_of_text(v.trim()),
        _ => None,
    }
}

/// An element of a list, from the form that [`bind`](super::bind) gives it.
fn list_element(value: serde_json::Value, element: ElementType) -> Option<Value> {
    use serde_json::Value as Json;
    if element == ElementType::Json {
        return Some(Value::Json(value));
    }
    let text;
    let stored = match &value {
        Json::Null => return Some(Value::Null),
        Json::Bool(v) => Stored::Integer((*v).into()),
        Json::Number(n) => n.as_i64().map(Stored::Integer).or_else(|| n.as_f64().map(Stored::Real))?,
        Json::String(v) => {
            text = v;
            Stored::Text(text)
        }
        Json::Array(_) | Json::Object(_) => return None,
    };
    match (element, stored) {
        (ElementType::Boolean, Stored::Integer(v @ (0 | 1))) => Some(Value::Boolean(v == 1)),
        (ElementType::Int, Stored::Integer(v)) => i32::try_from(v).ok().map(Value::Int),
        (ElementType::BigInt, Stored::Integer(v)) => Some(Value::BigInt(v)),
        (ElementType::Float, Stored::Real(v)) => Some(Value::Float(v)),
        #[allow(clippy::cast_precision_loss, reason = "a float is what the schema says")]
        (ElementType::Float, Stored::Integer(v)) => Some(Value::Float(v as f64)),
        (ElementType::Decimal, stored) => decimal(&stored).map(Value::Decimal),
        (ElementType::String, Stored::Text(v)) => Some(Value::String(v.to_owned())),
        (ElementType::Enum, Stored::Text(v)) => Some(Value::Enum(v.to_owned())),
        (ElementType::DateTime, stored) => date_time(&stored).map(Value::DateTime),
        (ElementType::Date, stored) => date_time(&stored).map(|v| Value::Date(v.date_naive())),
        (ElementType::Time, Stored::Text(v)) => time_of_text(v).map(Value::Time),
        (ElementType::Uuid, Stored::Text(v)) => Uuid::parse_str(v).ok().map(Value::Uuid),
        _ => None,
    }
}
