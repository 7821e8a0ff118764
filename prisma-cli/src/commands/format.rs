//! `prisma format`

use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::schema::SchemaArgument;

/// Format the schema.
#[derive(Debug, Args)]
pub(crate) struct Format {
    #[command(flatten)]
    schema: SchemaArgument,

    /// Change nothing; fail if a file is not formatted.
    #[arg(long)]
    check: bool,
}

impl Format {
    pub(crate) fn run(self) -> Outcome {
        let _ = (self.schema, self.check);
        Ok(ExitCode::SUCCESS)
    }
}
