//! `prisma db`

mod execute;
mod pull;
mod push;
pub(crate) mod seed;

use clap::Subcommand;

use super::Outcome;

/// Work on the database itself.
#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    Execute(execute::Execute),
    Pull(pull::Pull),
    Push(push::Push),
    Seed(seed::Seed),
}

impl Db {
    pub(crate) fn run(self) -> Outcome {
        match self {
            Self::Execute(command) => command.run(),
            Self::Pull(command) => command.run(),
            Self::Push(command) => command.run(),
            Self::Seed(command) => command.run(),
        }
    }
}
