//! Statements on a connection: as far as they go at once, and the rest in slices of time or on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use libsqlite3_sys::{SQLITE_DONE, SQLITE_OK, SQLITE_ROW};
use prisma_core::driver::{DriverError, RowVisitor, Statement, pause};
use prisma_core::{Error, Value};
use tokio::task::JoinHandle;

use super::connection::PooledConnection;
use super::pool::Taken;
use super::raw_handle::{Failure, RawHandle, Stop};
use super::row::SqliteRow;

/// How long SQLite may run on the calling thread before other tasks get their turn.
const SLICE: Duration = Duration::from_millis(2);

/// What stands between two statements of a text.
const BETWEEN: [char; 5] = [' ', ';', '\n', '\t', '\r'];

/// A call that lasts, with its connection.
pub(super) struct Background {
    done: JoinHandle<(Box<Taken>, Stop)>,
    is_read: bool,
    pub(super) interrupt: Arc<AtomicBool>,
}

/// How far a statement has come at once.
pub(super) enum Attempt {
    /// To its end.
    Done(Result<u64, Refusal>),
    /// It is not prepared, or something else must be brought to its end before.
    NotBegun,
    /// It has used up its time, or waits for a lock.
    Stopped(Stop),
}

/// A statement that failed.
pub(super) enum Refusal {
    Sqlite(Failure),
    Driver(DriverError),
    Visitor(Error),
}

impl From<DriverError> for Refusal {
    fn from(error: DriverError) -> Self {
        Self::Driver(error)
    }
}

impl PooledConnection {
    /// Runs all statements of a text: how many rows they have changed.
    async fn run(
        &mut self,
        sql: &Arc<str>,
        mut values: Vec<Value>,
        is_kept: bool,
        rows: &mut dyn RowVisitor,
    ) -> Result<u64, Refusal> {
        self.settle_what_was_left().await?;
        let (mut at, mut bound, mut changed) = (0, 0, 0);
        while at < sql.len() {
            at = match self.find(sql, at, is_kept).await? {
                (end, true) => end,
                (end, false) if end > at => {
                    at = end;
                    continue;
                }
                _ => break,
            };
            let is_last = sql[at.min(sql.len())..].trim_matches(BETWEEN).is_empty();
            let held = if is_last { std::mem::take(&mut values) } else { values.clone() };
            let raw = self.raw()?;
            bound += bind(raw, held, bound)?;
            let stop = run_slice(raw, rows)?;
            self.step(stop, rows).await?;
            let raw = self.raw()?;
            changed += raw.rows_changed();
            raw.reset();
        }
        Ok(changed)
    }

    /// The same, with nothing left under way if it fails.
    pub(super) async fn run_clean(
        &mut self,
        sql: &Arc<str>,
        values: Vec<Value>,
        is_kept: bool,
        rows: &mut dyn RowVisitor,
    ) -> Result<u64, Refusal> {
        let done = self.run(sql, values, is_kept, rows).await;
        if let (Err(_), Some(taken)) = (&done, &mut self.taken) {
            taken.raw.reset();
        }
        done
    }

    /// Makes the statement at a place in a text the current one; where it ends, and whether there is one.
    async fn find(&mut self, sql: &Arc<str>, at: usize, is_kept: bool) -> Result<(usize, bool), Refusal> {
        let raw = self.raw()?;
        if is_kept && at == 0 && raw.recall(sql) {
            return Ok((sql.len(), true));
        }
        let stop = raw.prepare(sql, at, SLICE);
        let code = self.settle(stop).await?;
        let raw = self.raw()?;
        if code != SQLITE_OK {
            return Err(Refusal::Sqlite(raw.failure(code)));
        }
        // Of a text of several statements none is kept.
        let is_all = at == 0 && sql[raw.prepared_to().min(sql.len())..].trim_matches(BETWEEN).is_empty();
        Ok(raw.prepared((is_kept && is_all).then_some(sql)))
    }

    /// Runs the current statement to its end, from where it has stopped.
    async fn step(&mut self, mut stop: Stop, rows: &mut dyn RowVisitor) -> Result<(), Refusal> {
        loop {
            let code = match stop {
                Stop::Returned(code) => code,
                Stop::Full => {
                    pause().await;
                    SQLITE_OK
                }
                stop => self.settle(stop).await?,
            };
            let raw = self.raw()?;
            match code {
                SQLITE_DONE => return Ok(()),
                SQLITE_ROW => {
                    if let Some(row) = raw.row() {
                        rows.row(&SqliteRow(row)).map_err(Refusal::Visitor)?;
                    }
                    if rows.is_full() {
                        pause().await;
                    }
                }
                SQLITE_OK => {}
                code => return Err(Refusal::Sqlite(raw.failure(code))),
            }
            stop = run_slice(self.raw()?, rows)?;
        }
    }

    /// Runs a statement as far as it goes at once: most are through then.
    pub(super) fn attempt(&mut self, statement: &mut Statement, rows: &mut dyn RowVisitor) -> Attempt {
        let Some(taken) = &mut self.taken else { return Attempt::NotBegun };
        let raw = &mut taken.raw;
        if !statement.persistent || !raw.is_settled() || !raw.recall(&statement.sql) {
            return Attempt::NotBegun;
        }
        let values = std::mem::take(&mut statement.values);
        let stop = bind(raw, values, 0).and_then(|_| run_slice(raw, rows));
        let done = match stop {
            Ok(Stop::Returned(SQLITE_DONE)) => Ok(raw.rows_changed()),
            Ok(Stop::Returned(code)) if code != SQLITE_ROW => Err(Refusal::Sqlite(raw.failure(code))),
            Ok(stop) => return Attempt::Stopped(stop),
            Err(refusal) => Err(refusal),
        };
        raw.reset();
        Attempt::Done(done)
    }

    /// Runs on what was attempted: how many rows it has changed.
    pub(super) async fn go_on(
        &mut self,
        attempt: Attempt,
        statement: Statement,
        rows: &mut dyn RowVisitor,
    ) -> Result<u64, Refusal> {
        let done = match attempt {
            Attempt::Done(done) => return done,
            Attempt::NotBegun => self.run(&statement.sql, statement.values, statement.persistent, rows).await,
            Attempt::Stopped(stop) => match self.step(stop, rows).await {
                Ok(()) => self.raw().map(|raw| raw.rows_changed()).map_err(Refusal::Driver),
                Err(refusal) => Err(refusal),
            },
        };
        if let Some(taken) = &mut self.taken {
            taken.raw.reset();
        }
        done
    }

    /// Waits until the call that was set aside returns.
    async fn settle(&mut self, mut stop: Stop) -> Result<i32, DriverError> {
        let mut is_slow = false;
        let mut waiting_since = Instant::now();
        loop {
            stop = match stop {
                Stop::Returned(code) => return Ok(code),
                Stop::Full => return Ok(SQLITE_OK),
                // The rows before may have used up its slice.
                Stop::Paused if !is_slow => {
                    is_slow = true;
                    pause().await;
                    self.raw()?.proceed(Some(SLICE))
                }
                Stop::Paused => {
                    self.go_to_background();
                    self.come_back().await?
                }
                Stop::Busy(times) => {
                    if times == 0 {
                        waiting_since = Instant::now();
                    }
                    let left = self.pool.target().busy_timeout.saturating_sub(waiting_since.elapsed());
                    if left.is_zero() {
                        self.raw()?.give_up(SLICE)
                    } else {
                        self.sleep(busy_delay(times).min(left)).await;
                        self.raw()?.proceed(Some(SLICE))
                    }
                }
            }
        }
    }

    /// Lets the call that was set aside go on on a thread of its own.
    fn go_to_background(&mut self) {
        let Some(mut taken) = self.taken.take() else { return };
        let (is_read, interrupt) = (taken.raw.is_read(), Arc::clone(taken.raw.interrupt()));
        let done = self.pool.runtime().spawn_blocking(move || {
            let stop = taken.raw.proceed(None);
            taken.raw.begin_slice(Some(SLICE));
            (taken, stop)
        });
        self.background = Some(Background { done, is_read, interrupt });
    }

    /// Waits until the call in the background stops.
    async fn come_back(&mut self) -> Result<Stop, DriverError> {
        let Some(background) = &mut self.background else { return Ok(Stop::Returned(SQLITE_OK)) };
        let done = (&mut background.done).await;
        self.background = None;
        let (taken, stop) = done.map_err(|_| DriverError::ConnectionClosed {
            message: "the runtime has shut down while a statement was under way".to_owned(),
        })?;
        self.taken = Some(taken);
        Ok(stop)
    }

    /// Ends what a dropped future has left under way: reads are broken off, anything else runs to its end, since to break it off would end
    /// the transaction that it is part of.
    pub(super) async fn settle_what_was_left(&mut self) -> Result<(), DriverError> {
        if let Some(Background { is_read, interrupt, .. }) = &self.background {
            let interrupt = Arc::clone(interrupt);
            interrupt.store(*is_read, Ordering::Relaxed);
            self.come_back().await?;
            interrupt.store(false, Ordering::Relaxed);
        }
        let raw = self.raw()?;
        let mut has_begun = false;
        if raw.is_in_call() && !raw.is_read() {
            let was_open = !raw.is_autocommit();
            self.settle(Stop::Paused).await?;
            has_begun = !was_open && !self.raw()?.is_autocommit();
        }
        let raw = self.raw()?;
        raw.abort();
        if has_begun {
            // Nobody was told of this transaction, so nobody would end it.
            raw.roll_back();
        }
        Ok(())
    }

    /// A sleep, wherever this is polled.
    fn sleep(&self, time: Duration) -> tokio::time::Sleep {
        let _runtime = self.pool.runtime().enter();
        tokio::time::sleep(time)
    }
}

/// Binds the parameters of the current statement; those that have no number take the values one after the other, `from` on. How many
/// it has taken so.
fn bind(raw: &mut RawHandle, values: Vec<Value>, from: usize) -> Result<usize, Refusal> {
    raw.hold(values);
    let (mut next, mut buffer) = (from, String::new());
    for parameter in 1..=raw.parameters() {
        let place = match raw.parameter(parameter) {
            None => {
                next += 1;
                next - 1
            }
            Some(name) => match name.strip_prefix(['?', '$']).map(str::parse::<usize>) {
                Some(Ok(number @ 1..)) => number - 1,
                _ => {
                    let message = format!("the parameter `{name}` has no number: write `?`, `?1` or `$1`");
                    return Err(Refusal::Driver(DriverError::Encode { message }));
                }
            },
        };
        // A parameter without a value is NULL.
        let code = raw.bind(parameter, place, &mut buffer)?;
        if code != SQLITE_OK {
            return Err(Refusal::Sqlite(raw.failure(code)));
        }
    }
    Ok(next - from)
}

/// Runs the current statement on for a slice of time, and shows its rows.
fn run_slice(raw: &mut RawHandle, rows: &mut dyn RowVisitor) -> Result<Stop, Refusal> {
    raw.begin_slice(Some(SLICE));
    let mut seen = Ok(());
    let stop = raw.step(&mut |row| {
        seen = rows.row(&SqliteRow(row));
        seen.is_ok() && !rows.is_full()
    });
    seen.map(|()| stop).map_err(Refusal::Visitor)
}

/// How long to wait for a lock after it was refused so many times: what SQLite's own busy time-out does.
fn busy_delay(times: u32) -> Duration {
    const MILLISECONDS: [u64; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];
    Duration::from_millis(MILLISECONDS[(times as usize).min(MILLISECONDS.len() - 1)])
}
