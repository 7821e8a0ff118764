//! How far away a server is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::Connection;

/// The time of the shortest answer so far. Whatever is measured takes longer than a round trip, never less: so the longer a program runs, the better it
/// is known, and a machine that is busy for a while does not move the server away.
#[derive(Debug, Clone)]
pub(crate) struct RoundTrip(Arc<AtomicU64>);

/// Who answers as fast as that is near enough.
const NEAR: Duration = Duration::from_micros(250);

/// How often a server that seems far away is asked when the first connection is opened.
const TRIES: usize = 3;

impl RoundTrip {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(u64::MAX)))
    }

    /// Takes note of an answer that was waited for since then.
    pub(crate) fn note(&self, since: Instant) {
        let nanoseconds = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX - 1);
        self.0.fetch_min(nanoseconds, Ordering::Relaxed);
    }

    /// The time, if there was an answer.
    pub(crate) fn get(&self) -> Option<Duration> {
        Some(self.0.load(Ordering::Relaxed)).filter(|&n| n != u64::MAX).map(Duration::from_nanos)
    }

    /// Asks the server of the first connection until it has shown itself near, a few times at most.
    ///
    /// # Errors
    /// The connection's own.
    pub(crate) async fn measure(&self, connection: &mut impl Connection) -> Result<(), sqlx::Error> {
        if self.get().is_some() {
            return Ok(());
        }
        for _ in 0..TRIES {
            let since = Instant::now();
            connection.ping().await?;
            self.note(since);
            if self.get().is_some_and(|time| time < NEAR) {
                break;
            }
        }
        Ok(())
    }
}
