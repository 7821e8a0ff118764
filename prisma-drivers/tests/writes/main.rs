//! Writes through the query tree, against SQLite.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod bed;
mod creating;
mod defaults;
mod emulating;
mod failing;
mod many;
mod statements;
mod updating;
mod upserting;
