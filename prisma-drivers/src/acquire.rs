//! How a connection comes out of the pool of a server's database, and why it does not.

use std::time::Duration;

use prisma_core::driver::DriverError;
use sqlx::pool::PoolConnection;
use sqlx::{Connection, Database, Pool};
use sqlx_core::transaction::TransactionManager;
use tokio::time::{sleep, timeout};

use crate::pool_settings::PoolSettings;
use crate::server_url::Address;

/// How long the pool has before the server is looked for.
const PATIENCE: Duration = Duration::from_millis(200);

/// The way to connections of a database.
type Options<D> = <<D as Database>::Connection as Connection>::Options;

/// What a URL says about a server, whatever its provider.
pub(crate) trait Server: Send + Sync {
    type Database: Database;

    fn options(&self) -> &Options<Self::Database>;
    fn address(&self) -> &Address;
    fn pool(&self) -> &PoolSettings;
    fn connect_timeout(&self) -> Option<Duration>;

    /// What went wrong while a connection was opened.
    fn cannot_connect(&self, error: sqlx::Error) -> DriverError;
}

/// A pool, and what it connects to.
#[derive(Debug)]
pub(crate) struct Source<S: Server> {
    pub(crate) pool: Pool<S::Database>,
    pub(crate) target: S,
}

impl<S: Server> Source<S> {
    /// Takes a connection out of the pool. The pool itself keeps trying until its time is up when a server is not there; so it is
    /// looked for on the side.
    pub(crate) async fn take(&self) -> Result<PoolConnection<S::Database>, DriverError> {
        loop {
            let mut connection = tokio::select! {
                biased;
                taken = self.pool.acquire() => match taken {
                    Ok(connection) => connection,
                    Err(sqlx::Error::PoolTimedOut) => return Err(self.why_timed_out().await),
                    Err(error) => return Err(self.target.cannot_connect(error)),
                },
                error = self.look_for_server() => return Err(error),
            };
            if <S::Database as Database>::TransactionManager::get_transaction_depth(&connection) == 0 {
                return Ok(connection);
            }
            // Its rollback failed when it was given back: what it is in the middle of, nobody knows.
            connection.close_on_drop();
        }
    }

    /// Opens a connection beside the pool.
    pub(crate) async fn open(
        &self,
        options: &Options<S::Database>,
    ) -> Result<<S::Database as Database>::Connection, DriverError> {
        let opened = <S::Database as Database>::Connection::connect_with(options);
        let opened = match self.target.connect_timeout() {
            None => opened.await,
            Some(limit) => timeout(limit, opened).await.map_err(|_| DriverError::ConnectTimeout {
                location: self.target.address().name(),
                message: format!("no connection within {} s (`connect_timeout`)", limit.as_secs()),
            })?,
        };
        opened.map_err(|e| self.target.cannot_connect(e))
    }

    /// Does not end while the server can be reached, or if the pool does not need to reach it.
    async fn look_for_server(&self) -> DriverError {
        sleep(PATIENCE).await;
        if self.pool.size() < self.target.pool().max_connections || self.pool.num_idle() == 0 {
            let reached = self.target.address().reach();
            let reached = match self.target.connect_timeout() {
                None => reached.await,
                Some(limit) => timeout(limit, reached).await.unwrap_or_else(|_| {
                    Err(std::io::Error::other(format!("no answer within {} s (`connect_timeout`)", limit.as_secs())))
                }),
            };
            if let Err(error) = reached {
                let location = self.target.address().name();
                return DriverError::Unreachable { location, message: error.to_string() };
            }
        }
        std::future::pending().await
    }

    /// Whether the pool had no connection to spare, or could not open one: it does not tell.
    async fn why_timed_out(&self) -> DriverError {
        if self.pool.size() < self.target.pool().max_connections {
            match self.open(self.target.options()).await {
                Err(error) => return error,
                // Nobody waits for the goodbye.
                Ok(connection) => drop(connection.close().await),
            }
        }
        self.target.pool().timed_out()
    }
}
