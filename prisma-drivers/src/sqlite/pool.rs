//! Connections for the engine, each taken from its worker thread.

use std::sync::Arc;

use prisma_core::driver::DriverError;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{Sqlite, SqlitePool, SqliteTransactionManager};
use sqlx_core::transaction::TransactionManager;
use tokio::runtime::Handle;

use super::error::{explain, explain_failure};
use super::raw_handle::RawHandle;
use super::target::Target;
use crate::at_hand::AtHand;

/// The way of the engine to sqlx's pool.
#[derive(Debug)]
pub(super) struct Pool {
    kept: Arc<AtHand<Sqlite, Raw>>,
    target: Arc<Target>,
    runtime: Handle,
    words: Words,
}

/// What begins and ends transactions.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) begin_immediate: Arc<str>,
    pub(super) begin: Arc<str>,
    pub(super) commit: Arc<str>,
    pub(super) rollback: Arc<str>,
    /// Beginning and end of a savepoint, by its depth.
    savepoints: [(Arc<str>, Arc<str>); 4],
}

impl Words {
    fn new() -> Self {
        Self {
            begin_immediate: "BEGIN IMMEDIATE".into(),
            begin: "BEGIN".into(),
            commit: "COMMIT".into(),
            rollback: "ROLLBACK".into(),
            savepoints: [1, 2, 3, 4].map(savepoint),
        }
    }

    /// The texts that begin and release the savepoint within so many levels.
    pub(super) fn savepoint(&self, depth: usize) -> (Arc<str>, Arc<str>) {
        depth.checked_sub(1).and_then(|at| self.savepoints.get(at)).cloned().unwrap_or_else(|| savepoint(depth))
    }
}

fn savepoint(depth: usize) -> (Arc<str>, Arc<str>) {
    (format!("SAVEPOINT s{depth}").into(), format!("RELEASE s{depth}").into())
}

/// A connection taken out of sqlx's pool. Dropped, it is rolled back and goes there again.
pub(super) type Taken = crate::at_hand::Taken<Raw>;

/// What is kept of a connection: locked, with its prepared statements.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) raw: RawHandle,
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.raw.clean();
    }
}

impl Pool {
    pub(super) fn new(inner: SqlitePool, target: Arc<Target>, runtime: Handle) -> Self {
        Self { kept: AtHand::new(inner, &target.pool, None, runtime.clone()), target, runtime, words: Words::new() }
    }

    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// sqlx's pool, for the program to use too.
    pub(super) fn hand_out(&self) -> &SqlitePool {
        self.kept.hand_out()
    }

    /// Gives back what is idle, closes the pool and waits until all connections are back.
    pub(super) async fn close(&self) {
        self.kept.close().await;
    }

    /// A connection that is at hand.
    pub(super) fn at_hand(&self) -> Option<Box<Taken>> {
        self.kept.at_hand()
    }

    /// A connection, when there is one.
    pub(super) async fn acquire(self: &Arc<Self>) -> Result<Box<Taken>, DriverError> {
        self.kept.acquire(Arc::clone(self).take()).await
    }

    /// Takes back a connection, in whatever state.
    pub(super) fn give_back(&self, mut taken: Box<Taken>) {
        if !taken.raw.is_in_call() {
            // Somewhere among its rows.
            taken.raw.reset();
        }
        if taken.raw.is_clean() {
            return keep(&self.kept, taken);
        }
        // To undo what it has done may last.
        let kept = Arc::clone(&self.kept);
        self.runtime.spawn_blocking(move || {
            taken.raw.clean();
            keep(&kept, taken);
        });
    }

    /// Takes a connection out of sqlx's pool.
    async fn take(self: Arc<Self>) -> Result<Box<Taken>, DriverError> {
        loop {
            let mut connection: PoolConnection<Sqlite> =
                self.kept.pool().acquire().await.map_err(|e| explain(&self.target, e))?;
            if SqliteTransactionManager::get_transaction_depth(&connection) != 0 {
                // Its rollback failed when it was given back: what it is in the middle of, nobody knows.
                connection.close_on_drop();
                continue;
            }
            let Target { statement_cache, busy_timeout, .. } = *self.target;
            let raw = RawHandle::lock(connection, self.runtime.clone(), statement_cache, busy_timeout).await;
            let mut raw = raw.map_err(|e| explain_failure(&self.target, e))?;
            if raw.is_autocommit() {
                return Ok(Taken::new(Raw { raw }, false));
            }
            // The program has begun a transaction behind sqlx's back.
            raw.close_on_drop();
        }
    }
}

fn keep(kept: &Arc<AtHand<Sqlite, Raw>>, taken: Box<Taken>) {
    if !taken.raw.is_closing() {
        kept.keep(taken);
    }
}
