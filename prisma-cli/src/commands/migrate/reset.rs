//! `prisma migrate reset`

use std::process::ExitCode;

use clap::Args;

use crate::commands::{Outcome, block_on};
use crate::prompt::{CANCELLED, confirm, is_interactive};
use crate::workspace::{WorkspaceArgument, tree};

const EXAMPLES: &str = "\
Examples:
  prisma migrate reset
  prisma migrate reset --force --skip-seed";

/// Drop everything that is in the database, apply all migrations, and run the seed command. For development only: ALL DATA IS LOST.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Reset {
    #[command(flatten)]
    workspace: WorkspaceArgument,

    /// Do not ask.
    #[arg(short, long)]
    force: bool,

    /// Do not run the seed command.
    #[arg(long)]
    skip_seed: bool,

    /// Accepted for the sake of scripts: there is nothing to generate.
    #[arg(long, hide = true)]
    skip_generate: bool,
}

impl Reset {
    pub(crate) fn run(self) -> Outcome {
        let workspace = self.workspace.open()?;
        let migrations = workspace.migrations()?;
        if !self.force {
            if !is_interactive() {
                return Err("this environment is non-interactive, so nobody can be asked whether all data may be lost: run `prisma migrate reset` in a \
                            terminal, or with --force"
                    .into());
            }
            if !confirm("Are you sure you want to reset your database? All data will be lost.")? {
                anstream::eprintln!("Reset cancelled.");
                return Ok(ExitCode::from(CANCELLED));
            }
        }
        let applied = block_on(workspace.with_driver(async |driver| {
            workspace.empty(&**driver).await?;
            workspace.deploy(&**driver, &migrations).await
        }))??;
        anstream::println!("\nDatabase reset successful");
        if !applied.is_empty() {
            anstream::println!(
                "\nThe following migration{} been applied:\n\n{}",
                if applied.len() == 1 { " has" } else { "s have" },
                tree(&workspace.folder, &applied)
            );
        }
        if !self.skip_seed {
            workspace.seed()?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
