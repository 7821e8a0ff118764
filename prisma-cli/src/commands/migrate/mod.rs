//! `prisma migrate`

mod deploy;
mod dev;
mod diff;
mod reset;
mod resolve;
mod status;

use clap::Subcommand;

use super::Outcome;

/// Change the schema of databases by migrations.
#[derive(Debug, Subcommand)]
pub(crate) enum Migrate {
    Dev(dev::Dev),
    Deploy(deploy::Deploy),
    Status(status::Status),
    Resolve(resolve::Resolve),
    Reset(reset::Reset),
    Diff(Box<diff::Diff>),
}

impl Migrate {
    pub(crate) fn run(self) -> Outcome {
        match self {
            Self::Dev(command) => command.run(),
            Self::Deploy(command) => command.run(),
            Self::Status(command) => command.run(),
            Self::Resolve(command) => command.run(),
            Self::Reset(command) => command.run(),
            Self::Diff(command) => command.run(),
        }
    }
}
