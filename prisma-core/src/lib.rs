//! The core of prisma-client: typed queries to query tree to SQL to results.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod driver;
pub mod engine;
mod error;
mod generate;
pub mod json;
mod sink;
pub mod sql;
pub mod temporal;
pub mod tree;
pub mod typed;
mod value;

// Types of these crates are in the public interface.
pub use {bigdecimal, chrono, serde, serde_json, uuid};

pub use error::{Error, ErrorKind};
pub use sink::{Groups, Sink};
pub use value::Value;
