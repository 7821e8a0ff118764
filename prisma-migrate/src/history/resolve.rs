//! What people say became of a migration.

use prisma_core::Error;
use prisma_core::driver::Connection;

use super::{History, Migrations, error, lock};

impl History<'_> {
    /// A migration counts as applied from now on, though it does not run. A database without a history gets one.
    ///
    /// # Errors
    /// There is no such migration (P3017), the database has it already (P3008), or what the database reports.
    pub async fn mark_applied(&self, migrations: &Migrations, name: &str) -> Result<(), Error> {
        self.check_provider(migrations)?;
        let Some(script) = migrations.find(name) else {
            return Err(error("P3017", format!("there is no migration `{name}`: {}", known(migrations))));
        };
        let mut connection = self.driver.acquire().await?;
        let held = lock::take(&mut *connection, self.flavour).await?;
        let done = self
            .together(&mut *connection, async |connection| {
                let mut table = self.table(connection);
                if !table.exists().await? {
                    table.create().await?;
                }
                let rows = table.rows().await?;
                let mut of_it = rows.iter().filter(|r| r.migration_name == name);
                if of_it.clone().any(|r| r.is_applied()) {
                    return Err(error(
                        "P3008",
                        format!("the migration `{name}` is applied in this database already: there is nothing to say"),
                    ));
                }
                if let Some(failed) = of_it.find(|r| r.is_failed()) {
                    table.roll_back(&failed.id).await?;
                }
                table.insert_applied(script).await
            })
            .await;
        held.give(&mut *connection, self.flavour).await;
        done
    }

    /// A migration that failed counts as if it had never run: it is applied again.
    ///
    /// # Errors
    /// It was never begun here (P3011) or did not fail (P3012), or what the database reports.
    pub async fn mark_rolled_back(&self, name: &str) -> Result<(), Error> {
        let mut connection = self.driver.acquire().await?;
        let held = lock::take(&mut *connection, self.flavour).await?;
        let done = self
            .together(&mut *connection, async |connection| {
                let mut table = self.table(connection);
                let rows = table.rows().await?;
                let of_it: Vec<_> =
                    rows.iter().filter(|r| r.migration_name == name && r.rolled_back_at.is_none()).collect();
                if of_it.is_empty() {
                    return Err(error(
                        "P3011",
                        format!(
                            "the migration `{name}` was never begun in this database, or counts as rolled back already: it is applied with the others"
                        ),
                    ));
                }
                if of_it.iter().any(|r| r.is_applied()) {
                    return Err(error(
                        "P3012",
                        format!(
                            "the migration `{name}` did not fail: it is applied. To take back what it did, write a migration that does so"
                        ),
                    ));
                }
                for row in of_it {
                    table.roll_back(&row.id).await?;
                }
                Ok(())
            })
            .await;
        held.give(&mut *connection, self.flavour).await;
        done
    }

    /// Rows of the history that change together.
    async fn together(
        &self,
        connection: &mut dyn Connection,
        work: impl AsyncFnOnce(&mut dyn Connection) -> Result<(), Error>,
    ) -> Result<(), Error> {
        connection.begin(None).await?;
        let done = work(&mut *connection).await;
        match &done {
            Ok(()) => connection.commit().await?,
            // The first error is the one to tell.
            Err(_) => drop(connection.rollback().await),
        }
        done
    }
}

/// The migrations that there are.
fn known(migrations: &Migrations) -> String {
    let names: Vec<_> = migrations.scripts.iter().map(|s| s.name.as_ref()).collect();
    match names.as_slice() {
        [] => "there are none at all".to_owned(),
        names => format!("there are{}", super::list(names.iter().copied())),
    }
}
