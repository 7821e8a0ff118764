//! Migrations on a database that checks references only where it is told to.

use std::borrow::Cow;

use prisma_core::Error;
use prisma_migrate::history::{History, Migrations, Script};

use super::Database;

const TABLES: &str = "CREATE TABLE parent (id INTEGER PRIMARY KEY);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id) ON DELETE CASCADE);
INSERT INTO parent VALUES (1), (2);
INSERT INTO child VALUES (1, 1), (2, 2);";

async fn deploy(database: &Database, scripts: &[&'static str]) -> Result<Vec<String>, Error> {
    let names = ["1", "2", "3", "4"];
    let scripts = names.iter().zip(scripts).map(|(name, sql)| Script::embedded(name, sql)).collect();
    let migrations = Migrations { provider: None, scripts: Cow::Owned(scripts) };
    History::new(&database.0, &[])?.deploy(&migrations, &mut |_| ()).await
}

#[tokio::test]
async fn references_hold_unless_they_are_switched_off() {
    let database = Database::new().await;
    let rebuild = "PRAGMA foreign_keys=OFF;
CREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO new_parent (id) SELECT id FROM parent;
DROP TABLE parent;
ALTER TABLE new_parent RENAME TO parent;
PRAGMA foreign_keys=ON;";
    let delete = "DELETE FROM parent WHERE id = 2;";
    assert_eq!(deploy(&database, &[TABLES, rebuild, delete]).await.unwrap(), ["1", "2", "3"]);
    // The children of the table that was rebuilt are there still, and went with their parent when it was deleted.
    assert_eq!(database.rows("SELECT id FROM child").await.len(), 1);

    let broken = "PRAGMA foreign_keys = OFF; DELETE FROM parent;";
    let error = deploy(&database, &[TABLES, rebuild, delete, broken]).await.unwrap_err();
    let text = error.to_string();
    assert_eq!(error.code(), Some("P3018"), "{text}");
    assert!(text.contains("1 row of `child` pointing to rows of `parent` that are not there"), "{text}");
    assert!(text.contains("Nothing of it is left"), "{text}");
    assert_eq!(database.rows("SELECT id FROM parent").await.len(), 1);
}

#[tokio::test]
async fn a_script_may_end_its_transaction() {
    let database = Database::new().await;
    let ends = "CREATE TABLE a (id INTEGER); COMMIT; CREATE TABLE b (id INTEGER); INSERT INTO nowhere VALUES (1);";
    let text = deploy(&database, &[ends]).await.unwrap_err().to_string();
    assert!(text.contains("What it did before the statement that failed is still in the database."), "{text}");
    let rows = History::new(&database.0, &[]).unwrap().rows().await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].is_failed() && rows[0].logs.as_ref().unwrap().contains("nowhere"), "{rows:?}");
}

#[tokio::test]
async fn what_is_checked_at_the_end_fails_the_migration() {
    let database = Database::new().await;
    let deferred = "PRAGMA defer_foreign_keys = ON; DELETE FROM parent WHERE id = 3; INSERT INTO child VALUES (9, 9);";
    let error = deploy(&database, &[TABLES, deferred]).await.unwrap_err();
    assert_eq!(error.code(), Some("P3018"));
    assert!(error.to_string().contains("Nothing of it is left"), "{error}");
    assert_eq!(database.rows("SELECT id FROM child").await.len(), 2);
    let rows = History::new(&database.0, &[]).unwrap().rows().await.unwrap();
    assert_eq!(rows.iter().map(|r| r.is_applied()).collect::<Vec<_>>(), [true, false]);
}
