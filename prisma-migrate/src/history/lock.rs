//! Who changes a database's schema is alone.

use std::time::{Duration, Instant};

use prisma_core::Error;
use prisma_core::driver::Connection;

use super::error;
use crate::flavour::Flavour;
use crate::read::{integer, read};

/// How long to wait for others, as Prisma does.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often to ask.
const PAUSE: Duration = Duration::from_millis(50);

/// Prisma's variable that switches locks off, for servers and poolers that have none.
const DISABLE: &str = "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK";

/// How a provider keeps others away, for as long as the connection lasts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AdvisoryLock {
    /// A query that answers 1 if the lock was to be had.
    pub(crate) take: &'static str,
    /// What gives it back.
    pub(crate) give: &'static str,
}

/// A lock, if the provider has one. The end of the connection gives it back too.
#[derive(Debug)]
#[must_use]
pub(crate) struct Held(bool);

/// Takes the lock.
pub(crate) async fn take(connection: &mut dyn Connection, flavour: &dyn Flavour) -> Result<Held, Error> {
    let Some(lock) = flavour.advisory_lock().filter(|_| !is_disabled()) else { return Ok(Held(false)) };
    let begun = Instant::now();
    // Asked again and again, since a statement that waits would itself be in the way of what waits for all statements, such as
    // CREATE INDEX CONCURRENTLY.
    while read(connection, lock.take, |row| integer(row, 0)).await?.first() != Some(&1) {
        if begun.elapsed() >= PATIENCE {
            return Err(error(
                "P1002",
                format!(
                    "the lock of migrations could not be had for {} s, since somebody else changes the schema. Wait for them; if nobody does, the server \
                     still runs a statement of a program that was ended, and its list of processes shows which. Where locks cannot be had, set {DISABLE}=1",
                    PATIENCE.as_secs()
                ),
            ));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(Held(true))
}

impl Held {
    /// Gives the lock back.
    pub(crate) async fn give(self, connection: &mut dyn Connection, flavour: &dyn Flavour) {
        if let Some(lock) = flavour.advisory_lock().filter(|_| self.0) {
            // The connection, dropped, lets go in any case.
            let _ = connection.execute_script(lock.give).await;
        }
    }
}

fn is_disabled() -> bool {
    std::env::var_os(DISABLE).is_some_and(|v| !["", "0", "false"].iter().any(|off| v == *off))
}
