//! A connection of the pool, kept from its worker thread.

use std::ptr::NonNull;

use libsqlite3_sys as ffi;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{LockedSqliteHandle, Sqlite};
use tokio::runtime::Handle;

use super::Failure;

/// A connection of the pool with its lock. The lock goes first.
pub(super) struct Locked {
    pub(super) database: NonNull<ffi::sqlite3>,
    _lock: LockedSqliteHandle<'static>,
    pub(super) owner: Owner,
}

impl Locked {
    pub(super) async fn new(connection: PoolConnection<Sqlite>, runtime: Handle) -> Result<Self, Failure> {
        let connection = NonNull::from(Box::leak(Box::new(connection)));
        let owner = Owner { connection, runtime, closes: false };
        // SAFETY: the lock borrows the connection for as long as it is there, which is until `owner` frees it. Both this future and
        // `Locked` drop the lock before `owner`, and nobody else uses the connection meanwhile.
        let borrowed: &'static mut PoolConnection<Sqlite> = unsafe { &mut *connection.as_ptr() };
        let mut lock = borrowed.lock_handle().await.map_err(Failure::Sqlx)?;
        Ok(Self { database: lock.as_raw_handle(), _lock: lock, owner })
    }
}

/// Owns a connection by a pointer, since a `Box` would claim that nobody else points at it. Gives it back to its pool when it is dropped.
pub(super) struct Owner {
    connection: NonNull<PoolConnection<Sqlite>>,
    runtime: Handle,
    pub(super) closes: bool,
}

// SAFETY: it owns a `PoolConnection`, which is `Send`.
unsafe impl Send for Owner {}

impl Drop for Owner {
    fn drop(&mut self) {
        // The pool takes connections back in a task, even when this is dropped outside the runtime.
        let _runtime = self.runtime.enter();
        // SAFETY: it was leaked in `Locked::new`, and is taken back here only; the lock is gone.
        let mut connection = unsafe { Box::from_raw(self.connection.as_ptr()) };
        if self.closes {
            connection.close_on_drop();
        }
    }
}
