//! Types and constants as SQLite has them.

use prisma_schema::ScalarType;

use crate::column::ColumnDefault;
use crate::default::Holder;
use crate::expression::Quoting;
use crate::{native, sql};

/// The type of a column, as Prisma names it.
pub(super) fn name(ty: &ScalarType) -> &str {
    match ty {
        ScalarType::String | ScalarType::Enum(_) => "TEXT",
        ScalarType::Boolean => "BOOLEAN",
        ScalarType::Int => "INTEGER",
        ScalarType::BigInt => "BIGINT",
        ScalarType::Float => "REAL",
        ScalarType::Decimal => "DECIMAL",
        ScalarType::DateTime => "DATETIME",
        ScalarType::Json => "JSONB",
        ScalarType::Bytes => "BLOB",
        ScalarType::Unsupported(native) => native,
    }
}

/// A default as SQL.
pub(super) fn default(default: &ColumnDefault) -> String {
    match default {
        ColumnDefault::Text(text) => sql::text(text),
        ColumnDefault::Number(number) => number.clone(),
        ColumnDefault::Boolean(value) => value.to_string(),
        ColumnDefault::Bytes(bytes) => format!("X'{}'", sql::hex(bytes).to_uppercase()),
        ColumnDefault::Now => "CURRENT_TIMESTAMP".to_owned(),
        // Lists are written as JSON; no schema for SQLite has them.
        ColumnDefault::List(_) => "'[]'".to_owned(),
        ColumnDefault::Expression(sql) => format!("({sql})"),
    }
}

/// How the default of a column is read and compared.
pub(super) fn holder(data_type: &str) -> Holder {
    let family = family(data_type).map(|family| match family {
        Family::Integer => native::Family::Integer { bytes: 4, is_signed: true },
        Family::BigInteger => native::Family::Integer { bytes: 8, is_signed: true },
        Family::Real => native::Family::Float(8),
        Family::Decimal => native::Family::Decimal,
        Family::Boolean => native::Family::Boolean,
        Family::DateTime => native::Family::Instant,
        Family::Json => native::Family::Json,
        Family::Text => native::Family::Text(u32::MAX),
        Family::Blob => native::Family::Bytes(u32::MAX),
    });
    Holder { family, is_list: false, quoting: Quoting::Standard }
}

/// The kinds of types that a schema tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Integer,
    BigInteger,
    Real,
    Decimal,
    Boolean,
    DateTime,
    Json,
    Text,
    Blob,
}

fn family(data_type: &str) -> Option<Family> {
    let upper = data_type.trim().to_ascii_uppercase();
    let bare = upper.split('(').next().unwrap_or("").trim();
    Some(match bare {
        "INTEGER" | "INT" | "INT2" | "INT4" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "SERIAL" => Family::Integer,
        "BIGINT" | "INT8" | "UNSIGNED BIG INT" => Family::BigInteger,
        "REAL" | "DOUBLE" | "DOUBLE PRECISION" | "FLOAT" => Family::Real,
        "DECIMAL" | "NUMERIC" => Family::Decimal,
        "BOOLEAN" | "BOOL" => Family::Boolean,
        "DATETIME" | "TIMESTAMP" | "DATE" => Family::DateTime,
        "JSONB" | "JSON" => Family::Json,
        "TEXT" | "CLOB" => Family::Text,
        "BLOB" | "BINARY" | "VARBINARY" => Family::Blob,
        other if other.contains("CHAR") => Family::Text,
        _ => return None,
    })
}

/// The scalar that a type is for.
pub(super) fn scalar(data_type: &str) -> Option<ScalarType> {
    Some(match family(data_type)? {
        Family::Integer => ScalarType::Int,
        Family::BigInteger => ScalarType::BigInt,
        Family::Real => ScalarType::Float,
        Family::Decimal => ScalarType::Decimal,
        Family::Boolean => ScalarType::Boolean,
        Family::DateTime => ScalarType::DateTime,
        Family::Json => ScalarType::Json,
        Family::Text => ScalarType::String,
        Family::Blob => ScalarType::Bytes,
    })
}

/// Whether two types are the same, however they are spelled.
pub(super) fn same_type(a: &str, b: &str) -> bool {
    match (family(a), family(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.trim().eq_ignore_ascii_case(b.trim()),
    }
}

/// Whether every value of one type can be read as one of the other.
pub(super) fn keeps_values(from: &str, to: &str) -> bool {
    use Family::{BigInteger, Boolean, Decimal, Integer, Json, Real, Text};
    matches!(
        (family(from), family(to)),
        (Some(Boolean), Some(Integer))
            | (Some(Boolean | Integer), Some(BigInteger))
            | (Some(Boolean | Integer | BigInteger), Some(Real | Decimal))
            | (Some(Real), Some(Decimal))
            | (Some(Boolean | Integer | BigInteger | Real | Decimal), Some(Text | Json))
            | (Some(Json), Some(Text))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_the_same_by_what_they_mean() {
        for (a, b) in [("INTEGER", "int"), ("VARCHAR(255)", "TEXT"), ("numeric(10, 2)", "DECIMAL"), ("Geo", "GEO")] {
            assert!(same_type(a, b), "{a} {b}");
        }
        for (a, b) in [("INTEGER", "BIGINT"), ("TEXT", "GEO"), ("BOOLEAN", "INTEGER")] {
            assert!(!same_type(a, b), "{a} {b}");
        }
    }

    #[test]
    fn defaults() {
        let read = |sql: &str, ty: &str| holder(ty).read(sql);
        for (a, b, ty) in [
            ("0.50", "0.5", "REAL"),
            ("1", "true", "BOOLEAN"),
            ("(abs(-1))", "abs(-1)", "INTEGER"),
            ("current_timestamp", "CURRENT_TIMESTAMP", "DATETIME"),
            ("x'ab'", "X'AB'", "BLOB"),
            ("NULL", "null", "TEXT"),
        ] {
            assert!(holder(ty).same(read(a, ty).as_ref(), read(b, ty).as_ref()), "{a} {b}");
        }
        for (a, b, ty) in [
            ("'1'", "1", "TEXT"),
            ("(1) + (2)", "1) + (2", "INTEGER"),
            ("9007199254740993", "9007199254740992", "BIGINT"),
            ("'a'", "'A'", "TEXT"),
        ] {
            assert!(!holder(ty).same(read(a, ty).as_ref(), read(b, ty).as_ref()), "{a} {b}");
        }
        assert_eq!(default(&ColumnDefault::Text("it's".into())), "'it''s'");
        assert_eq!(default(&ColumnDefault::Bytes(vec![0, 255])), "X'00FF'");
    }
}
