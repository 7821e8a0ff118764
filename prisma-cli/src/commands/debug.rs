//! `prisma debug`

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::prompt::is_interactive;
use crate::schema::SchemaArgument;

/// Print what the commands find here.
///
/// Paths, variables, and whether somebody can be asked: for reports of mistakes. No URL and no password is shown.
#[derive(Debug, Args)]
pub(crate) struct Debug {
    #[command(flatten)]
    schema: SchemaArgument,
}

/// Variables that change what the commands do.
const VARIABLES: [&str; 5] =
    ["DATABASE_URL", "PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK", "NO_COLOR", "CLICOLOR_FORCE", "CI"];

impl Debug {
    pub(crate) fn run(self) -> Outcome {
        let settings = self.schema.settings()?;
        let file = self.schema.settings_path();
        let directory = std::env::current_dir().map(|d| d.display().to_string()).unwrap_or_else(|e| e.to_string());
        let schema = match self.schema.path() {
            Ok(path) => path.display().to_string(),
            Err(_) => "none found".to_owned(),
        };
        anstream::println!("Paths");
        line("working directory", &directory);
        line("settings", &if file.exists() { file.display().to_string() } else { "none".to_owned() });
        line("schema", &schema);
        let beside = || self.schema.directory().ok().map(|d| d.join("migrations"));
        let migrations = settings.migrations.or_else(beside).filter(|m| m.is_dir());
        line("migrations", &migrations.map_or_else(|| "none found".to_owned(), |m| m.display().to_string()));

        anstream::println!("\nVariables (from the environment and .env)");
        let base = self.schema.directory().unwrap_or_default();
        for name in VARIABLES {
            let is_set = prisma_drivers::read_variable(name, Some(Path::new(&base)))?.is_some();
            line(name, if is_set { "set" } else { "not set" });
        }

        anstream::println!("\nTerminal");
        let is_terminal = |is: bool| if is { "a terminal" } else { "no terminal" };
        line("standard input", is_terminal(std::io::stdin().is_terminal()));
        line("standard output", is_terminal(std::io::stdout().is_terminal()));
        line("standard error", is_terminal(std::io::stderr().is_terminal()));
        line("questions", if is_interactive() { "are asked" } else { "end the command with an error" });
        Ok(ExitCode::SUCCESS)
    }
}

fn line(name: &str, value: &str) {
    anstream::println!("  {name:<36} {value}");
}
