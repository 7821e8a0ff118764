//! Types and constants as SQLite has them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prisma_schema::{Literal, ScalarType};

use crate::sql;

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

/// A constant as SQL.
pub(super) fn literal(ty: &ScalarType, literal: &Literal, enum_value: Option<&str>) -> String {
    match literal {
        Literal::String(v) if *ty == ScalarType::Bytes => match STANDARD.decode(v) {
            Ok(bytes) => format!("X'{}'", bytes.iter().map(|b| format!("{b:02X}")).collect::<String>()),
            Err(_) => sql::text(v),
        },
        Literal::String(v) => sql::text(v),
        Literal::Number(v) => v.clone(),
        Literal::Boolean(v) => v.to_string(),
        Literal::EnumValue(v) => sql::text(enum_value.unwrap_or(v)),
    }
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

/// Whether two defaults are the same for a column of this type.
pub(super) fn same_default(a: Option<&str>, b: Option<&str>, data_type: &str) -> bool {
    let is_boolean = family(data_type) == Some(Family::Boolean);
    canonical(a, is_boolean) == canonical(b, is_boolean)
}

fn canonical(default: Option<&str>, is_boolean: bool) -> Option<String> {
    let mut sql = default?.trim();
    while let Some(inner) = within_parentheses(sql) {
        sql = inner.trim();
    }
    let upper = sql.to_ascii_uppercase();
    if let Ok(number) = sql.parse::<f64>() {
        return Some(match is_boolean {
            true => (number != 0.0).to_string(),
            // Large integers differ where their floats do not.
            false => sql.parse::<i128>().map_or_else(|_| number.to_string(), |n| n.to_string()),
        });
    }
    match upper.as_str() {
        "NULL" => None,
        "TRUE" | "FALSE" => Some(upper.to_ascii_lowercase()),
        "CURRENT_TIMESTAMP" | "CURRENT_DATE" | "CURRENT_TIME" => Some(upper),
        _ if upper.starts_with("X'") => Some(upper),
        _ => match sql.strip_prefix('"').and_then(|s| s.strip_suffix('"')) {
            // SQLite takes a name that is none for text.
            Some(text) => Some(sql::text(&text.replace("\"\"", "\""))),
            None => Some(sql.to_owned()),
        },
    }
}

/// What is within the parentheses that hold all of it.
fn within_parentheses(sql: &str) -> Option<&str> {
    let inner = sql.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    let mut quote = None;
    for c in inner.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
        if depth < 0 {
            return None;
        }
    }
    Some(inner)
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
    fn defaults_are_the_same_by_what_they_mean() {
        for (a, b, ty) in [
            ("0.50", "0.5", "REAL"),
            ("1", "true", "BOOLEAN"),
            ("(abs(-1))", "abs(-1)", "INTEGER"),
            ("current_timestamp", "CURRENT_TIMESTAMP", "DATETIME"),
            ("\"x\"", "'x'", "TEXT"),
            ("x'ab'", "X'AB'", "BLOB"),
        ] {
            assert!(same_default(Some(a), Some(b), ty), "{a} {b}");
        }
        assert!(same_default(Some("NULL"), None, "TEXT"));
        for (a, b, ty) in [
            ("'1'", "1", "TEXT"),
            ("1", "true", "INTEGER"),
            ("(1) + (2)", "1) + (2", "INTEGER"),
            ("9007199254740993", "9007199254740992", "BIGINT"),
            ("'a'", "'A'", "TEXT"),
        ] {
            assert!(!same_default(Some(a), Some(b), ty), "{a} {b}");
        }
    }

    #[test]
    fn constants() {
        let text = |v: &str| Literal::String(v.to_owned());
        assert_eq!(literal(&ScalarType::String, &text("it's"), None), "'it''s'");
        assert_eq!(literal(&ScalarType::Bytes, &text("AP8="), None), "X'00FF'");
        assert_eq!(literal(&ScalarType::String, &Literal::EnumValue("A".into()), Some("a")), "'a'");
    }
}
