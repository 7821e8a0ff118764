//! The table `_prisma_migrations`, as Prisma has it.

use prisma_core::chrono::{DateTime, Utc};
use prisma_core::driver::{Connection, Row, Statement};
use prisma_core::uuid::Uuid;
use prisma_core::{Error, Value};

use super::Script;
use super::checksum::checksum;
use crate::HISTORY_TABLE;
use crate::flavour::Flavour;
use crate::read::{date_time, integer, optional_text, read, text};

/// A row of the history: a migration that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its key.
    pub id: String,
    /// The SHA-256 of its SQL.
    pub checksum: String,
    /// When it was done; `None` if it failed, or is under way.
    pub finished_at: Option<DateTime<Utc>>,
    /// Its name.
    pub migration_name: String,
    /// What went wrong.
    pub logs: Option<String>,
    /// When somebody said that it was undone: it counts no longer.
    pub rolled_back_at: Option<DateTime<Utc>>,
    /// When it was begun.
    pub started_at: Option<DateTime<Utc>>,
    /// 1 once it is done.
    pub applied_steps_count: i64,
}

impl Applied {
    /// Whether the database has what the migration makes.
    pub fn is_applied(&self) -> bool {
        self.finished_at.is_some() && self.rolled_back_at.is_none()
    }

    /// Whether it was begun and not ended, and nobody said what became of it.
    pub fn is_failed(&self) -> bool {
        self.finished_at.is_none() && self.rolled_back_at.is_none()
    }
}

/// The table on one connection.
pub(super) struct Table<'a> {
    pub(super) connection: &'a mut dyn Connection,
    pub(super) flavour: &'static dyn Flavour,
}

impl Table<'_> {
    pub(super) async fn exists(&mut self) -> Result<bool, Error> {
        let count = read(self.connection, self.flavour.finds_history(), |row| integer(row, 0)).await?;
        Ok(count.first().is_some_and(|n| *n > 0))
    }

    pub(super) async fn create(&mut self) -> Result<(), Error> {
        Ok(self.connection.execute_script(self.flavour.creates_history()).await?)
    }

    /// All rows, the oldest first; none if there is no table.
    pub(super) async fn rows(&mut self) -> Result<Vec<Applied>, Error> {
        if !self.exists().await? {
            return Ok(Vec::new());
        }
        let name = |n| self.flavour.names().name(n);
        let columns = [
            "id",
            "checksum",
            "finished_at",
            "migration_name",
            "logs",
            "rolled_back_at",
            "started_at",
            "applied_steps_count",
        ];
        let sql = format!(
            "SELECT {} FROM {} ORDER BY {}, {}",
            columns.map(name).join(", "),
            name(HISTORY_TABLE),
            name("started_at"),
            name("migration_name")
        );
        read(self.connection, &sql, decode).await
    }

    /// A migration begins. Answers the key of its row.
    pub(super) async fn begin(&mut self, script: &Script) -> Result<String, Error> {
        let id = new_id();
        self.insert(&id, script, Utc::now(), &[]).await?;
        Ok(id)
    }

    /// A migration is done.
    pub(super) async fn finish(&mut self, id: &str) -> Result<(), Error> {
        let set = [("finished_at", Value::DateTime(Utc::now())), ("applied_steps_count", Value::BigInt(1))];
        self.update(id, &set).await.map(drop)
    }

    /// A migration failed. Its row may have gone with its transaction; answers whether it was still there.
    pub(super) async fn fail(
        &mut self,
        id: &str,
        script: &Script,
        begun: DateTime<Utc>,
        logs: String,
    ) -> Result<bool, Error> {
        let logs = ("logs", Value::String(logs));
        let is_there = self.update(id, std::slice::from_ref(&logs)).await? > 0;
        if !is_there {
            self.insert(id, script, begun, &[logs]).await?;
        }
        Ok(is_there)
    }

    /// A migration counts as applied, whoever did what it would have done.
    pub(super) async fn insert_applied(&mut self, script: &Script) -> Result<(), Error> {
        let now = Utc::now();
        self.insert(&new_id(), script, now, &[("finished_at", Value::DateTime(now))]).await
    }

    /// A migration counts no longer.
    pub(super) async fn roll_back(&mut self, id: &str) -> Result<(), Error> {
        self.update(id, &[("rolled_back_at", Value::DateTime(Utc::now()))]).await.map(drop)
    }

    async fn insert(
        &mut self,
        id: &str,
        script: &Script,
        begun: DateTime<Utc>,
        more: &[(&str, Value)],
    ) -> Result<(), Error> {
        let mut values = vec![
            ("id", Value::String(id.to_owned())),
            ("checksum", Value::String(checksum(&script.sql))),
            ("migration_name", Value::String(script.name.as_ref().to_owned())),
            ("started_at", Value::DateTime(begun)),
        ];
        values.extend_from_slice(more);
        let name = |n| self.flavour.names().name(n);
        let (columns, slots): (Vec<_>, Vec<_>) =
            values.iter().enumerate().map(|(i, (column, _))| (name(column), self.flavour.placeholder(i + 1))).unzip();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", name(HISTORY_TABLE), columns.join(", "), slots.join(", "));
        self.execute(sql, values.into_iter().map(|(_, v)| v).collect()).await.map(drop)
    }

    async fn update(&mut self, id: &str, set: &[(&str, Value)]) -> Result<u64, Error> {
        let name = |n| self.flavour.names().name(n);
        let assigned: Vec<_> = set
            .iter()
            .enumerate()
            .map(|(i, (column, _))| format!("{} = {}", name(column), self.flavour.placeholder(i + 1)))
            .collect();
        let sql = format!(
            "UPDATE {} SET {} WHERE {} = {}",
            name(HISTORY_TABLE),
            assigned.join(", "),
            name("id"),
            self.flavour.placeholder(set.len() + 1)
        );
        let values = set.iter().map(|(_, v)| v.clone()).chain([Value::String(id.to_owned())]).collect();
        self.execute(sql, values).await
    }

    async fn execute(&mut self, sql: String, values: Vec<Value>) -> Result<u64, Error> {
        let statement = Statement { sql: sql.into(), values, persistent: false };
        Ok(self.connection.execute(statement).await?)
    }
}

fn decode(row: &dyn Row) -> Result<Applied, Error> {
    Ok(Applied {
        id: text(row, 0)?,
        checksum: text(row, 1)?,
        finished_at: date_time(row, 2)?,
        migration_name: text(row, 3)?,
        logs: optional_text(row, 4)?,
        rolled_back_at: date_time(row, 5)?,
        started_at: date_time(row, 6)?,
        applied_steps_count: integer(row, 7)?,
    })
}

fn new_id() -> String {
    Uuid::new_v4().hyphenated().to_string()
}

#[cfg(all(test, feature = "sqlite", feature = "postgres", feature = "mysql", feature = "cockroachdb"))]
mod tests {
    use prisma_schema::Provider;

    #[test]
    fn the_text_of_the_table() {
        for provider in [Provider::Sqlite, Provider::Postgresql, Provider::Mysql, Provider::Cockroachdb] {
            let sql = crate::flavour_of(provider).unwrap().creates_history();
            insta::assert_snapshot!(format!("table_{}", provider.name()), sql);
        }
    }
}
