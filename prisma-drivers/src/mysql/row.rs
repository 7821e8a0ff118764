//! Rows on their way out, by the index of the column.

use std::borrow::Cow;
use std::str::FromStr;

use bigdecimal::{BigDecimal, ToPrimitive};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use prisma_core::Value;
use prisma_core::driver::{ColumnError, ElementType, Row};
use sqlx::mysql::{MySql, MySqlRow, MySqlValueRef};
use sqlx::{Column, Decode, Row as _, Type, TypeInfo, ValueRef};
use uuid::Uuid;

/// A row as sqlx hands it out.
pub(super) struct MysqlRowRef<'r>(pub(super) &'r MySqlRow);

/// What the server says that a value is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stored<'r> {
    Signed(i64),
    Unsigned(u64),
    Bits(&'r [u8]),
    Single(f32),
    Double(f64),
    /// As the server writes it.
    Decimal(&'r str),
    Date(NaiveDate),
    DateTime(NaiveDateTime),
    Time(NaiveTime),
    /// Text of any character set, which comes as UTF-8, and bytes: which of them it is, the collation does not always tell.
    Bytes(&'r [u8]),
}

impl<'r> MysqlRowRef<'r> {
    fn raw(&self, column: usize) -> Result<Option<MySqlValueRef<'r>>, ColumnError> {
        let row: &'r MySqlRow = self.0;
        match row.try_get_raw(column) {
            Ok(value) if value.is_null() => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(e) => Err(ColumnError { column, expected: "a column", found: e.to_string() }),
        }
    }

    /// The value, if `read` takes it; NULL is `None`.
    fn read<T>(
        &self,
        column: usize,
        expected: &'static str,
        read: impl FnOnce(Stored<'r>) -> Option<T>,
    ) -> Result<Option<T>, ColumnError> {
        let Some(value) = self.raw(column)? else { return Ok(None) };
        let stored = stored(value).map_err(|found| ColumnError { column, expected, found })?;
        match read(stored) {
            Some(value) => Ok(Some(value)),
            None => Err(ColumnError { column, expected, found: stored.describe() }),
        }
    }
}

fn stored(value: MySqlValueRef<'_>) -> Result<Stored<'_>, String> {
    fn decode<'r, T: Decode<'r, MySql>>(value: MySqlValueRef<'r>) -> Result<T, String> {
        T::decode(value).map_err(|e| e.to_string())
    }
    let info = value.type_info();
    Ok(match info.name() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => Stored::Signed(decode(value.clone())?),
        "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED" | "BIGINT UNSIGNED"
        | "YEAR" => Stored::Unsigned(decode(value.clone())?),
        "BIT" => Stored::Bits(decode(value.clone())?),
        "FLOAT" => Stored::Single(decode(value.clone())?),
        "DOUBLE" => Stored::Double(decode(value.clone())?),
        "DECIMAL" => Stored::Decimal(decode(value.clone())?),
        "DATE" => Stored::Date(decode(value.clone())?),
        "DATETIME" | "TIMESTAMP" => Stored::DateTime(decode(value.clone())?),
        "TIME" => Stored::Time(decode(value.clone())?),
        _ => Stored::Bytes(decode(value.clone())?),
    })
}

impl Stored<'_> {
    fn integer(self) -> Option<i64> {
        match self {
            Stored::Signed(v) => Some(v),
            Stored::Unsigned(v) => i64::try_from(v).ok(),
            Stored::Bits(v) => bits(v).and_then(|v| i64::try_from(v).ok()),
            // Sums of integers are decimals.
            Stored::Decimal(v) => v.parse().ok().or_else(|| self.decimal().filter(BigDecimal::is_integer)?.to_i64()),
            _ => None,
        }
    }

    fn decimal(self) -> Option<BigDecimal> {
        match self {
            Stored::Decimal(v) => {
                // Without the zeros that only fill the column's scale.
                let digits = if v.contains('.') { v.trim_end_matches('0').trim_end_matches('.') } else { v };
                BigDecimal::from_str(digits).ok()
            }
            Stored::Signed(v) => Some(v.into()),
            Stored::Unsigned(v) => Some(v.into()),
            // The shortest digits that mean this number: 0.1 is 0.1, not the 55 digits that the bits stand for.
            Stored::Single(v) => BigDecimal::from_str(&v.to_string()).ok(),
            Stored::Double(v) => BigDecimal::from_str(&v.to_string()).ok(),
            _ => None,
        }
    }

    fn float(self) -> Option<f64> {
        match self {
            Stored::Double(v) => Some(v),
            // What was written, as far as the column kept it: 0.1, not 0.10000000149011612.
            Stored::Single(v) => v.to_string().parse().ok(),
            Stored::Decimal(v) => v.parse().ok(),
            #[allow(clippy::cast_precision_loss, reason = "a float is what the schema says")]
            Stored::Signed(v) => Some(v as f64),
            #[allow(clippy::cast_precision_loss, reason = "a float is what the schema says")]
            Stored::Unsigned(v) => Some(v as f64),
            _ => None,
        }
    }

    /// The value for a message, shortened.
    fn describe(self) -> String {
        const LONGEST: usize = 40;
        match self {
            Stored::Signed(v) => format!("the integer {v}"),
            Stored::Unsigned(v) => format!("the integer {v}"),
            Stored::Bits(v) => format!("{} bytes of bits", v.len()),
            Stored::Single(v) => format!("the number {v}"),
            Stored::Double(v) => format!("the number {v}"),
            Stored::Decimal(v) => format!("the number {v}"),
            Stored::Date(v) => format!("the date {v}"),
            Stored::DateTime(v) => format!("the time {v}"),
            Stored::Time(v) => format!("the time {v}"),
            Stored::Bytes(v) => match std::str::from_utf8(v) {
                Ok(text) => match text.char_indices().nth(LONGEST) {
                    Some((end, _)) => format!("the text {:?} …", &text[..end]),
                    None => format!("the text {text:?}"),
                },
                Err(_) => format!("{} bytes", v.len()),
            },
        }
    }
}

/// The number that up to 64 bits are.
fn bits(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
}

impl Row for MysqlRowRef<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn column_name(&self, column: usize) -> &str {
        self.0.columns().get(column).map_or("", |c| c.name())
    }

    fn boolean(&self, column: usize) -> Result<Option<bool>, ColumnError> {
        self.read(column, "a boolean", |stored| match stored {
            Stored::Signed(_) | Stored::Unsigned(_) | Stored::Bits(_) => stored.integer().map(|v| v != 0),
            _ => None,
        })
    }

    fn integer(&self, column: usize) -> Result<Option<i64>, ColumnError> {
        self.read(column, "an integer of 64 bits", Stored::integer)
    }

    fn float(&self, column: usize) -> Result<Option<f64>, ColumnError> {
        self.read(column, "a number", Stored::float)
    }

    fn decimal(&self, column: usize) -> Result<Option<BigDecimal>, ColumnError> {
        self.read(column, "a number", Stored::decimal)
    }

    fn text(&self, column: usize) -> Result<Option<Cow<'_, str>>, ColumnError> {
        self.read(column, "text in UTF-8", |stored| match stored {
            Stored::Bytes(v) => std::str::from_utf8(v).ok().map(Cow::Borrowed),
            _ => None,
        })
    }

    fn bytes(&self, column: usize) -> Result<Option<Cow<'_, [u8]>>, ColumnError> {
        self.read(column, "bytes", |stored| match stored {
            Stored::Bytes(v) | Stored::Bits(v) => Some(Cow::Borrowed(v)),
            _ => None,
        })
    }

    fn date_time(&self, column: usize) -> Result<Option<DateTime<Utc>>, ColumnError> {
        self.read(column, "a date and time", |stored| match stored {
            Stored::DateTime(v) => Some(v.and_utc()),
            Stored::Date(v) => v.and_hms_opt(0, 0, 0).map(|v| v.and_utc()),
            _ => None,
        })
    }

    fn date(&self, column: usize) -> Result<Option<NaiveDate>, ColumnError> {
        self.read(column, "a date", |stored| match stored {
            Stored::Date(v) => Some(v),
            Stored::DateTime(v) => Some(v.date()),
            _ => None,
        })
    }

    fn time(&self, column: usize) -> Result<Option<NaiveTime>, ColumnError> {
        self.read(column, "a time of day", |stored| match stored {
            Stored::Time(v) => Some(v),
            Stored::DateTime(v) => Some(v.time()),
            _ => None,
        })
    }

    fn json(&self, column: usize) -> Result<Option<serde_json::Value>, ColumnError> {
        self.read(column, "JSON", |stored| match stored {
            Stored::Bytes(v) => serde_json::from_slice(v).ok(),
            _ => None,
        })
    }

    fn uuid(&self, column: usize) -> Result<Option<Uuid>, ColumnError> {
        self.read(column, "a UUID", |stored| match stored {
            Stored::Bytes(v) => Uuid::try_parse_ascii(v).or_else(|_| Uuid::from_slice(v)).ok(),
            _ => None,
        })
    }

    fn list(&self, column: usize, _element: ElementType) -> Result<Option<Vec<Value>>, ColumnError> {
        self.read(column, "a list, which MySQL has no columns for", |_| None)
    }

    fn dynamic(&self, column: usize) -> Result<Value, ColumnError> {
        let Some(value) = self.raw(column)? else { return Ok(Value::Null) };
        let info = value.type_info().into_owned();
        let found = stored(value).map_err(|found| ColumnError { column, expected: "a value", found })?;
        Ok(match (found, info.name()) {
            (Stored::Signed(v @ (0 | 1)), "BOOLEAN") => Value::Boolean(v == 1),
            (Stored::Signed(v), "BIGINT") => Value::BigInt(v),
            (Stored::Signed(v), _) => i32::try_from(v).map_or(Value::BigInt(v), Value::Int),
            (Stored::Unsigned(v), "INT UNSIGNED" | "BIGINT UNSIGNED") => {
                i64::try_from(v).map_or_else(|_| Value::Decimal(v.into()), Value::BigInt)
            }
            (Stored::Unsigned(v), _) => i32::try_from(v).map_or_else(|_| Value::Decimal(v.into()), Value::Int),
            (Stored::Bits(v), _) => Value::Bytes(v.to_owned()),
            (Stored::Single(_) | Stored::Double(_), _) => found.float().map_or(Value::Null, Value::Float),
            (Stored::Decimal(_), _) => found.decimal().map_or(Value::Null, Value::Decimal),
            (Stored::Date(v), _) => Value::Date(v),
            (Stored::DateTime(v), _) => Value::DateTime(v.and_utc()),
            (Stored::Time(v), _) => Value::Time(v),
            (Stored::Bytes(v), "JSON") => match serde_json::from_slice(v) {
                Ok(json) => Value::Json(json),
                Err(_) => Value::Bytes(v.to_owned()),
            },
            (Stored::Bytes(v), name) => {
                let is_text = name == "SET" || <str as Type<MySql>>::compatible(&info);
                match std::str::from_utf8(v) {
                    Ok(text) if is_text => Value::String(text.to_owned()),
                    _ => Value::Bytes(v.to_owned()),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(Stored::Decimal("12").integer(), Some(12));
        assert_eq!(Stored::Decimal("12.000").integer(), Some(12));
        assert_eq!(Stored::Decimal("12.5").integer(), None);
        assert_eq!(Stored::Unsigned(u64::MAX).integer(), None);
        assert_eq!(Stored::Bits(&[1, 0]).integer(), Some(256));
        assert_eq!(Stored::Decimal("1.500000").decimal().map(|v| v.to_string()), Some("1.5".to_owned()));
        assert_eq!(Stored::Decimal("100").decimal().map(|v| v.to_string()), Some("100".to_owned()));
        assert_eq!(Stored::Decimal("-0.000").decimal().map(|v| v.to_string()), Some("0".to_owned()));
        assert_eq!(Stored::Single(0.1).float(), Some(0.1));
    }
}
