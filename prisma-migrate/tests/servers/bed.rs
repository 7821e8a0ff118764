//! A database of its own: on a real server, or in memory.

use std::sync::Arc;

use prisma_core::Value;
use prisma_core::driver::{Driver, Row, Statement};
use prisma_drivers::ConnectOptions;
use prisma_migrate::{DatabaseSchema, Migration, PushError, PushOptions, PushOutcome};
use prisma_schema::{Provider, Schema, SourceFile};
use test_servers::{Database, Server};

pub const LOSE: PushOptions = PushOptions { accept_data_loss: true, force_reset: false };
pub const RESET: PushOptions = PushOptions { accept_data_loss: false, force_reset: true };

/// A schema, from its models; what is in a datasource or a generator beyond the usual stands before a line `---`.
pub fn schema(provider: Provider, text: &str) -> Schema {
    let (head, models) = text.split_once("---\n").unwrap_or(("", text));
    let (datasource, generator) = head.split_once("--\n").unwrap_or((head, ""));
    let text = format!(
        "datasource db {{\n  provider = \"{}\"\n{datasource}}}\ngenerator client {{\n  provider = \"x\"\n{generator}}}\n{models}",
        provider.name()
    );
    match prisma_schema::parse(vec![SourceFile::new("schema.prisma", text)]) {
        Ok(validated) => validated.schema,
        Err(errors) => panic!("{}", errors.render(false)),
    }
}

/// The server that a provider's databases are on, if they need one.
pub fn server(provider: Provider) -> Option<Server> {
    Server::ALL.into_iter().find(|s| s.provider() == provider.name())
}

/// A database, dropped at the end.
pub struct Bed {
    pub provider: Provider,
    pub driver: Arc<dyn Driver>,
    _database: Option<Database>,
}

impl Bed {
    pub async fn new(provider: Provider) -> Self {
        let database = server(provider).map(Database::unmade);
        let url = database.as_ref().map_or_else(|| ":memory:".to_owned(), |d| d.url(""));
        let options = ConnectOptions { max_connections: Some(2), ..ConnectOptions::default() };
        let driver = prisma_drivers::connect(provider, &url, &options).await.unwrap();
        driver.create_database().await.unwrap();
        Self { provider, driver, _database: database }
    }

    pub async fn push(&self, models: &str, options: PushOptions) -> Result<PushOutcome, PushError> {
        prisma_migrate::push(&schema(self.provider, models), &*self.driver, options).await
    }

    /// Pushes what nothing stands in the way of, and sees that nothing is left to do.
    pub async fn pushed(&self, models: &str, options: PushOptions) -> PushOutcome {
        let outcome = self.push(models, options).await.unwrap_or_else(|e| panic!("{models}\n{e}"));
        let left = self.difference(models).await;
        assert!(left.is_empty(), "{models}\n{}\nleft: {:#?}", outcome.script, left.steps);
        outcome
    }

    /// An empty database with the tables of a schema, and what a script makes.
    pub async fn start(&self, models: &str, script: &str) {
        self.pushed(models, RESET).await;
        self.script(script).await;
    }

    pub async fn describe(&self, namespaces: &[String]) -> DatabaseSchema {
        let mut connection = self.driver.acquire().await.unwrap();
        prisma_migrate::describe(self.provider, &mut *connection, namespaces).await.unwrap()
    }

    /// What still differs from a schema.
    pub async fn difference(&self, models: &str) -> Migration {
        let schema = schema(self.provider, models);
        let from = self.describe(&schema.datasource.schemas).await;
        prisma_migrate::diff(self.provider, &from, &prisma_migrate::calculate(&schema).unwrap()).unwrap()
    }

    /// Runs a script, in which names are in double quotes.
    pub async fn script(&self, sql: &str) {
        if sql.is_empty() {
            return;
        }
        let sql = self.quoted(sql);
        self.driver.acquire().await.unwrap().execute_script(&sql).await.unwrap_or_else(|e| panic!("{sql}\n{e}"));
    }

    fn quoted(&self, sql: &str) -> String {
        match self.provider {
            Provider::Mysql => sql.replace('"', "`"),
            _ => sql.to_owned(),
        }
    }

    /// All rows of a query.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        let mut found = Vec::new();
        let mut visitor = |row: &dyn Row| {
            found.push((0..row.len()).map(|i| row.dynamic(i).unwrap()).collect());
            Ok(())
        };
        let sql = self.quoted(sql);
        let statement = Statement { sql: Arc::from(sql.as_str()), values: vec![], persistent: true };
        let mut connection = self.driver.acquire().await.unwrap();
        connection.query(statement, &mut visitor).await.unwrap_or_else(|e| panic!("{sql}\n{e:?}"));
        found
    }

    /// The texts of a query's first column.
    pub async fn texts(&self, sql: &str) -> Vec<Option<String>> {
        let text = |row: Vec<Value>| match row.into_iter().next() {
            Some(Value::String(text)) => Some(text),
            Some(Value::Null) | None => None,
            Some(other) => panic!("{sql}: {other:?}"),
        };
        self.rows(sql).await.into_iter().map(text).collect()
    }
}
