//! What each provider can do: the one table that every difference between them in the language is read from.

use crate::ReferentialAction;

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
}

const NONE: Capabilities = Capabilities {
    scalar_lists: false,
    default_restrict: ReferentialAction::Restrict,
    insensitive_filters: false,
    skip_duplicates: false,
};
const SQLITE: Capabilities = Capabilities { skip_duplicates: true, ..NONE };
const POSTGRESQL: Capabilities =
    Capabilities { scalar_lists: true, insensitive_filters: true, skip_duplicates: true, ..NONE };
const MYSQL: Capabilities = Capabilities { skip_duplicates: true, ..NONE };
const COCKROACHDB: Capabilities =
    Capabilities { scalar_lists: true, insensitive_filters: true, skip_duplicates: true, ..NONE };
const SQLSERVER: Capabilities = Capabilities { default_restrict: ReferentialAction::NoAction, ..NONE };
const MONGODB: Capabilities = Capabilities { scalar_lists: true, insensitive_filters: true, ..NONE };
