//! `prisma db pull`

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use prisma_migrate::Introspected;
use prisma_schema::Schema;

use crate::commands::{Outcome, block_on};
use crate::database::{DatabaseArgument, Target};

/// Make the schema what the database has. Names, documentation and what only the client knows stay as the schema has them.
#[derive(Debug, Args)]
pub(crate) struct Pull {
    #[command(flatten)]
    database: DatabaseArgument,

    /// Take nothing over from the models that are there.
    #[arg(long)]
    force: bool,

    /// Show the schema instead of writing it.
    #[arg(long)]
    print: bool,

    /// The database's own schemas to look into, with commas between, instead of those of the datasource.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    schemas: Vec<String>,
}

impl Pull {
    pub(crate) fn run(self) -> Outcome {
        let path = match self.print {
            true => None,
            false => Some(self.database.file()?),
        };
        let mut existing = self.database.schema()?;
        if !self.schemas.is_empty() {
            existing.datasource.schemas.clone_from(&self.schemas);
        }
        let target = self.database.direct_target(&existing)?;
        if self.force {
            existing.models.clear();
            existing.enums.clear();
            existing.relations.clear();
        }
        let Introspected { schema, warnings } = block_on(introspect(&target, &existing))??;
        let text = schema.to_psl();
        for warning in &warnings {
            anstream::eprintln!("warning: {warning}");
        }
        match path {
            None => anstream::print!("{text}"),
            Some(path) => {
                std::fs::write(&path, text)
                    .map_err(|e| format!("the schema could not be written to `{}`: {e}", path.display()))?;
                let models = schema.models.len();
                anstream::println!(
                    "{target}\n{models} model{} written to {}",
                    if models == 1 { "" } else { "s" },
                    path.display()
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn introspect(target: &Target, existing: &Schema) -> Result<Introspected, Box<dyn Error>> {
    let driver = target.connect().await?;
    let mut connection = driver.acquire().await.map_err(prisma_core::Error::from)?;
    let described = prisma_migrate::describe(existing.provider(), &mut *connection, &existing.datasource.schemas).await;
    drop(connection);
    driver.close().await;
    let database = described?;
    if database.tables.is_empty() {
        return Err("P4001: the database has no tables, so there is nothing to make a schema of".into());
    }
    Ok(prisma_migrate::introspect(&database, existing)?)
}
