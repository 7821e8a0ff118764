//! Values on their way into a statement, each as the type that the server wants.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::str::FromStr;

use bigdecimal::{BigDecimal, RoundingMode, ToPrimitive};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Timelike, Utc};
use prisma_core::Value;
use prisma_core::driver::DriverError;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::{Arguments, Encode, Postgres, Type, TypeInfo};
use uuid::Uuid;

use super::kind::{Kind, element, kind};
use super::numeric::{self, NotANumber};

/// Days from year 1 to PostgreSQL's first day, 2000-01-01.
pub(super) const FIRST_DAY: i32 = 730_120;
/// Microseconds from 1970 to 2000.
pub(super) const FIRST_MICROSECOND: i64 = 946_684_800_000_000;

/// The arguments of a statement whose parameters have these types.
pub(super) fn bind(values: &[Value], types: &[PgTypeInfo]) -> Result<PgArguments, DriverError> {
    if values.len() != types.len() {
        return Err(refuse(format!("the statement has {} parameters, but {} values", types.len(), values.len())));
    }
    let mut arguments = PgArguments::default();
    arguments.reserve(values.len(), values.len() * 16);
    for (number, (value, info)) in values.iter().zip(types).enumerate() {
        arguments.add(Argument { value, info }).map_err(|e| match e.downcast::<DriverError>() {
            Ok(error) => with_place(*error, number + 1),
            Err(other) => refuse(other.to_string()),
        })?;
    }
    Ok(arguments)
}

fn with_place(error: DriverError, number: usize) -> DriverError {
    match error {
        DriverError::Encode { message } => refuse(format!("parameter {number}: {message}")),
        other => other,
    }
}

/// A value, and the type that it becomes.
struct Argument<'a> {
    value: &'a Value,
    info: &'a PgTypeInfo,
}

impl Type<Postgres> for Argument<'_> {
    fn type_info() -> PgTypeInfo {
        // Not known before there is a value: `produces` tells.
        PgTypeInfo::with_oid(Oid(0))
    }
}

impl Encode<'_, Postgres> for Argument<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        if self.value.is_null() {
            return Ok(IsNull::Yes);
        }
        encode(self.value, self.info, buffer)?;
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(self.info.clone())
    }
}

fn encode(value: &Value, info: &PgTypeInfo, buffer: &mut Vec<u8>) -> Result<(), DriverError> {
    let mismatch = || refuse(format!("{} cannot become {}", describe(value), type_name(info)));
    match kind(info) {
        Kind::Boolean => match value {
            Value::Boolean(v) => buffer.push(u8::from(*v)),
            _ => return Err(mismatch()),
        },
        Kind::Int2 => buffer.extend(integer::<i16>(value, info)?.to_be_bytes()),
        Kind::Int4 => buffer.extend(integer::<i32>(value, info)?.to_be_bytes()),
        Kind::Int8 => buffer.extend(integer::<i64>(value, info)?.to_be_bytes()),
        Kind::Oid => buffer.extend(integer::<u32>(value, info)?.to_be_bytes()),
        Kind::Float8 => buffer.extend(float(value).ok_or_else(mismatch)?.to_be_bytes()),
        Kind::Float4 => {
            let wide = float(value).ok_or_else(mismatch)?;
            #[allow(clippy::cast_possible_truncation, reason = "checked below")]
            let narrow = wide as f32;
            if narrow.is_infinite() && wide.is_finite() {
                return Err(out_of_range(wide, info));
            }
            buffer.extend(narrow.to_be_bytes());
        }
        Kind::Numeric => {
            let decimal = decimal(value).ok_or_else(mismatch)?;
            numeric::encode(&decimal, buffer).map_err(|e: NotANumber| match e {
                NotANumber::TooLong => out_of_range("a number with that many digits", info),
                _ => mismatch(),
            })?;
        }
        Kind::Money => {
            let decimal = decimal(value).ok_or_else(mismatch)?;
            // As the database itself rounds what it makes money of.
            let cents = (decimal.with_scale_round(2, RoundingMode::HalfUp) * BigDecimal::from(100)).to_i64();
            buffer.extend(cents.ok_or_else(|| out_of_range(decimal, info))?.to_be_bytes());
        }
        Kind::Text => text(value, buffer).ok_or_else(mismatch)??,
        Kind::Char => match value {
            Value::String(v) if v.len() <= 1 => buffer.push(v.bytes().next().unwrap_or(0)),
            _ => return Err(mismatch()),
        },
        Kind::Bytes => match value {
            Value::Bytes(v) => buffer.extend_from_slice(v),
            _ => return Err(mismatch()),
        },
        Kind::Timestamp | Kind::TimestampTz => {
            let micros = date_time(value).ok_or_else(mismatch)?.timestamp_micros();
            buffer.extend((micros.saturating_sub(FIRST_MICROSECOND)).to_be_bytes());
        }
        Kind::Date => {
            let day = chrono::Datelike::num_days_from_ce(&date(value).ok_or_else(mismatch)?);
            buffer.extend((day - FIRST_DAY).to_be_bytes());
        }
        Kind::Time => buffer.extend(micros_of(time(value).ok_or_else(mismatch)?).to_be_bytes()),
        Kind::TimeTz => {
            buffer.extend(micros_of(time(value).ok_or_else(mismatch)?).to_be_bytes());
            // Seconds west of UTC.
            buffer.extend(0_i32.to_be_bytes());
        }
        Kind::Json => json(value, buffer).ok_or_else(mismatch)?,
        Kind::JsonB => {
            // The version of the format.
            buffer.push(1);
            json(value, buffer).ok_or_else(mismatch)?;
        }
        Kind::Uuid => match value {
            Value::Uuid(v) => buffer.extend_from_slice(v.as_bytes()),
            Value::String(v) => buffer.extend_from_slice(Uuid::parse_str(v).map_err(|_| mismatch())?.as_bytes()),
            _ => return Err(mismatch()),
        },
        Kind::Network => match value {
            Value::String(v) => network(v, info.oid() == Some(Oid(650)), buffer).ok_or_else(mismatch)?,
            _ => return Err(mismatch()),
        },
        Kind::Bits => match value {
            Value::String(v) => bits(v, buffer).ok_or_else(mismatch)?,
            _ => return Err(mismatch()),
        },
        Kind::Array => match (value, element(info)) {
            (Value::List(values), Some(element)) => array(values, element, buffer)?,
            _ => return Err(mismatch()),
        },
        Kind::Other => {
            return Err(refuse(format!(
                "no value can be bound as the type `{0}`: cast the parameter in the SQL, such as `$1::text::{0}`",
                bare_name(info)
            )));
        }
    }
    Ok(())
}

fn integer<T: TryFrom<i64>>(value: &Value, info: &PgTypeInfo) -> Result<T, DriverError> {
    let wide = match value {
        Value::Int(v) => i64::from(*v),
        Value::BigInt(v) => *v,
        Value::Decimal(v) if v.is_integer() => v.to_i64().ok_or_else(|| out_of_range(v, info))?,
        _ => return Err(refuse(format!("{} cannot become {}", describe(value), type_name(info)))),
    };
    T::try_from(wide).map_err(|_| out_of_range(wide, info))
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(v) => Some(*v),
        Value::Int(v) => Some(f64::from(*v)),
        #[allow(clippy::cast_precision_loss, reason = "a float is what the server wants")]
        Value::BigInt(v) => Some(*v as f64),
        // By way of text, since that rounds correctly.
        Value::Decimal(v) => v.to_string().parse().ok(),
        _ => None,
    }
}

fn decimal(value: &Value) -> Option<BigDecimal> {
    match value {
        Value::Decimal(v) => Some(v.clone()),
        Value::Int(v) => Some(BigDecimal::from(*v)),
        Value::BigInt(v) => Some(BigDecimal::from(*v)),
        Value::Float(v) => numeric::from_float(*v),
        Value::String(v) => BigDecimal::from_str(v).ok(),
        _ => None,
    }
}

/// Text, and what has one way of being written.
fn text(value: &Value, buffer: &mut Vec<u8>) -> Option<Result<(), DriverError>> {
    let mut written = String::new();
    let text = match value {
        Value::String(v) | Value::Enum(v) => v.as_str(),
        other => {
            let done = match other {
                Value::Boolean(v) => write!(written, "{v}"),
                Value::Int(v) => write!(written, "{v}"),
                Value::BigInt(v) => write!(written, "{v}"),
                Value::Float(v) => write!(written, "{v}"),
                Value::Decimal(v) => write!(written, "{v}"),
                Value::Uuid(v) => write!(written, "{v}"),
                Value::Date(v) => write!(written, "{v}"),
                Value::Time(v) => write!(written, "{v}"),
                Value::DateTime(v) => write!(written, "{}", v.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
                Value::Json(v) => write!(written, "{v}"),
                _ => return None,
            };
            done.ok()?;
            &written
        }
    };
    if text.contains('\0') {
        return Some(Err(refuse("PostgreSQL cannot store the character U+0000 in text")));
    }
    buffer.extend_from_slice(text.as_bytes());
    Some(Ok(()))
}

fn date_time(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::DateTime(v) => Some(*v),
        Value::Date(v) => v.and_hms_opt(0, 0, 0).map(|v| v.and_utc()),
        Value::String(v) => DateTime::parse_from_rfc3339(v)
            .map(|v| v.to_utc())
            .or_else(|_| NaiveDateTime::from_str(v).map(|v| v.and_utc()))
            .ok(),
        _ => None,
    }
}

fn date(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::Date(v) => Some(*v),
        Value::String(v) => NaiveDate::from_str(v).ok().or_else(|| date_time(value).map(|v| v.date_naive())),
        _ => date_time(value).map(|v| v.date_naive()),
    }
}

fn time(value: &Value) -> Option<NaiveTime> {
    match value {
        Value::Time(v) => Some(*v),
        Value::DateTime(v) => Some(v.time()),
        Value::String(v) => NaiveTime::from_str(v).ok().or_else(|| date_time(value).map(|v| v.time())),
        _ => None,
    }
}

fn micros_of(time: NaiveTime) -> i64 {
    i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(time.nanosecond() / 1000)
}

fn json(value: &Value, buffer: &mut Vec<u8>) -> Option<()> {
    match value {
        Value::Json(v) => serde_json::to_writer(buffer, v).ok(),
        // JSON in the form of text: the server checks it.
        Value::String(v) => {
            buffer.extend_from_slice(v.as_bytes());
            Some(())
        }
        _ => None,
    }
}

/// An address, and maybe the length of its network: `10.0.0.0/8`.
fn network(text: &str, is_cidr: bool, buffer: &mut Vec<u8>) -> Option<()> {
    /// The server's numbers of the families.
    const IPV4: u8 = 2;
    const IPV6: u8 = 3;
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let (family, longest, octets) = match address.parse().ok()? {
        IpAddr::V4(v) => (IPV4, 32, v.octets().to_vec()),
        IpAddr::V6(v) => (IPV6, 128, v.octets().to_vec()),
    };
    let bits = bits.unwrap_or(longest);
    if bits > longest {
        return None;
    }
    buffer.extend([family, bits, u8::from(is_cidr), octets.len().to_u8()?]);
    buffer.extend(octets);
    Some(())
}

/// Zeros and ones.
fn bits(text: &str, buffer: &mut Vec<u8>) -> Option<()> {
    buffer.extend(i32::try_from(text.len()).ok()?.to_be_bytes());
    for chunk in text.as_bytes().chunks(8) {
        let mut byte = 0;
        for (place, digit) in chunk.iter().enumerate() {
            match digit {
                b'0' => {}
                b'1' => byte |= 0x80 >> place,
                _ => return None,
            }
        }
        buffer.push(byte);
    }
    Some(())
}

fn array(values: &[Value], info: &PgTypeInfo, buffer: &mut Vec<u8>) -> Result<(), DriverError> {
    let too_long = || refuse("a list of that length cannot be bound");
    let number = info.oid().ok_or_else(|| refuse(format!("the type {} is not known", info.name())))?;
    let length = i32::try_from(values.len()).map_err(|_| too_long())?;
    buffer.extend(i32::from(length > 0).to_be_bytes());
    buffer.extend(i32::from(values.iter().any(Value::is_null)).to_be_bytes());
    buffer.extend(number.0.to_be_bytes());
    if length == 0 {
        return Ok(());
    }
    buffer.extend(length.to_be_bytes());
    // The index of the first element.
    buffer.extend(1_i32.to_be_bytes());
    for value in values {
        if value.is_null() {
            buffer.extend((-1_i32).to_be_bytes());
            continue;
        }
        let start = buffer.len();
        buffer.extend([0; 4]);
        encode(value, info, buffer)?;
        let size = i32::try_from(buffer.len() - start - 4).map_err(|_| too_long())?;
        buffer[start..start + 4].copy_from_slice(&size.to_be_bytes());
    }
    Ok(())
}

/// A value for a message. It shows no more than its type and, where it is short, what it is.
fn describe(value: &Value) -> String {
    const LONGEST: usize = 40;
    let short = |text: &str| match text.char_indices().nth(LONGEST) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    };
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Boolean(v) => format!("the boolean {v}"),
        Value::Int(v) => format!("the integer {v}"),
        Value::BigInt(v) => format!("the integer {v}"),
        Value::Float(v) => format!("the number {v}"),
        Value::Decimal(v) => format!("the number {}", short(&v.to_string()).trim_matches('"')),
        Value::String(v) => format!("the text {}", short(v)),
        Value::Enum(v) => format!("the value {} of an enum", short(v)),
        Value::Bytes(v) => format!("{} bytes", v.len()),
        Value::DateTime(v) => format!("the date and time {v}"),
        Value::Date(v) => format!("the date {v}"),
        Value::Time(v) => format!("the time {v}"),
        Value::Json(v) => format!("the JSON {}", short(&v.to_string())),
        Value::Uuid(v) => format!("the UUID {v}"),
        Value::List(v) => format!("a list of {}", v.len()),
        _ => "the value".to_owned(),
    }
}

fn type_name(info: &PgTypeInfo) -> String {
    format!("the type `{}`", bare_name(info))
}

/// The name as the server has it: sqlx writes the types that it knows in capitals.
pub(super) fn bare_name(info: &PgTypeInfo) -> String {
    let name = info.name();
    if name.chars().any(char::is_lowercase) { name.to_owned() } else { name.to_ascii_lowercase() }
}

fn out_of_range(value: impl std::fmt::Display, info: &PgTypeInfo) -> DriverError {
    DriverError::ValueOutOfRange { message: format!("{value} is beyond {}", type_name(info)) }
}

fn refuse(message: impl Into<String>) -> DriverError {
    DriverError::Encode { message: message.into() }
}
