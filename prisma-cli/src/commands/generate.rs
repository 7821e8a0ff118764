//! `prisma generate`

use std::process::ExitCode;

use clap::Args;
use prisma_schema::diagnostics::Diagnostics;

use super::Outcome;
use crate::output;
use crate::schema::SchemaArgument;

/// Validate the schema.
///
/// There is nothing to generate: the macro `prisma_schema!` makes the client when the program is compiled.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    schema: SchemaArgument,

    /// Print the schema as DMMF, the JSON that Prisma's generators read, on standard output.
    #[arg(long)]
    dmmf: bool,

    /// Fail if the schema has no models.
    #[arg(long)]
    require_models: bool,

    #[command(flatten)]
    rest: Rest,
}

/// Flags of Prisma's command that have nothing to do here, accepted for the sake of scripts.
#[derive(Debug, Args)]
struct Rest {
    #[arg(long, hide = true, value_name = "NAME")]
    generator: Vec<String>,
    #[arg(long, hide = true)]
    sql: bool,
    #[arg(long, hide = true)]
    no_hints: bool,
    #[arg(long, hide = true)]
    no_engine: bool,
    #[arg(long, hide = true)]
    allow_no_models: bool,
    #[arg(long, hide = true)]
    watch: bool,
}

impl Generate {
    pub(crate) fn run(self) -> Outcome {
        if self.rest.watch {
            return Err("there is nothing to watch for: the compiler reads the schema again when it changes".into());
        }
        let (sources, name) = self.schema.load()?;
        let validated = prisma_schema::parse(sources)?;
        if self.require_models && validated.schema.models.is_empty() {
            return Err(
                format!("{name} has no models: write one, or take them from the database by `prisma db pull`").into()
            );
        }
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
