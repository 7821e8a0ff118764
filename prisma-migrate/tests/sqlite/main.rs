//! Pushing schemas to SQLite.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod changes;
mod ddl;
mod history;
mod pull;
mod refusals;

use std::sync::Arc;

use prisma_core::Value;
use prisma_core::driver::{Driver, Row, Statement};
use prisma_drivers::ConnectOptions;
use prisma_drivers::sqlite::SqliteDriver;
use prisma_migrate::{Migration, PushError, PushOptions, PushOutcome};
use prisma_schema::{Provider, Schema, SourceFile};

const LOSE: PushOptions = PushOptions { accept_data_loss: true, force_reset: false };

fn schema(models: &str) -> Schema {
    let text = format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"file:dev.db\"\n}}\n{models}");
    match prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]) {
        Ok(validated) => validated.schema,
        Err(errors) => panic!("{}", errors.render(false)),
    }
}

/// A database in memory.
struct Database(SqliteDriver);

impl Database {
    async fn new() -> Self {
        Self(SqliteDriver::connect(":memory:", &ConnectOptions::default()).await.unwrap())
    }

    async fn with(models: &str, script: &str) -> Self {
        let database = Self::new().await;
        database.push(models, PushOptions::default()).await.unwrap();
        database.script(script).await;
        database
    }

    async fn push(&self, models: &str, options: PushOptions) -> Result<PushOutcome, PushError> {
        prisma_migrate::push(&schema(models), &self.0, options).await
    }

    async fn script(&self, sql: &str) {
        self.0.acquire().await.unwrap().execute_script(sql).await.unwrap();
    }

    /// All rows of a query.
    async fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        let mut found = Vec::new();
        let mut visitor = |row: &dyn Row| {
            found.push((0..row.len()).map(|i| row.dynamic(i).unwrap()).collect());
            Ok(())
        };
        let statement = Statement { sql: Arc::from(sql), values: vec![], persistent: false };
        self.0.acquire().await.unwrap().query(statement, &mut visitor).await.unwrap();
        found
    }

    /// What still differs from a schema.
    async fn difference(&self, models: &str) -> Migration {
        let mut connection = self.0.acquire().await.unwrap();
        let from = prisma_migrate::describe(Provider::Sqlite, &mut *connection, &[]).await.unwrap();
        prisma_migrate::diff(Provider::Sqlite, &from, &prisma_migrate::calculate(&schema(models)).unwrap()).unwrap()
    }
}
