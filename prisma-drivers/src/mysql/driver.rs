//! The pool.

use std::sync::Arc;
use std::time::Duration;

use prisma_core::driver::{BoxFuture, Connection, Driver, DriverError};
use prisma_schema::Provider;
use sqlx::mysql::{MySqlConnection, MySqlPool, MySqlPoolOptions};
use sqlx::{AssertSqlSafe, Connection as _, Executor};
use tokio::runtime::Handle;

use super::connection::PooledConnection;
use super::error::{explain, is_there_already};
use super::target::Target;
use crate::ConnectOptions;
use crate::acquire::{Source, before_acquire};
use crate::round_trip::RoundTrip;

/// What every session begins with. A server that bends values to fit, or that reads `\\` as a plain character, is told not to; no
/// warning of an INSERT IGNORE is to get lost; and what GROUP_CONCAT joins may have any length.
const SET_UP: &str = "SET sql_mode = CONCAT(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), \
                      ',STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'), \
                      time_zone = '+00:00', max_error_count = 65535, group_concat_max_len = 4294967295, NAMES utf8mb4";

/// A pool of connections to one MySQL or MariaDB database.
#[derive(Debug)]
pub struct MysqlDriver {
    source: Arc<Source<Target>>,
    runtime: Handle,
}

impl MysqlDriver {
    /// Makes a pool of connections to the database that a URL names. The first connection is opened by the first
    /// [`acquire`](Driver::acquire).
    ///
    /// URLs are `mysql://user:password@host:port/database`. Parameters:
    ///
    /// | parameter | meaning | default |
    /// |---|---|---|
    /// | `connection_limit` | connections at most | two a processor and one |
    /// | `pool_timeout` | seconds to wait for a free connection, 0 for ever | 10 |
    /// | `connect_timeout` | seconds to wait for a new connection, 0 for ever | 5 |
    /// | `socket_timeout` | seconds to wait for an answer, 0 for ever | for ever |
    /// | `max_connection_lifetime` | seconds until a connection is replaced, 0 for never | never |
    /// | `max_idle_connection_lifetime` | seconds until an idle connection is closed, 0 for never | never |
    /// | `statement_cache_size` | prepared statements kept for each connection | 100 |
    /// | `socket` | the file of a socket, instead of host and port | |
    /// | `sslmode` | `disable`, `prefer`, `require`, `verify-ca`, `verify-full` | `prefer` |
    /// | `sslaccept` | `strict` checks the server's certificate, `accept_invalid_certs` takes any | |
    /// | `sslrootcert` | certificates that vouch for the server; `sslcert` without `sslkey` means the same | |
    /// | `sslcert`, `sslkey` | the client's own certificate and its key | |
    ///
    /// It must be called within a Tokio runtime.
    ///
    /// # Errors
    /// A URL that cannot be read.
    pub fn connect(url: &str, options: &ConnectOptions) -> Result<Self, DriverError> {
        let runtime = crate::runtime()?;
        let target = Target::parse(url, options)?;
        let round_trip = RoundTrip::new();
        let measured = round_trip.clone();
        let pool = MySqlPoolOptions::new()
            .max_connections(target.pool.max_connections)
            .acquire_timeout(target.pool.wait())
            .max_lifetime(target.pool.max_lifetime)
            .idle_timeout(target.pool.idle_timeout)
            .after_connect(move |connection, _| {
                let measured = measured.clone();
                Box::pin(async move {
                    connection.execute(SET_UP).await?;
                    measured.measure(connection).await
                })
            })
            .test_before_acquire(false)
            .before_acquire(|connection, known| Box::pin(before_acquire(connection, known.idle_for)))
            .connect_lazy_with(target.connect.clone());
        Ok(Self { source: Arc::new(Source { pool, target, round_trip }), runtime })
    }

    /// The pool of sqlx.
    pub fn pool(&self) -> &MySqlPool {
        &self.source.pool
    }

    /// A connection to the database that every server has.
    async fn elsewhere(&self) -> Result<MySqlConnection, DriverError> {
        self.source.open(&self.source.target.connect.clone().database("information_schema")).await
    }

    fn quoted_name(&self) -> String {
        format!("`{}`", self.source.target.database.replace('`', "``"))
    }
}

impl Driver for MysqlDriver {
    fn provider(&self) -> Provider {
        Provider::Mysql
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
            match self.source.open(&target.connect).await {
                Err(DriverError::DatabaseNotFound { .. }) => {}
                Err(error) => return Err(error),
                Ok(connection) => {
                    // Nobody is left to tell.
                    let _ = connection.close().await;
                    return Ok(false);
                }
            }
            let mut connection = self.elsewhere().await?;
            let create = format!("CREATE DATABASE {}", self.quoted_name());
            let made = match connection.execute(AssertSqlSafe(create)).await {
                Ok(_) => Ok(true),
                Err(e) if is_there_already(&e) => Ok(false),
                Err(e) => Err(explain(target, e)),
            };
            let _ = connection.close().await;
            made
        })
    }

    fn drop_database(&self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async move {
            let mut connection = self.elsewhere().await?;
            let drop = format!("DROP DATABASE IF EXISTS {}", self.quoted_name());
            let dropped = connection.execute(AssertSqlSafe(drop)).await;
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
