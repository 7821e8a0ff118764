//! The native types of MySQL.

use prisma_schema::ScalarType;

use crate::native::{Family, NativeTypes, row};

pub(crate) const TYPES: NativeTypes = NativeTypes {
    rows: &[
        row("Int", "INTEGER", "int", &[], integer(4, true)),
        row("UnsignedInt", "INTEGER UNSIGNED", "int unsigned", &[], integer(4, false)),
        row("SmallInt", "SMALLINT", "smallint", &[], integer(2, true)),
        row("UnsignedSmallInt", "SMALLINT UNSIGNED", "smallint unsigned", &[], integer(2, false)),
        row("TinyInt", "TINYINT", "tinyint", &[], integer(1, true)),
        row("UnsignedTinyInt", "TINYINT UNSIGNED", "tinyint unsigned", &[], integer(1, false)),
        row("MediumInt", "MEDIUMINT", "mediumint", &[], integer(3, true)),
        row("UnsignedMediumInt", "MEDIUMINT UNSIGNED", "mediumint unsigned", &[], integer(3, false)),
        row("BigInt", "BIGINT", "bigint", &[], integer(8, true)),
        row("UnsignedBigInt", "BIGINT UNSIGNED", "bigint unsigned", &[], integer(8, false)),
        row("Decimal", "DECIMAL", "decimal", &[10, 0], Family::Decimal),
        row("Float", "FLOAT", "float", &[], Family::Float(4)),
        row("Double", "DOUBLE", "double", &[], Family::Float(8)),
        row("Bit", "BIT", "bit", &[1], Family::Bits),
        row("Char", "CHAR", "char", &[1], Family::Padded),
        row("VarChar", "VARCHAR", "varchar", &[], Family::SizedText),
        row("Binary", "BINARY", "binary", &[1], Family::SizedBytes),
        row("VarBinary", "VARBINARY", "varbinary", &[], Family::SizedBytes),
        row("TinyBlob", "TINYBLOB", "tinyblob", &[], Family::Bytes(0xff)),
        row("Blob", "BLOB", "blob", &[], Family::Bytes(0xffff)),
        row("MediumBlob", "MEDIUMBLOB", "mediumblob", &[], Family::Bytes(0xff_ffff)),
        row("LongBlob", "LONGBLOB", "longblob", &[], Family::Bytes(u32::MAX)),
        row("TinyText", "TINYTEXT", "tinytext", &[], Family::Text(0xff)),
        row("Text", "TEXT", "text", &[], Family::Text(0xffff)),
        row("MediumText", "MEDIUMTEXT", "mediumtext", &[], Family::Text(0xff_ffff)),
        row("LongText", "LONGTEXT", "longtext", &[], Family::Text(u32::MAX)),
        row("Date", "DATE", "date", &[], Family::Date),
        row("Time", "TIME", "time", &[0], Family::Time),
        row("DateTime", "DATETIME", "datetime", &[0], Family::Instant),
        row("Timestamp", "TIMESTAMP", "timestamp", &[0], Family::Instant),
        row("Year", "YEAR", "year", &[], Family::Own),
        row("Json", "JSON", "json", &[], Family::Json),
        // A number of one digit is how MySQL spells what Prisma writes as BOOLEAN.
        row("TinyInt", BOOLEAN, "tinyint(1)", &[], Family::Boolean),
    ],
    defaults: |scalar| match scalar {
        ScalarType::Boolean => ("TinyInt", &[]),
        ScalarType::Int => ("Int", &[]),
        ScalarType::BigInt => ("BigInt", &[]),
        ScalarType::Float => ("Double", &[]),
        ScalarType::Decimal => ("Decimal", &[65, 30]),
        ScalarType::DateTime => ("DateTime", &[3]),
        ScalarType::Json => ("Json", &[]),
        ScalarType::Bytes => ("LongBlob", &[]),
        ScalarType::String | ScalarType::Enum(_) | ScalarType::Unsupported(_) => ("VarChar", &[191]),
    },
};

/// The type of a `Boolean`.
pub(super) const BOOLEAN: &str = "BOOLEAN";

const fn integer(bytes: u8, is_signed: bool) -> Family {
    Family::Integer { bytes, is_signed }
}
