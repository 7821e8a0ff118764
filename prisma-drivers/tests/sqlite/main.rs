//! The SQLite driver, against real files and memory.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod attached;
mod calling_thread;
mod errors;
mod lent_values;
mod transactions;
mod url;
mod values;
mod visitors;

use std::path::PathBuf;
use std::sync::Arc;

use prisma_core::driver::{Connection, Driver, DriverError, QueryError, Row, Statement};
use prisma_core::{Error, Value};
use prisma_drivers::ConnectOptions;
use prisma_drivers::sqlite::SqliteDriver;

/// A database in a directory of its own.
struct File {
    directory: tempfile::TempDir,
}

impl File {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("test.db")
    }

    async fn open(&self, parameters: &str) -> Result<SqliteDriver, DriverError> {
        let options = ConnectOptions { base_dir: Some(self.directory.path().into()), ..Default::default() };
        SqliteDriver::connect(&format!("file:test.db{parameters}"), &options).await
    }

    async fn create(&self, script: &str) -> SqliteDriver {
        let driver = self.open("?mode=rwc").await.unwrap();
        driver.acquire().await.unwrap().execute_script(script).await.unwrap();
        driver
    }
}

async fn memory() -> SqliteDriver {
    SqliteDriver::connect(":memory:", &ConnectOptions::default()).await.unwrap()
}

fn statement(sql: &str, values: impl Into<Vec<Value>>) -> Statement {
    Statement { sql: Arc::from(sql), values: values.into(), persistent: true }
}

async fn run(connection: &mut dyn Connection, sql: &str) -> Result<u64, DriverError> {
    connection.execute(statement(sql, [])).await
}

/// What `read` makes of each row.
async fn rows<T: Send>(
    connection: &mut dyn Connection,
    statement: Statement,
    read: impl Fn(&dyn Row) -> Result<T, Error> + Send + Sync,
) -> Result<Vec<T>, QueryError> {
    let mut found = Vec::new();
    let mut visitor = |row: &dyn Row| {
        found.push(read(row)?);
        Ok(())
    };
    connection.query(statement, &mut visitor).await?;
    Ok(found)
}

async fn count(connection: &mut dyn Connection, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    let found = rows(connection, statement(&sql, []), |row| Ok(row.integer(0).unwrap().unwrap())).await;
    found.unwrap()[0]
}
