//! Runs the query tree: the handle that queries hold, sessions, transactions, reads and writes.

mod explain;
mod handle;
mod session;

pub use handle::{Engine, Handle, Lease};
pub use session::Session;
