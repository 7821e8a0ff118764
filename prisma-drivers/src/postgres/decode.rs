//! The bytes of a value, as the server writes them.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bigdecimal::{BigDecimal, ToPrimitive};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use prisma_core::Value;
use prisma_core::driver::ElementType;
use sqlx::postgres::PgTypeInfo;
use sqlx::postgres::types::Oid;
use uuid::Uuid;

use super::encode::{FIRST_DAY, FIRST_MICROSECOND, bare_name};
use super::kind::{Kind, element, kind};
use super::numeric::{self, NotANumber};

/// A value that is not NULL. What a method cannot make of it, the error names.
#[derive(Clone, Copy)]
pub(super) struct Cell<'r> {
    pub(super) bytes: &'r [u8],
    pub(super) info: &'r PgTypeInfo,
}

/// What was found instead.
type Found = String;

const DAY: i64 = 86_400_000_000;

impl<'r> Cell<'r> {
    pub(super) fn boolean(self) -> Result<bool, Found> {
        match (kind(self.info), self.bytes) {
            (Kind::Boolean, [byte]) => Ok(*byte != 0),
            _ => Err(self.found()),
        }
    }

    pub(super) fn integer(self) -> Result<i64, Found> {
        match kind(self.info) {
            Kind::Int8 => Ok(i64::from_be_bytes(self.fixed()?)),
            Kind::Int4 => Ok(i32::from_be_bytes(self.fixed()?).into()),
            Kind::Int2 => Ok(i16::from_be_bytes(self.fixed()?).into()),
            Kind::Oid => Ok(u32::from_be_bytes(self.fixed()?).into()),
            // The sum of integers.
            Kind::Numeric => {
                let value = self.decimal()?;
                if value.is_integer() {
                    value.to_i64().ok_or_else(|| value.to_string())
                } else {
                    Err(value.to_string())
                }
            }
            _ => Err(self.found()),
        }
    }

    pub(super) fn float(self) -> Result<f64, Found> {
        match kind(self.info) {
            Kind::Float8 => Ok(f64::from_be_bytes(self.fixed()?)),
            // The shortest digits that mean this number: 0.1 is 0.1, not what the bits stand for in a longer float.
            Kind::Float4 => f32::from_be_bytes(self.fixed()?).to_string().parse().map_err(|_| self.found()),
            Kind::Numeric | Kind::Money => self.decimal()?.to_string().parse().map_err(|_| self.found()),
            #[allow(clippy::cast_precision_loss, reason = "a float is what the schema says")]
            _ => self.integer().map(|v| v as f64),
        }
    }

    pub(super) fn decimal(self) -> Result<BigDecimal, Found> {
        match kind(self.info) {
            Kind::Numeric => numeric::decode(self.bytes).map_err(|e| match e {
                NotANumber::Special(name) => name.to_owned(),
                _ => self.found(),
            }),
            Kind::Money => Ok(numeric::plain(i64::from_be_bytes(self.fixed()?).into(), 2)),
            Kind::Float4 | Kind::Float8 => {
                let value = self.float()?;
                numeric::from_float(value).ok_or_else(|| value.to_string())
            }
            _ => self.integer().map(Into::into),
        }
    }

    pub(super) fn text(self) -> Result<Cow<'r, str>, Found> {
        match kind(self.info) {
            Kind::Text => std::str::from_utf8(self.bytes).map(Cow::Borrowed).map_err(|e| e.to_string()),
            Kind::Char => match self.fixed::<1>()? {
                [0] => Ok(Cow::Borrowed("")),
                [byte] => Ok(Cow::Owned(char::from(byte).to_string())),
            },
            Kind::Uuid => self.uuid().map(|v| Cow::Owned(v.to_string())),
            Kind::Network => {
                network(self.bytes, self.info.oid() == Some(Oid(650))).map(Cow::Owned).ok_or_else(|| self.found())
            }
            Kind::Bits => bits(self.bytes).map(Cow::Owned).ok_or_else(|| self.found()),
            Kind::Json | Kind::JsonB => {
                std::str::from_utf8(self.json_text()).map(Cow::Borrowed).map_err(|e| e.to_string())
            }
            _ => Err(self.found()),
        }
    }

    pub(super) fn data(self) -> Result<&'r [u8], Found> {
        match kind(self.info) {
            Kind::Bytes => Ok(self.bytes),
            _ => Err(self.found()),
        }
    }

    pub(super) fn date_time(self) -> Result<DateTime<Utc>, Found> {
        match kind(self.info) {
            Kind::Timestamp | Kind::TimestampTz => match i64::from_be_bytes(self.fixed()?) {
                i64::MAX => Err("infinity".to_owned()),
                i64::MIN => Err("-infinity".to_owned()),
                micros => micros
                    .checked_add(FIRST_MICROSECOND)
                    .and_then(DateTime::from_timestamp_micros)
                    .ok_or_else(|| "a date and time beyond the year 262142".to_owned()),
            },
            Kind::Date => Ok(self.date()?.and_time(NaiveTime::MIN).and_utc()),
            Kind::Time | Kind::TimeTz => Ok(NaiveDate::default().and_time(self.time()?).and_utc()),
            _ => Err(self.found()),
        }
    }

    pub(super) fn date(self) -> Result<NaiveDate, Found> {
        match kind(self.info) {
            Kind::Date => match i32::from_be_bytes(self.fixed()?) {
                i32::MAX => Err("infinity".to_owned()),
                i32::MIN => Err("-infinity".to_owned()),
                day => day
                    .checked_add(FIRST_DAY)
                    .and_then(NaiveDate::from_num_days_from_ce_opt)
                    .ok_or_else(|| "a date beyond the year 262142".to_owned()),
            },
            _ => self.date_time().map(|v| v.date_naive()),
        }
    }

    pub(super) fn time(self) -> Result<NaiveTime, Found> {
        let micros = match (kind(self.info), self.bytes) {
            (Kind::Time, _) => i64::from_be_bytes(self.fixed()?),
            (Kind::TimeTz, [micros @ .., a, b, c, d]) => {
                let micros = i64::from_be_bytes(micros.try_into().map_err(|_| self.found())?);
                let west = i32::from_be_bytes([*a, *b, *c, *d]);
                (micros + i64::from(west) * 1_000_000).rem_euclid(DAY)
            }
            _ => return self.date_time().map(|v| v.time()),
        };
        let (seconds, nanos) = (micros / 1_000_000, micros % 1_000_000 * 1000);
        u32::try_from(seconds)
            .ok()
            .zip(u32::try_from(nanos).ok())
            .and_then(|(seconds, nanos)| NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos))
            .ok_or_else(|| "24:00:00".to_owned())
    }

    pub(super) fn json(self) -> Result<serde_json::Value, Found> {
        match kind(self.info) {
            Kind::Json | Kind::JsonB => serde_json::from_slice(self.json_text()).map_err(|e| e.to_string()),
            _ => Err(self.found()),
        }
    }

    pub(super) fn uuid(self) -> Result<Uuid, Found> {
        match kind(self.info) {
            Kind::Uuid => Uuid::from_slice(self.bytes).map_err(|e| e.to_string()),
            Kind::Text => Uuid::parse_str(&self.text()?).map_err(|_| self.found()),
            _ => Err(self.found()),
        }
    }

    pub(super) fn list<T>(self, mut read: impl FnMut(Option<Cell<'r>>) -> Result<T, Found>) -> Result<Vec<T>, Found> {
        let Some(info) = element(self.info) else { return Err(self.found()) };
        let mut rest = self.bytes;
        let mut word = || {
            let (word, behind) = rest.split_first_chunk::<4>()?;
            rest = behind;
            Some(i32::from_be_bytes(*word))
        };
        let header = (|| Some((word()?, word()?, word()?)))();
        let length = match header {
            Some((0, ..)) => return Ok(Vec::new()),
            Some((1, ..)) => word().zip(word()).map(|(length, _first)| length),
            Some(_) => return Err("an array of several dimensions".to_owned()),
            None => None,
        };
        let length = length.and_then(|l| usize::try_from(l).ok()).ok_or_else(|| self.found())?;
        let mut elements = Vec::with_capacity(length.min(rest.len() / 4));
        for _ in 0..length {
            let (size, behind) = rest.split_first_chunk::<4>().ok_or_else(|| self.found())?;
            let cell = match usize::try_from(i32::from_be_bytes(*size)) {
                Err(_) => {
                    rest = behind;
                    None
                }
                Ok(size) => {
                    let (bytes, behind) = behind.split_at_checked(size).ok_or_else(|| self.found())?;
                    rest = behind;
                    Some(Cell { bytes, info })
                }
            };
            elements.push(read(cell)?);
        }
        Ok(elements)
    }

    /// The value of an element of a list.
    pub(super) fn element(self, element: ElementType) -> Result<Value, Found> {
        Ok(match element {
            ElementType::Boolean => Value::Boolean(self.boolean()?),
            ElementType::Int => {
                let value = self.integer()?;
                Value::Int(i32::try_from(value).map_err(|_| value.to_string())?)
            }
            ElementType::BigInt => Value::BigInt(self.integer()?),
            ElementType::Float => Value::Float(self.float()?),
            ElementType::Decimal => Value::Decimal(self.decimal()?),
            ElementType::String => Value::String(self.text()?.into_owned()),
            ElementType::Enum => Value::Enum(self.text()?.into_owned()),
            ElementType::Bytes => Value::Bytes(self.data()?.to_owned()),
            ElementType::DateTime => Value::DateTime(self.date_time()?),
            ElementType::Date => Value::Date(self.date()?),
            ElementType::Time => Value::Time(self.time()?),
            ElementType::Json => Value::Json(self.json()?),
            ElementType::Uuid => Value::Uuid(self.uuid()?),
        })
    }

    /// Whatever it is, by the type that the server tells.
    pub(super) fn dynamic(self) -> Result<Value, Found> {
        Ok(match kind(self.info) {
            Kind::Boolean => Value::Boolean(self.boolean()?),
            Kind::Int2 | Kind::Int4 => self.element(ElementType::Int)?,
            Kind::Int8 | Kind::Oid => Value::BigInt(self.integer()?),
            Kind::Float4 | Kind::Float8 => Value::Float(self.float()?),
            Kind::Numeric | Kind::Money => Value::Decimal(self.decimal()?),
            Kind::Text | Kind::Char | Kind::Network | Kind::Bits => Value::String(self.text()?.into_owned()),
            Kind::Bytes => Value::Bytes(self.bytes.to_owned()),
            Kind::Timestamp | Kind::TimestampTz => Value::DateTime(self.date_time()?),
            Kind::Date => Value::Date(self.date()?),
            Kind::Time | Kind::TimeTz => Value::Time(self.time()?),
            Kind::Json | Kind::JsonB => Value::Json(self.json()?),
            Kind::Uuid => Value::Uuid(self.uuid()?),
            Kind::Array => Value::List(self.list(|cell| cell.map_or(Ok(Value::Null), Cell::dynamic))?),
            // `void` is what a function answers that answers nothing.
            Kind::Other if self.bytes.is_empty() => Value::Null,
            Kind::Other => return Err(self.found()),
        })
    }

    fn fixed<const N: usize>(self) -> Result<[u8; N], Found> {
        self.bytes.try_into().map_err(|_| self.found())
    }

    fn json_text(self) -> &'r [u8] {
        match (kind(self.info), self.bytes) {
            // The version of the format.
            (Kind::JsonB, [1, text @ ..]) => text,
            (_, text) => text,
        }
    }

    /// The value for a message, shortened.
    fn found(self) -> Found {
        const LONGEST: usize = 40;
        let name = bare_name(self.info);
        let shown = match kind(self.info) {
            Kind::Text | Kind::Char | Kind::Uuid | Kind::Network | Kind::Bits => self.text().ok(),
            _ => None,
        };
        match shown {
            Some(text) => match text.char_indices().nth(LONGEST) {
                None => format!("{text:?} of type `{name}`"),
                Some((end, _)) => format!("{:?}… of type `{name}`", &text[..end]),
            },
            None => format!("a value of type `{name}`"),
        }
    }
}

fn network(bytes: &[u8], is_cidr: bool) -> Option<String> {
    let [_family, bits, _is_cidr, _size, octets @ ..] = bytes else { return None };
    let (address, longest) = match octets.len() {
        4 => (IpAddr::from(Ipv4Addr::from(<[u8; 4]>::try_from(octets).ok()?)), 32),
        16 => (IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(octets).ok()?)), 128),
        _ => return None,
    };
    // As the server shows it: the network's length where it says something.
    Some(if is_cidr || *bits != longest { format!("{address}/{bits}") } else { address.to_string() })
}

fn bits(bytes: &[u8]) -> Option<String> {
    let (length, bytes) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(i32::from_be_bytes(*length)).ok()?;
    let mut text = String::with_capacity(bytes.len() * 8);
    for byte in bytes {
        write!(text, "{byte:08b}").ok()?;
    }
    text.truncate(length);
    (text.len() == length).then_some(text)
}
