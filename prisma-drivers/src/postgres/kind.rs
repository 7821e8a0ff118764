//! The types of PostgreSQL, as far as values are concerned.

use sqlx::TypeInfo;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgTypeInfo, PgTypeKind};

/// How the values of a type look on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Int2,
    Int4,
    Int8,
    /// Four bytes without a sign.
    Oid,
    Float4,
    Float8,
    Numeric,
    Money,
    /// UTF-8: text and all that looks like it, such as enums and XML.
    Text,
    /// One byte.
    Char,
    Bytes,
    Timestamp,
    TimestampTz,
    Date,
    Time,
    TimeTz,
    Json,
    JsonB,
    Uuid,
    /// `inet` and `cidr`.
    Network,
    Bits,
    /// An array of a type that is not an array.
    Array,
    /// One that has no counterpart here.
    Other,
}

/// The kind of a type.
pub(super) fn kind(info: &PgTypeInfo) -> Kind {
    if let Some(kind) = info.oid().and_then(built_in) {
        return kind;
    }
    match info.kind() {
        PgTypeKind::Enum(_) => Kind::Text,
        PgTypeKind::Domain(base) => kind(base),
        PgTypeKind::Array(_) => Kind::Array,
        // Types of extensions, whose numbers differ from database to database; a type that is not in the search path is
        // shown with its schema.
        PgTypeKind::Simple => match info.name().rsplit('.').next() {
            Some("citext") => Kind::Text,
            _ => Kind::Other,
        },
        _ => Kind::Other,
    }
}

/// The type of the elements of an array, or of what a domain stands for.
pub(super) fn element(info: &PgTypeInfo) -> Option<&PgTypeInfo> {
    match info.kind() {
        PgTypeKind::Array(element) => Some(element),
        PgTypeKind::Domain(base) => element(base),
        _ => None,
    }
}

/// The types that have the same number everywhere.
fn built_in(oid: Oid) -> Option<Kind> {
    Some(match oid.0 {
        16 => Kind::Boolean,
        17 => Kind::Bytes,
        18 => Kind::Char,
        20 => Kind::Int8,
        21 => Kind::Int2,
        23 => Kind::Int4,
        // name, text, xml, unknown, bpchar, varchar
        19 | 25 | 142 | 705 | 1042 | 1043 => Kind::Text,
        26 => Kind::Oid,
        114 => Kind::Json,
        650 | 869 => Kind::Network,
        700 => Kind::Float4,
        701 => Kind::Float8,
        790 => Kind::Money,
        1082 => Kind::Date,
        1083 => Kind::Time,
        1114 => Kind::Timestamp,
        1184 => Kind::TimestampTz,
        1266 => Kind::TimeTz,
        1560 | 1562 => Kind::Bits,
        1700 => Kind::Numeric,
        2950 => Kind::Uuid,
        3802 => Kind::JsonB,
        _ => return None,
    })
}
