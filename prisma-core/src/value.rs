//! Values on their way to and from the database.

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

/// A value of any scalar type, or NULL.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Value {
    /// SQL NULL.
    #[default]
    Null,
    /// `Boolean`
    Boolean(bool),
    /// `Int`
    Int(i32),
    /// `BigInt`
    BigInt(i64),
    /// `Float`
    Float(f64),
    /// `Decimal`
    Decimal(BigDecimal),
    /// `String`
    String(String),
    /// A value of an enum, as the database spells it.
    Enum(String),
    /// `Bytes`
    Bytes(Vec<u8>),
    /// `DateTime`
    DateTime(DateTime<Utc>),
    /// `DateTime @db.Date`
    Date(NaiveDate),
    /// `DateTime @db.Time`
    Time(NaiveTime),
    /// `Json`; JSON's own `null` is `Json(serde_json::Value::Null)`, not [`Value::Null`].
    Json(serde_json::Value),
    /// `String @db.Uuid`
    Uuid(Uuid),
    /// A list field.
    List(Vec<Value>),
}

impl Value {
    /// Whether it is SQL NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}
