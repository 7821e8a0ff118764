//! This library.

use super::POOL;

crate::client! {
    datasource db {
        provider = "postgresql"
    }
}

#[path = "../by_us.rs"]
mod tasks;
pub use tasks::Us;
