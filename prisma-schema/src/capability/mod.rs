//! What each provider can do: the one table that every difference between them in the language is read from.

mod native;
mod operator_class;
mod tables;

pub use native::{KeyUse, NativeArguments, NativeTypeInfo};
pub(crate) use operator_class::{FieldShape, OperatorClass};
use tables::{COCKROACHDB, MONGODB, MYSQL, POSTGRESQL, SQLITE, SQLSERVER};

use crate::{ReferentialAction, RelationMode};

/// A database that a datasource can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provider {
    /// `sqlite`
    Sqlite,
    /// `postgresql`, `postgres`
    Postgresql,
    /// `mysql`, MariaDB too
    Mysql,
    /// `cockroachdb`
    Cockroachdb,
    /// `sqlserver`
    Sqlserver,
    /// `mongodb`
    Mongodb,
}

impl Provider {
    /// All of them.
    pub const ALL: [Provider; 6] =
        [Self::Sqlite, Self::Postgresql, Self::Mysql, Self::Cockroachdb, Self::Sqlserver, Self::Mongodb];

    /// The provider of that name in a datasource.
    pub fn parse(name: &str) -> Option<Provider> {
        match name {
            "postgres" => Some(Self::Postgresql),
            _ => Self::ALL.into_iter().find(|p| p.name() == name),
        }
    }

    /// Its name in a datasource.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgresql => "postgresql",
            Self::Mysql => "mysql",
            Self::Cockroachdb => "cockroachdb",
            Self::Sqlserver => "sqlserver",
            Self::Mongodb => "mongodb",
        }
    }

    /// The provider that a URL is for, by what it begins with; CockroachDB's may be PostgreSQL's as well.
    pub fn of_url(url: &str) -> Option<Provider> {
        let (scheme, _) = url.split_once(':')?;
        Self::ALL.into_iter().find(|p| p.capabilities().url_schemes.contains(&scheme))
    }

    /// What it can do.
    pub fn capabilities(self) -> &'static Capabilities {
        match self {
            Self::Sqlite => &SQLITE,
            Self::Postgresql => &POSTGRESQL,
            Self::Mysql => &MYSQL,
            Self::Cockroachdb => &COCKROACHDB,
            Self::Sqlserver => &SQLSERVER,
            Self::Mongodb => &MONGODB,
        }
    }
}

/// What a provider can do.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Its name in messages.
    pub display_name: &'static str,

    // ---- types
    /// Enums.
    pub enums: bool,
    /// `Json`.
    pub json: bool,
    /// Lists of `Json`.
    pub json_lists: bool,
    /// `Decimal`.
    pub decimal: bool,
    /// Lists of scalars as a column.
    pub scalar_lists: bool,
    /// `type` blocks: documents within documents.
    pub composite_types: bool,
    /// `@db.…`
    pub native_types: &'static [NativeTypeInfo],

    // ---- defaults
    /// `autoincrement()`; `None` if there is none.
    pub autoincrement: Option<Autoincrement>,
    /// `sequence()`.
    pub sequences: bool,
    /// `auto()`: an id made by the database.
    pub auto_ids: bool,
    /// `dbgenerated()`.
    pub dbgenerated: bool,
    /// `map` of `@default`: the constraint's name.
    pub named_defaults: bool,

    // ---- keys and indexes
    /// The longest name of a table or constraint, in bytes.
    pub max_identifier_length: usize,
    /// `map` of `@id` and `@@id`.
    pub named_primary_keys: bool,
    /// Keys of several fields.
    pub compound_ids: bool,
    /// The column that an id must be, where there is no choice.
    pub id_column: Option<&'static str>,
    /// `type` of `@@index`, as written; the first is the default.
    pub index_types: &'static [&'static str],
    /// Index types that take operator classes, and the classes.
    pub(crate) operator_classes: &'static [OperatorClass],
    /// `@@fulltext`.
    pub fulltext_indexes: bool,
    /// `sort` in `@@fulltext`; then the fields without it stand side by side.
    pub fulltext_sort: bool,
    /// Whether a model may have several `@@fulltext`.
    pub several_fulltext_indexes: bool,
    /// `sort` in `@id` and `@@id`.
    pub primary_key_sort: bool,
    /// `length` of a field in a key or index.
    pub key_length: bool,
    /// `clustered`.
    pub clustering: bool,
    /// `where`: partial indexes.
    pub partial_indexes: bool,
    /// Falsehood and truth in the SQL of a partial index.
    pub boolean_literals: (&'static str, &'static str),
    /// Whether two indexes may be alike.
    pub duplicate_indexes: bool,
    /// Whether a native type that cannot be indexed is shown at the field, not at the index.
    pub unindexable_at_field: bool,
    /// Within what the names of keys, indexes and foreign keys must differ.
    pub name_scopes: &'static [NameScope],

    // ---- relations
    /// What `relationMode` may be, the default first.
    pub relation_modes: &'static [RelationMode],
    /// Referential actions of foreign keys.
    pub referential_actions: &'static [ReferentialAction],
    /// Referential actions that the client emulates with `relationMode = "prisma"`.
    pub emulated_actions: &'static [ReferentialAction],
    /// `onDelete` of a required relation that does not say.
    pub default_restrict: ReferentialAction,
    /// Actions that are accepted, but do not work, with what the user should know.
    pub doubtful_actions: &'static [(ReferentialAction, &'static str)],
    /// Whether `SetNull` on a required field is accepted: the statement fails, not the schema.
    pub set_null_on_required: bool,
    /// Whether cascades may neither form a cycle nor reach a table twice.
    pub refuses_cascade_cycles: bool,
    /// `map` of `@relation`.
    pub named_foreign_keys: bool,
    /// Whether `references` may name the fields of a key in another order.
    pub references_in_any_order: bool,
    /// m-n relations by a list of keys at both ends, instead of a table.
    pub key_lists: bool,

    // ---- the datasource
    /// Names in the database that begin with `$` or contain `.` mean something else.
    pub document_names: bool,
    /// `@renamedFrom`: there are migrations that can rename tables and columns.
    pub renames: bool,
    /// `@renamedFrom` of the values of an enum.
    pub renames_enum_values: bool,
    /// `@shardKey` (preview).
    pub shard_keys: bool,
    /// `schemas` of the datasource, and `@@schema`.
    pub multiple_schemas: bool,
    /// `extensions` of the datasource.
    pub extensions: bool,
    /// The preview feature of full-text search.
    pub full_text_search_preview: bool,

    /// What its URLs begin with, before the first `:`.
    pub url_schemes: &'static [&'static str],
    /// A URL as a user would begin with.
    pub example_url: &'static str,
    /// The URL of a database in memory that ends with its connections, where there can be one.
    pub memory_url: Option<&'static str>,

    // ---- queries
    /// `mode: insensitive` in string filters.
    pub insensitive_filters: bool,
    /// `skipDuplicates` of `createMany`.
    pub skip_duplicates: bool,
}

/// Where `autoincrement()` may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Autoincrement {
    /// On fields that are not the primary key.
    pub on_any_field: bool,
    /// On fields that are in no index.
    pub without_index: bool,
    /// On several fields of a table.
    pub several: bool,
    /// On fields of which types.
    pub scalars: &'static [&'static str],
}

/// A set of names that must differ from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NameScope {
    /// Whether it is one for each table, not one for the whole database schema.
    pub per_table: bool,
    /// Names of primary keys are in it.
    pub primary_keys: bool,
    /// Names of uniques and indexes are in it.
    pub indexes: bool,
    /// Names of foreign keys are in it.
    pub foreign_keys: bool,
    /// Names of defaults are in it.
    pub defaults: bool,
}

impl Capabilities {
    /// The native type of that name.
    pub fn native_type(&self, name: &str) -> Option<&'static NativeTypeInfo> {
        self.native_types.iter().find(|t| t.name == name)
    }

    /// The referential actions of a relation mode.
    pub fn actions(&self, mode: RelationMode) -> &'static [ReferentialAction] {
        match mode {
            RelationMode::ForeignKeys => self.referential_actions,
            RelationMode::Prisma => self.emulated_actions,
        }
    }
}
