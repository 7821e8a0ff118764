//! The PostgreSQL driver, against a real server: that of the variable `TEST_POSTGRESQL_URL`, or the one of this machine.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod errors;
mod transactions;
mod url;
mod values;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use prisma_core::driver::{Connection, Driver, DriverError, QueryError, Row, Statement};
use prisma_core::{Error, Value};
use prisma_drivers::ConnectOptions;
use prisma_drivers::postgres::PostgresDriver;
use prisma_schema::Provider;

const DATABASE: &str = "prisma_driver_tests";

fn server() -> String {
    std::env::var("TEST_POSTGRESQL_URL").unwrap_or_else(|_| "postgresql://postgres@127.0.0.1:5432".to_owned())
}

/// A database schema of its own for each test, dropped at its end.
struct Scratch {
    schema: String,
}

impl Scratch {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self { schema: format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)) }
    }

    fn url(&self, parameters: &str) -> String {
        format!("{}/{DATABASE}?schema={}&{parameters}", server(), self.schema)
    }

    fn open(&self, parameters: &str) -> PostgresDriver {
        open(&self.url(parameters)).unwrap()
    }

    /// A driver whose schema is there, with what `script` makes in it.
    async fn create(&self, parameters: &str, script: &str) -> PostgresDriver {
        let driver = self.open(parameters);
        driver.create_database().await.unwrap();
        driver.acquire().await.unwrap().execute_script(script).await.unwrap();
        driver
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let (url, schema) = (self.url(""), self.schema.clone());
        // In a thread of its own, since a test may end by a panic in the middle of its runtime.
        let clean_up = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let driver = open(&url).unwrap();
                if let Ok(mut connection) = driver.acquire().await {
                    let _ = connection
                        .execute_script(&format!("SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS {schema} CASCADE"))
                        .await;
                }
                driver.close().await;
            });
        };
        std::thread::spawn(clean_up).join().unwrap();
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
