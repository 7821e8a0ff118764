//! Connections of the tests' own to the tests' servers: they do not go through the drivers that are tested.

use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use crate::Server;

/// A connection.
#[derive(Debug)]
pub(crate) enum Maintenance {
    Postgresql(PgConnection),
    Mysql(MySqlConnection),
}

/// Runs to its end, whatever runtime the caller is in the middle of.
pub(crate) fn block_on<T: Send + 'static>(work: impl AsyncFnOnce() -> T + Send + 'static) -> T {
    let run = move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work()),
        Err(error) => panic!("no runtime: {error}"),
    };
    std::thread::spawn(run).join().unwrap_or_else(|panicked| std::panic::resume_unwind(panicked))
}

impl Maintenance {
    /// Connects to the server; `database` is one that is there, or none for what every server has.
    pub(crate) async fn connect(server: Server, database: Option<&str>) -> Result<Self, String> {
        let failed = |e: sqlx::Error| {
            format!("cannot connect to {} at {}: {e}. {}", server.name(), server.url(""), server.remedy())
        };
        match server {
            Server::Postgresql => {
                let url = server.url(database.unwrap_or("postgres"));
                PgConnection::connect(&plain(&url)).await.map(Self::Postgresql).map_err(failed)
            }
            Server::Mysql => {
                let url = server.url(database.unwrap_or_default());
                MySqlConnection::connect(&plain(&url)).await.map(Self::Mysql).map_err(failed)
            }
        }
    }

    /// Runs a script.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), String> {
        let script = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Postgresql(c) => script.execute(c).await.map(drop),
            Self::Mysql(c) => script.execute(c).await.map(drop),
        }
        .map_err(|e| format!("{e}: {sql}"))
    }

    /// The first column, which is text.
    pub(crate) async fn texts(&mut self, sql: &str) -> Result<Vec<String>, String> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Postgresql(c) => {
                query.fetch_all(c).await.and_then(|rows| rows.iter().map(|r| r.try_get(0)).collect())
            }
            Self::Mysql(c) => query.fetch_all(c).await.and_then(|rows| rows.iter().map(|r| r.try_get(0)).collect()),
        }
        .map_err(|e| format!("{e}: {sql}"))
    }
}

/// Without the parameters, which are those of the drivers.
fn plain(url: &str) -> String {
    url.split_once('?').map_or(url, |(place, _)| place).to_owned()
}
