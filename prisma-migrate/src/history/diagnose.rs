//! How a database stands to the migrations.

use prisma_core::Error;

use super::checksum;
use super::table::Applied;
use super::{History, Migrations};

/// How a database stands to the migrations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnosis {
    /// Whether the database has a history at all.
    pub is_managed: bool,
    /// What the database has, in the order in which it was applied.
    pub applied: Vec<String>,
    /// What is still to be applied, in order.
    pub pending: Vec<String>,
    /// What was changed after it was applied.
    pub edited: Vec<String>,
    /// What was applied, but is not among the migrations.
    pub missing: Vec<String>,
    /// What did not end well, and is not settled.
    pub failed: Vec<FailedMigration>,
    /// The last migration before the histories part.
    pub last_common: Option<String>,
}

/// A migration that did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedMigration {
    /// Its name.
    pub name: String,
    /// What the database said.
    pub logs: Option<String>,
}

impl Diagnosis {
    /// Whether the database has all migrations, as they are, and nothing else.
    pub fn is_up_to_date(&self) -> bool {
        self.pending.is_empty() && self.missing.is_empty() && self.failed.is_empty()
    }

    fn new(is_managed: bool, rows: &[Applied], migrations: &Migrations) -> Self {
        let scripts = &migrations.scripts;
        let applied: Vec<_> = rows.iter().filter(|r| r.is_applied()).collect();
        let is_applied = |name: &str| applied.iter().any(|r| r.migration_name == name);
        // Names in the order of the migrations: those of both, up to the first that one of the two lacks.
        let mut names: Vec<&str> = applied.iter().map(|r| r.migration_name.as_str()).collect();
        names.sort_unstable();
        let common = names.iter().zip(scripts.iter()).take_while(|(a, b)| **a == b.name).last();
        let edited =
            |r: &&&Applied| migrations.find(&r.migration_name).is_some_and(|s| !checksum::is_of(&r.checksum, &s.sql));
        let name = |r: &&Applied| r.migration_name.clone();
        Self {
            is_managed,
            applied: applied.iter().map(name).collect(),
            pending: scripts.iter().filter(|s| !is_applied(&s.name)).map(|s| s.name.as_ref().to_owned()).collect(),
            edited: applied.iter().filter(edited).map(name).collect(),
            missing: applied.iter().filter(|r| migrations.find(&r.migration_name).is_none()).map(name).collect(),
            failed: rows
                .iter()
                .filter(|r| r.is_failed())
                .map(|r| FailedMigration { name: r.migration_name.clone(), logs: r.logs.clone() })
                .collect(),
            last_common: common.map(|(name, _)| (*name).to_owned()),
        }
    }
}

impl History<'_> {
    /// How the database stands to the migrations. Nothing is changed.
    ///
    /// # Errors
    /// Migrations for another provider (P3019), or what the database reports.
    pub async fn diagnose(&self, migrations: &Migrations) -> Result<Diagnosis, Error> {
        self.check_provider(migrations)?;
        let mut connection = self.driver.acquire().await?;
        let mut table = self.table(&mut *connection);
        let is_managed = table.exists().await?;
        let rows = table.rows().await?;
        Ok(Diagnosis::new(is_managed, &rows, migrations))
    }

    /// What the table `_prisma_migrations` holds, the oldest row first; nothing if there is none.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn rows(&self) -> Result<Vec<Applied>, Error> {
        let mut connection = self.driver.acquire().await?;
        self.table(&mut *connection).rows().await
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use prisma_core::chrono::Utc;

    use super::super::Script;
    use super::*;

    fn row(name: &str, sql: &str) -> Applied {
        Applied {
            id: name.to_owned(),
            checksum: checksum::checksum(sql),
            finished_at: Some(Utc::now()),
            migration_name: name.to_owned(),
            logs: None,
            rolled_back_at: None,
            started_at: Some(Utc::now()),
            applied_steps_count: 1,
        }
    }

    fn migrations(names: &'static [&'static str]) -> Migrations {
        let scripts = names.iter().map(|n| Script::embedded(n, n)).collect();
        Migrations { provider: None, scripts: Cow::Owned(scripts) }
    }

    #[test]
    fn all_kinds_of_differences() {
        let mut failed = row("4", "4");
        failed.finished_at = None;
        let mut undone = row("3", "3");
        undone.rolled_back_at = Some(Utc::now());
        let rows = [row("1", "1"), row("2", "other"), undone, row("2b", "2b"), failed];
        let found = Diagnosis::new(true, &rows, &migrations(&["1", "2", "3", "4"]));
        assert_eq!(found.applied, ["1", "2", "2b"]);
        assert_eq!(found.pending, ["3", "4"]);
        assert_eq!(found.edited, ["2"]);
        assert_eq!(found.missing, ["2b"]);
        assert_eq!(found.failed.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["4"]);
        assert_eq!(found.last_common.as_deref(), Some("2"));
        assert!(!found.is_up_to_date());

        let same = Diagnosis::new(true, &[row("1", "1\r\n")], &migrations(&["1"]));
        assert!(same.is_up_to_date());
        assert_eq!(Diagnosis::new(false, &[], &migrations(&["1"])).last_common, None);
    }
}
