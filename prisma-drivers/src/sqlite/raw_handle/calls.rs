//! Calls of SQLite on a stack of their own, which may be left half-way and entered again.

use std::any::Any;
use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use libsqlite3_sys as ffi;

use super::{RowView, Stop};

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
    /// How long calls may last; `None` is for ever.
    slice: Cell<Option<Duration>>,
    /// When that is over, once the time was looked at.
    until: Cell<Option<Instant>>,
    pub(super) interrupt: Arc<AtomicBool>,
    /// What was prepared last, and where in the text it ends.
    pub(super) prepared: Cell<(Option<NonNull<ffi::sqlite3_stmt>>, usize)>,
    /// Who looks at rows, as long as the stack is entered with somebody who does.
    on_row: Cell<Option<NonNull<OnRow<'static>>>>,
    /// A panic on its way out of the stack, on which nothing may unwind.
    panic: Cell<Option<Box<dyn Any + Send>>>,
}

/// Sees a row; answers whether to go on.
pub(super) type OnRow<'a> = dyn FnMut(RowView<'_>) -> bool + 'a;

/// After how many rows the time is looked at.
const ROWS: u32 = 64;

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
            slice: Cell::new(None),
            busy_timeout,
            until: Cell::new(None),
            interrupt: Arc::default(),
            prepared: Cell::new((None, 0)),
            on_row: Cell::new(None),
            panic: Cell::new(None),
        })));
        let shared = switch;
        let coroutine = Coroutine::with_stack(stack, move |yielder: &Yielder<Call, Stop>, mut call| {
            loop {
                // SAFETY: the switch is freed after this stack has ended.
                let switch = unsafe { shared.as_ref() };
                switch.yielder.set(yielder);
                let stop = match call {
                    Call::Step(statement) => switch.step(statement),
                    Call::Prepare { sql, from } => Stop::Returned(switch.prepare(&sql, from)),
                    Call::Proceed { .. } => Stop::Returned(ffi::SQLITE_MISUSE),
                    Call::End => return,
                };
                switch.yielder.set(ptr::null());
                call = yielder.suspend(stop);
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
                self.is_in_call = !matches!(stop, Stop::Returned(_) | Stop::Full);
                stop
            }
            CoroutineResult::Return(()) => Stop::Returned(ffi::SQLITE_MISUSE),
        }
    }
}

impl Calls {
    /// Runs a statement on and shows its rows, as [`RawHandle::step`](super::RawHandle::step) says.
    pub(super) fn step(&mut self, statement: NonNull<ffi::sqlite3_stmt>, on_row: &mut OnRow<'_>) -> Stop {
        // SAFETY: changes nothing but the lifetime. The pointer is taken away again before `on_row` is given back; what is left half-way until then does
        // not know of it.
        let on_row =
            unsafe { std::mem::transmute::<NonNull<OnRow<'_>>, NonNull<OnRow<'static>>>(NonNull::from(on_row)) };
        self.switch().on_row.set(Some(on_row));
        let stop = self.enter(Call::Step(statement));
        self.switch().on_row.set(None);
        if let Some(panic) = self.switch().panic.take() {
            std::panic::resume_unwind(panic);
        }
        stop
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
    /// Runs a statement on as long as somebody looks at its rows.
    fn step(&self, statement: NonNull<ffi::sqlite3_stmt>) -> Stop {
        let mut seen = 0_u32;
        loop {
            // SAFETY: `RawHandle::step` names a statement that it owns, and does nothing to it until this has returned.
            let code = unsafe { ffi::sqlite3_step(statement.as_ptr()) };
            let (ffi::SQLITE_ROW, Some(mut on_row)) = (code, self.on_row.get()) else { return Stop::Returned(code) };
            // SAFETY: `Calls::step` is waiting for this stack, with `on_row` borrowed; nobody else uses it meanwhile. The statement lies at a row, and
            // is not stepped again before that was seen.
            let seeing = AssertUnwindSafe(|| unsafe { on_row.as_mut()(RowView::new(statement)) });
            let goes_on = catch_unwind(seeing).unwrap_or_else(|panic| {
                self.panic.set(Some(panic));
                false
            });
            seen += 1;
            if !goes_on || (seen.is_multiple_of(ROWS) && self.is_slice_over()) {
                return Stop::Full;
            }
        }
    }

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

    /// From now on, calls stop after this time.
    pub(super) fn begin_slice(&self, slice: Option<Duration>) {
        self.slice.set(slice);
        self.until.set(None);
    }

    /// Whether the slice of time is used up. It begins when this is asked first: a statement that is over before that, as most are, does
    /// not look at the time at all.
    pub(super) fn is_slice_over(&self) -> bool {
        let Some(slice) = self.slice.get() else { return false };
        let now = Instant::now();
        match self.until.get() {
            Some(until) => until <= now,
            None => {
                self.until.set(Some(now + slice));
                false
            }
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
    if !switch.is_interrupted() && switch.is_slice_over() && switch.may_leave() {
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
