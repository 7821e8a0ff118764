//! The native types of PostgreSQL.

use prisma_schema::ScalarType;

use crate::native::{Family, NativeTypes, row};

pub(crate) const TYPES: NativeTypes = NativeTypes {
    rows: &[
        row("SmallInt", "SMALLINT", "int2", &[], Family::Integer { bytes: 2, is_signed: true }),
        row("Integer", "INTEGER", "int4", &[], Family::Integer { bytes: 4, is_signed: true }),
        row("BigInt", "BIGINT", "int8", &[], Family::Integer { bytes: 8, is_signed: true }),
        row("Oid", "OID", "oid", &[], Family::Own),
        row("Decimal", "DECIMAL", "numeric", &[], Family::Decimal),
        row("Money", "MONEY", "money", &[], Family::Money),
        row("Inet", "INET", "inet", &[], Family::Own),
        row("Citext", "CITEXT", "citext", &[], Family::Text(u32::MAX)),
        row("Real", "REAL", "float4", &[], Family::Float(4)),
        row("DoublePrecision", "DOUBLE PRECISION", "float8", &[], Family::Float(8)),
        row("VarChar", "VARCHAR", "varchar", &[], Family::SizedText),
        row("Char", "CHAR", "bpchar", &[1], Family::Padded),
        row("Text", "TEXT", "text", &[], Family::Text(u32::MAX)),
        row("ByteA", "BYTEA", "bytea", &[], Family::Bytes(u32::MAX)),
        row("Timestamp", "TIMESTAMP", "timestamp", &[6], Family::Instant),
        row("Timestamptz", "TIMESTAMPTZ", "timestamptz", &[6], Family::Instant),
        row("Date", "DATE", "date", &[], Family::Date),
        row("Time", "TIME", "time", &[6], Family::Time),
        row("Timetz", "TIMETZ", "timetz", &[6], Family::Time),
        row("Boolean", "BOOLEAN", "bool", &[], Family::Boolean),
        row("Bit", "BIT", "bit", &[1], Family::Bits),
        row("VarBit", "VARBIT", "varbit", &[], Family::Bits),
        row("Uuid", "UUID", "uuid", &[], Family::Uuid),
        row("Xml", "XML", "xml", &[], Family::Own),
        row("Json", "JSON", "json", &[], Family::Json),
        row("JsonB", "JSONB", "jsonb", &[], Family::Json),
    ],
    defaults: |scalar| match scalar {
        ScalarType::Boolean => ("Boolean", &[]),
        ScalarType::Int => ("Integer", &[]),
        ScalarType::BigInt => ("BigInt", &[]),
        ScalarType::Float => ("DoublePrecision", &[]),
        ScalarType::Decimal => ("Decimal", &[65, 30]),
        ScalarType::DateTime => ("Timestamp", &[3]),
        ScalarType::Json => ("JsonB", &[]),
        ScalarType::Bytes => ("ByteA", &[]),
        ScalarType::String | ScalarType::Enum(_) | ScalarType::Unsupported(_) => ("Text", &[]),
    },
};
