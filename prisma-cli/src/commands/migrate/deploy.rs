//! `prisma migrate deploy`

use std::process::ExitCode;

use clap::Args;

use crate::commands::{Outcome, block_on};
use crate::workspace::{WorkspaceArgument, tree};

/// Apply the migrations that the database does not have yet: for production and tests.
///
/// It asks nothing, makes no migration, and does not look
/// for drift. A database that is not there is made.
#[derive(Debug, Args)]
pub(crate) struct Deploy {
    #[command(flatten)]
    workspace: WorkspaceArgument,
}

impl Deploy {
    pub(crate) fn run(self) -> Outcome {
        let workspace = self.workspace.open()?;
        let migrations = workspace.told_migrations()?;
        let applied = block_on(workspace.with_driver(async |driver| workspace.deploy(&**driver, &migrations).await))??;
        match applied.is_empty() {
            true => anstream::println!("No pending migrations to apply."),
            false => anstream::println!(
                "\nThe following migration{} been applied:\n\n{}\n\nAll migrations have been successfully applied.",
                if applied.len() == 1 { " has" } else { "s have" },
                tree(&workspace.folder, &applied)
            ),
        }
        Ok(ExitCode::SUCCESS)
    }
}
