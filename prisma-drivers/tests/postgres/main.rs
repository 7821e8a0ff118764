//! The PostgreSQL driver, against a real server.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod errors;
mod transactions;
mod url;
mod values;

use std::sync::Arc;

use prisma_core::driver::{Connection, Driver, DriverError, QueryError, Row, Statement};
use prisma_core::{Error, Value};
use prisma_drivers::ConnectOptions;
use prisma_drivers::postgres::PostgresDriver;
use prisma_schema::Provider;
use test_servers::{Database, Server};

/// A database of its own for each test, dropped at its end, and a schema in it.
struct Scratch {
    database: Database,
    schema: &'static str,
}

impl Scratch {
    fn new() -> Self {
        Self { database: Database::create(Server::Postgresql), schema: "of_its_own" }
    }

    fn url(&self, parameters: &str) -> String {
        self.database.url(&format!("schema={}&{parameters}", self.schema))
    }

    fn open(&self, parameters: &str) -> PostgresDriver {
        open(&self.url(parameters)).unwrap()
    }

    /// A driver, with what `script` makes in the database.
    async fn create(&self, parameters: &str, script: &str) -> PostgresDriver {
        let driver = self.open(parameters);
        driver.create_database().await.unwrap();
        driver.acquire().await.unwrap().execute_script(script).await.unwrap();
        driver
    }
}

fn open(url: &str) -> Result<PostgresDriver, DriverError> {
    PostgresDriver::connect(Provider::Postgresql, url, &ConnectOptions::default())
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
