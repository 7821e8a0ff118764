//! rusqlite 0.39, as 0.40.

pub use rusqlite_shared::*;
