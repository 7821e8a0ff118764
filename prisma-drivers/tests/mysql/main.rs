//! The MySQL driver, against a real server.
#![cfg(feature = "mysql")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod errors;
mod sessions;
mod values;

use std::sync::Arc;

use prisma_core::driver::{Connection, Driver, DriverError, QueryError, Row, Statement};
use prisma_core::{Error, Value};
use prisma_drivers::ConnectOptions;
use prisma_drivers::mysql::MysqlDriver;
use test_servers::{Database, Server};

/// A database of its own for each test, dropped at its end.
struct Scratch {
    database: Database,
    driver: MysqlDriver,
}

impl Scratch {
    async fn new(script: &str) -> Self {
        Self::with("", script).await
    }

    async fn with(parameters: &str, script: &str) -> Self {
        let database = Database::unmade(Server::Mysql);
        let driver = open(&database.url(parameters)).unwrap();
        let scratch = Self { database, driver };
        assert!(scratch.driver.create_database().await.unwrap());
        if !script.is_empty() {
            scratch.driver.acquire().await.unwrap().execute_script(script).await.unwrap();
        }
        scratch
    }

    async fn connection(&self) -> Box<dyn Connection> {
        self.driver.acquire().await.unwrap()
    }

    fn url(&self, parameters: &str) -> String {
        self.database.url(parameters)
    }
}

/// Runs a script on a connection of its own.
async fn as_root(sql: &str) {
    let driver = open(&Server::Mysql.url("mysql")).unwrap();
    driver.acquire().await.unwrap().execute_script(sql).await.unwrap();
    driver.close().await;
}

fn open(url: &str) -> Result<MysqlDriver, DriverError> {
    MysqlDriver::connect(url, &ConnectOptions::default())
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

/// The number that a SELECT gives.
async fn number(connection: &mut dyn Connection, sql: &str) -> i64 {
    let found = rows(connection, statement(sql, []), |row| Ok(row.integer(0).unwrap().unwrap())).await;
    found.unwrap()[0]
}
