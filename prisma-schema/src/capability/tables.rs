//! The rows: one a provider.

use super::native::{decimal, fixed, plain, sized, sized_or_max};
use super::operator_class;
use super::{Autoincrement, Capabilities, KeyUse, NameScope, NativeTypeInfo};
use crate::ReferentialAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
use crate::RelationMode;

const ANYWHERE: Autoincrement =
    Autoincrement { on_any_field: true, without_index: true, several: true, scalars: &["Int", "BigInt"] };

const SCOPE: NameScope =
    NameScope { per_table: false, primary_keys: false, indexes: false, foreign_keys: false, defaults: false };

/// What most providers of SQL have in common.
const SQL: Capabilities = Capabilities {
    display_name: "",
    enums: true,
    json: true,
    json_lists: false,
    decimal: true,
    scalar_lists: false,
    composite_types: false,
    native_types: &[],
    autoincrement: Some(ANYWHERE),
    sequences: false,
    auto_ids: false,
    dbgenerated: true,
    named_defaults: false,
    max_identifier_length: 63,
    named_primary_keys: true,
    compound_ids: true,
    id_column: None,
    index_types: &["BTree"],
    operator_classes: &[],
    fulltext_indexes: false,
    fulltext_sort: false,
    several_fulltext_indexes: true,
    primary_key_sort: false,
    key_length: false,
    clustering: false,
    partial_indexes: false,
    boolean_literals: ("false", "true"),
    duplicate_indexes: true,
    unindexable_at_field: false,
    name_scopes: &[],
    relation_modes: &[RelationMode::ForeignKeys, RelationMode::Prisma],
    referential_actions: &[Cascade, Restrict, NoAction, SetNull, SetDefault],
    // The client checks at once, where `NoAction` of these databases may wait until the transaction ends.
    emulated_actions: &[Cascade, Restrict, SetNull],
    default_restrict: Restrict,
    doubtful_actions: &[],
    set_null_on_required: false,
    refuses_cascade_cycles: false,
    named_foreign_keys: true,
    references_in_any_order: true,
    key_lists: false,
    document_names: false,
    renames: true,
    renames_enum_values: true,
    shard_keys: false,
    multiple_schemas: false,
    extensions: false,
    full_text_search_preview: false,
    url_schemes: &[],
    example_url: "",
    memory_url: None,
    insensitive_filters: false,
    skip_duplicates: true,
};

pub(super) const SQLITE: Capabilities = Capabilities {
    display_name: "SQLite",
    autoincrement: Some(Autoincrement { on_any_field: false, without_index: false, several: false, ..ANYWHERE }),
    max_identifier_length: 10_000,
    named_primary_keys: false,
    named_foreign_keys: false,
    partial_indexes: true,
    name_scopes: &[NameScope { indexes: true, ..SCOPE }],
    renames_enum_values: false,
    url_schemes: &["file", "sqlite", ""],
    example_url: "file:./dev.db",
    memory_url: Some(":memory:"),
    ..SQL
};

pub(super) const POSTGRESQL: Capabilities = Capabilities {
    display_name: "PostgreSQL",
    url_schemes: &["postgresql", "postgres"],
    example_url: "postgresql://postgres:postgres@localhost:5432/mydb?schema=public",
    json_lists: true,
    scalar_lists: true,
    native_types: POSTGRESQL_TYPES,
    index_types: &["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"],
    operator_classes: operator_class::POSTGRESQL,
    partial_indexes: true,
    unindexable_at_field: true,
    name_scopes: &[
        NameScope { primary_keys: true, indexes: true, ..SCOPE },
        NameScope { per_table: true, primary_keys: true, indexes: true, foreign_keys: true, ..SCOPE },
    ],
    set_null_on_required: true,
    multiple_schemas: true,
    extensions: true,
    full_text_search_preview: true,
    insensitive_filters: true,
    ..SQL
};

pub(super) const MYSQL: Capabilities = Capabilities {
    display_name: "MySQL",
    url_schemes: &["mysql", "mariadb"],
    example_url: "mysql://root:password@localhost:3306/mydb",
    native_types: MYSQL_TYPES,
    autoincrement: Some(Autoincrement { on_any_field: true, without_index: false, several: false, ..ANYWHERE }),
    max_identifier_length: 64,
    named_primary_keys: false,
    fulltext_indexes: true,
    key_length: true,
    name_scopes: &[NameScope { foreign_keys: true, ..SCOPE }, NameScope { per_table: true, indexes: true, ..SCOPE }],
    emulated_actions: &[Cascade, Restrict, NoAction, SetNull],
    doubtful_actions: &[(
        SetDefault,
        "MySQL accepts `SetDefault` and then does nothing: InnoDB refuses the change; choose another action",
    )],
    references_in_any_order: false,
    shard_keys: true,
    ..SQL
};

pub(super) const COCKROACHDB: Capabilities = Capabilities {
    display_name: "CockroachDB",
    url_schemes: &["cockroachdb", "postgresql", "postgres"],
    example_url: "postgresql://root@localhost:26257/mydb",
    scalar_lists: true,
    native_types: COCKROACHDB_TYPES,
    // It counts by `unique_rowid()`, whose numbers have 64 bits.
    autoincrement: Some(Autoincrement { scalars: &["BigInt"], ..ANYWHERE }),
    sequences: true,
    index_types: &["BTree", "Gin"],
    operator_classes: operator_class::COCKROACHDB,
    partial_indexes: true,
    name_scopes: &[NameScope { per_table: true, primary_keys: true, indexes: true, foreign_keys: true, ..SCOPE }],
    multiple_schemas: true,
    insensitive_filters: true,
    ..SQL
};

pub(super) const SQLSERVER: Capabilities = Capabilities {
    display_name: "SQL Server",
    url_schemes: &["sqlserver"],
    example_url: "sqlserver://localhost:1433;database=mydb;user=SA;password=password;trustServerCertificate=true",
    enums: false,
    json: false,
    native_types: SQLSERVER_TYPES,
    named_defaults: true,
    max_identifier_length: 128,
    primary_key_sort: true,
    clustering: true,
    partial_indexes: true,
    boolean_literals: ("0", "1"),
    name_scopes: &[
        NameScope { primary_keys: true, foreign_keys: true, defaults: true, ..SCOPE },
        NameScope { per_table: true, primary_keys: true, indexes: true, ..SCOPE },
    ],
    referential_actions: &[Cascade, NoAction, SetNull, SetDefault],
    emulated_actions: &[Cascade, Restrict, NoAction, SetNull],
    default_restrict: NoAction,
    refuses_cascade_cycles: true,
    references_in_any_order: false,
    renames: false,
    multiple_schemas: true,
    skip_duplicates: false,
    ..SQL
};

pub(super) const MONGODB: Capabilities = Capabilities {
    display_name: "MongoDB",
    url_schemes: &["mongodb", "mongodb+srv"],
    example_url: "mongodb+srv://root:password@localhost/mydb",
    json_lists: true,
    decimal: false,
    scalar_lists: true,
    composite_types: true,
    native_types: MONGODB_TYPES,
    autoincrement: None,
    auto_ids: true,
    dbgenerated: false,
    max_identifier_length: 127,
    named_primary_keys: false,
    compound_ids: false,
    id_column: Some("_id"),
    fulltext_indexes: true,
    fulltext_sort: true,
    several_fulltext_indexes: false,
    duplicate_indexes: false,
    name_scopes: &[NameScope { per_table: true, indexes: true, ..SCOPE }],
    relation_modes: &[RelationMode::Prisma],
    referential_actions: &[],
    emulated_actions: &[Cascade, Restrict, NoAction, SetNull],
    named_foreign_keys: false,
    key_lists: true,
    document_names: true,
    renames: false,
    insensitive_filters: true,
    skip_duplicates: false,
    ..SQL
};

const INT: &[&str] = &["Int"];
const BIG_INT: &[&str] = &["BigInt"];
const FLOAT: &[&str] = &["Float"];
const DECIMAL: &[&str] = &["Decimal"];
const STRING: &[&str] = &["String"];
const BOOLEAN: &[&str] = &["Boolean"];
const BOOLEAN_OR_INT: &[&str] = &["Boolean", "Int"];
const BYTES: &[&str] = &["Bytes"];
const DATE_TIME: &[&str] = &["DateTime"];
const JSON: &[&str] = &["Json"];

const POSTGRESQL_TYPES: &[NativeTypeInfo] = &[
    plain("SmallInt", INT),
    plain("Integer", INT),
    plain("Oid", INT),
    plain("BigInt", BIG_INT),
    decimal("Decimal", 1..=1000, 0..=1000),
    plain("Money", DECIMAL),
    plain("Inet", STRING),
    plain("Citext", STRING),
    plain("Real", FLOAT),
    plain("DoublePrecision", FLOAT),
    sized("VarChar", STRING, 1..=10_485_760),
    sized("Char", STRING, 1..=10_485_760),
    plain("Text", STRING),
    plain("ByteA", BYTES),
    sized("Timestamp", DATE_TIME, 0..=6),
    sized("Timestamptz", DATE_TIME, 0..=6),
    plain("Date", DATE_TIME),
    sized("Time", DATE_TIME, 0..=6),
    sized("Timetz", DATE_TIME, 0..=6),
    plain("Boolean", BOOLEAN),
    sized("Bit", STRING, 1..=83_886_080),
    sized("VarBit", STRING, 1..=83_886_080),
    plain("Uuid", STRING),
    plain("Xml", STRING).keys(KeyUse::Never),
    plain("Json", JSON),
    plain("JsonB", JSON),
];

const MYSQL_TYPES: &[NativeTypeInfo] = &[
    plain("Int", INT),
    plain("UnsignedInt", INT),
    plain("SmallInt", INT),
    plain("UnsignedSmallInt", INT),
    plain("TinyInt", BOOLEAN_OR_INT),
    plain("UnsignedTinyInt", BOOLEAN_OR_INT),
    plain("MediumInt", INT),
    plain("UnsignedMediumInt", INT),
    plain("BigInt", BIG_INT),
    plain("UnsignedBigInt", BIG_INT),
    decimal("Decimal", 1..=65, 0..=30),
    plain("Float", FLOAT),
    plain("Double", FLOAT),
    fixed("Bit", &["Boolean", "Bytes"], 1..=64),
    fixed("Char", STRING, 0..=255),
    fixed("VarChar", STRING, 0..=65_535),
    fixed("Binary", BYTES, 0..=255),
    fixed("VarBinary", BYTES, 0..=65_535),
    plain("TinyBlob", BYTES).keys(KeyUse::WithLength),
    plain("Blob", BYTES).keys(KeyUse::WithLength),
    plain("MediumBlob", BYTES).keys(KeyUse::WithLength),
    plain("LongBlob", BYTES).keys(KeyUse::WithLength),
    plain("TinyText", STRING).keys(KeyUse::WithLength),
    plain("Text", STRING).keys(KeyUse::WithLength),
    plain("MediumText", STRING).keys(KeyUse::WithLength),
    plain("LongText", STRING).keys(KeyUse::WithLength),
    plain("Date", DATE_TIME),
    sized("Time", DATE_TIME, 0..=6),
    sized("DateTime", DATE_TIME, 0..=6),
    sized("Timestamp", DATE_TIME, 0..=6),
    plain("Year", INT),
    plain("Json", JSON),
];

const SQLSERVER_TYPES: &[NativeTypeInfo] = &[
    plain("TinyInt", INT),
    plain("SmallInt", INT),
    plain("Int", INT),
    plain("BigInt", BIG_INT),
    decimal("Decimal", 1..=38, 0..=38),
    plain("Money", FLOAT),
    plain("SmallMoney", FLOAT),
    plain("Bit", BOOLEAN_OR_INT),
    sized("Float", FLOAT, 1..=53),
    plain("Real", FLOAT),
    plain("Date", DATE_TIME),
    plain("Time", DATE_TIME),
    plain("DateTime", DATE_TIME),
    plain("DateTime2", DATE_TIME),
    plain("DateTimeOffset", DATE_TIME),
    plain("SmallDateTime", DATE_TIME),
    sized("Char", STRING, 1..=8000),
    sized("NChar", STRING, 1..=4000),
    sized_or_max("VarChar", STRING, 1..=8000),
    plain("Text", STRING).keys(KeyUse::Never),
    sized_or_max("NVarChar", STRING, 1..=4000),
    plain("NText", STRING).keys(KeyUse::Never),
    sized("Binary", BYTES, 1..=8000),
    sized_or_max("VarBinary", BYTES, 1..=8000),
    plain("Image", BYTES).keys(KeyUse::Never),
    plain("Xml", STRING).keys(KeyUse::Never),
    plain("UniqueIdentifier", STRING),
];

const COCKROACHDB_TYPES: &[NativeTypeInfo] = &[
    sized("Bit", STRING, 1..=83_886_080),
    plain("Bool", BOOLEAN),
    plain("Bytes", BYTES),
    sized("Char", STRING, 1..=2_147_483_647),
    plain("CatalogSingleChar", STRING),
    plain("Date", DATE_TIME),
    decimal("Decimal", 1..=1000, 0..=1000),
    plain("Float4", FLOAT),
    plain("Float8", FLOAT),
    plain("Inet", STRING),
    plain("Int2", INT),
    plain("Int4", INT),
    plain("Int8", BIG_INT),
    plain("JsonB", JSON),
    plain("Oid", INT),
    sized("String", STRING, 1..=2_147_483_647),
    sized("Time", DATE_TIME, 0..=6),
    sized("Timestamp", DATE_TIME, 0..=6),
    sized("Timestamptz", DATE_TIME, 0..=6),
    sized("Timetz", DATE_TIME, 0..=6),
    plain("Uuid", STRING),
    sized("VarBit", STRING, 1..=83_886_080),
];

const MONGODB_TYPES: &[NativeTypeInfo] = &[
    plain("String", STRING),
    plain("Double", FLOAT),
    plain("BinData", BYTES),
    plain("ObjectId", &["String", "Bytes"]),
    plain("Bool", BOOLEAN),
    plain("Date", DATE_TIME),
    plain("Int", INT),
    plain("Timestamp", DATE_TIME),
    plain("Long", &["Int", "BigInt"]),
    plain("Json", JSON),
];
