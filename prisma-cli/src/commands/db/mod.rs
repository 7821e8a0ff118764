//! `prisma db`

mod pull;
mod push;

use clap::Subcommand;

use super::Outcome;

/// Work on the database itself.
#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    Pull(pull::Pull),
    Push(push::Push),
}

impl Db {
    pub(crate) fn run(self) -> Outcome {
        match self {
            Self::Pull(command) => command.run(),
            Self::Push(command) => command.run(),
        }
    }
}
