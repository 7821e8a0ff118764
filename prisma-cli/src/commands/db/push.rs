//! `prisma db push`

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use prisma_core::driver::Driver;
use prisma_migrate::{PushError, PushOptions, PushOutcome};
use prisma_schema::Schema;

use crate::commands::{Outcome, block_on};
use crate::database::DatabaseArgument;
use crate::progress::Progress;
use crate::prompt::{CANCELLED, confirm, is_interactive};

const EXAMPLES: &str = "\
Examples:
  prisma db push
  prisma db push --accept-data-loss
  prisma db push --force-reset";

/// Make the database what the schema says, without a migration file. A SQLite file that does not exist is made.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Push {
    #[command(flatten)]
    database: DatabaseArgument,

    /// Go on although data will be lost.
    #[arg(long)]
    accept_data_loss: bool,

    /// Drop everything in the database first.
    #[arg(long)]
    force_reset: bool,

    /// Accepted for the sake of scripts: there is nothing to generate, since the client is made when the program is compiled.
    #[arg(long, hide = true)]
    skip_generate: bool,
}

impl Push {
    pub(crate) fn run(self) -> Outcome {
        let schema = self.database.schema()?;
        let target = self.database.direct_target(&schema)?;
        anstream::println!("{target}");
        let options = PushOptions { accept_data_loss: self.accept_data_loss, force_reset: self.force_reset };
        let started = Instant::now();
        let outcome = block_on(async {
            let driver = target.connect().await?;
            let outcome = push(&schema, &driver, options).await;
            driver.close().await;
            outcome
        })??;
        let Some(outcome) = outcome else {
            anstream::eprintln!("The schema was not pushed, and the database is as it was");
            return Ok(ExitCode::from(CANCELLED));
        };
        report(&outcome, options, started);
        Ok(ExitCode::SUCCESS)
    }
}

/// Pushes; asks for consent if data would be lost and there is somebody to ask. `None` if they say no.
async fn push(
    schema: &Schema,
    driver: &Arc<dyn Driver>,
    options: PushOptions,
) -> Result<Option<PushOutcome>, Box<dyn Error>> {
    let push = async |options| {
        let _progress = Progress::start("Pushing the schema");
        prisma_migrate::push(schema, &**driver, options).await
    };
    match push(options).await {
        Err(PushError::Refused { warnings, unexecutable }) if unexecutable.is_empty() && is_interactive() => {
            anstream::eprintln!("This would lose data:");
            for warning in &warnings {
                anstream::eprintln!("  - {warning}");
            }
            if !confirm("Go on nevertheless?")? {
                return Ok(None);
            }
            let options = PushOptions { accept_data_loss: true, ..options };
            Ok(Some(push(options).await?))
        }
        Err(error @ PushError::Refused { .. }) => Err(format!("{error}\n{}", way_on(&error)).into()),
        result => Ok(Some(result?)),
    }
}

/// The flag that lets a refused push go on.
fn way_on(error: &PushError) -> &'static str {
    match error {
        PushError::Refused { unexecutable, .. } if unexecutable.is_empty() => {
            "The flag for that is `--accept-data-loss`."
        }
        _ => "The flag for dropping all data first is `--force-reset`.",
    }
}

fn report(outcome: &PushOutcome, options: PushOptions, started: Instant) {
    for warning in &outcome.warnings {
        anstream::eprintln!("warning: {warning}");
    }
    if options.force_reset {
        anstream::println!("Everything that was in the database was dropped");
    }
    match outcome.steps.len() {
        0 => anstream::println!("The database is in sync with the schema already"),
        n => anstream::println!(
            "The database is now in sync with the schema: {n} step{} in {} ms",
            if n == 1 { "" } else { "s" },
            started.elapsed().as_millis()
        ),
    }
}
