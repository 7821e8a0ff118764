//! `prisma validate`

use std::process::ExitCode;

use clap::Args;
use prisma_schema::diagnostics::Diagnostics;

use super::Outcome;
use crate::output;
use crate::schema::SchemaArgument;

/// Check the schema, and show all that is wrong with it.
#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    schema: SchemaArgument,

    /// Print the findings as JSON, on standard output.
    #[arg(long)]
    json: bool,
}

impl Validate {
    pub(crate) fn run(self) -> Outcome {
        let (sources, name) = self.schema.load()?;
        let (is_valid, diagnostics) = match prisma_schema::parse(sources) {
            Ok(validated) => (true, Diagnostics::new(validated.schema.sources, validated.warnings)),
            Err(diagnostics) => (false, diagnostics),
        };
        if self.json {
            let report = serde_json::json!({ "valid": is_valid, "diagnostics": output::json(&diagnostics) });
            anstream::println!("{report}");
        } else {
            output::diagnostics(&diagnostics);
            if is_valid {
                anstream::println!("{name} is a valid schema 🚀");
            }
        }
        Ok(if is_valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
