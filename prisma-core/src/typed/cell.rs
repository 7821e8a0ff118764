//! Values as serde sees them, borrowed.

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::value::EnumScalar;
use crate::Value;

/// A value of a column field.
#[derive(Debug)]
pub enum Cell<'a> {
    /// NULL.
    Null,
    /// `Boolean`
    Boolean(bool),
    /// `Int`, `BigInt`
    Integer(i64),
    /// `Float`
    Float(f64),
    /// `String`, and the schema's name of an enum's value.
    Text(&'a str),
    /// What is written as text.
    Written(String),
    /// `Json`
    Json(&'a serde_json::Value),
    /// `Bytes`
    Bytes(&'a [u8]),
    /// A list field.
    List(Vec<Cell<'a>>),
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Written(value) => serializer.serialize_str(value),
            Self::Json(value) => value.serialize(serializer),
            Self::Bytes(value) => value.serialize(serializer),
            Self::List(values) => values.serialize(serializer),
        }
    }
}

/// What can be seen as a [`Cell`]: scalars, and `Option` and `Vec` of them.
pub trait ToCell {
    /// The value.
    fn cell(&self) -> Cell<'_>;
}

macro_rules! cells {
    ($($ty:ty => |$value:ident| $cell:expr),* $(,)?) => {$(
        impl ToCell for $ty {
            fn cell(&self) -> Cell<'_> {
                let $value = self;
                $cell
            }
        }
        optional_and_list!([] $ty);
    )*};
}
macro_rules! optional_and_list {
    ([$($generics:tt)*] $ty:ty) => {
        impl $($generics)* ToCell for Option<$ty> {
            fn cell(&self) -> Cell<'_> {
                self.as_ref().map_or(Cell::Null, ToCell::cell)
            }
        }
        impl $($generics)* ToCell for Vec<$ty> {
            fn cell(&self) -> Cell<'_> {
                Cell::List(self.iter().map(ToCell::cell).collect())
            }
        }
    };
}
cells! {
    bool => |v| Cell::Boolean(*v),
    i32 => |v| Cell::Integer((*v).into()),
    i64 => |v| Cell::Integer(*v),
    f64 => |v| Cell::Float(*v),
    String => |v| Cell::Text(v),
    BigDecimal => |v| Cell::Written(v.to_string()),
    Vec<u8> => |v| Cell::Bytes(v),
    DateTime<Utc> => |v| Cell::Written(v.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
    NaiveDate => |v| Cell::Written(v.to_string()),
    NaiveTime => |v| Cell::Written(v.to_string()),
    serde_json::Value => |v| Cell::Json(v),
    Uuid => |v| Cell::Written(v.to_string()),
}
impl ToCell for Value {
    fn cell(&self) -> Cell<'_> {
        match self {
            Value::Null => Cell::Null,
            Value::Boolean(v) => v.cell(),
            Value::Int(v) => v.cell(),
            Value::BigInt(v) => v.cell(),
            Value::Float(v) => v.cell(),
            Value::Decimal(v) => v.cell(),
            Value::String(v) | Value::Enum(v) => v.cell(),
            Value::Bytes(v) => v.cell(),
            Value::DateTime(v) => v.cell(),
            Value::Date(v) => v.cell(),
            Value::Time(v) => v.cell(),
            Value::Json(v) => v.cell(),
            Value::Uuid(v) => v.cell(),
            Value::List(v) => v.cell(),
        }
    }
}
optional_and_list!([] Value);
impl<E: EnumScalar> ToCell for E {
    fn cell(&self) -> Cell<'_> {
        Cell::Text(self.name())
    }
}
optional_and_list!([<E: EnumScalar>] E);
