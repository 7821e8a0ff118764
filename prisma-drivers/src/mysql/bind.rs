//! Values on their way into a statement.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::Sign;
use prisma_core::Value;
use prisma_core::driver::DriverError;
use sqlx::error::BoxDynError;
use sqlx::mysql::MySqlArguments;
use sqlx::{Arguments, MySql};

/// The arguments of a statement.
pub(super) fn bind(values: &[Value]) -> Result<MySqlArguments, DriverError> {
    let mut arguments = MySqlArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        add(&mut arguments, value)?.map_err(|e| refuse(e.to_string()))?;
    }
    Ok(arguments)
}

fn add(
    arguments: &mut impl Arguments<Database = MySql>,
    value: &Value,
) -> Result<Result<(), BoxDynError>, DriverError> {
    Ok(match value {
        Value::Null => arguments.add(None::<i64>),
        Value::Boolean(v) => arguments.add(v),
        Value::Int(v) => arguments.add(v),
        Value::BigInt(v) => arguments.add(v),
        Value::Float(v) if !v.is_finite() => return Err(refuse(format!("MySQL cannot store {v}"))),
        Value::Float(v) => arguments.add(v),
        Value::Decimal(v) => arguments.add(decimal(v)?),
        Value::String(v) | Value::Enum(v) => arguments.add(v.as_str()),
        Value::Bytes(v) => arguments.add(v.as_slice()),
        // As DATETIME: a parameter of type TIMESTAMP ends in 2038.
        Value::DateTime(v) => arguments.add(v.naive_utc()),
        Value::Date(v) => arguments.add(v),
        Value::Time(v) => arguments.add(v),
        Value::Json(v) => arguments.add(v.to_string()),
        Value::Uuid(v) => arguments.add(v.hyphenated().to_string()),
        Value::List(v) => arguments.add(list(v)?.to_string()),
        other => return Err(refuse(format!("MySQL has no form for {other:?}"))),
    })
}

/// A list of whole numbers for JSON_TABLE: MySQL has no columns for lists.
fn list(values: &[Value]) -> Result<serde_json::Value, DriverError> {
    let element = |value: &Value| match value {
        Value::Int(v) => Ok(serde_json::Value::from(*v)),
        Value::BigInt(v) => Ok(serde_json::Value::from(*v)),
        _ => Err(refuse("a list that is bound as one parameter can only hold whole numbers")),
    };
    values.iter().map(element).collect()
}

/// A number as it is, in digits without an exponent. The server would cut one that is too long for its type, and say nothing.
fn decimal(value: &BigDecimal) -> Result<BigDecimal, DriverError> {
    const DIGITS: u64 = 65;
    if value.sign() == Sign::NoSign {
        return Ok(BigDecimal::from(0));
    }
    let value = value.normalized();
    let whole = i64::try_from(value.digits()).unwrap_or(i64::MAX).saturating_sub(value.fractional_digit_count());
    if value.digits() > DIGITS || !(-30..=65).contains(&whole) {
        return Err(refuse(format!("{value} has more digits than a DECIMAL: 65, of which 30 behind the point")));
    }
    Ok(if value.fractional_digit_count() < 0 { value.with_scale(0) } else { value })
}

fn refuse(message: impl Into<String>) -> DriverError {
    DriverError::Encode { message: message.into() }
}
