//! Connections for the engine: those of sqlx's pool, some of which are kept at hand between two queries.
//!
//! To take a connection from sqlx's pool and from its worker thread, and to give it back, takes longer than many a query. So one that was
//! used stays here, locked and with its prepared statements, and the next query finds it. It goes back when it lay idle for a while. If the
//! program has asked for the pool too ([`Pool::hand_out`]), and there is nothing left in it, it goes back much sooner; and one that is
//! never idle takes its turn in sqlx's queue every so often.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use prisma_core::driver::DriverError;
use sqlx::pool::{CloseEvent, PoolConnection};
use sqlx::sqlite::{Sqlite, SqlitePool, SqliteTransactionManager};
use sqlx_core::transaction::TransactionManager;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::error::{explain, explain_failure};
use super::raw_handle::RawHandle;
use super::target::Target;

/// The way of the engine to sqlx's pool.
#[derive(Debug)]
pub(super) struct Pool {
    inner: SqlitePool,
    target: Arc<Target>,
    runtime: Handle,
    idle: Mutex<Idle>,
    /// Tells one of those who wait that a connection is idle.
    returned: Notify,
    waiting: AtomicUsize,
    /// Whether the program has the pool too.
    is_handed_out: AtomicBool,
    handed_out: Arc<Notify>,
    /// Whether a task looks after those that are idle.
    is_swept: AtomicBool,
    /// How often it has.
    sweeps: AtomicU64,
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

#[allow(clippy::vec_box, reason = "they come and go in their boxes")]
type Idle = Vec<Box<Taken>>;

/// A connection taken out of sqlx's pool. Dropped, it is rolled back and goes there again.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) raw: RawHandle,
    since: Instant,
    /// The number of the sweep before which it was used last.
    used: u64,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.raw.clean();
    }
}

/// How long a connection lies idle here.
const IDLE: Duration = Duration::from_secs(1);
/// The same if the program may wait for it.
const IDLE_WANTED: Duration = Duration::from_millis(2);
/// How long one is used before it takes its turn, if the program may wait for it.
const TURN: Duration = Duration::from_millis(20);

impl Pool {
    pub(super) fn new(inner: SqlitePool, target: Arc<Target>, runtime: Handle) -> Self {
        Self {
            inner,
            target,
            runtime,
            idle: Mutex::default(),
            returned: Notify::new(),
            waiting: AtomicUsize::new(0),
            is_handed_out: AtomicBool::new(false),
            handed_out: Arc::default(),
            is_swept: AtomicBool::new(false),
            sweeps: AtomicU64::new(0),
            words: Words::new(),
        }
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
        if !self.is_handed_out.swap(true, Ordering::Relaxed) {
            self.handed_out.notify_one();
        }
        &self.inner
    }

    /// Gives back what is idle, closes the pool and waits until all connections are back.
    pub(super) async fn close(&self) {
        drop(self.take_idle());
        self.inner.close().await;
    }

    /// A connection that is at hand.
    pub(super) fn at_hand(&self) -> Option<Box<Taken>> {
        // Those who wait come first.
        (self.waiting.load(Ordering::Acquire) == 0).then(|| self.pop()).flatten()
    }

    /// A connection, when there is one.
    pub(super) async fn acquire(&self) -> Result<Box<Taken>, DriverError> {
        let waiting = Waiting::new(&self.waiting);
        let mut fresh = std::pin::pin!(self.take());
        // Whoever is alone looks for himself; others wait to be told.
        let mut may_look = waiting.is_first;
        loop {
            if may_look && let Some(taken) = self.pop() {
                drop(waiting);
                if !self.lock_idle().is_empty() {
                    self.tell();
                }
                return Ok(taken);
            }
            tokio::select! {
                biased;
                () = self.returned.notified() => may_look = true,
                taken = &mut fresh => return taken,
            }
        }
    }

    /// Takes back a connection, in whatever state.
    pub(super) fn give_back(self: &Arc<Self>, mut taken: Box<Taken>) {
        if !taken.raw.is_in_call() {
            // Somewhere among its rows.
            taken.raw.reset();
        }
        if taken.raw.is_clean() {
            return self.keep(taken);
        }
        // To undo what it has done may last.
        let pool = Arc::clone(self);
        self.runtime.spawn_blocking(move || {
            taken.raw.clean();
            pool.keep(taken);
        });
    }

    fn keep(self: &Arc<Self>, mut taken: Box<Taken>) {
        if taken.raw.is_closing() || self.inner.is_closed() {
            return;
        }
        if (self.is_wanted() || self.target.pool.max_lifetime.is_some()) && taken.since.elapsed() > TURN {
            return;
        }
        taken.used = self.sweeps.load(Ordering::Relaxed);
        let mut idle = self.lock_idle();
        idle.push(taken);
        drop(idle);
        self.tell();
        if !self.is_swept.swap(true, Ordering::AcqRel) {
            self.runtime.spawn(sweep(Arc::downgrade(self), Arc::clone(&self.handed_out), self.inner.close_event()));
        }
    }

    /// Whether the program may wait for a connection: it has the pool, in which there is none and to which none can be added.
    fn is_wanted(&self) -> bool {
        self.is_handed_out.load(Ordering::Relaxed)
            && self.inner.num_idle() == 0
            && self.inner.size() >= self.target.pool.max_connections
    }

    fn pop(&self) -> Option<Box<Taken>> {
        if self.inner.is_closed() {
            return None;
        }
        self.lock_idle().pop()
    }

    fn tell(&self) {
        if self.waiting.load(Ordering::Acquire) > 0 {
            self.returned.notify_one();
        }
    }

    fn lock_idle(&self) -> std::sync::MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_idle(&self) -> Idle {
        std::mem::take(&mut *self.lock_idle())
    }

    /// Takes a connection out of sqlx's pool.
    async fn take(&self) -> Result<Box<Taken>, DriverError> {
        loop {
            let mut connection: PoolConnection<Sqlite> =
                self.inner.acquire().await.map_err(|e| explain(&self.target, e))?;
            if SqliteTransactionManager::get_transaction_depth(&connection) != 0 {
                // Its rollback failed when it was given back: what it is in the middle of, nobody knows.
                connection.close_on_drop();
                continue;
            }
            let Target { statement_cache, busy_timeout, .. } = *self.target;
            let raw = RawHandle::lock(connection, self.runtime.clone(), statement_cache, busy_timeout).await;
            let mut raw = raw.map_err(|e| explain_failure(&self.target, e))?;
            if raw.is_autocommit() {
                return Ok(Box::new(Taken { raw, since: Instant::now(), used: 0 }));
            }
            // The program has begun a transaction behind sqlx's back.
            raw.close_on_drop();
        }
    }

    /// Gives back what has been idle for so many sweeps; whether nothing is left.
    fn sweep(&self, idle_for: u64) -> bool {
        let mut idle = self.lock_idle();
        let sweep = self.sweeps.fetch_add(1, Ordering::Relaxed);
        let old: Vec<_> = idle.extract_if(.., |taken| sweep - taken.used >= idle_for).collect();
        let is_empty = idle.is_empty();
        if is_empty {
            self.is_swept.store(false, Ordering::Release);
        }
        drop(idle);
        drop(old);
        is_empty
    }
}

/// Looks after what is idle until nothing is.
async fn sweep(pool: Weak<Pool>, handed_out: Arc<Notify>, mut closing: CloseEvent) {
    // Once the program has the pool, it may want a connection at any time.
    let interval = |pool: &Pool| if pool.is_handed_out.load(Ordering::Relaxed) { IDLE_WANTED } else { IDLE };
    while let Some(wait) = pool.upgrade().map(|pool| interval(&pool)) {
        let mut is_closing = false;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = handed_out.notified() => {}
            () = &mut closing => is_closing = true,
        }
        let Some(pool) = pool.upgrade() else { return };
        let idle_for = match wait {
            _ if is_closing => 0,
            _ if pool.is_wanted() => 1,
            wait => u64::try_from(IDLE.as_millis() / wait.as_millis()).unwrap_or(1),
        };
        if pool.sweep(idle_for) {
            return;
        }
    }
}

/// Counts one who waits.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    is_first: bool,
}

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        Self { count, is_first: count.fetch_add(1, Ordering::AcqRel) == 0 }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::AcqRel);
    }
}
