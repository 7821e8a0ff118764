//! Values of fields, in and out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use prisma_schema::{Arity, FieldWalker, ScalarType};
use serde_json::{Value as Json, json};

use super::input::{describe, invalid, list, tagged};
use crate::driver::ElementType;
use crate::engine::element_type;
use crate::{Error, Value};

/// What is written to a field: a value, NULL, or a list.
pub(crate) fn write(field: FieldWalker<'_>, json: &Json) -> Result<Value, Error> {
    if field.arity() == Arity::List {
        let elements = list(json).iter().map(|json| one(field, json)).collect::<Result<_, _>>()?;
        return Ok(Value::List(elements));
    }
    match json.is_null() || is_db_null(json) {
        false => one(field, json),
        true if field.arity() == Arity::Required => {
            Err(invalid(format!("`{}` is required and cannot be null", field.name())))
        }
        true => Ok(Value::Null),
    }
}

/// `DbNull` of a Json field: NULL in the database.
pub(super) fn is_db_null(json: &Json) -> bool {
    matches!(tagged(json), Some(("Enum", name)) if name == "DbNull")
}

/// One value of a field's type.
pub(super) fn one(field: FieldWalker<'_>, json: &Json) -> Result<Value, Error> {
    match element_type(field) {
        Some(element) => one_of(field, element, json),
        None if field.scalar().is_none() => Err(invalid(format!("`{}` is a relation", field.name()))),
        None => Err(invalid(format!("`{}` is of a type that the client does not know", field.name()))),
    }
}

/// One value of the type of what is computed of a field.
pub(super) fn one_of(field: FieldWalker<'_>, element: ElementType, json: &Json) -> Result<Value, Error> {
    if let (ElementType::Json, Some(("Enum", name))) = (element, tagged(json)) {
        return match name.as_str() {
            Some("JsonNull") => Ok(Value::Json(Json::Null)),
            _ => Err(invalid(format!("`{}` takes JsonNull or DbNull, and this is {}", field.name(), describe(name)))),
        };
    }
    let is_tagged_json = matches!(tagged(json), Some(("Json", _)));
    let plain = tagged(json).map_or(json, |(_, value)| value);
    let wrong = || {
        let wanted = if Some(element) == element_type(field) { kind(field) } else { format!("{element:?} here") };
        invalid(format!("`{}` is {wanted}, and this is not: {}", field.name(), describe(plain)))
    };
    let text = || plain.as_str().ok_or_else(wrong);
    Ok(match element {
        ElementType::Boolean => Value::Boolean(plain.as_bool().ok_or_else(wrong)?),
        ElementType::Int => {
            let number = whole(plain).ok_or_else(wrong)?;
            Value::Int(
                i32::try_from(number).map_err(|_| {
                    invalid(format!("`{}` is an Int of 32 bits, and {number} does not fit", field.name()))
                })?,
            )
        }
        ElementType::BigInt => match plain {
            Json::String(text) => Value::BigInt(text.parse().map_err(|_| wrong())?),
            number => Value::BigInt(whole(number).ok_or_else(wrong)?),
        },
        ElementType::Float => match plain {
            Json::String(text) if tagged(json).is_some() => Value::Float(text.parse().map_err(|_| wrong())?),
            number => Value::Float(number.as_f64().ok_or_else(wrong)?),
        },
        ElementType::Decimal => {
            let digits = match plain {
                Json::String(text) => text.clone(),
                Json::Number(number) => number.to_string(),
                _ => return Err(wrong()),
            };
            Value::Decimal(digits.parse::<BigDecimal>().map_err(|_| wrong())?)
        }
        ElementType::String => Value::String(text()?.to_owned()),
        ElementType::Enum => Value::Enum(enum_value(field, text()?)?),
        ElementType::Bytes => Value::Bytes(BASE64.decode(text()?).map_err(|_| wrong())?),
        ElementType::DateTime => Value::DateTime(instant(text()?).ok_or_else(wrong)?),
        ElementType::Date => {
            let text = text()?;
            let date = instant(text).map(|t| t.date_naive()).or_else(|| text.parse::<NaiveDate>().ok());
            Value::Date(date.ok_or_else(wrong)?)
        }
        ElementType::Time => {
            let text = text()?;
            let time = instant(text).map(|t| t.time()).or_else(|| text.parse::<NaiveTime>().ok());
            Value::Time(time.ok_or_else(wrong)?)
        }
        ElementType::Json => Value::Json(match plain {
            Json::String(text) if is_tagged_json => serde_json::from_str(text).map_err(|_| wrong())?,
            other => other.clone(),
        }),
        ElementType::Uuid => Value::Uuid(text()?.parse().map_err(|_| wrong())?),
    })
}

/// A whole number, also one that is written with `.0`.
fn whole(json: &Json) -> Option<i64> {
    json.as_i64().or_else(|| {
        let number = json.as_f64()?;
        (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
    })
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|t| t.to_utc())
}

/// How the database spells a value of a field's enum.
fn enum_value(field: FieldWalker<'_>, name: &str) -> Result<String, Error> {
    let Some(ScalarType::Enum(id)) = field.scalar().map(|s| &s.ty) else {
        return Err(invalid(format!("`{}` is no enum", field.name())));
    };
    let of = field.model().schema().enumeration(*id);
    of.values().iter().find(|v| v.name == name).map(|v| v.database_name().to_owned()).ok_or_else(|| {
        let known: Vec<_> = of.values().iter().map(|v| v.name.as_str()).collect();
        invalid(format!("`{name}` is no value of the enum `{}`: it has {}", of.name(), known.join(", ")))
    })
}

fn kind(field: FieldWalker<'_>) -> String {
    field.scalar().map_or_else(String::new, |s| s.ty.name().to_owned())
}

/// A value of a field, as the response spells it.
pub(crate) fn encode(field: FieldWalker<'_>, value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(v) => json!(v),
        Value::Int(v) => json!(v),
        Value::BigInt(v) => json!({"$type": "BigInt", "value": v.to_string()}),
        Value::Float(v) => json!(v),
        Value::Decimal(v) => json!({"$type": "Decimal", "value": v.normalized().to_plain_string()}),
        Value::String(v) => json!(v),
        Value::Enum(v) => Json::String(schema_name(field, v)),
        Value::Bytes(v) => json!({"$type": "Bytes", "value": BASE64.encode(v)}),
        Value::DateTime(v) => date_time(v),
        Value::Date(v) => date_time(v.and_time(NaiveTime::MIN).and_utc()),
        Value::Time(v) => date_time(NaiveDate::default().and_time(v).and_utc()),
        Value::Json(v) => json!({"$type": "Json", "value": v.to_string()}),
        Value::Uuid(v) => json!(v.to_string()),
        Value::List(v) => v.into_iter().map(|v| encode(field, v)).collect(),
    }
}

fn date_time(value: DateTime<Utc>) -> Json {
    let precision = if value.timestamp_subsec_nanos().is_multiple_of(1_000_000) {
        SecondsFormat::Millis
    } else {
        SecondsFormat::AutoSi
    };
    json!({"$type": "DateTime", "value": value.to_rfc3339_opts(precision, true)})
}

/// The schema's name of an enum's value, from the database's.
fn schema_name(field: FieldWalker<'_>, value: String) -> String {
    let Some(ScalarType::Enum(id)) = field.scalar().map(|s| &s.ty) else { return value };
    let of = field.model().schema().enumeration(*id);
    of.values().iter().find(|v| v.database_name() == value).map_or(value, |v| v.name.clone())
}

/// A parameter of raw SQL: its type is its tag's, or that of the JSON.
pub(super) fn parameter(json: &Json) -> Result<Value, Error> {
    let wrong = || invalid(format!("this is no value: {}", describe(json)));
    if let Some((tag, value)) = tagged(json) {
        let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        return Ok(match tag {
            "BigInt" => Value::BigInt(text().parse().map_err(|_| wrong())?),
            "Decimal" => Value::Decimal(text().parse().map_err(|_| wrong())?),
            "DateTime" => Value::DateTime(instant(&text()).ok_or_else(wrong)?),
            "Bytes" => Value::Bytes(BASE64.decode(text()).map_err(|_| wrong())?),
            "Json" => Value::Json(serde_json::from_str(&text()).map_err(|_| wrong())?),
            _ => return Err(wrong()),
        });
    }
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(v) => Value::Boolean(*v),
        Json::Number(v) => match v.as_i64() {
            Some(v) => Value::BigInt(v),
            None => Value::Float(v.as_f64().ok_or_else(wrong)?),
        },
        Json::String(v) => Value::String(v.clone()),
        Json::Array(v) => Value::List(v.iter().map(parameter).collect::<Result<_, _>>()?),
        Json::Object(_) => Value::Json(json.clone()),
    })
}

/// A value of a raw query's row, with the name of its type.
pub(super) fn untyped(value: Value) -> Json {
    let (name, value) = match value {
        Value::Null => ("null", Json::Null),
        Value::Boolean(v) => ("bool", json!(v)),
        Value::Int(v) => ("int", json!(v)),
        Value::BigInt(v) => ("bigint", json!(v.to_string())),
        Value::Float(v) => ("double", json!(v)),
        Value::Decimal(v) => ("decimal", json!(v.normalized().to_plain_string())),
        Value::String(v) => ("string", json!(v)),
        Value::Enum(v) => ("enum", json!(v)),
        Value::Bytes(v) => ("bytes", json!(BASE64.encode(v))),
        Value::DateTime(v) => ("datetime", json!(v.to_rfc3339_opts(SecondsFormat::AutoSi, true))),
        Value::Date(v) => ("date", json!(v.to_string())),
        Value::Time(v) => ("time", json!(v.to_string())),
        Value::Json(v) => ("json", v),
        Value::Uuid(v) => ("uuid", json!(v.to_string())),
        Value::List(v) => ("array", v.into_iter().map(untyped).collect()),
    };
    json!({"prisma__type": name, "prisma__value": value})
}
