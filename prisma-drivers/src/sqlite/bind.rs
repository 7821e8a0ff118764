//! Values on their way into a statement.

use std::fmt::{self, Write as _};

use bigdecimal::{BigDecimal, ToPrimitive};
use chrono::{DateTime, Utc};
use prisma_core::Value;
use prisma_core::driver::DriverError;

use super::stored::Stored;

/// A value in the form that it is stored in. A text that has to be made for that is written to `buffer`.
pub(super) fn store<'v>(value: &'v Value, buffer: &'v mut String) -> Result<Stored<'v>, DriverError> {
    buffer.clear();
    Ok(match value {
        Value::Null => Stored::Null,
        Value::Boolean(v) => Stored::Integer((*v).into()),
        Value::Int(v) => Stored::Integer((*v).into()),
        Value::BigInt(v) => Stored::Integer(*v),
        Value::Float(v) if v.is_nan() => return Err(refuse("SQLite cannot store NaN: it would become NULL")),
        Value::Float(v) => Stored::Real(*v),
        Value::Decimal(v) => decimal(v)?,
        Value::String(v) | Value::Enum(v) => Stored::Text(v),
        Value::Bytes(v) => Stored::Blob(v),
        Value::DateTime(v) => date_time(*v),
        Value::Date(v) => written(buffer, format_args!("{}", v.format("%Y-%m-%d")))?,
        Value::Time(v) => written(buffer, format_args!("{}", v.format("%H:%M:%S%.6f")))?,
        Value::Json(v) => written(buffer, format_args!("{v}"))?,
        Value::Uuid(v) => written(buffer, format_args!("{}", v.hyphenated()))?,
        Value::List(v) => {
            let list = list(v)?;
            written(buffer, format_args!("{list}"))?
        }
        other => return Err(refuse(format!("SQLite has no form for {other:?}"))),
    })
}

fn written<'v>(buffer: &'v mut String, text: fmt::Arguments<'_>) -> Result<Stored<'v>, DriverError> {
    buffer.write_fmt(text).map_err(|_| refuse("a value cannot be written as text"))?;
    Ok(Stored::Text(buffer))
}

fn decimal(value: &BigDecimal) -> Result<Stored<'static>, DriverError> {
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

fn date_time(value: DateTime<Utc>) -> Stored<'static> {
    let millis = value.timestamp_millis();
    let micros = value.timestamp_subsec_micros() % 1000;
    if micros == 0 {
        return Stored::Integer(millis);
    }
    #[allow(clippy::cast_precision_loss, reason = "exact to the microsecond from 1692 to 2248")]
    Stored::Real(millis as f64 + f64::from(micros) / 1000.0)
}

/// A list as a JSON array of the values as they are stored, so that `json_each` compares them with columns.
fn list(values: &[Value]) -> Result<serde_json::Value, DriverError> {
    let mut buffer = String::new();
    let element = |value| {
        Ok(match store(value, &mut buffer)? {
            Stored::Null => serde_json::Value::Null,
            Stored::Integer(v) => v.into(),
            Stored::Real(v) => serde_json::Number::from_f64(v)
                .ok_or_else(|| refuse("a list that is bound as one parameter cannot hold infinity"))?
                .into(),
            Stored::Text(v) => v.into(),
            Stored::Blob(_) => return Err(refuse("a list that is bound as one parameter cannot hold bytes")),
        })
    };
    values.iter().map(element).collect()
}

fn refuse(message: impl Into<String>) -> DriverError {
    DriverError::Encode { message: message.into() }
}
