//! A project with a database of its own to develop in, and another one to deploy to.

use std::future::Future;
use std::process::Command;
use std::sync::Arc;

use prisma_core::Value;
use prisma_core::driver::{Driver, Row, Statement};
use prisma_drivers::ConnectOptions;
use prisma_schema::Provider;
use test_servers::{Database, Server};

use crate::{Project, Ran};

pub(crate) struct Bed {
    pub(crate) project: Project,
    pub(crate) provider: Provider,
    /// The database of development.
    pub(crate) dev: Place,
    /// The one to deploy to.
    pub(crate) elsewhere: Place,
}

/// Where a database is.
pub(crate) struct Place {
    pub(crate) url: String,
    provider: Provider,
    /// Dropped at the end.
    _database: Option<Database>,
}

impl Bed {
    /// A project as `prisma init` makes it.
    pub(crate) fn new(provider: &str) -> Self {
        let project = Project::new(&[]);
        let provider = Provider::parse(provider).unwrap();
        let place = |name: &str| Place::new(provider, &project, name);
        let (dev, elsewhere) = (place("dev"), place("elsewhere"));
        project.prisma(&["init", "--datasource-provider", provider.name(), "--url", &dev.url]).ok();
        Self { provider, dev, elsewhere, project }
    }

    /// The schema has these models.
    pub(crate) fn models(&self, models: &str) {
        let provider = self.provider.name();
        let text =
            format!("datasource db {{\n  provider = \"{provider}\"\n  url = env(\"DATABASE_URL\")\n}}\n{models}\n");
        self.project.write("prisma/schema.prisma", &text);
    }

    pub(crate) fn prisma(&self, arguments: &[&str]) -> Ran {
        self.project.prisma(arguments)
    }

    /// A migration is made of the schema, and applied.
    #[track_caller]
    pub(crate) fn dev(&self, name: &str) -> String {
        self.prisma(&["migrate", "dev", "--name", name]).ok()
    }

    /// The command on the other database.
    pub(crate) fn on_elsewhere(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command_elsewhere(arguments).output().unwrap())
    }

    pub(crate) fn command_elsewhere(&self, arguments: &[&str]) -> Command {
        let mut command = self.project.command(arguments);
        command.env("DATABASE_URL", &self.elsewhere.url);
        command
    }

    /// The names of the migrations in the folder, in order.
    pub(crate) fn migrations(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.project.path("prisma/migrations")).unwrap().map(|e| e.unwrap());
        let mut names: Vec<_> =
            entries.filter(|e| e.path().is_dir()).map(|e| e.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The SQL of a migration.
    pub(crate) fn sql(&self, migration: &str) -> String {
        self.project.read(&format!("prisma/migrations/{migration}/migration.sql"))
    }

    /// Writes a migration by hand; names are in double quotes.
    pub(crate) fn write(&self, migration: &str, sql: &str) {
        let sql = self.dev.quoted(sql);
        self.project.write(&format!("prisma/migrations/{migration}/migration.sql"), &sql);
        let lock = format!("provider = \"{}\"\n", self.provider.name());
        self.project.write("prisma/migrations/migration_lock.toml", &lock);
    }

    pub(crate) fn remove(&self, migration: &str) {
        std::fs::remove_dir_all(self.project.path(&format!("prisma/migrations/{migration}"))).unwrap();
    }

    /// The SQL of a statement that takes so many seconds.
    pub(crate) fn sleep(&self, seconds: u32) -> String {
        match self.provider {
            Provider::Mysql => format!("DO SLEEP({seconds});"),
            Provider::Sqlite => "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
                                 LIMIT 3000000) SELECT max(i) AS i FROM n;"
                .to_owned(),
            _ => format!("SELECT pg_sleep({seconds});"),
        }
    }
}

impl Place {
    fn new(provider: Provider, project: &Project, name: &str) -> Self {
        let server = match provider {
            Provider::Sqlite => {
                let url = format!("file:{}", project.path(&format!("{name}.db")).display());
                return Self { url, provider, _database: None };
            }
            Provider::Mysql => Server::Mysql,
            _ => Server::Postgresql,
        };
        let database = Database::unmade(server);
        Self { url: database.url(""), provider, _database: Some(database) }
    }

    fn run<T>(&self, work: impl AsyncFnOnce(Arc<dyn Driver>) -> T) -> T {
        block_on(async {
            let driver = prisma_drivers::connect(self.provider, &self.url, &ConnectOptions::default()).await.unwrap();
            let done = work(Arc::clone(&driver)).await;
            driver.close().await;
            done
        })
    }

    /// Makes the database, and runs a script in it; names are in double quotes.
    #[track_caller]
    pub(crate) fn script(&self, sql: &str) {
        let sql = self.quoted(sql);
        self.run(async |driver| {
            driver.create_database().await.unwrap();
            driver.acquire().await.unwrap().execute_script(&sql).await.unwrap_or_else(|e| panic!("{sql}\n{e}"));
        });
    }

    /// The rows of a query, each as text.
    #[track_caller]
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        self.read(sql).unwrap_or_else(|e| panic!("{sql}\n{e}"))
    }

    /// Whether a query has rows; not if there is no such table, or no database.
    pub(crate) fn has_rows(&self, sql: &str) -> bool {
        self.read(sql).is_ok_and(|rows| !rows.is_empty())
    }

    fn read(&self, sql: &str) -> Result<Vec<String>, String> {
        let sql = self.quoted(sql);
        self.run(async |driver| {
            let mut found = Vec::new();
            let mut visitor = |row: &dyn Row| {
                let values = (0..row.len()).map(|i| text(&row.dynamic(i).unwrap()));
                found.push(values.collect::<Vec<_>>().join(" "));
                Ok(())
            };
            let statement = Statement { sql: sql.as_str().into(), values: vec![], persistent: false };
            let mut connection = driver.acquire().await.map_err(|e| e.to_string())?;
            connection.query(statement, &mut visitor).await.map_err(|e| format!("{e:?}"))?;
            drop(connection);
            Ok(found)
        })
    }

    /// Names and states of the history, the oldest first.
    #[track_caller]
    pub(crate) fn history(&self) -> Vec<String> {
        let state = "CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled back' \
                     WHEN finished_at IS NOT NULL THEN 'applied' ELSE 'failed' END";
        self.rows(&format!(
            "SELECT migration_name, {state} FROM _prisma_migrations ORDER BY started_at, migration_name"
        ))
    }

    /// The tables, without the history.
    #[track_caller]
    pub(crate) fn tables(&self) -> Vec<String> {
        self.run(async |driver| {
            let mut connection = driver.acquire().await.unwrap();
            let found = prisma_migrate::describe(self.provider, &mut *connection, &[]).await.unwrap();
            let mut names: Vec<_> = found.tables.into_iter().map(|t| t.name.name).collect();
            names.sort();
            names
        })
    }

    fn quoted(&self, sql: &str) -> String {
        match self.provider {
            Provider::Mysql => sql.replace('"', "`"),
            _ => sql.to_owned(),
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Int(n) => n.to_string(),
        Value::BigInt(n) => n.to_string(),
        Value::Null => "NULL".to_owned(),
        other => format!("{other:?}"),
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
