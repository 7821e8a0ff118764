//! `prisma db execute`

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::commands::{Outcome, block_on};
use crate::database::DatabaseArgument;

const EXAMPLES: &str = "\
Examples:
  prisma db execute --file fix.sql
  echo \"DELETE FROM Session\" | prisma db execute --stdin --url file:dev.db";

/// Run a script of SQL, as it is. Rows are not shown. With --url, no schema is needed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Execute {
    #[command(flatten)]
    script: Script,

    #[command(flatten)]
    database: DatabaseArgument,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Script {
    /// The script, in a file.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,

    /// The script, on standard input.
    #[arg(long)]
    stdin: bool,
}

impl Execute {
    pub(crate) fn run(self) -> Outcome {
        let script = match &self.script.file {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|e| format!("the script `{}` could not be read: {e}", path.display()))?,
            None => {
                let mut text = String::new();
                std::io::stdin()
                    .read_to_string(&mut text)
                    .map_err(|e| format!("the script on standard input could not be read: {e}"))?;
                text
            }
        };
        let target = self.database.target_alone()?;
        block_on(async {
            let driver = target.connect().await?;
            let done = async { driver.acquire().await?.execute_script(&script).await }.await;
            driver.close().await;
            Ok::<_, prisma_core::Error>(done?)
        })??;
        anstream::println!("Script executed successfully");
        Ok(ExitCode::SUCCESS)
    }
}
