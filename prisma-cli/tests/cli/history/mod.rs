//! The history of migrations, on each provider: the real command on real servers.

mod deployers;
mod failures;
mod lifecycle;
mod prisma_history;
#[cfg(unix)]
mod questions;
mod shadow;
mod tables;
