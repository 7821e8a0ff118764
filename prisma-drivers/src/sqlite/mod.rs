//! SQLite, on connections of sqlx's pool.
//!
//! # Threads
//! Statements run on the calling thread, in slices of 2 ms; what takes longer to get to its next row goes on on one of Tokio's blocking
//! threads. Whoever waits for a lock sleeps without a thread. `ARCHITECTURE.md` says how, and why that is safe. A progress handler or a busy
//! handler that the program sets on a connection of the pool lasts until the engine uses that connection.
//!
//! # Files
//! A file database runs in WAL mode with `synchronous = NORMAL`, foreign keys on, and a busy time-out of 5 seconds. One
//! that cannot be switched to WAL (it is read-only, or in use by somebody else in another mode) stays as it is, with
//! `synchronous = FULL`. The way to spell URLs, and their parameters, are those of [`SqliteDriver::connect`].
//!
//! # In memory
//! `:memory:` is one database for all connections of the pool and lives as long as the driver. The pool has one connection
//! unless told otherwise: so nobody waits for locks.
//!
//! # Transactions
//! A transaction begins with `BEGIN IMMEDIATE`: it takes the one write lock at once and waits for it as long as the busy
//! time-out says. A deferred transaction would read first and then, when it comes to write, fail at once if somebody else
//! wrote in between; waiting does not help there. Reads outside a transaction never wait for writers.
//!
//! # How values are stored
//! As Prisma stores them, so that the same file serves both:
//!
//! | type | stored as |
//! |---|---|
//! | `Boolean` | INTEGER 0 or 1 |
//! | `Int`, `BigInt` | INTEGER |
//! | `Float` | REAL; NaN is refused, since SQLite would make it NULL |
//! | `Decimal` | INTEGER if it is whole and fits, else REAL: about 15 digits are kept, whatever is bound, since a DECIMAL column has NUMERIC affinity; values that REAL cannot reach are refused |
//! | `String`, enums | TEXT |
//! | `DateTime` | INTEGER milliseconds since 1970; REAL if there is a part below the millisecond, kept to the microsecond from 1692 to 2248 and to 8 of them in other years. ISO 8601 text, such as `CURRENT_TIMESTAMP` makes, is read too |
//! | `Json` | TEXT; a bare number becomes INTEGER or REAL, by the NUMERIC affinity of a JSONB column, and is read back from there |
//! | `Bytes` | BLOB |
//! | UUID, date, time | TEXT: `8-4-4-4-12` digits, `YYYY-MM-DD`, `HH:MM:SS.ffffff` |
//! | a list as a parameter | TEXT: a JSON array of the above, for `json_each` |

mod bind;
mod connection;
mod driver;
mod error;
mod pool;
mod raw_handle;
mod row;
mod run;
mod stored;
mod target;

pub use driver::SqliteDriver;
