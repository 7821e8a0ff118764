//! How a connection comes out of the pool, and why it does not.

use std::time::Duration;

use prisma_core::driver::DriverError;
use sqlx::Connection as _;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgTransactionManager, Postgres};
use sqlx_core::transaction::TransactionManager;
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::time::{sleep, timeout};

use super::error::cannot_connect;
use super::target::{Address, Target};

/// How long the pool has before the server is looked for.
const PATIENCE: Duration = Duration::from_millis(200);

/// A pool, and what it connects to.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) pool: PgPool,
    pub(super) target: Target,
}

impl Source {
    /// Takes a connection out of the pool. The pool itself keeps trying until its time is up when a server is not there; so it is
    /// looked for on the side.
    pub(super) async fn take(&self) -> Result<PoolConnection<Postgres>, DriverError> {
        loop {
            let mut connection = tokio::select! {
                biased;
                taken = self.pool.acquire() => match taken {
                    Ok(connection) => connection,
                    Err(sqlx::Error::PoolTimedOut) => return Err(self.why_timed_out().await),
                    Err(error) => return Err(cannot_connect(&self.target, error)),
                },
                error = self.look_for_server() => return Err(error),
            };
            if PgTransactionManager::get_transaction_depth(&connection) == 0 {
                return Ok(connection);
            }
            connection.close_on_drop();
        }
    }

    /// Opens a connection beside the pool.
    pub(super) async fn open(&self, options: &PgConnectOptions) -> Result<PgConnection, DriverError> {
        let opened = PgConnection::connect_with(options);
        let opened = match self.target.connect_timeout {
            None => opened.await,
            Some(limit) => timeout(limit, opened).await.map_err(|_| DriverError::ConnectTimeout {
                location: self.target.address.name(),
                message: format!("no connection within {} s (`connect_timeout`)", limit.as_secs()),
            })?,
        };
        opened.map_err(|e| cannot_connect(&self.target, e))
    }

    /// Does not end while the server can be reached, or if the pool does not need to reach it.
    async fn look_for_server(&self) -> DriverError {
        sleep(PATIENCE).await;
        if self.pool.size() < self.target.pool.max_connections || self.pool.num_idle() == 0 {
            let reached = self.reach();
            let reached = match self.target.connect_timeout {
                None => reached.await,
                Some(limit) => timeout(limit, reached).await.unwrap_or_else(|_| {
                    Err(std::io::Error::other(format!("no answer within {} s (`connect_timeout`)", limit.as_secs())))
                }),
            };
            if let Err(error) = reached {
                return DriverError::Unreachable { location: self.target.address.name(), message: error.to_string() };
            }
        }
        std::future::pending().await
    }

    async fn reach(&self) -> std::io::Result<()> {
        match &self.target.address {
            Address::Tcp { host, port } => TcpStream::connect((host.as_str(), *port)).await.map(drop),
            #[cfg(unix)]
            Address::Socket(path) => UnixStream::connect(path).await.map(drop),
            #[cfg(not(unix))]
            Address::Socket(_) => Err(std::io::Error::other("there are no Unix sockets on this system")),
        }
    }

    /// Whether the pool had no connection to spare, or could not open one: it does not tell.
    async fn why_timed_out(&self) -> DriverError {
        if self.pool.size() < self.target.pool.max_connections {
            match self.open(&self.target.connect).await {
                Err(error) => return error,
                // Nobody waits for the goodbye.
                Ok(connection) => drop(connection.close().await),
            }
        }
        self.target.pool.timed_out()
    }
}
