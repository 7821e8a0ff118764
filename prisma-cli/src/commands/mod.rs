//! The subcommands, one a file.

pub(crate) mod db;
pub(crate) mod debug;
pub(crate) mod format;
pub(crate) mod generate;
pub(crate) mod init;
pub(crate) mod migrate;
pub(crate) mod query;
pub(crate) mod validate;
pub(crate) mod version;

use std::error::Error;
use std::future::Future;
use std::process::ExitCode;

/// What a command ends with: an exit code of its own, or an error that is shown.
pub(crate) type Outcome = Result<ExitCode, Box<dyn Error>>;

/// A number of things, with the right ending.
pub(crate) fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Runs what a command does with a database.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> std::io::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work))
}
