//! How many statements it takes to look at a database: as many for sixty tables as for three.
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use prisma_core::driver::{
    BoxFuture, Connection, Driver, DriverError, IsolationLevel, QueryError, RowVisitor, Running, Statement,
};
use prisma_drivers::ConnectOptions;
use prisma_migrate::PushOptions;
use prisma_migrate::history::{History, Migrations, Script};
use prisma_schema::{Provider, Schema, SourceFile};
use test_servers::{Database, Server};

#[tokio::test]
async fn on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = |tables: usize| format!("file:{}", folder.path().join(format!("{tables}.db")).display());
    same_for_any_number(Provider::Sqlite, url).await;
}

#[tokio::test]
async fn on_postgresql() {
    test_servers::needs!(Server::Postgresql);
    let databases = [Database::unmade(Server::Postgresql), Database::unmade(Server::Postgresql)];
    same_for_any_number(Provider::Postgresql, |tables| databases[usize::from(tables > 3)].url("")).await;
}

#[tokio::test]
async fn on_mysql() {
    test_servers::needs!(Server::Mysql);
    let databases = [Database::unmade(Server::Mysql), Database::unmade(Server::Mysql)];
    same_for_any_number(Provider::Mysql, |tables| databases[usize::from(tables > 3)].url("")).await;
}

async fn same_for_any_number(provider: Provider, url: impl Fn(usize) -> String) {
    let few = counts(provider, &url(3), 3).await;
    let many = counts(provider, &url(60), 60).await;
    println!("{provider:?}: {few:?}");
    assert_eq!(few, many, "to pull, to push what is there, to diagnose, to deploy nothing");
    assert!(few[0] > 2 && few[0] <= 13, "{few:?}");
}

/// How many statements each piece of work takes with so many tables.
async fn counts(provider: Provider, url: &str, tables: usize) -> Vec<usize> {
    let options = ConnectOptions { max_connections: Some(2), ..ConnectOptions::default() };
    let counter = Counter::default();
    let inner = prisma_drivers::connect(provider, url, &options).await.unwrap();
    inner.create_database().await.unwrap();
    let driver = Counting { inner, counter: Arc::clone(&counter) };
    let schema = schema(provider, tables);
    prisma_migrate::push(&schema, &driver, PushOptions::default()).await.unwrap();
    let view = "CREATE VIEW v AS SELECT id FROM m0";
    driver.acquire().await.unwrap().execute_script(view).await.unwrap();

    let mut counts = Vec::new();
    let mut count = || counts.push(counter.swap(0, Ordering::SeqCst));
    counter.store(0, Ordering::SeqCst);
    let mut connection = driver.acquire().await.unwrap();
    let found = prisma_migrate::describe_all(provider, &mut *connection, &[]).await.unwrap();
    drop(connection);
    count();
    assert_eq!((found.tables.len(), found.views.len()), (tables + 1, 1), "with the table of the m-n relation");

    let outcome = prisma_migrate::push(&schema, &driver, PushOptions::default()).await.unwrap();
    assert!(outcome.steps.is_empty(), "{:?}", outcome.steps);
    count();

    let history = History::new(&driver, &[]).unwrap();
    let scripts = vec![Script::embedded("1_init", "SELECT 1;")];
    let migrations = Migrations { provider: None, scripts: Cow::Owned(scripts) };
    history.mark_applied(&migrations, "1_init").await.unwrap();
    count();
    history.diagnose(&migrations).await.unwrap();
    count();
    assert!(history.deploy(&migrations, &mut |_| ()).await.unwrap().is_empty());
    count();
    driver.close().await;
    counts
}

/// A chain of tables, each with keys, indexes and an enum of its own.
fn schema(provider: Provider, tables: usize) -> Schema {
    let mut text = format!("datasource db {{\n  provider = \"{}\"\n}}\n", provider.name());
    for n in 0..tables {
        let next = (n + 1) % tables;
        let before = (n + tables - 1) % tables;
        text += &format!(
            "enum e{n} {{\n A\n B\n}}\nmodel m{n} {{\n id Int @id\n e e{n} @default(A)\n name String @unique\n next m{next}? @relation(\"r{n}\", fields: [nextId], references: [id], \
             onDelete: NoAction, onUpdate: NoAction)\n nextId Int?\n before m{before}[] @relation(\"r{before}\")\n{}\n @@index([e, name])\n}}\n",
            match n {
                0 => " ones m1[] @relation(\"both\")",
                1 => " zeros m0[] @relation(\"both\")",
                _ => "",
            }
        );
    }
    match prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]) {
        Ok(validated) => validated.schema,
        Err(errors) => panic!("{}", errors.render(false)),
    }
}

type Counter = Arc<AtomicUsize>;

/// A driver that counts what is sent.
#[derive(Debug)]
struct Counting {
    inner: Arc<dyn Driver>,
    counter: Counter,
}

struct CountingConnection {
    inner: Box<dyn Connection>,
    counter: Counter,
}

impl Driver for Counting {
    fn provider(&self) -> Provider {
        self.inner.provider()
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, DriverError>> {
        Box::pin(async {
            let inner = self.inner.acquire().await?;
            Ok(Box::new(CountingConnection { inner, counter: Arc::clone(&self.counter) }) as Box<dyn Connection>)
        })
    }

    fn create_database(&self) -> BoxFuture<'_, Result<bool, DriverError>> {
        self.inner.create_database()
    }

    fn drop_database(&self) -> BoxFuture<'_, Result<(), DriverError>> {
        self.inner.drop_database()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.inner.close()
    }

    fn as_any(&self) -> &(dyn std::any::Any + Send + Sync) {
        self.inner.as_any()
    }
}

impl CountingConnection {
    /// Locks are asked for again and again while others hold them.
    fn count(&mut self, sql: &str) -> &mut dyn Connection {
        if !sql.contains("LOCK") && !sql.contains("lock") {
            self.counter.fetch_add(1, Ordering::SeqCst);
        }
        &mut *self.inner
    }
}

impl Connection for CountingConnection {
    fn query<'a>(
        &'a mut self,
        statement: Statement,
        rows: &'a mut dyn RowVisitor,
    ) -> Running<'a, Result<(), QueryError>> {
        self.count(&statement.sql.clone()).query(statement, rows)
    }

    fn execute(&mut self, statement: Statement) -> Running<'_, Result<u64, DriverError>> {
        self.count(&statement.sql.clone()).execute(statement)
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<(), DriverError>> {
        self.count(sql).execute_script(sql)
    }

    fn begin(&mut self, isolation: Option<IsolationLevel>) -> Running<'_, Result<(), DriverError>> {
        self.inner.begin(isolation)
    }

    fn commit(&mut self) -> Running<'_, Result<(), DriverError>> {
        self.inner.commit()
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DriverError>> {
        self.inner.rollback()
    }
}
