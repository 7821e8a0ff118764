//! The subcommands, one a file.

pub(crate) mod format;
pub(crate) mod validate;

use std::error::Error;
use std::process::ExitCode;

/// What a command ends with: an exit code of its own, or an error that is shown.
pub(crate) type Outcome = Result<ExitCode, Box<dyn Error>>;
