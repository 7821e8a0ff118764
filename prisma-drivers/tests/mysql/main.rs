//! The MySQL driver, against a real server: that of the variable `TEST_MYSQL_URL`, or the one of this machine.
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

fn server() -> String {
    std::env::var("TEST_MYSQL_URL").unwrap_or_else(|_| "mysql://root@127.0.0.1:3306".to_owned())
}

/// A database of its own for each test, dropped at its end.
struct Scratch {
    database: String,
    driver: MysqlDriver,
}

impl Scratch {
    async fn new(script: &str) -> Self {
        Self::with("", script).await
    }

    async fn with(parameters: &str, script: &str) -> Self {
        let database = format!("prisma_driver_{}", uuid::Uuid::new_v4().simple());
        let driver = open(&format!("{}/{database}?{parameters}", server())).unwrap();
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
        format!("{}/{}?{parameters}", server(), self.database)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let database = self.database.clone();
        // In a thread of its own, since a test may end by a panic in the middle of its runtime.
        let clean_up = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                // What the test left open would stand against it, since nothing rolls it back while this is waited for.
                let driver = open(&format!("{}/mysql", server())).unwrap();
                let open = format!("SELECT id FROM information_schema.processlist WHERE db = '{database}'");
                let mut root = driver.acquire().await.unwrap();
                let ids = rows(&mut *root, statement(&open, []), |row| Ok(row.integer(0).unwrap())).await.unwrap();
                for id in ids.into_iter().flatten() {
                    // It may have ended by itself.
                    let _ = root.execute_script(&format!("KILL {id}")).await;
                }
                root.execute_script(&format!("DROP DATABASE IF EXISTS `{database}`")).await.unwrap();
            });
        };
        std::thread::spawn(clean_up).join().unwrap();
    }
}

/// Runs a script on a connection of its own.
async fn as_root(sql: &str) {
    let driver = open(&format!("{}/mysql", server())).unwrap();
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
