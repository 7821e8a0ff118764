//! `prisma format`

use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::schema::SchemaArgument;

/// Format the schema in place.
///
/// What relations lack is added: the field at the other end, the fields of the key. Standard input goes to standard output.
#[derive(Debug, Args)]
pub(crate) struct Format {
    #[command(flatten)]
    schema: SchemaArgument,

    /// Change nothing; fail if a file is not formatted.
    #[arg(long)]
    check: bool,
}

impl Format {
    pub(crate) fn run(self) -> Outcome {
        let (sources, name) = self.schema.load()?;
        let texts = prisma_schema::format_all(&sources)?;
        let changed: Vec<_> = sources.iter().zip(&texts).filter(|(source, text)| source.text != **text).collect();
        if self.check {
            for (source, _) in &changed {
                anstream::eprintln!("{} is not formatted", source.name);
            }
            return Ok(if changed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        if self.schema.is_stdin() {
            for text in &texts {
                anstream::print!("{text}");
            }
            return Ok(ExitCode::SUCCESS);
        }
        for (source, text) in &changed {
            std::fs::write(&source.name, text)
                .map_err(|error| format!("`{}` could not be written: {error}", source.name))?;
        }
        match changed.len() {
            0 => anstream::println!("{name} is formatted already"),
            _ => anstream::println!("{name} is formatted"),
        }
        Ok(ExitCode::SUCCESS)
    }
}
