//! Values on their way into a statement.

use bigdecimal::{BigDecimal, ToPrimitive};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use prisma_core::Value;
use prisma_core::driver::DriverError;
use sqlx::Arguments;
use sqlx::sqlite::SqliteArguments;

/// A value in one of the forms that SQLite has.
enum Stored {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// The arguments of a statement.
pub(super) fn bind(values: Vec<Value>) -> Result<SqliteArguments, DriverError> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        match store(value)? {
            Stored::Null => arguments.add(None::<i64>),
            Stored::Integer(v) => arguments.add(v),
            Stored::Real(v) => arguments.add(v),
            Stored::Text(v) => arguments.add(v),
            Stored::Blob(v) => arguments.add(v),
        }
        .map_err(|e| refuse(e.to_string()))?;
    }
    Ok(arguments)
}

fn store(value: Value) -> Result<Stored, DriverError> {
    Ok(match value {
        Value::Null => Stored::Null,
        Value::Boolean(v) => Stored::Integer(v.into()),
        Value::Int(v) => Stored::Integer(v.into()),
        Value::BigInt(v) => Stored::Integer(v),
        Value::Float(v) if v.is_nan() => return Err(refuse("SQLite cannot store NaN: it would become NULL")),
        Value::Float(v) => Stored::Real(v),
        Value::Decimal(v) => decimal(&v)?,
        Value::String(v) | Value::Enum(v) => Stored::Text(v),
        Value::Bytes(v) => Stored::Blob(v),
        Value::DateTime(v) => date_time(v),
        Value::Date(v) => Stored::Text(date(v)),
        Value::Time(v) => Stored::Text(time(v)),
        Value::Json(v) => Stored::Text(v.to_string()),
        Value::Uuid(v) => Stored::Text(v.hyphenated().to_string()),
        Value::List(v) => Stored::Text(list(v)?.to_string()),
        other => return Err(refuse(format!("SQLite has no form for {other:?}"))),
    })
}

fn decimal(value: &BigDecimal) -> Result<Stored, DriverError> {
    // By way of text, since that rounds correctly and takes no time for large exponents.
    let real: f64 = value.to_string().parse().map_err(|_| refuse(format!("{value} is not a number")))?;
    if !real.is_finite() {
        return Err(refuse(format!("{value} is beyond the range of SQLite's numbers")));
    }
    const EXACT: f64 = (1_u64 << 53) as f64;
    if real.fract() != 0.0 {
        return Ok(Stored::Real(real));
    }
    if real.abs() < EXACT {
        #[allow(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        return Ok(Stored::Integer(real as i64));
    }
    let whole = (value.fractional_digit_count() <= 64).then(|| value.to_i64()).flatten();
    Ok(match whole {
        Some(whole) if value.is_integer() => Stored::Integer(whole),
        _ => Stored::Real(real),
    })
}

fn date_time(value: DateTime<Utc>) -> Stored {
    let millis = value.timestamp_millis();
    let micros = value.timestamp_subsec_micros() % 1000;
    if micros == 0 {
        return Stored::Integer(millis);
    }
    #[allow(clippy::cast_precision_loss, reason = "exact to the microsecond from 1692 to 2248")]
    Stored::Real(millis as f64 + f64::from(micros) / 1000.0)
}

fn date(value: NaiveDate) -> String {
    value.format("%Y-%m-%d").to_string()
}

fn time(value: NaiveTime) -> String {
    value.format("%H:%M:%S%.6f").to_string()
}

/// A list as a JSON array of the values as they are stored, so that `json_each` compares them with columns.
fn list(values: Vec<Value>) -> Result<serde_json::Value, DriverError> {
    let element = |value| {
        Ok(match store(value)? {
            Stored::Null => serde_json::Value::Null,
            Stored::Integer(v) => v.into(),
            Stored::Real(v) => serde_json::Number::from_f64(v)
                .ok_or_else(|| refuse("a list that is bound as one parameter cannot hold infinity"))?
                .into(),
            Stored::Text(v) => v.into(),
            Stored::Blob(_) => return Err(refuse("a list that is bound as one parameter cannot hold bytes")),
        })
    };
    values.into_iter().map(element).collect()
}

fn refuse(message: impl Into<String>) -> DriverError {
    DriverError::Encode { message: message.into() }
}
