//! SQLite's own interface, made safe: the one module, with the two below it, that has `unsafe` code.
//!
//! What the safety of it rests on:
//!
//! * **One user at a time.** A [`RawHandle`] owns a connection of sqlx's pool, taken out of it, and the lock that keeps sqlx's worker
//!   thread from it ([`Locked`]). The connection has SQLite's "multi-thread" mode (sqlx opens it with
//!   `SQLITE_OPEN_NOMUTEX`): any thread may use it, one at a time. Nothing here is `Sync`, no raw pointer leaves this module, and
//!   whatever calls SQLite takes `&mut self`; what takes `&self` reads a row that lies still, or asks for a number.
//! * **Nothing outlives it.** Statements live in the `RawHandle` and are finalized when it is dropped, before the lock is let go; a value of a
//!   row borrows the handle, or is lent to a visitor for as long as it looks at that row, so that there can be no next step meanwhile. Texts and
//!   bytes that are bound are part of the statement ([`RawHandle::hold`]), and freed after SQLite was told to forget them.
//! * **A call may be set aside half-way.** Calls that may last run on a stack of their own ([`Calls`]). SQLite calls back from long
//!   work (`sqlite3_progress_handler`) and when a lock is not to be had (`sqlite3_busy_handler`); there the stack is left, and entered
//!   again later, perhaps from another thread. On that stack are frames of SQLite, which keep nothing in thread-local storage and hold
//!   no mutex while they call back (the connection has none, and no shared cache), and of a few functions below, which hold
//!   pointers, numbers and the text that is prepared. Visitors of rows run there too, but the stack is never left meanwhile. A stack that was
//!   left is always run to its end before it is freed. Where `ATTACH` may have brought in a shared cache, whose mutex SQLite holds all
//!   through a call, no call is set aside (`Switch::may_leave`).

#![allow(unsafe_code)]

mod calls;
mod locked;
mod row_view;

use std::ffi::{CStr, c_char, c_int};
use std::hash::{Hash, Hasher};
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hashlink::LruCache;
use libsqlite3_sys as ffi;
use prisma_core::Value;
use prisma_core::driver::DriverError;
use rustc_hash::FxBuildHasher;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::Sqlite;
use tokio::runtime::Handle;

use self::calls::{Call, Calls, OPERATIONS, OnRow, on_busy, on_progress};
use self::locked::Locked;
pub(super) use self::row_view::RowView;
use super::bind::store;
use super::stored::Stored;

/// Why a call into SQLite has come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// It is done, with this result code.
    Returned(c_int),
    /// Between two rows, since enough were seen for now: [`RawHandle::step`].
    Full,
    /// It has used up its slice of time: [`RawHandle::proceed`].
    Paused,
    /// Somebody else has the lock that it needs; it was told so this many times before: [`RawHandle::proceed`] or [`RawHandle::give_up`].
    Busy(u32),
}

/// A connection of sqlx's pool that is used on the calling thread.
pub(super) struct RawHandle {
    /// The statement that is run, or was last.
    current: Option<Prepared>,
    /// The others that are worth keeping.
    kept: LruCache<ByAddress, Prepared, FxBuildHasher>,
    /// Whether a row lies here now.
    has_row: bool,
    /// Whether the current statement was begun and not yet reset.
    is_running: bool,
    calls: Calls,
    locked: Locked,
}

// SAFETY: see the module; all it owns may go to another thread together, and `&RawHandle` is not shared, as it is not `Sync`.
unsafe impl Send for RawHandle {}

impl RawHandle {
    /// Takes a connection from its worker thread. It keeps at most `statements` prepared.
    pub(super) async fn lock(
        connection: PoolConnection<Sqlite>,
        runtime: Handle,
        statements: usize,
        busy_timeout: Duration,
    ) -> Result<Self, Failure> {
        let locked = Locked::new(connection, runtime).await?;
        let calls = Calls::new(locked.database, busy_timeout).map_err(Failure::Stack)?;
        let context = calls.switch.as_ptr().cast();
        // SAFETY: the connection is locked; the context lives until `drop` takes the callbacks away.
        unsafe {
            ffi::sqlite3_progress_handler(locked.database.as_ptr(), OPERATIONS, Some(on_progress), context);
            ffi::sqlite3_busy_handler(locked.database.as_ptr(), Some(on_busy), context);
        }
        // One more is `current`.
        let kept = LruCache::with_hasher(statements.saturating_sub(1), FxBuildHasher);
        Ok(Self { current: None, kept, has_row: false, is_running: false, calls, locked })
    }

    /// Set from any thread, it ends the call that is under way, and all that come.
    pub(super) fn interrupt(&self) -> &Arc<AtomicBool> {
        &self.calls.switch().interrupt
    }

    /// Whether a call was set aside half-way.
    pub(super) fn is_in_call(&self) -> bool {
        self.calls.is_in_call
    }

    /// Whether no transaction is open.
    pub(super) fn is_autocommit(&self) -> bool {
        // SAFETY: reads a field of the connection.
        unsafe { ffi::sqlite3_get_autocommit(self.locked.database.as_ptr()) != 0 }
    }

    /// How many rows the statement has changed that was run last and is no mere read.
    fn changes(&self) -> u64 {
        // SAFETY: reads a field of the connection. The 64-bit form is not in the oldest versions of the library.
        u64::try_from(unsafe { ffi::sqlite3_changes(self.locked.database.as_ptr()) }).unwrap_or(0)
    }

    /// How many rows the current statement has changed, which was run to its end.
    pub(super) fn rows_changed(&self) -> u64 {
        if self.is_read() { 0 } else { self.changes() }
    }

    /// Whether no call is under way, and nothing prepared that nobody has taken.
    pub(super) fn is_settled(&self) -> bool {
        !self.is_in_call() && self.calls.switch().prepared.get().0.is_none()
    }

    /// What went wrong in a call that has returned `code`.
    pub(super) fn failure(&self, code: c_int) -> Failure {
        let database = self.locked.database.as_ptr();
        // SAFETY: the texts lie in the connection until the next call, or for ever; both are copied at once.
        let (code, message) = unsafe {
            match ffi::sqlite3_extended_errcode(database) {
                0 => (code, text(ffi::sqlite3_errstr(code))),
                extended => (extended, text(ffi::sqlite3_errmsg(database))),
            }
        };
        Failure::Sqlite { code, message: message.unwrap_or_default().to_owned() }
    }

    /// Makes the statement of this text the current one, if it is kept.
    pub(super) fn recall(&mut self, sql: &Arc<str>) -> bool {
        let is_it = |key: &Arc<str>| Arc::ptr_eq(key, sql);
        if self.is_in_call() || self.current.as_ref().and_then(|c| c.key.as_ref()).is_some_and(is_it) {
            return !self.is_in_call();
        }
        self.put_away();
        self.current = self.kept.remove(&ByAddress(Arc::clone(sql)));
        self.current.is_some()
    }

    /// Prepares the first statement of a text from a position on; [`prepared`](Self::prepared) makes it the current one.
    pub(super) fn prepare(&mut self, sql: &Arc<str>, from: usize, slice: Duration) -> Stop {
        self.begin_slice(Some(slice));
        self.calls.enter(Call::Prepare { sql: Arc::clone(sql), from })
    }

    /// Where in the text ends what was prepared.
    pub(super) fn prepared_to(&self) -> usize {
        self.calls.switch().prepared.get().1
    }

    /// Makes what was prepared the current statement: where its text ends, and whether there was one. It is kept by `key`.
    pub(super) fn prepared(&mut self, key: Option<&Arc<str>>) -> (usize, bool) {
        // What is put away may be finalized, which must not happen in the middle of its call.
        if self.is_in_call() {
            return (0, false);
        }
        self.put_away();
        let (statement, end) = self.calls.switch().prepared.take();
        if let Some(pointer) = statement {
            // SAFETY: the statement was prepared just now.
            let parameters = unsafe { ffi::sqlite3_bind_parameter_count(pointer.as_ptr()) };
            let mut statement =
                Prepared { pointer, key: key.cloned(), parameters, has_names: false, held: Vec::new(), lends: false };
            statement.has_names = (1..=parameters).any(|index| statement.parameter(index).is_some());
            self.current = Some(statement);
        }
        (end, statement.is_some())
    }

    fn put_away(&mut self) {
        self.reset();
        if let Some(statement) = self.current.take()
            && let Some(key) = &statement.key
        {
            self.kept.insert(ByAddress(Arc::clone(key)), statement);
        }
    }

    /// How many parameters the current statement has.
    pub(super) fn parameters(&self) -> usize {
        self.current.as_ref().and_then(|s| usize::try_from(s.parameters).ok()).unwrap_or(0)
    }

    /// The name of a parameter of the current statement, `?1` or `$1` or `:x`; counted from 1.
    pub(super) fn parameter(&self, index: usize) -> Option<&str> {
        let statement = self.current.as_ref().filter(|s| s.has_names)?;
        statement.parameter(c_int::try_from(index).ok()?)
    }

    /// Whether the current statement leaves the database as it is.
    pub(super) fn is_read(&self) -> bool {
        // SAFETY: reads a field of the statement.
        self.current.as_ref().is_some_and(|s| unsafe { ffi::sqlite3_stmt_readonly(s.pointer.as_ptr()) != 0 })
    }

    /// Gives the current statement the values that [`bind`](Self::bind) binds. It has them until it is reset, so that SQLite need not copy
    /// texts and bytes.
    pub(super) fn hold(&mut self, values: Vec<Value>) {
        self.reset();
        if !self.is_in_call()
            && let Some(statement) = &mut self.current
        {
            statement.held = values;
        }
    }

    /// Binds a parameter of the current statement, counted from 1, to the value at a place among those that it [holds](Self::hold), or to NULL if
    /// there is none; answers a result code. What has to be written as text for that is written to `buffer`.
    ///
    /// # Errors
    /// SQLite has no form for the value.
    pub(super) fn bind(&mut self, index: usize, place: usize, buffer: &mut String) -> Result<c_int, DriverError> {
        let in_call = self.is_in_call();
        let (Some(statement), Ok(index), false) = (&mut self.current, c_int::try_from(index), in_call) else {
            return Ok(ffi::SQLITE_MISUSE);
        };
        let value = statement.held.get(place).unwrap_or(&Value::Null);
        // What lies in the value itself stays where it is; anything else is copied.
        let is_held = matches!(value, Value::String(_) | Value::Enum(_) | Value::Bytes(_));
        let stored = store(value, buffer)?;
        statement.lends |= is_held;
        let keeping = if is_held { ffi::SQLITE_STATIC() } else { ffi::SQLITE_TRANSIENT() };
        let pointer = statement.pointer.as_ptr();
        // SAFETY: the statement is there, and no call is under way. SQLite copies a text, or it is part of a value that the statement holds, which is
        // neither changed nor freed before `Prepared::let_go` has taken the pointer away. It takes an empty one from any pointer but NULL,
        // which a slice never is.
        Ok(unsafe {
            match stored {
                Stored::Null => ffi::sqlite3_bind_null(pointer, index),
                Stored::Integer(v) => ffi::sqlite3_bind_int64(pointer, index, v),
                Stored::Real(v) => ffi::sqlite3_bind_double(pointer, index, v),
                Stored::Text(v) => {
                    let (start, length) = (v.as_ptr().cast(), v.len() as u64);
                    ffi::sqlite3_bind_text64(pointer, index, start, length, keeping, ffi::SQLITE_UTF8 as u8)
                }
                Stored::Blob(v) => ffi::sqlite3_bind_blob64(pointer, index, v.as_ptr().cast(), v.len() as u64, keeping),
            }
        })
    }

    /// Runs the current statement on, and shows each row to `on_row`, which says whether to go on: until it says no or the slice of time is used up
    /// ([`Stop::Full`]), or to its end (`SQLITE_DONE` or an error). The slice is the one that [`begin_slice`](Self::begin_slice) began.
    ///
    /// Where SQLite is left before a row is there, the row comes as `SQLITE_ROW`, and is still to be [looked at](Self::row).
    pub(super) fn step(&mut self, on_row: &mut OnRow<'_>) -> Stop {
        let Some(statement) = &self.current else { return Stop::Returned(ffi::SQLITE_MISUSE) };
        self.is_running = true;
        // Nor is there one if the visitor panics.
        self.has_row = false;
        let stop = self.calls.step(statement.pointer, on_row);
        self.see_row(stop)
    }

    /// Goes on with the call that was set aside: for one more slice of time, or to its end.
    pub(super) fn proceed(&mut self, slice: Option<Duration>) -> Stop {
        self.begin_slice(slice);
        let stop = self.calls.enter(Call::Proceed { again: true });
        self.see_row(stop)
    }

    /// Goes on with a call that waits for a lock, but lets it fail.
    pub(super) fn give_up(&mut self, slice: Duration) -> Stop {
        self.begin_slice(Some(slice));
        let stop = self.calls.enter(Call::Proceed { again: false });
        self.see_row(stop)
    }

    /// From now on, calls stop after this time; it is counted from when SQLite first calls back.
    pub(super) fn begin_slice(&mut self, slice: Option<Duration>) {
        self.calls.switch().begin_slice(slice);
    }

    fn see_row(&mut self, stop: Stop) -> Stop {
        self.has_row = stop == Stop::Returned(ffi::SQLITE_ROW);
        stop
    }

    /// The row that lies here now, if there is one.
    pub(super) fn row(&self) -> Option<RowView<'_>> {
        let statement = self.current.as_ref().filter(|_| self.has_row)?;
        // SAFETY: the statement was stepped to a row, and to step it again `&mut self` is needed.
        Some(unsafe { RowView::new(statement.pointer) })
    }

    /// Ends the run of the current statement, and frees what was bound. Nothing is to be under way.
    pub(super) fn reset(&mut self) {
        self.has_row = false;
        if self.is_in_call() {
            return;
        }
        let Some(statement) = &mut self.current else { return };
        if self.is_running {
            // SAFETY: the statement is there, and no call is under way. The result is that of its last step.
            unsafe { ffi::sqlite3_reset(statement.pointer.as_ptr()) };
            self.is_running = false;
        }
        statement.let_go();
    }

    /// Ends the call that was set aside, and the statement, by an interruption.
    pub(super) fn abort(&mut self) {
        if self.is_in_call() {
            let before = self.interrupt().swap(true, Ordering::Relaxed);
            while self.proceed(None) != Stop::Returned(ffi::SQLITE_OK) && self.is_in_call() {}
            self.interrupt().store(before, Ordering::Relaxed);
        }
        self.reset();
        if self.calls.switch().prepared.get().0.is_some() {
            self.prepared(None);
            self.current = None;
        }
    }

    /// Whether nothing is under way and no transaction is open.
    pub(super) fn is_clean(&self) -> bool {
        !self.is_running && !self.is_in_call() && self.is_autocommit() && !self.interrupt().load(Ordering::Relaxed)
    }

    /// Ends what is under way, and rolls back. A connection that cannot be brought to that will be closed.
    pub(super) fn clean(&mut self) {
        if self.is_clean() || self.is_closing() {
            return;
        }
        self.abort();
        self.interrupt().store(false, Ordering::Relaxed);
        self.roll_back();
    }

    /// Rolls back what is open, with nothing under way. A connection on which that fails will be closed.
    pub(super) fn roll_back(&mut self) {
        if self.is_in_call() || self.is_autocommit() {
            return;
        }
        self.begin_slice(None);
        // SAFETY: the connection is locked, and no call is under way; the text ends with a NUL.
        let code = unsafe {
            let (database, sql) = (self.locked.database.as_ptr(), c"ROLLBACK".as_ptr());
            ffi::sqlite3_exec(database, sql, None, ptr::null_mut(), ptr::null_mut())
        };
        if code != ffi::SQLITE_OK {
            self.close_on_drop();
        }
    }

    /// Has the connection closed when it is given back.
    pub(super) fn close_on_drop(&mut self) {
        self.locked.owner.closes = true;
    }

    /// Whether it will be.
    pub(super) fn is_closing(&self) -> bool {
        self.locked.owner.closes
    }
}

impl std::fmt::Debug for RawHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawHandle").field("is_in_call", &self.is_in_call()).finish_non_exhaustive()
    }
}

impl Drop for RawHandle {
    fn drop(&mut self) {
        self.abort();
        self.current = None;
        self.kept.clear();
        let busy_timeout = c_int::try_from(self.calls.switch().busy_timeout.as_millis()).unwrap_or(c_int::MAX);
        // SAFETY: the connection is locked still. sqlx gets it back with the busy time-out that it had; the callbacks, whose context goes
        // next, are gone.
        unsafe {
            ffi::sqlite3_progress_handler(self.locked.database.as_ptr(), 0, None, ptr::null_mut());
            ffi::sqlite3_busy_timeout(self.locked.database.as_ptr(), busy_timeout);
        }
    }
}

/// Why something did not work.
#[derive(Debug)]
pub(super) enum Failure {
    /// SQLite refused, with its extended result code.
    Sqlite { code: c_int, message: String },
    /// sqlx did not hand over the connection.
    Sqlx(sqlx::Error),
    /// There is no memory for the stack of a connection.
    Stack(std::io::Error),
}

/// A text that is one and the same: whoever runs a statement again has it from a cache, and to look at all of it would take long.
struct ByAddress(Arc<str>);

impl PartialEq for ByAddress {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
impl Eq for ByAddress {}
impl Hash for ByAddress {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        Arc::as_ptr(&self.0).cast::<u8>().hash(hasher);
    }
}

/// A prepared statement; finalized when it is dropped.
struct Prepared {
    pointer: NonNull<ffi::sqlite3_stmt>,
    /// Its text, if it is to be kept.
    key: Option<Arc<str>>,
    parameters: c_int,
    has_names: bool,
    /// What its parameters are bound to.
    held: Vec<Value>,
    /// Whether SQLite has pointers into those values.
    lends: bool,
}

impl Prepared {
    /// Frees the values that it holds. It must not be in the middle of a run, which may have copies of the pointers.
    fn let_go(&mut self) {
        if self.lends {
            // SAFETY: the statement is there. Afterwards it points to no value, all its parameters being NULL.
            unsafe { ffi::sqlite3_clear_bindings(self.pointer.as_ptr()) };
            self.lends = false;
        }
        self.held = Vec::new();
    }

    fn parameter(&self, index: c_int) -> Option<&str> {
        // SAFETY: the text lives as long as the statement.
        unsafe { text(ffi::sqlite3_bind_parameter_name(self.pointer.as_ptr(), index)) }
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // SAFETY: it is dropped by the `RawHandle` that owns it, whose connection is locked, and not in the middle of a call of it:
        // what takes it out of `current` runs after the call has returned.
        unsafe { ffi::sqlite3_finalize(self.pointer.as_ptr()) };
    }
}

/// The text at a pointer, if there is one and it is in UTF-8.
///
/// # Safety
/// It must end with a NUL and stay for `'a`.
unsafe fn text<'a>(start: *const c_char) -> Option<&'a str> {
    // SAFETY: by this function's own condition.
    (!start.is_null()).then(|| unsafe { CStr::from_ptr(start) }).and_then(|text| text.to_str().ok())
}
