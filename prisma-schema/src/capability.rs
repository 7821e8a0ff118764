//! What each provider can do: the one table that every difference between them in the language is read from.

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
    /// Lists of scalars as a column.
    pub scalar_lists: bool,
    /// `onDelete` of a required relation that does not say.
    pub default_restrict: ReferentialAction,
    /// `mode: insensitive` in string filters.
    pub insensitive_filters: bool,
    /// `skipDuplicates` of `createMany`.
    pub skip_duplicates: bool,
    /// What `relationMode` may be, the default first.
    pub relation_modes: &'static [RelationMode],
    /// `schemas` of the datasource, and `@@schema`.
    pub multiple_schemas: bool,
    /// `extensions` of the datasource.
    pub extensions: bool,
    /// `sequence()` as a default.
    pub sequences: bool,
    /// m-n relations by a list of keys at both ends, instead of a table.
    pub key_lists: bool,
    /// The preview feature of full-text search.
    pub full_text_search_preview: bool,
}

const NONE: Capabilities = Capabilities {
    scalar_lists: false,
    default_restrict: ReferentialAction::Restrict,
    insensitive_filters: false,
    skip_duplicates: false,
    relation_modes: &[RelationMode::ForeignKeys, RelationMode::Prisma],
    multiple_schemas: false,
    extensions: false,
    sequences: false,
    key_lists: false,
    full_text_search_preview: false,
};
const SQLITE: Capabilities = Capabilities { skip_duplicates: true, ..NONE };
const POSTGRESQL: Capabilities = Capabilities {
    scalar_lists: true,
    insensitive_filters: true,
    skip_duplicates: true,
    multiple_schemas: true,
    extensions: true,
    full_text_search_preview: true,
    ..NONE
};
const MYSQL: Capabilities = Capabilities { skip_duplicates: true, ..NONE };
const COCKROACHDB: Capabilities = Capabilities {
    scalar_lists: true,
    insensitive_filters: true,
    skip_duplicates: true,
    multiple_schemas: true,
    sequences: true,
    ..NONE
};
const SQLSERVER: Capabilities =
    Capabilities { default_restrict: ReferentialAction::NoAction, multiple_schemas: true, ..NONE };
const MONGODB: Capabilities = Capabilities {
    scalar_lists: true,
    insensitive_filters: true,
    relation_modes: &[RelationMode::Prisma],
    key_lists: true,
    ..NONE
};
