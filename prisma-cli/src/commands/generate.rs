//! `prisma generate`

use std::process::ExitCode;

use clap::Args;
use prisma_schema::diagnostics::Diagnostics;

use super::Outcome;
use crate::output;
use crate::schema::SchemaArgument;

/// Validate the schema. There is nothing to generate: the macro `prisma_schema!` makes the client when it is compiled.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    schema: SchemaArgument,

    /// Print the schema as DMMF, the JSON that Prisma's generators read, on standard output.
    #[arg(long)]
    dmmf: bool,
}

impl Generate {
    pub(crate) fn run(self) -> Outcome {
        let (sources, name) = self.schema.load()?;
        let validated = prisma_schema::parse(sources)?;
        let dmmf = self.dmmf.then(|| validated.schema.to_dmmf());
        output::diagnostics(&Diagnostics::new(validated.schema.sources, validated.warnings));
        match dmmf {
            Some(dmmf) => anstream::println!("{dmmf:#}"),
            None => anstream::println!(
                "{name} is a valid schema 🚀\n\nThere is nothing to generate: `prisma_client::prisma_schema!(\"…\")` makes the \
                 client when your program is compiled, and again when the schema changes.\nFor tools that read DMMF there is \
                 `prisma generate --dmmf`."
            ),
        }
        Ok(ExitCode::SUCCESS)
    }
}
