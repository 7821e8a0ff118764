//! The pool.

use std::sync::Arc;
use std::time::Duration;

use prisma_core::driver::{BoxFuture, Connection, Driver, DriverError};
use prisma_schema::Provider;
use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use tokio::runtime::Handle;

use super::connection::PooledConnection;
use super::error::explain;
use super::target::Target;
use crate::ConnectOptions;
use crate::acquire::{Source, before_acquire};
use crate::round_trip::RoundTrip;

/// A pool of connections to one database of PostgreSQL or CockroachDB.
#[derive(Debug)]
pub struct PostgresDriver {
    provider: Provider,
    source: Arc<Source<Target>>,
    runtime: Handle,
}

impl PostgresDriver {
    /// Makes a pool for the database that a URL names. A connection is opened when it is first needed.
    ///
    /// URLs are `postgresql://user:password@host:port/database?parameters`, percent-encoded. Parameters:
    ///
    /// | parameter | meaning | default |
    /// |---|---|---|
    /// | `schema` | database schema of tables that name none | `public` |
    /// | `connection_limit` | connections at most | two a processor and one |
    /// | `pool_timeout` | seconds to wait for a free connection, 0 for ever | 10 |
    /// | `connect_timeout` | seconds until the server must have answered, 0 for ever | 5 |
    /// | `socket_timeout` | seconds that a statement may take, 0 for ever | 0 |
    /// | `max_connection_lifetime` | seconds until a connection is replaced, 0 for never | never |
    /// | `max_idle_connection_lifetime` | seconds until an idle connection is closed, 0 for never | never |
    /// | `statement_cache_size` | prepared statements kept for each connection, 0 for none | 100 |
    /// | `pgbouncer` | `true` behind a pooler that gives the connection away after each transaction | `false` |
    /// | `single_use_connections` | `true` opens a connection for each operation | `false` |
    /// | `application_name` | shown in `pg_stat_activity` | |
    /// | `options` | settings of the server, such as `-c statement_timeout=5s` | |
    /// | `host` | a host, or the directory of a Unix socket, instead of the one before the path | |
    /// | `sslmode` | `disable`, `prefer`, `require`, `verify-ca`, `verify-full` | `prefer` |
    /// | `sslaccept` | `strict` (as `sslmode=verify-full`), `accept_invalid_certs` | |
    /// | `sslrootcert` | file of the root certificate; `sslcert` without `sslkey` means the same | |
    /// | `sslcert`, `sslkey` | files of the client's own certificate and key | |
    /// | `channel_binding` | `disable`, `prefer` | |
    ///
    /// It must be called within a Tokio runtime.
    ///
    /// # Errors
    /// A URL that cannot be read.
    pub fn connect(provider: Provider, url: &str, options: &ConnectOptions) -> Result<Self, DriverError> {
        let runtime = crate::runtime()?;
        let target = Target::parse(provider, url, options)?;
        let pool = PgPoolOptions::new()
            .max_connections(target.pool.max_connections)
            .acquire_timeout(target.pool.wait())
            .max_lifetime(target.pool.max_lifetime)
            .idle_timeout(target.pool.idle_timeout)
            .test_before_acquire(false)
            .before_acquire(|connection, known| Box::pin(before_acquire(connection, known.idle_for)));
        // It would be gone after the first transaction of a pooler.
        let set = (!target.is_pooled_outside).then(|| set_search_path("SET", &target));
        let round_trip = RoundTrip::new();
        let measured = round_trip.clone();
        let pool = pool.after_connect(move |connection, _| {
            let (set, measured) = (set.clone().map(AssertSqlSafe), measured.clone());
            Box::pin(async move {
                if let Some(set) = set {
                    connection.execute(sqlx::raw_sql(set)).await?;
                }
                measured.measure(connection).await
            })
        });
        let pool = pool.connect_lazy_with(target.connect.clone());
        Ok(Self { provider, source: Arc::new(Source { pool, target, round_trip }), runtime })
    }

    /// The pool of sqlx.
    pub fn pool(&self) -> &PgPool {
        &self.source.pool
    }

    /// The database schema of tables that name none: `schema` of the URL.
    pub fn schema(&self) -> &str {
        &self.source.target.schema
    }
}

impl Driver for PostgresDriver {
    fn provider(&self) -> Provider {
        self.provider
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, DriverError>> {
        Box::pin(async move {
            let taken = self.source.take().await?;
            let connection = PooledConnection::new(taken, Arc::clone(&self.source), self.runtime.clone());
            Ok(Box::new(connection) as Box<dyn Connection>)
        })
    }

    fn create_database(&self) -> BoxFuture<'_, Result<bool, DriverError>> {
        Box::pin(async move {
            let target = &self.source.target;
            let (mut connection, is_new) = match self.source.open(&target.connect).await {
                Ok(connection) => (connection, false),
                Err(DriverError::DatabaseNotFound { .. }) => {
                    let is_new = self.create().await?;
                    (self.source.open(&target.connect).await?, is_new)
                }
                Err(error) => return Err(error),
            };
            let schema = format!("CREATE SCHEMA IF NOT EXISTS {}", quote(&target.schema));
            let made = connection.execute(sqlx::raw_sql(AssertSqlSafe(schema))).await;
            // Two who make it at the same time: one of them is told so.
            if let Err(error) = made
                && !has_code(&error, "23505")
            {
                return Err(explain(target, error));
            }
            // Nobody is left to tell.
            let _ = connection.close().await;
            Ok(is_new)
        })
    }

    fn drop_database(&self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async move {
            let mut connection = self.elsewhere().await?;
            let drop = format!("DROP DATABASE IF EXISTS {}", quote(&self.source.target.database));
            let mut dropped = connection.execute(sqlx::raw_sql(AssertSqlSafe(format!("{drop} WITH (FORCE)")))).await;
            // syntax_error: CockroachDB and PostgreSQL before 13 cannot send the others away.
            if dropped.as_ref().is_err_and(|e| has_code(e, "42601")) {
                dropped = connection.execute(sqlx::raw_sql(AssertSqlSafe(drop))).await;
            }
            // Nobody is left to tell.
            let _ = connection.close().await;
            dropped.map(|_| ()).map_err(|e| explain(&self.source.target, e))
        })
    }

    fn round_trip(&self) -> Option<Duration> {
        self.source.round_trip.get()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.source.pool.close())
    }

    fn as_any(&self) -> &(dyn std::any::Any + Send + Sync) {
        self
    }
}

impl PostgresDriver {
    /// Makes the database by way of one that every server has.
    async fn create(&self) -> Result<bool, DriverError> {
        let mut connection = self.elsewhere().await?;
        let sql = format!("CREATE DATABASE {}", quote(&self.source.target.database));
        let made = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        // Nobody is left to tell.
        let _ = connection.close().await;
        match made {
            Ok(_) => Ok(true),
            // Somebody else made it in the meantime: duplicate_database, unique_violation
            Err(e) if has_code(&e, "42P04") || has_code(&e, "23505") => Ok(false),
            Err(e) => Err(explain(&self.source.target, e)),
        }
    }

    /// A connection to a database that every server has.
    async fn elsewhere(&self) -> Result<PgConnection, DriverError> {
        let mut first = None;
        for maintenance in ["postgres", "template1", "defaultdb"] {
            match self.source.open(&self.source.target.connect.clone().database(maintenance)).await {
                Ok(connection) => return Ok(connection),
                Err(error) => first = first.or(Some(error)),
            }
        }
        Err(first.unwrap_or(DriverError::PoolClosed))
    }
}

fn has_code(error: &sqlx::Error, code: &str) -> bool {
    error.as_database_error().and_then(|e| e.code()).is_some_and(|c| c == code)
}

/// The statement that makes `schema` the one that names without a schema mean.
pub(super) fn set_search_path(set: &str, target: &Target) -> String {
    format!("{set} search_path TO {}", quote(&target.schema))
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
