//! From a Prisma schema to a database, in three parts that know nothing of each other: [`describe`] reads what the database
//! has, [`calculate`] says what the schema wants, [`diff`] finds the steps from one to the other. [`render`] writes steps
//! out as SQL. [`push`] puts them together.
// What several providers share is there, whichever of them this is built for.
#![cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql", feature = "cockroachdb")),
    allow(dead_code)
)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod calculate;
mod check;
mod client;
#[cfg(feature = "cockroachdb")]
mod cockroach;
mod column;
mod database;
mod default;
mod diff;
mod expression;
mod flavour;
pub mod history;
mod introspect;
#[cfg(feature = "mysql")]
mod mysql;

mod native;
#[cfg(any(feature = "postgres", feature = "cockroachdb"))]
mod postgres;
mod push;
mod read;
mod rename;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod summary;

use prisma_core::driver::{Connection, DriverError};
use prisma_core::{Error, ErrorKind};
use prisma_schema::{Provider, Schema};

pub use check::{Check, Findings, evaluate};
pub use client::{in_memory, migrate, push_schema};
pub use column::{Autoincrement, BaseType, ColumnDefault, ColumnType, SequenceOptions};
pub use database::{
    Column, DatabaseSchema, EnumType, EnumUse, EnumUseDefinition, Extension, ForeignKey, Index, IndexColumn, IndexKind,
    ObjectName, OperatorClass, PrimaryKey, Remark, Table, View,
};
pub use diff::{Change, ColumnChange, EnumChange, Migration, Step, TableChange};
pub use introspect::Introspected;
pub use push::{PushError, PushOptions, PushOutcome, push};
pub use rename::Rename;

use flavour::{Flavour, flavour};

/// The table in which Prisma keeps the history of migrations: not part of any schema.
const HISTORY_TABLE: &str = "_prisma_migrations";

/// What the database has, in these schemas of its own (`schemas` of the datasource); if none are given, in the one that the
/// connection means.
///
/// # Errors
/// A provider that this program was built without, or what the database reports.
pub async fn describe(
    provider: Provider,
    connection: &mut dyn Connection,
    namespaces: &[String],
) -> Result<DatabaseSchema, Error> {
    flavour_of(provider)?.describe(connection, namespaces).await
}

/// The same, with the columns and definitions of views and the remarks: what `prisma db pull` needs. The number of queries does not grow with the tables.
///
/// # Errors
/// As [`describe`].
pub async fn describe_all(
    provider: Provider,
    connection: &mut dyn Connection,
    namespaces: &[String],
) -> Result<DatabaseSchema, Error> {
    let flavour = flavour_of(provider)?;
    let mut schema = flavour.describe(connection, namespaces).await?;
    flavour.describe_rest(connection, namespaces, &mut schema).await?;
    Ok(schema)
}

/// What a schema wants the database to have.
///
/// # Errors
/// A provider that this program was built without.
pub fn calculate(schema: &Schema) -> Result<DatabaseSchema, Error> {
    Ok(calculate::calculate(schema, flavour_of(schema.provider())?))
}

/// The steps from one state of a database to another, and what to look at in the data before they are taken.
///
/// # Errors
/// A provider that this program was built without.
pub fn diff(provider: Provider, from: &DatabaseSchema, to: &DatabaseSchema) -> Result<Migration, Error> {
    Ok(diff::diff(from, to, flavour_of(provider)?))
}

/// Steps as SQL, each under a comment that says what it is.
///
/// # Errors
/// A provider that this program was built without.
pub fn render(provider: Provider, steps: &[Step]) -> Result<String, Error> {
    Ok(flavour_of(provider)?.render(steps))
}

/// The schema of what a database has, as [`describe_all`] tells it. What the database does not know is taken from `existing`, whose datasource it is:
/// names, documentation, defaults that the client makes, relations without foreign keys, the order of things; and what says the same as the database is said in
/// the words of `existing`, so that [`prisma_schema::update`] leaves it as it is written.
///
/// # Errors
/// A provider that this program was built without.
pub fn introspect(database: &DatabaseSchema, existing: &Schema) -> Result<Introspected, Error> {
    Ok(introspect::introspect(database, existing, flavour_of(existing.provider())?))
}

/// Steps for people to read: what is new, what is gone, what changes.
pub fn summary(steps: &[Step]) -> String {
    summary::summary(steps)
}

fn flavour_of(provider: Provider) -> Result<&'static dyn Flavour, Error> {
    flavour(provider).ok_or_else(|| {
        let feature = format!("schema changes on {} in this program", provider.capabilities().display_name);
        Error::new(ErrorKind::Database(DriverError::Unsupported { feature }))
    })
}
