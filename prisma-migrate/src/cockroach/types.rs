//! The native types of CockroachDB.

use prisma_schema::ScalarType;

use crate::native::{Family, NativeTypes, row};

pub(crate) const TYPES: NativeTypes = NativeTypes {
    rows: &[
        row("Int2", "INT2", "int2", &[], Family::Integer { bytes: 2, is_signed: true }),
        row("Int4", "INT4", "int4", &[], Family::Integer { bytes: 4, is_signed: true }),
        row("Int8", "INT8", "int8", &[], Family::Integer { bytes: 8, is_signed: true }),
        row("Oid", "OID", "oid", &[], Family::Own),
        row("Decimal", "DECIMAL", "numeric", &[], Family::Decimal),
        row("Inet", "INET", "inet", &[], Family::Own),
        row("Float4", "FLOAT4", "float4", &[], Family::Float(4)),
        row("Float8", "FLOAT8", "float8", &[], Family::Float(8)),
        row("Char", "CHAR", "bpchar", &[1], Family::Padded),
        row("CatalogSingleChar", "\"char\"", "char", &[], Family::Own),
        row("String", "STRING", "text", &[], Family::SizedText),
        row("Bytes", "BYTES", "bytea", &[], Family::Bytes(u32::MAX)),
        row("Timestamp", "TIMESTAMP", "timestamp", &[6], Family::Instant),
        row("Timestamptz", "TIMESTAMPTZ", "timestamptz", &[6], Family::Instant),
        row("Date", "DATE", "date", &[], Family::Date),
        row("Time", "TIME", "time", &[6], Family::Time),
        row("Timetz", "TIMETZ", "timetz", &[6], Family::Time),
        row("Bool", "BOOL", "bool", &[], Family::Boolean),
        row("Bit", "BIT", "bit", &[1], Family::Bits),
        row("VarBit", "VARBIT", "varbit", &[], Family::Bits),
        row("Uuid", "UUID", "uuid", &[], Family::Uuid),
        row("JsonB", "JSONB", "jsonb", &[], Family::Json),
        // As tables made elsewhere may have it; to CockroachDB it is the same as STRING.
        row("String", "STRING", "varchar", &[], Family::SizedText),
    ],
    defaults: |scalar| match scalar {
        ScalarType::Boolean => ("Bool", &[]),
        ScalarType::Int => ("Int4", &[]),
        ScalarType::BigInt => ("Int8", &[]),
        ScalarType::Float => ("Float8", &[]),
        ScalarType::Decimal => ("Decimal", &[65, 30]),
        ScalarType::DateTime => ("Timestamp", &[3]),
        ScalarType::Json => ("JsonB", &[]),
        ScalarType::Bytes => ("Bytes", &[]),
        ScalarType::String | ScalarType::Enum(_) | ScalarType::Unsupported(_) => ("String", &[]),
    },
};
