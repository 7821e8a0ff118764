//! Migrations on their way into a database.

use prisma_core::Error;
use prisma_core::chrono::Utc;
use prisma_core::driver::{Connection, DriverError};

use super::table::{Applied, Table};
use super::{History, Migrations, Script, error, list, lock};
use crate::check::{broken_references, newly_broken};
use crate::read::{optional_text, read};

/// A migration that failed.
pub(super) struct Failed {
    name: String,
    /// What the database says.
    pub(super) cause: String,
    /// Whether nothing of it is left.
    is_undone: bool,
    /// Whether the history knows of it.
    is_recorded: bool,
}

/// Why migrations were not applied.
pub(super) enum Stop {
    /// One of them failed, after some were applied.
    Failed(Failed, Vec<String>),
    /// Something else.
    Other(Error),
}

/// What a script came to.
enum End {
    Done,
    /// Somebody else applied it in the meantime.
    AlreadyThere,
    Failed(Failed),
    /// It does not run in a transaction.
    NoTransaction,
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

impl History<'_> {
    /// Applies the migrations that the database does not have, in order, and tells `watch` of each before it begins. A database that is not there
    /// is made. Others who do the same wait. Answers the names of those that were applied.
    ///
    /// Each migration runs in a transaction where the provider has them for schemas: it is there with its row in the history, or neither is.
    ///
    /// # Errors
    /// A migration that fails (P3018), one that failed before (P3009), a database with tables and no history (P3005), migrations for
    /// another provider (P3019), others who take too long (P1002), or what the database reports.
    pub async fn deploy(
        &self,
        migrations: &Migrations,
        watch: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Vec<String>, Error> {
        self.apply(migrations, watch).await.map_err(|stop| match stop {
            Stop::Other(error) => error,
            Stop::Failed(failed, applied) => failed.explain(&applied, migrations),
        })
    }

    pub(super) async fn apply(
        &self,
        migrations: &Migrations,
        watch: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Vec<String>, Stop> {
        self.check_provider(migrations)?;
        self.create_database().await?;
        let mut connection = self.driver.acquire().await?;
        let held = lock::take(&mut *connection, self.flavour).await?;
        let done = self.apply_all(&mut *connection, migrations, watch).await;
        held.give(&mut *connection, self.flavour).await;
        done
    }

    async fn apply_all(
        &self,
        connection: &mut dyn Connection,
        migrations: &Migrations,
        watch: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Vec<String>, Stop> {
        self.initialize(connection).await?;
        let rows = self.table(connection).rows().await?;
        refuse_failed(&rows)?;
        let session = match self.flavour.remembers_session() {
            Some(sql) => read(connection, sql, |row| optional_text(row, 0)).await?.pop().flatten(),
            None => None,
        };
        let mut applied = Vec::new();
        for script in migrations.scripts.iter().filter(|s| !is_applied(&rows, s)) {
            watch(&script.name);
            match self.apply_one(connection, script, session.as_deref()).await? {
                End::Failed(failed) => return Err(Stop::Failed(failed, applied)),
                End::AlreadyThere => {}
                End::Done | End::NoTransaction => applied.push(script.name.as_ref().to_owned()),
            }
        }
        Ok(applied)
    }

    /// Makes the table of the history, if the database is empty.
    async fn initialize(&self, connection: &mut dyn Connection) -> Result<(), Error> {
        if self.table(connection).exists().await? {
            return Ok(());
        }
        if !self.flavour.is_transactional() {
            return self.initialize_empty(connection).await;
        }
        connection.begin(None).await?;
        let done = self.initialize_empty(connection).await;
        match &done {
            Ok(()) => connection.commit().await?,
            // The first error is the one to tell.
            Err(_) => drop(connection.rollback().await),
        }
        done
    }

    async fn initialize_empty(&self, connection: &mut dyn Connection) -> Result<(), Error> {
        // Somebody else may have been faster.
        if self.table(connection).exists().await? {
            return Ok(());
        }
        let there = self.flavour.describe(connection, self.namespaces).await?;
        if !(there.tables.is_empty() && there.enums.is_empty() && there.views.is_empty()) {
            return Err(error(
                "P3005",
                "the database is not empty, but has no history of migrations. Make its first migration of what is there and say that it is applied: \
                 `prisma migrate diff --from-empty --to-schema SCHEMA --script` writes its SQL, `prisma migrate resolve --applied NAME` says so"
                    .to_owned(),
            ));
        }
        self.table(connection).create().await
    }

    async fn apply_one(
        &self,
        connection: &mut dyn Connection,
        script: &Script,
        session: Option<&str>,
    ) -> Result<End, Error> {
        let end = match self.flavour.wraps_migrations() {
            true => self.apply_in_transaction(connection, script, session).await?,
            false => End::NoTransaction,
        };
        let end = match end {
            End::NoTransaction => self.apply_alone(connection, script, session).await?,
            end => end,
        };
        if let (End::Done, Some(session)) = (&end, session) {
            connection.execute_script(session).await?;
        }
        Ok(end)
    }

    async fn apply_in_transaction(
        &self,
        connection: &mut dyn Connection,
        script: &Script,
        session: Option<&str>,
    ) -> Result<End, Error> {
        let suspends = self.flavour.suspends_references(&script.sql);
        if let (true, Some(sql)) = (suspends, self.flavour.before_changes()) {
            connection.execute_script(sql).await?;
        }
        let begun = Utc::now();
        connection.begin(None).await?;
        let rows = self.table(connection).rows().await?;
        refuse_failed(&rows)?;
        if is_applied(&rows, script) {
            connection.rollback().await?;
            return Ok(End::AlreadyThere);
        }
        let before = if suspends { broken_references(connection, self.flavour).await? } else { Default::default() };
        let id = self.table(connection).begin(script).await?;
        let mut done = run(connection, script).await;
        if done.as_ref().is_err_and(|e| self.flavour.refuses_transaction(e)) {
            connection.rollback().await?;
            return Ok(End::NoTransaction);
        }
        let mut broken = Vec::new();
        if done.is_ok() {
            if let Some(session) = session {
                connection.execute_script(session).await?;
            }
            if suspends {
                broken = newly_broken(&before, &broken_references(connection, self.flavour).await?);
            }
            if broken.is_empty() {
                self.table(connection).finish(&id).await?;
                // What is checked at the end only, such as a deferred constraint, fails here.
                done = connection.commit().await;
            }
        }
        let cause = match done {
            Ok(()) if broken.is_empty() => return Ok(End::Done),
            Ok(()) => broken.join("; "),
            Err(error) => cause(&error),
        };
        let is_rolled_back = connection.rollback().await.is_ok();
        let recorded = self.table(connection).fail(&id, script, begun, cause.clone()).await;
        // A script may end the transaction itself: what it did until then is there, with the row.
        let is_undone = is_rolled_back && !matches!(recorded, Ok(true));
        let name = script.name.as_ref().to_owned();
        Ok(End::Failed(Failed { name, cause, is_undone, is_recorded: recorded.is_ok() }))
    }

    /// Without a transaction: the row of the history comes first, so that a process that is killed leaves its trace.
    async fn apply_alone(
        &self,
        connection: &mut dyn Connection,
        script: &Script,
        session: Option<&str>,
    ) -> Result<End, Error> {
        let begun = Utc::now();
        let id = self.table(connection).begin(script).await?;
        let done = run(connection, script).await;
        if let Some(session) = session {
            // If the connection is gone, the next statement tells.
            let _ = connection.execute_script(session).await;
        }
        match done {
            Ok(()) => self.table(connection).finish(&id).await.map(|()| End::Done),
            Err(error) => {
                let cause = cause(&error);
                let recorded = self.table(connection).fail(&id, script, begun, cause.clone()).await;
                let name = script.name.as_ref().to_owned();
                Ok(End::Failed(Failed { name, cause, is_undone: false, is_recorded: recorded.is_ok() }))
            }
        }
    }

    pub(super) fn table<'c>(&self, connection: &'c mut dyn Connection) -> Table<'c> {
        Table { connection, flavour: self.flavour }
    }
}

impl Failed {
    /// P3018: what was applied, what was not, and how to go on.
    fn explain(&self, applied: &[String], migrations: &Migrations) -> Error {
        let name = &self.name;
        let mut text = format!("the migration `{name}` failed, and none was applied after it.\n{}\n", self.cause);
        text += match self.is_undone {
            true => "Nothing of it is left in the database: it ran in a transaction, which was rolled back.",
            false => "What it did before the statement that failed is still in the database.",
        };
        if !applied.is_empty() {
            text += &format!("\nApplied before it:{}", list(applied.iter().map(String::as_str)));
        }
        let rest = migrations.scripts.iter().map(|s| s.name.as_ref()).skip_while(|n| n != name).skip(1);
        let rest: Vec<_> = rest.collect();
        if !rest.is_empty() {
            text += &format!("\nNot applied:{}", list(rest));
        }
        text += match (self.is_undone, self.is_recorded) {
            (_, false) => "\nThe history could not be told of it. Remove the cause, and deploy again.",
            (true, true) => "\nTo go on, correct the migration or the data.",
            (false, true) => "\nTo go on, undo by hand what it did, and correct it; or do by hand what is missing.",
        };
        if self.is_recorded {
            text += &format!(" {}", ways_on(name));
        }
        error("P3018", text)
    }
}

/// How a migration that failed is settled.
fn ways_on(name: &str) -> String {
    format!(
        "Then say which it was, and deploy again:\n  \
         prisma migrate resolve --rolled-back \"{name}\"   if it is to run again\n  \
         prisma migrate resolve --applied \"{name}\"       if the database has all of it now"
    )
}

/// A file without text is no statement: MySQL would refuse it.
async fn run(connection: &mut dyn Connection, script: &Script) -> Result<(), DriverError> {
    match script.sql.trim() {
        "" => Ok(()),
        _ => connection.execute_script(&script.sql).await,
    }
}

/// P3009: nothing is applied while it is not known what became of a migration.
fn refuse_failed(rows: &[Applied]) -> Result<(), Error> {
    let Some(failed) = rows.iter().find(|r| r.is_failed()) else { return Ok(()) };
    let name = &failed.migration_name;
    let begun = failed.started_at.map(|t| format!(", begun at {}", t.format("%Y-%m-%d %H:%M:%S UTC")));
    let logs = match failed.logs.as_deref().filter(|l| !l.is_empty()) {
        Some(logs) => format!("It failed with:\n{logs}"),
        None => "It says nothing of an error: the process that applied it was ended, or is still at it.".to_owned(),
    };
    Err(error(
        "P3009",
        format!(
            "the migration `{name}`{} did not end well in this database, and none is applied before that is settled.\n{logs}\n\
             Make the database as it was before the migration, or as it is to be after it. {}",
            begun.unwrap_or_default(),
            ways_on(name)
        ),
    ))
}

fn is_applied(rows: &[Applied], script: &Script) -> bool {
    rows.iter().any(|r| r.is_applied() && r.migration_name == script.name)
}

/// What the database says, with its own code.
fn cause(error: &DriverError) -> String {
    match error {
        DriverError::Database { code: Some(code), message } => format!("{message} (database code {code})"),
        other => other.to_string(),
    }
}
