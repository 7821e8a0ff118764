//! Connections for the engine: those of sqlx's pool, some of which are kept at hand between two queries.
//!
//! To take a connection from sqlx's pool and to give it back takes long: on SQLite, longer than many a query; on a server, another round
//! trip, for sqlx asks each connection that comes back whether it is still there. So one that was used stays here, with its prepared
//! statements, and the next query finds it. It goes back when it lay idle for a while. If the program has asked for the pool too
//! ([`AtHand::hand_out`]), and there is nothing left in it, it goes back much sooner; and one that is never idle takes its turn in sqlx's
//! queue every so often.

use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use sqlx::Database;
use sqlx::pool::CloseEvent;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::pool_settings::PoolSettings;

/// The way of the engine to sqlx's pool; `T` is what it makes of a connection.
pub(crate) struct AtHand<D: Database, T> {
    inner: sqlx::Pool<D>,
    max_connections: u32,
    has_lifetime: bool,
    /// How long after its last use a connection need not be asked whether it is still there; `None` is for ever.
    trusted_for: Option<Duration>,
    runtime: Handle,
    idle: Mutex<Idle<T>>,
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
}

type Idle<T> = Vec<Box<Taken<T>>>;

/// A connection taken out of sqlx's pool. Dropped, it goes there again.
#[derive(Debug)]
pub(crate) struct Taken<T> {
    connection: T,
    since: Instant,
    /// The number of the sweep before which it was used last.
    used: u64,
    /// Since when it has been here, if that is asked.
    kept: Instant,
    /// Whether it has been idle for so long that it must be asked whether it is still there.
    is_rested: bool,
}

/// What takes a connection out of sqlx's pool.
type Taking<T, E> = dyn Future<Output = Result<Box<Taken<T>>, E>> + Send;

/// A connection on its way from sqlx's pool.
struct Fresh<T, E> {
    future: Pin<Box<Taking<T, E>>>,
    /// Whether the pool may open it, rather than wait for one that comes back.
    may_open: bool,
}

/// How long a connection lies idle here.
const IDLE: Duration = Duration::from_secs(1);
/// The same if the program may wait for it.
const IDLE_WANTED: Duration = Duration::from_millis(2);
/// How long one is used before it takes its turn, if the program may wait for it.
const TURN: Duration = Duration::from_millis(20);

impl<T> Taken<T> {
    /// A connection that has just come out of sqlx's pool; whether it has been idle there for long.
    pub(crate) fn new(connection: T, is_rested: bool) -> Box<Self> {
        let now = Instant::now();
        Box::new(Self { connection, since: now, used: 0, kept: now, is_rested })
    }

    /// Whether it was idle for longer than it is trusted: a server may have gone in the meantime.
    #[cfg(any(feature = "postgres", feature = "cockroachdb", feature = "mysql"))]
    pub(crate) fn is_rested(&self) -> bool {
        self.is_rested
    }

    /// The connection, which will not be kept here again.
    #[cfg(any(feature = "postgres", feature = "cockroachdb", feature = "mysql"))]
    pub(crate) fn into_connection(self) -> T {
        self.connection
    }
}

impl<T> Deref for Taken<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.connection
    }
}

impl<T> DerefMut for Taken<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.connection
    }
}

impl<D: Database, T: Send + 'static> AtHand<D, T> {
    pub(crate) fn new(
        inner: sqlx::Pool<D>,
        settings: &PoolSettings,
        trusted_for: Option<Duration>,
        runtime: Handle,
    ) -> Arc<Self> {
        Arc::new(Self {
            inner,
            max_connections: settings.max_connections,
            has_lifetime: settings.max_lifetime.is_some(),
            trusted_for,
            runtime,
            idle: Mutex::default(),
            returned: Notify::new(),
            waiting: AtomicUsize::new(0),
            is_handed_out: AtomicBool::new(false),
            handed_out: Arc::default(),
            is_swept: AtomicBool::new(false),
            sweeps: AtomicU64::new(0),
        })
    }

    /// sqlx's pool, for those who do not keep what they take.
    pub(crate) fn pool(&self) -> &sqlx::Pool<D> {
        &self.inner
    }

    /// sqlx's pool, for the program to use too.
    pub(crate) fn hand_out(&self) -> &sqlx::Pool<D> {
        if !self.is_handed_out.swap(true, Ordering::Relaxed) {
            self.handed_out.notify_one();
        }
        &self.inner
    }

    /// Gives back what is idle, closes the pool and waits until all connections are back.
    pub(crate) async fn close(&self) {
        self.clear();
        self.inner.close().await;
    }

    /// A connection that is at hand.
    pub(crate) fn at_hand(&self) -> Option<Box<Taken<T>>> {
        // Those who wait come first.
        (self.waiting.load(Ordering::Acquire) == 0).then(|| self.pop()).flatten()
    }

    /// A connection, when there is one: at hand, or from sqlx's pool by `take`.
    pub(crate) async fn acquire<E: Send + 'static>(
        self: &Arc<Self>,
        take: impl Future<Output = Result<Box<Taken<T>>, E>> + Send + 'static,
    ) -> Result<Box<Taken<T>>, E> {
        let waiting = Waiting::new(&self.waiting);
        // Whoever is alone looks for himself; others wait to be told.
        let mut may_look = waiting.is_first;
        let mut fresh: Option<Fresh<T, E>> = None;
        let mut take = Some(take);
        loop {
            if may_look && let Some(taken) = self.pop() {
                drop(waiting);
                if !self.lock_idle().is_empty() {
                    self.tell();
                }
                if let Some(Fresh { future, may_open: true }) = fresh {
                    self.finish(future);
                }
                return Ok(taken);
            }
            if let Some(take) = take.take() {
                let may_open = self.inner.size() < self.max_connections;
                fresh = Some(Fresh { future: Box::pin(take), may_open });
            }
            tokio::select! {
                biased;
                () = self.returned.notified() => may_look = true,
                Some(taken) = async { Some(fresh.as_mut()?.future.as_mut().await) } => return taken,
            }
        }
    }

    /// Lets a connection be opened that nobody waits for any more: given up, it would be begun again by the next who waits, and none
    /// would ever be opened while those that are there come back sooner.
    fn finish<E: Send + 'static>(self: &Arc<Self>, opening: Pin<Box<Taking<T, E>>>) {
        let pool = Arc::clone(self);
        self.runtime.spawn(async move {
            // Whoever needs it opens it again, and is told what went wrong.
            if let Ok(taken) = opening.await {
                pool.keep(taken);
            }
        });
    }

    /// Keeps a connection on which nothing is under way. Those that are to be closed must not come here.
    pub(crate) fn keep(self: &Arc<Self>, mut taken: Box<Taken<T>>) {
        if self.inner.is_closed() {
            return;
        }
        if (self.is_wanted() || self.has_lifetime) && taken.since.elapsed() > TURN {
            return;
        }
        taken.used = self.sweeps.load(Ordering::Relaxed);
        if self.trusted_for.is_some() {
            taken.kept = Instant::now();
        }
        let mut idle = self.lock_idle();
        idle.push(taken);
        drop(idle);
        self.tell();
        if !self.is_swept.load(Ordering::Relaxed) && !self.is_swept.swap(true, Ordering::AcqRel) {
            self.runtime.spawn(sweep(Arc::downgrade(self), Arc::clone(&self.handed_out), self.inner.close_event()));
        }
    }

    /// Whether the program may wait for a connection: it has the pool, in which there is none and to which none can be added.
    fn is_wanted(&self) -> bool {
        self.is_handed_out.load(Ordering::Relaxed)
            && self.inner.num_idle() == 0
            && self.inner.size() >= self.max_connections
    }

    fn pop(&self) -> Option<Box<Taken<T>>> {
        if self.inner.is_closed() {
            return None;
        }
        let mut taken = self.lock_idle().pop()?;
        taken.is_rested = self.trusted_for.is_some_and(|time| taken.kept.elapsed() >= time);
        Some(taken)
    }

    fn tell(&self) {
        if self.waiting.load(Ordering::Acquire) > 0 {
            self.returned.notify_one();
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

impl<D: Database, T> AtHand<D, T> {
    fn lock_idle(&self) -> MutexGuard<'_, Idle<T>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn clear(&self) {
        // sqlx takes connections back in a task.
        let _runtime = self.runtime.enter();
        let idle = std::mem::take(&mut *self.lock_idle());
        drop(idle);
    }
}

impl<D: Database, T> Drop for AtHand<D, T> {
    fn drop(&mut self) {
        self.clear();
    }
}

impl<D: Database, T> fmt::Debug for AtHand<D, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtHand").field("inner", &self.inner).finish_non_exhaustive()
    }
}

/// Looks after what is idle until nothing is.
async fn sweep<D: Database, T: Send + 'static>(
    pool: Weak<AtHand<D, T>>,
    handed_out: Arc<Notify>,
    mut closing: CloseEvent,
) {
    // Once the program has the pool, it may want a connection at any time.
    let interval = |pool: &AtHand<D, T>| if pool.is_handed_out.load(Ordering::Relaxed) { IDLE_WANTED } else { IDLE };
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
