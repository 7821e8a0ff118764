//! Operator classes of PostgreSQL's indexes.

/// A family of operator classes: the same types, named alike.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OperatorClass {
    /// The index type that takes it.
    pub(crate) index_type: &'static str,
    /// The names.
    pub(crate) names: &'static [&'static str],
    /// The columns that it is for.
    pub(crate) column: FieldShape,
    /// Whether a column of that kind has a class of the family without `ops`.
    pub(crate) is_default: bool,
}

/// Columns that an operator class is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldShape {
    /// A scalar, by name, in one of some native types.
    Scalar {
        scalar: &'static str,
        native_types: &'static [&'static str],
        /// Whether a column without `@db.…` is of one of these types.
        is_default_type: bool,
    },
    /// A list.
    List,
}

const fn class(
    index_type: &'static str,
    names: &'static [&'static str],
    scalar: &'static str,
    native_types: &'static [&'static str],
    is_default_type: bool,
) -> OperatorClass {
    let column = FieldShape::Scalar { scalar, native_types, is_default_type };
    OperatorClass { index_type, names, column, is_default: true }
}

/// The classes that PostgreSQL has.
pub(super) const POSTGRESQL: &[OperatorClass] = &[
    // PostgreSQL knows no default class of GiST for `inet`: `ops` must be given.
    OperatorClass { is_default: false, ..class("Gist", &["InetOps"], "String", &["Inet"], false) },
    class("Gin", &["JsonbOps", "JsonbPathOps"], "Json", &["JsonB"], true),
    OperatorClass { index_type: "Gin", names: &["ArrayOps"], column: FieldShape::List, is_default: true },
    class("SpGist", &["InetOps"], "String", &["Inet"], false),
    class("SpGist", &["TextOps"], "String", &["Text", "VarChar", "Char"], true),
    class("Brin", &["BitMinMaxOps"], "String", &["Bit"], false),
    class("Brin", &["VarBitMinMaxOps"], "String", &["VarBit"], false),
    class("Brin", &["BpcharBloomOps", "BpcharMinMaxOps"], "String", &["Char"], false),
    class("Brin", &["ByteaBloomOps", "ByteaMinMaxOps"], "Bytes", &["ByteA"], true),
    class("Brin", &["DateBloomOps", "DateMinMaxOps", "DateMinMaxMultiOps"], "DateTime", &["Date"], false),
    class("Brin", &["Float4BloomOps", "Float4MinMaxOps", "Float4MinMaxMultiOps"], "Float", &["Real"], false),
    class("Brin", &["Float8BloomOps", "Float8MinMaxOps", "Float8MinMaxMultiOps"], "Float", &["DoublePrecision"], true),
    class(
        "Brin",
        &["InetInclusionOps", "InetBloomOps", "InetMinMaxOps", "InetMinMaxMultiOps"],
        "String",
        &["Inet"],
        false,
    ),
    class("Brin", &["Int2BloomOps", "Int2MinMaxOps", "Int2MinMaxMultiOps"], "Int", &["SmallInt"], false),
    class("Brin", &["Int4BloomOps", "Int4MinMaxOps", "Int4MinMaxMultiOps"], "Int", &["Integer"], true),
    class("Brin", &["Int8BloomOps", "Int8MinMaxOps", "Int8MinMaxMultiOps"], "BigInt", &["BigInt"], true),
    class("Brin", &["NumericBloomOps", "NumericMinMaxOps", "NumericMinMaxMultiOps"], "Decimal", &["Decimal"], true),
    class("Brin", &["OidBloomOps", "OidMinMaxOps", "OidMinMaxMultiOps"], "Int", &["Oid"], false),
    class("Brin", &["TextBloomOps", "TextMinMaxOps"], "String", &["Text", "VarChar"], true),
    class(
        "Brin",
        &["TimestampBloomOps", "TimestampMinMaxOps", "TimestampMinMaxMultiOps"],
        "DateTime",
        &["Timestamp"],
        true,
    ),
    class(
        "Brin",
        &["TimestampTzBloomOps", "TimestampTzMinMaxOps", "TimestampTzMinMaxMultiOps"],
        "DateTime",
        &["Timestamptz"],
        false,
    ),
    class("Brin", &["TimeBloomOps", "TimeMinMaxOps", "TimeMinMaxMultiOps"], "DateTime", &["Time"], false),
    class("Brin", &["TimeTzBloomOps", "TimeTzMinMaxOps", "TimeTzMinMaxMultiOps"], "DateTime", &["Timetz"], false),
    class("Brin", &["UuidBloomOps", "UuidMinMaxOps", "UuidMinMaxMultiOps"], "String", &["Uuid"], false),
];

/// The columns that CockroachDB's inverted index takes.
pub(super) const COCKROACHDB: &[OperatorClass] = &[
    OperatorClass { names: &[], ..class("Gin", &[], "Json", &["JsonB"], true) },
    OperatorClass { index_type: "Gin", names: &[], column: FieldShape::List, is_default: true },
];
