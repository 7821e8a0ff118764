//! A database beside the real one, in which migrations are tried and their outcome is looked at.

use std::borrow::Cow;
use std::sync::Arc;

use prisma_core::Error;
use prisma_core::driver::{Driver, DriverError};
use prisma_core::uuid::Uuid;
use prisma_drivers::ConnectOptions;
use prisma_schema::Provider;

use super::apply::Stop;
use super::{History, Migrations, Script, empty, error};
use crate::database::DatabaseSchema;
use crate::flavour_of;

/// Where the shadow database is. Providers that have databases in memory take one of those in any case.
#[derive(Debug, Clone, Copy)]
pub enum ShadowPlace<'a> {
    /// A database that is for nothing else; it is emptied first.
    Given(&'a str),
    /// A new database on the server of this URL, dropped at the end.
    Beside(&'a str),
    /// Nobody knows.
    Nowhere,
}

/// A shadow database.
#[derive(Debug)]
pub struct Shadow {
    driver: Arc<dyn Driver>,
    is_made: bool,
    /// The database's own schemas that the datasource names.
    namespaces: Vec<String>,
}

impl Shadow {
    /// Opens the shadow database. [`close`](Self::close) has to follow, or a database is left on the server.
    ///
    /// # Errors
    /// It cannot be made (P3014), there is no saying where, or what the database reports.
    pub async fn open(
        provider: Provider,
        place: ShadowPlace<'_>,
        options: &ConnectOptions,
        namespaces: &[String],
    ) -> Result<Self, Error> {
        let (url, is_made) = match (provider.capabilities().memory_url, place) {
            (Some(memory), _) => (memory.to_owned(), false),
            (None, ShadowPlace::Given(url)) => (url.to_owned(), false),
            (None, ShadowPlace::Beside(url)) => {
                let name = format!("prisma_migrate_shadow_db_{}", Uuid::new_v4().simple());
                (prisma_drivers::with_database(url, &name), true)
            }
            (None, ShadowPlace::Nowhere) => {
                return Err(error(
                    "P3014",
                    format!(
                        "to know what migrations come to, they are run in a shadow database, and there is no saying where that is to be on {}: give \
                         `--shadow-database-url`, a database that is for nothing else",
                        provider.capabilities().display_name
                    ),
                ));
            }
        };
        let driver = prisma_drivers::connect(provider, &url, options).await?;
        match driver.create_database().await {
            Err(e @ (DriverError::AccessDenied { .. } | DriverError::Database { .. })) => Err(error(
                "P3014",
                format!(
                    "the shadow database, in which migrations are tried, could not be made: {e}. Give the user the right to make databases, or make one \
                     that is for nothing else and name it by `--shadow-database-url`, `shadow_database_url` in prisma.toml or `shadowDatabaseUrl` in the \
                     datasource"
                ),
            )),
            Err(e) => Err(e.into()),
            Ok(_) => Ok(Self { driver, is_made, namespaces: namespaces.to_owned() }),
        }
    }

    /// What a database has after these migrations.
    ///
    /// # Errors
    /// One of them fails (P3006), or what the database reports.
    pub async fn replay(&self, scripts: &[Script]) -> Result<DatabaseSchema, Error> {
        let flavour = flavour_of(self.driver.provider())?;
        empty(&mut *self.driver.acquire().await?, flavour, &self.namespaces).await?;
        let migrations = Migrations { provider: None, scripts: Cow::Owned(scripts.to_vec()) };
        let mut last = String::new();
        let history = History::new(&*self.driver, &self.namespaces)?;
        let applied = history.apply(&migrations, &mut |name| name.clone_into(&mut last)).await;
        match applied {
            Ok(_) => flavour.describe(&mut *self.driver.acquire().await?, &self.namespaces).await,
            Err(Stop::Other(error)) => Err(error),
            Err(Stop::Failed(failed, _)) => Err(error(
                "P3006",
                format!(
                    "the migration `{last}` does not run in the shadow database, after those before it. Your database is as it was.\n{}\n\
                     Correct the migration, or bring back what it needs",
                    failed.cause
                ),
            )),
        }
    }

    /// Closes the database, and drops it if it was made.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn close(self) -> Result<(), Error> {
        self.driver.close().await;
        if self.is_made {
            self.driver.drop_database().await?;
        }
        Ok(())
    }
}
