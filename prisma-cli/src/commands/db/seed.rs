//! `prisma db seed`

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

use clap::Args;

use crate::commands::Outcome;
use crate::settings::Settings;

/// Fill the database by the command that prisma.toml names, as `seed` in the section `[migrations]`:
///
///     seed = "cargo run --bin seed"
///
/// It runs where prisma.toml is. `migrate reset` runs it too, and `migrate dev` after a reset or in a new database.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Seed {
    /// The settings. [default: prisma.toml, if it is there]
    #[arg(long, value_name = "PATH")]
    config: Option<std::path::PathBuf>,

    /// What the command gets after its own arguments.
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

impl Seed {
    pub(crate) fn run(self) -> Outcome {
        let settings = Settings::load(self.config.as_deref())?;
        let Some(command) = &settings.seed else {
            return Err(
                "prisma.toml names no command that fills the database: give `seed = \"…\"` in its section [migrations]"
                    .into(),
            );
        };
        run(command, &self.arguments, &settings.directory)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Runs the command that fills the database.
pub(crate) fn run(command: &str, arguments: &[String], directory: &Path) -> Result<(), Box<dyn Error>> {
    anstream::println!("Running seed command `{command}`");
    let mut shell = shell(command, arguments);
    if directory != Path::new("") {
        shell.current_dir(directory);
    }
    let status = shell.status().map_err(|e| format!("the seed command `{command}` could not be run: {e}"))?;
    match status.success() {
        true => {
            anstream::println!("The seed command has been executed");
            Ok(())
        }
        false => Err(format!("the seed command `{command}` failed ({status})").into()),
    }
}

/// A command line as a shell takes it; arguments come after it as they are.
#[cfg(not(windows))]
fn shell(command: &str, arguments: &[String]) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("{command} \"$@\"")).arg("seed").args(arguments);
    shell
}

#[cfg(windows)]
fn shell(command: &str, arguments: &[String]) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command).args(arguments);
    shell
}
