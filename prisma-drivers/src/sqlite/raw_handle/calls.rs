//! Calls of SQLite on a stack of their own, which may be left half-way and entered again.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use libsqlite3_sys as ffi;

use super::Stop;

/// Calls of SQLite on a stack of their own.
pub(super) struct Calls {
    coroutine: Coroutine<Call, Stop, (), DefaultStack>,
    pub(super) is_in_call: bool,
    /// Freed when this is dropped.
    pub(super) switch: NonNull<Switch>,
}

/// What the stack is entered with.
pub(super) enum Call {
    Prepare {
        sql: Arc<str>,
        from: usize,
    },
    Step(NonNull<ffi::sqlite3_stmt>),
    /// Goes on after a stop; `again` is whether to try once more to get a lock.
    Proceed {
        again: bool,
    },
    /// Ends the stack.
    End,
}

/// What both sides of the stack, and the callbacks, look at.
pub(super) struct Switch {
    database: NonNull<ffi::sqlite3>,
    /// The way out of the stack; NULL where nothing may be set aside.
    yielder: Cell<*const Yielder<Call, Stop>>,
    /// How long to wait for a lock in a call that cannot be set aside.
    pub(super) busy_timeout: Duration,
    /// When the slice of time ends.
    pub(super) until: Cell<Option<Instant>>,
    pub(super) interrupt: Arc<AtomicBool>,
    /// What was prepared last, and where in the text it ends.
    pub(super) prepared: Cell<(Option<NonNull<ffi::sqlite3_stmt>>, usize)>,
}

/// Virtual, and used only as far as a call goes down: as much as threads mostly have, and more, for the deepest expressions.
const STACK: usize = 4 << 20;

/// After so many operations of SQLite's virtual machine it calls back: some 10 to 50 µs.
pub(super) const OPERATIONS: c_int = 1000;

impl Calls {
    pub(super) fn new(database: NonNull<ffi::sqlite3>, busy_timeout: Duration) -> std::io::Result<Self> {
        let stack = DefaultStack::new(STACK)?;
        let switch = NonNull::from(Box::leak(Box::new(Switch {
            database,
            yielder: Cell::new(ptr::null()),
            busy_timeout,
            until: Cell::new(None),
            interrupt: Arc::default(),
            prepared: Cell::new((None, 0)),
        })));
        let shared = switch;
        let coroutine = Coroutine::with_stack(stack, move |yielder: &Yielder<Call, Stop>, mut call| {
            loop {
                // SAFETY: the switch is freed after this stack has ended.
                let switch = unsafe { shared.as_ref() };
                switch.yielder.set(yielder);
                let code = match call {
                    Call::Step(statement) => {
                        // SAFETY: `RawHandle::step` names a statement that it owns, and does nothing to it until this has returned.
                        unsafe { ffi::sqlite3_step(statement.as_ptr()) }
                    }
                    Call::Prepare { sql, from } => switch.prepare(&sql, from),
                    Call::Proceed { .. } => ffi::SQLITE_MISUSE,
                    Call::End => return,
                };
                switch.yielder.set(ptr::null());
                call = yielder.suspend(Stop::Returned(code));
            }
        });
        Ok(Self { coroutine, is_in_call: false, switch })
    }
}

impl Calls {
    pub(super) fn switch(&self) -> &Switch {
        // SAFETY: freed when `self` is dropped. On the stack, shared references to it are all there are.
        unsafe { self.switch.as_ref() }
    }

    /// Begins a call, or goes on with the one that was set aside, until it stops.
    pub(super) fn enter(&mut self, call: Call) -> Stop {
        // One call at a time, and nothing to go on with where none is.
        if self.is_in_call != matches!(call, Call::Proceed { .. }) {
            return Stop::Returned(ffi::SQLITE_MISUSE);
        }
        match self.coroutine.resume(call) {
            CoroutineResult::Yield(stop) => {
                self.is_in_call = !matches!(stop, Stop::Returned(_));
                stop
            }
            CoroutineResult::Return(()) => Stop::Returned(ffi::SQLITE_MISUSE),
        }
    }
}

impl Drop for Calls {
    fn drop(&mut self) {
        // `RawHandle::drop` has brought the last call to its end; what is left is to let the stack return.
        if !self.coroutine.done() {
            self.coroutine.resume(Call::End);
        }
        // SAFETY: leaked in `new`, freed here only; the stack has ended and the callbacks are gone.
        drop(unsafe { Box::from_raw(self.switch.as_ptr()) });
    }
}

impl Switch {
    /// Prepares the first statement of a text from a position on.
    fn prepare(&self, sql: &str, from: usize) -> c_int {
        let rest = sql.get(from..).unwrap_or_default();
        let Ok(length) = c_int::try_from(rest.len()) else { return ffi::SQLITE_TOOBIG };
        let (mut statement, mut tail) = (ptr::null_mut(), ptr::null());
        let start: *const c_char = rest.as_ptr().cast();
        // SAFETY: the connection is locked; the text is as long as is said.
        let code = unsafe {
            let flags = ffi::SQLITE_PREPARE_PERSISTENT as _;
            ffi::sqlite3_prepare_v3(self.database.as_ptr(), start, length, flags, &raw mut statement, &raw mut tail)
        };
        let read = if tail.is_null() { rest.len() } else { tail.addr().saturating_sub(start.addr()) };
        self.prepared.set((NonNull::new(statement), from + read));
        code
    }

    /// Leaves the stack, if what runs is on it; answers whether to go on, or to try again.
    fn leave(&self, stop: Stop) -> bool {
        // SAFETY: it points to the stack, on which the call runs that this is part of.
        match unsafe { self.yielder.get().as_ref() } {
            Some(yielder) => matches!(yielder.suspend(stop), Call::Proceed { again: true }),
            None => false,
        }
    }

    /// Whether a call may be set aside. SQLite holds the mutex of a cache that other connections have too all through a call, and who waits
    /// for that mutex may be who has to go on with the call. Such a cache comes with `ATTACH` only.
    fn may_leave(&self) -> bool {
        let database = self.database.as_ptr();
        // The first two are the connection's own and `temp`.
        let mut attached = (2..).map_while(|number| {
            // SAFETY: reads a field of the connection, which a callback may do; the name stays for as long as the call stands still.
            NonNull::new(unsafe { ffi::sqlite3_db_name(database, number) }.cast_mut())
        });
        attached.all(|name| {
            // SAFETY: the connection has a database of this name. The name of its file ends with a NUL and has its parameters behind it,
            // where SQLite finds them.
            unsafe {
                let file = ffi::sqlite3_db_filename(database, name.as_ptr());
                match file.is_null() || *file == 0 {
                    false => ffi::sqlite3_uri_parameter(file, c"cache".as_ptr()).is_null(),
                    // One in memory does not tell; and VACUUM attaches a file without a name.
                    true => CStr::from_ptr(name.as_ptr()).to_bytes().starts_with(b"vacuum_"),
                }
            }
        })
    }

    /// Waits for a lock, as SQLite itself does; answers whether to try again.
    fn wait(&self, times: u32) -> bool {
        const DELAY: Duration = Duration::from_millis(10);
        let again = DELAY.saturating_mul(times) < self.busy_timeout;
        if again {
            std::thread::sleep(DELAY);
        }
        again
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }
}

/// SQLite calls this every so many operations; anything but 0 interrupts what it does.
pub(super) unsafe extern "C" fn on_progress(context: *mut c_void) -> c_int {
    // SAFETY: the context was given as a `Switch`, and is taken away before that goes.
    let switch = unsafe { &*context.cast::<Switch>() };
    let is_over = !switch.is_interrupted() && switch.until.get().is_some_and(|until| until <= Instant::now());
    if is_over && switch.may_leave() {
        switch.leave(Stop::Paused);
    }
    c_int::from(switch.is_interrupted())
}

/// SQLite calls this when somebody else has a lock; with 0 it gives up.
pub(super) unsafe extern "C" fn on_busy(context: *mut c_void, times: c_int) -> c_int {
    // SAFETY: as in `on_progress`.
    let switch = unsafe { &*context.cast::<Switch>() };
    let times = u32::try_from(times).unwrap_or(0);
    let again = match switch.is_interrupted() {
        true => false,
        false if switch.may_leave() => switch.leave(Stop::Busy(times)),
        false => switch.wait(times),
    };
    c_int::from(again && !switch.is_interrupted())
}
