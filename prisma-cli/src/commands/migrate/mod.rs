//! `prisma migrate`

mod diff;

use clap::Subcommand;

use super::Outcome;

/// Work on changes of the schema.
#[derive(Debug, Subcommand)]
pub(crate) enum Migrate {
    Diff(Box<diff::Diff>),
}

impl Migrate {
    pub(crate) fn run(self) -> Outcome {
        match self {
            Self::Diff(command) => command.run(),
        }
    }
}
