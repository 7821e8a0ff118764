//! `prisma db`

mod push;

use clap::Subcommand;

use super::Outcome;

/// Work on the database itself.
#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    Push(push::Push),
}

impl Db {
    pub(crate) fn run(self) -> Outcome {
        match self {
            Self::Push(command) => command.run(),
        }
    }
}
