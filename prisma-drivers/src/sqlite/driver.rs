//! The pool.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prisma_core::driver::{BoxFuture, Connection, Driver, DriverError};
use prisma_schema::Provider;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::Mutex;

use super::connection::PooledConnection;
use super::error::{explain, missing};
use super::pool::Pool;
use super::target::{Mode, Place, Target};
use crate::ConnectOptions;

/// A pool of connections to one SQLite database.
#[derive(Debug)]
pub struct SqliteDriver {
    pool: Arc<Pool>,
    target: Arc<Target>,
    connect: SqliteConnectOptions,
    /// Holds a database in memory alive, since that ends with its last connection.
    keeper: Mutex<Option<SqliteConnection>>,
}

impl SqliteDriver {
    /// Opens the database that a URL names, and a pool of connections to it. A file that is not there is made by
    /// [`create_database`](Driver::create_database); until then every [`acquire`](Driver::acquire) fails.
    ///
    /// URLs are `file:dev.db`, `file:./dir/dev.db`, `file:/absolute.db` (taken as they are, without percent-decoding), the same
    /// with `sqlite:`, and `:memory:`. Parameters:
    ///
    /// | parameter | meaning | default |
    /// |---|---|---|
    /// | `connection_limit` | connections at most | two a processor and one; one for `:memory:` |
    /// | `pool_timeout` | seconds to wait for a free connection, 0 for ever | 10 |
    /// | `busy_timeout` | milliseconds to wait for a lock | 5000 |
    /// | `socket_timeout` | the same in seconds, as Prisma spells it | |
    /// | `max_connection_lifetime` | seconds until a connection is replaced, 0 for never | never |
    /// | `max_idle_connection_lifetime` | seconds until an idle connection is closed, 0 for never | never |
    /// | `statement_cache_size` | prepared statements kept for each connection | 500 |
    /// | `mode` | `ro`, `rw`, `rwc`, `memory` | `rw` |
    /// | `cache` | accepted and without effect | |
    ///
    /// It must be called within a Tokio runtime.
    ///
    /// # Errors
    /// A URL that cannot be read; a file that may not be opened or is no database.
    pub async fn connect(url: &str, options: &ConnectOptions) -> Result<Self, DriverError> {
        let runtime = crate::runtime()?;
        let target = Target::parse(url, options)?;
        let mut connect = SqliteConnectOptions::new()
            .foreign_keys(true)
            .busy_timeout(target.busy_timeout)
            .statement_cache_capacity(target.statement_cache)
            .disable_statement_logging();
        connect = match &target.place {
            Place::Memory => connect.filename(memory_name()).vfs("memdb").create_if_missing(true),
            Place::File(path) => connect.filename(path).read_only(is_read_only(path, target.mode)),
        };
        let failed = |e| explain(&target, e);
        let mut keeper = None;
        match &target.place {
            Place::Memory => keeper = Some(connect.connect().await.map_err(failed)?),
            Place::File(path) => {
                if target.mode == Mode::Create {
                    create_file(path, &connect).await?.map_err(failed)?;
                }
                if path.is_file() {
                    // The first connection shows whether the database can be used at all, and settles its journal mode.
                    let mut first = connect.connect().await.map_err(failed)?;
                    sqlx::query("PRAGMA schema_version").execute(&mut first).await.map_err(failed)?;
                    if use_wal(&mut first).await {
                        connect = connect.synchronous(SqliteSynchronous::Normal);
                    }
                    first.close().await.map_err(failed)?;
                } else {
                    // It will be in WAL mode when it is made.
                    connect = connect.synchronous(SqliteSynchronous::Normal);
                }
            }
        }
        let pool = SqlitePoolOptions::new()
            .max_connections(target.pool.max_connections)
            .acquire_timeout(target.pool.wait())
            .test_before_acquire(false)
            .max_lifetime(target.pool.max_lifetime)
            .idle_timeout(target.pool.idle_timeout)
            .connect_lazy_with(connect.clone());
        let target = Arc::new(target);
        let pool = Arc::new(Pool::new(pool, Arc::clone(&target), runtime));
        Ok(Self { pool, target, connect, keeper: Mutex::new(keeper) })
    }

    /// The pool of sqlx, with the connections that the engine does not use at the moment. From the first call on, the engine gives back
    /// sooner those that it does not need.
    pub fn pool(&self) -> &SqlitePool {
        self.pool.hand_out()
    }
}

impl Driver for SqliteDriver {
    fn provider(&self) -> Provider {
        Provider::Sqlite
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, DriverError>> {
        Box::pin(async move {
            let taken = self.pool.acquire().await?;
            Ok(Box::new(PooledConnection::new(taken, Arc::clone(&self.pool))) as Box<dyn Connection>)
        })
    }

    fn at_hand(&self) -> Option<Box<dyn Connection>> {
        let taken = self.pool.at_hand()?;
        Some(Box::new(PooledConnection::new(taken, Arc::clone(&self.pool))))
    }

    fn create_database(&self) -> BoxFuture<'_, Result<bool, DriverError>> {
        Box::pin(async move {
            match &self.target.place {
                Place::Memory => Ok(false),
                Place::File(path) if self.target.mode == Mode::ReadOnly => missing(path).map_or(Ok(false), Err),
                Place::File(path) => create_file(path, &self.connect).await?.map_err(|e| explain(&self.target, e)),
            }
        })
    }

    fn drop_database(&self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async { Ok(()) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.pool.close().await;
            if let Some(keeper) = self.keeper.lock().await.take() {
                // Nobody is left to tell.
                let _ = keeper.close().await;
            }
        })
    }

    fn as_any(&self) -> &(dyn std::any::Any + Send + Sync) {
        self
    }
}

/// A name of its own for each database in memory. The `/` lets the connections of this process share it.
fn memory_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("/prisma-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Makes the file of a database and the directories above it; whether it was not there before. The outer error is that of
/// the directories.
async fn create_file(path: &Path, connect: &SqliteConnectOptions) -> Result<Result<bool, sqlx::Error>, DriverError> {
    if path.exists() {
        return Ok(Ok(false));
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|e| DriverError::AccessDenied {
            name: path.display().to_string(),
            message: format!("cannot make the directory `{}`: {e}", parent.display()),
        })?;
    }
    let make = async {
        let mut connection = connect.clone().create_if_missing(true).connect().await?;
        use_wal(&mut connection).await;
        connection.close().await?;
        Ok(true)
    };
    Ok(make.await)
}

/// A file without any right to write is opened read-only, even by those whom rights do not stop.
fn is_read_only(path: &Path, mode: Mode) -> bool {
    mode == Mode::ReadOnly || path.metadata().is_ok_and(|m| m.permissions().readonly())
}

/// Switches a database to WAL, which stays in its file. Whether it is in that mode now.
async fn use_wal(connection: &mut SqliteConnection) -> bool {
    let mode = sqlx::query_scalar::<_, String>("PRAGMA journal_mode = WAL").fetch_one(connection).await;
    mode.is_ok_and(|m| m.eq_ignore_ascii_case("wal"))
}
