//! The history of migrations: scripts in order, and the table `_prisma_migrations` that tells which of them a database has.
//!
//! [`Migrations`] are the scripts, from a folder or from the program itself; [`History`] is what one database makes of them.

mod apply;
mod checksum;
mod diagnose;
mod draft;
mod folder;
pub(crate) mod lock;
mod resolve;
mod shadow;
mod table;

use std::borrow::Cow;

use prisma_core::driver::{Connection, Driver, DriverError};
use prisma_core::{Error, ErrorKind};
use prisma_schema::Provider;

use crate::flavour::Flavour;
use crate::flavour_of;

pub use checksum::checksum;
pub use diagnose::{Diagnosis, FailedMigration};
pub use draft::{EMPTY, draft};
pub use folder::{create, folder_name, read};
pub use shadow::{Shadow, ShadowPlace};
pub use table::Applied;

/// Migrations in their order, and what they are for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Migrations {
    /// The provider that they are written for, if that is known.
    pub provider: Option<Provider>,
    /// The migrations, in order.
    pub scripts: Cow<'static, [Script]>,
}

/// A migration: the name of its folder, and its SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its name, such as `20260101120000_init`.
    pub name: Cow<'static, str>,
    /// Its SQL.
    pub sql: Cow<'static, str>,
}

impl Migrations {
    /// Migrations that are part of the program: what `migrations!` makes.
    pub const fn embedded(provider: Option<Provider>, scripts: &'static [Script]) -> Self {
        Self { provider, scripts: Cow::Borrowed(scripts) }
    }

    /// A migration by its name.
    pub fn find(&self, name: &str) -> Option<&Script> {
        self.scripts.iter().find(|s| s.name == name)
    }
}

impl Script {
    /// A script that is part of the program.
    pub const fn embedded(name: &'static str, sql: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), sql: Cow::Borrowed(sql) }
    }
}

/// The history of one database.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    driver: &'a dyn Driver,
    flavour: &'static dyn Flavour,
    /// The database's own schemas that the datasource names.
    namespaces: &'a [String],
}

impl<'a> History<'a> {
    /// The history of a database. `namespaces` are the database's own schemas, where the datasource names several.
    ///
    /// # Errors
    /// A provider that this program was built without.
    pub fn new(driver: &'a dyn Driver, namespaces: &'a [String]) -> Result<Self, Error> {
        Ok(Self { driver, flavour: flavour_of(driver.provider())?, namespaces })
    }

    /// Makes the database where there is none; whether it did.
    ///
    /// # Errors
    /// It may not be made (P3000), or the server cannot be reached.
    pub async fn create_database(&self) -> Result<bool, Error> {
        self.driver.create_database().await.map_err(|e| match e {
            DriverError::AccessDenied { .. } | DriverError::Database { .. } => {
                error("P3000", format!("the database could not be made: {e}"))
            }
            other => other.into(),
        })
    }

    /// Drops everything that is in the database, its history too. A database that is not there is made.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn reset(&self) -> Result<(), Error> {
        self.create_database().await?;
        let mut connection = self.driver.acquire().await?;
        let held = lock::take(&mut *connection, self.flavour).await?;
        let done = empty(&mut *connection, self.flavour, self.namespaces).await;
        held.give(&mut *connection, self.flavour).await;
        done
    }

    /// The migrations are for the provider of the database: P3019 if not.
    fn check_provider(&self, migrations: &Migrations) -> Result<(), Error> {
        let provider = self.driver.provider();
        match migrations.provider {
            Some(other) if other != provider => Err(error(
                "P3019",
                format!(
                    "the migrations are for `{}`, as migration_lock.toml says, but the datasource is for `{}`: their SQL is another one. Move the \
                     folder of migrations away, with its lock file, and begin a new history",
                    other.name(),
                    provider.name()
                ),
            )),
            _ => Ok(()),
        }
    }
}

/// Drops everything that is in a database.
pub(crate) async fn empty(
    connection: &mut dyn Connection,
    flavour: &dyn Flavour,
    namespaces: &[String],
) -> Result<(), Error> {
    if let Some(script) = flavour.before_changes() {
        connection.execute_script(script).await?;
    }
    let everything = flavour.describe(connection, namespaces).await?;
    connection.execute_script(&flavour.render_reset(&everything)).await?;
    Ok(())
}

/// An error of the history, with Prisma's code for it.
pub(crate) fn error(code: &'static str, message: String) -> Error {
    Error::new(ErrorKind::Migration { code, message })
}

/// Names as a list of lines.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|n| format!("\n  - {n}")).collect()
}
