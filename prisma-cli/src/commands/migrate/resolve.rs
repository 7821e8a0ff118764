//! `prisma migrate resolve`

use std::process::ExitCode;

use clap::Args;

use crate::commands::{Outcome, block_on};
use crate::workspace::WorkspaceArgument;

/// Say what became of a migration that failed, or that somebody applied by hand. Only the history changes, not what it tells of.
///
/// A migration that failed:
///   prisma migrate resolve --rolled-back "20260101120000_add_posts"   is applied again by the next deploy
///   prisma migrate resolve --applied "20260101120000_add_posts"       counts as applied, since it was finished by hand
/// A database that was there before its first migration:
///   prisma migrate resolve --applied "0_init"
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Resolve {
    #[command(flatten)]
    what: What,

    #[command(flatten)]
    workspace: WorkspaceArgument,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// The database has what this migration makes.
    #[arg(long, value_name = "NAME")]
    applied: Option<String>,

    /// Nothing is left of this migration, which failed.
    #[arg(long, value_name = "NAME")]
    rolled_back: Option<String>,
}

impl Resolve {
    pub(crate) fn run(self) -> Outcome {
        let workspace = self.workspace.open()?;
        let migrations = workspace.migrations()?;
        block_on(workspace.with_driver(async |driver| {
            let history = workspace.history(&**driver)?;
            if let Some(name) = &self.what.applied {
                history.mark_applied(&migrations, name).await?;
                anstream::println!("Migration {name} marked as applied.");
            }
            if let Some(name) = &self.what.rolled_back {
                history.mark_rolled_back(name).await?;
                anstream::println!("Migration {name} marked as rolled back.");
            }
            Ok(())
        }))??;
        Ok(ExitCode::SUCCESS)
    }
}
