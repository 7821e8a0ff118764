//! How a connection comes out of the pool of a server's database, and why it does not.

use std::cell::Cell;
use std::time::Duration;

use prisma_core::driver::{DriverError, Statement};
use sqlx::pool::PoolConnection;
use sqlx::{Connection, Database, Pool};
use sqlx_core::transaction::TransactionManager;
use tokio::time::{Instant, sleep, timeout};

use crate::pool_settings::PoolSettings;
use crate::round_trip::RoundTrip;
use crate::server_url::Address;

/// How long the pool has before the server is looked for.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long a statement that nobody waits for any more may keep its connection.
pub(crate) const GRACE: Duration = Duration::from_secs(1);

/// How long a connection may lie idle in the pool before it is tried out.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

tokio::task_local! {
    /// How long the connection was idle that is taken out of the pool.
    static IDLE_FOR: Cell<Duration>;
}

/// What the pool does with a connection that somebody takes. The engine tries it out by itself, if what it sends could not be sent again; for the
/// program's own statements that is done here.
pub(crate) async fn before_acquire(connection: &mut impl Connection, idle_for: Duration) -> Result<bool, sqlx::Error> {
    let is_engine = IDLE_FOR.try_with(|idle| idle.set(idle_for)).is_ok();
    Ok(is_engine || idle_for < TRUSTED_FOR || connection.ping().await.is_ok())
}

/// A connection of the pool, and whether it was used not long ago.
pub(crate) type Taken<D> = (PoolConnection<D>, bool);

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
    pub(crate) round_trip: RoundTrip,
}

impl<S: Server> Source<S> {
    /// Takes a connection out of the pool.
    pub(crate) async fn take(&self) -> Result<Taken<S::Database>, DriverError> {
        let taking = async {
            let connection = self.take_any().await?;
            Ok((connection, IDLE_FOR.with(Cell::get) < TRUSTED_FOR))
        };
        IDLE_FOR.scope(Cell::default(), taking).await
    }

    /// The pool itself keeps trying until its time is up when a server is not there; so it is
    /// looked for on the side.
    async fn take_any(&self) -> Result<PoolConnection<S::Database>, DriverError> {
        let start = Instant::now();
        let is_late = || self.target.pool().acquire_timeout.is_some_and(|limit| start.elapsed() >= limit);
        loop {
            let mut connection = tokio::select! {
                biased;
                taken = self.pool.acquire() => match taken {
                    Ok(connection) => connection,
                    Err(sqlx::Error::PoolTimedOut) => return Err(self.why_timed_out().await),
                    Err(error) => match self.target.cannot_connect(error) {
                        // One of this pool may come back, or somebody else leave.
                        DriverError::TooManyConnections { .. } if self.pool.size() > 0 && !is_late() => {
                            sleep(PATIENCE).await;
                            match self.pool.try_acquire() {
                                Some(connection) => connection,
                                None => continue,
                            }
                        }
                        error => return Err(error),
                    },
                },
                error = self.look_for_server() => return Err(error),
                connection = self.wait_for_return() => connection,
            };
            if <S::Database as Database>::TransactionManager::get_transaction_depth(&connection) == 0 {
                return Ok(connection);
            }
            // Its rollback failed when it was given back: what it is in the middle of, nobody knows.
            connection.close_on_drop();
        }
    }

    /// Another connection in the place of one that had died in the pool.
    pub(crate) async fn replace(
        &self,
        dead: Option<PoolConnection<S::Database>>,
    ) -> Result<Taken<S::Database>, DriverError> {
        if let Some(mut dead) = dead {
            dead.close_on_drop();
        }
        self.take().await
    }

    /// Takes a connection that somebody gives back. The pool itself does not look for one while it opens another, which a server that has
    /// enough of them may refuse for long.
    async fn wait_for_return(&self) -> PoolConnection<S::Database> {
        loop {
            sleep(PATIENCE).await;
            if let Some(connection) = self.pool.try_acquire() {
                return connection;
            }
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

/// Gives a connection back once the server has answered what is under way; if that takes long, the pool gets another one instead.
pub(crate) async fn settle<D: Database>(
    mut connection: PoolConnection<D>,
    is_closed: impl Fn(&sqlx::Error) -> bool + Send,
) {
    loop {
        match timeout(GRACE, connection.ping()).await {
            Ok(Ok(())) => return,
            // The answer to a statement that failed: there may be more behind it.
            Ok(Err(error @ sqlx::Error::Database(_))) if !is_closed(&error) => {}
            _ => return drop(connection.detach()),
        }
    }
}

/// Whether a statement is a mere read, which can be sent again whatever became of it.
pub(crate) fn is_read(statement: &Statement) -> bool {
    statement.persistent && statement.sql.starts_with("SELECT")
}

/// Whether a statement that met a connection which had died in the pool can be sent again.
pub(crate) fn is_harmless(statement: &Statement, error: &sqlx::Error) -> bool {
    // The server says that it ended the session before the statement was done; otherwise only reads are safe.
    matches!(error, sqlx::Error::Database(_)) || is_read(statement)
}
