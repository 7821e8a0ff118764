//! `prisma migrate status`

use std::process::ExitCode;

use clap::Args;
use prisma_migrate::history::Diagnosis;

use crate::commands::{Outcome, block_on};
use crate::workspace::WorkspaceArgument;

const EXAMPLES: &str = "\
Examples:
  prisma migrate status
  prisma migrate status --json";

/// Say how the database stands to the migrations. Ends with 1 if it does not have them all, has others, or if one failed. Nothing is changed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Status {
    #[command(flatten)]
    workspace: WorkspaceArgument,

    /// Print it as JSON, on standard output: isUpToDate, isManaged, and the names of migrations that are applied, pending, failed, edited, missing.
    #[arg(long)]
    json: bool,
}

impl Status {
    pub(crate) fn run(self) -> Outcome {
        let (workspace, migrations);
        if self.json {
            workspace = self.workspace.open_silently()?;
            migrations = workspace.migrations()?;
        } else {
            workspace = self.workspace.open()?;
            migrations = workspace.told_migrations()?;
        }
        let diagnosis = block_on(
            workspace.with_driver(async |driver| Ok(workspace.history(&**driver)?.diagnose(&migrations).await?)),
        )??;
        if self.json {
            let is_up_to_date = differences(&diagnosis).is_none();
            anstream::println!("{:#}", json(&diagnosis, is_up_to_date));
            return Ok(if is_up_to_date { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        for name in &diagnosis.edited {
            anstream::eprintln!("warning: the migration `{name}` was changed after it was applied");
        }
        let Some(text) = differences(&diagnosis) else {
            anstream::println!("Database schema is up to date!");
            return Ok(ExitCode::SUCCESS);
        };
        anstream::println!("{text}");
        Ok(ExitCode::FAILURE)
    }
}

/// The same for tools.
fn json(diagnosis: &Diagnosis, is_up_to_date: bool) -> serde_json::Value {
    let failed: Vec<_> =
        diagnosis.failed.iter().map(|f| serde_json::json!({ "name": f.name, "logs": f.logs })).collect();
    serde_json::json!({
        "isUpToDate": is_up_to_date,
        "isManaged": diagnosis.is_managed,
        "applied": diagnosis.applied,
        "pending": diagnosis.pending,
        "failed": failed,
        "edited": diagnosis.edited,
        "missing": diagnosis.missing,
        "lastCommon": diagnosis.last_common,
    })
}

/// What is not as it should be.
fn differences(diagnosis: &Diagnosis) -> Option<String> {
    let mut parts = Vec::new();
    let failed: Vec<_> = diagnosis.failed.iter().map(|f| f.name.clone()).collect();
    // What failed is told by itself.
    let pending: Vec<_> = diagnosis.pending.iter().filter(|p| !failed.contains(p)).cloned().collect();
    if !diagnosis.missing.is_empty() {
        parts
            .push("Your local migration history and the migrations table from your database are different:".to_owned());
        parts.push(match &diagnosis.last_common {
            Some(name) => format!("The last common migration is: {name}"),
            None => "They have no migration in common.".to_owned(),
        });
        parts.push(listed(&diagnosis.missing, "from the database", "not found in the folder"));
    }
    if !failed.is_empty() {
        let ways: String = failed
            .iter()
            .map(|name| {
                format!(
                    "\n  prisma migrate resolve --rolled-back \"{name}\"   if it is to run again\
                     \n  prisma migrate resolve --applied \"{name}\"       if the database has all of it now"
                )
            })
            .collect();
        parts.push(format!("Following migration{} failed:\n{}", have(&failed), failed.join("\n")));
        parts.push(format!("Make the database as it was before, or as it is to be after, and say which it is:{ways}"));
    }
    if !pending.is_empty() {
        parts.push(format!("Following migration{} not yet been applied:\n{}", have(&pending), pending.join("\n")));
        parts.push(match diagnosis.is_managed {
            true => "To apply migrations in development run prisma migrate dev.\n\
                     To apply migrations in production run prisma migrate deploy."
                .to_owned(),
            false => "The current database is not managed by Prisma Migrate: it has no history. If it is empty, run prisma migrate deploy; if it has the \
                      tables already, say which migrations it has: prisma migrate resolve --applied \"NAME\""
                .to_owned(),
        });
    }
    if parts.is_empty() { None } else { Some(parts.join("\n\n")) }
}

fn have(names: &[String]) -> &'static str {
    if names.len() == 1 { " has" } else { "s have" }
}

fn listed(names: &[String], of: &str, what: &str) -> String {
    let (s, is) = if names.len() == 1 { ("", "is") } else { ("s", "are") };
    format!("The following migration{s} {of} {is} {what}:\n{}", names.join("\n"))
}
