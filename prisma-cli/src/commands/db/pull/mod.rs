//! `prisma db pull`

mod files;
mod views;

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use prisma_migrate::Introspected;
use prisma_schema::diagnostics::Diagnostics;
use prisma_schema::{Schema, SourceFile};

use crate::commands::{Outcome, block_on, counted};
use crate::database::{DatabaseArgument, Target};
use crate::output;
use crate::progress::Progress;
use files::Changes;
use views::Definition;

const EXAMPLES: &str = "\
Examples:
  prisma db pull                       # writes the schema
  prisma db pull --print               # shows it
  prisma db pull --schema prisma/models --url postgresql://me@localhost/shop";

/// Make the schema what the database has.
///
/// What the database does not know stays as it is written: names with @map and @@map, the order of things, comments, @updatedAt, defaults that the client
/// makes, @ignore, names of relations. A schema that says already what the database has is not touched. In a folder of files, each model stays in its file; new
/// ones go to introspected.prisma. With the preview feature "views", views come too, and their SQL goes to views/SCHEMA/NAME.sql beside the schema.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Pull {
    #[command(flatten)]
    database: DatabaseArgument,

    /// Take nothing over from the models that are there.
    #[arg(long)]
    force: bool,

    /// Show the schema instead of writing it; files of a folder each under its name.
    #[arg(long)]
    print: bool,

    /// Show it as JSON: files, views and warnings.
    #[arg(long, requires = "print")]
    json: bool,

    /// The database's own schemas to look into, with commas between, instead of those of the datasource.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    schemas: Vec<String>,
}

impl Pull {
    pub(crate) fn run(self) -> Outcome {
        if !self.print && self.database.is_stdin() {
            return Err(
                "standard input cannot be written to: show the schema by `--print`, or name a file by `--schema`"
                    .into(),
            );
        }
        let written = self.database.schema()?;
        let mut existing = written.clone();
        if !self.schemas.is_empty() {
            let capabilities = existing.provider().capabilities();
            if !capabilities.multiple_schemas {
                return Err(format!(
                    "{} has no schemas within a database, of which `--schemas` could name some",
                    capabilities.display_name
                )
                .into());
            }
            existing.datasource.schemas.clone_from(&self.schemas);
        }
        let target = self.database.direct_target(&existing)?;
        if self.force {
            forget_blocks(&mut existing);
        }
        let (introspected, definitions) = block_on(introspect(&target, &existing))??;
        let Introspected { schema, warnings } = introspected;
        let files = self.updated(&written, &schema)?;
        if self.json {
            anstream::println!("{:#}", report(&files, &definitions, &warnings));
            return Ok(ExitCode::SUCCESS);
        }
        for warning in &warnings {
            anstream::eprintln!("warning: {warning}");
        }
        if self.print {
            anstream::print!("{}", files::listing(&files));
            return Ok(judge(files));
        }
        let settings = self.database.settings()?;
        let folder = settings.views.unwrap_or(self.database.directory()?.join("views"));
        let changes = Changes::write(&written.sources, &files)?;
        views::write(&folder, &definitions, &written)?;
        let (views, models): (Vec<_>, Vec<_>) = schema.models.iter().partition(|m| m.is_view);
        let views = if views.is_empty() { String::new() } else { format!(" and {}", counted(views.len(), "view")) };
        anstream::println!("{target}\n{}{views} {changes}", counted(models.len(), "model"));
        Ok(judge(files))
    }

    /// The files of the schema, changed to say what the new one says.
    fn updated(&self, written: &Schema, new: &Schema) -> Result<Vec<SourceFile>, Box<dyn Error>> {
        let file_of_new =
            self.database.folder()?.map(|folder| folder.join("introspected.prisma").display().to_string());
        let update = |old: &Schema, new: &Schema| prisma_schema::update(old, new, file_of_new.as_deref());
        if !self.force {
            return Ok(update(written, new));
        }
        let mut bare = new.clone();
        forget_blocks(&mut bare);
        let bare = prisma_schema::parse(update(written, &bare))?;
        Ok(update(&bare.schema, new))
    }
}

fn forget_blocks(schema: &mut Schema) {
    schema.models.clear();
    schema.enums.clear();
    schema.relations.clear();
}

/// Says what is wrong with a schema that a database led to, if anything is.
fn judge(files: Vec<SourceFile>) -> ExitCode {
    match prisma_schema::parse(files) {
        Ok(validated) => {
            output::diagnostics(&Diagnostics::new(validated.schema.sources, validated.warnings));
            ExitCode::SUCCESS
        }
        Err(diagnostics) => {
            output::diagnostics(&diagnostics);
            anstream::eprintln!(
                "error: P4002: the database has what makes no valid schema; what is shown above has to be changed by hand"
            );
            ExitCode::FAILURE
        }
    }
}

/// The result for tools.
fn report(files: &[SourceFile], definitions: &[Definition], warnings: &[String]) -> serde_json::Value {
    let files: Vec<_> = files.iter().map(|f| serde_json::json!({ "path": f.name, "content": f.text })).collect();
    let views: Vec<_> = definitions
        .iter()
        .map(|d| serde_json::json!({ "schema": d.schema, "name": d.name, "definition": d.sql }))
        .collect();
    serde_json::json!({ "files": files, "views": views, "warnings": warnings })
}

async fn introspect(target: &Target, existing: &Schema) -> Result<(Introspected, Vec<Definition>), Box<dyn Error>> {
    let progress = Progress::start("Reading the database");
    let driver = target.connect().await?;
    let described = async {
        let mut connection = driver.acquire().await.map_err(prisma_core::Error::from)?;
        let namespaces = &existing.datasource.schemas;
        let database = prisma_migrate::describe_all(existing.provider(), &mut *connection, namespaces).await?;
        Ok::<_, prisma_core::Error>(database)
    }
    .await;
    driver.close().await;
    drop(progress);
    let database = described?;
    let introspected = prisma_migrate::introspect(&database, existing)?;
    if introspected.schema.models.is_empty() {
        return Err("P4001: the database has no tables, so there is nothing to make a schema of".into());
    }
    let has_views = introspected.schema.models.iter().any(|m| m.is_view);
    let definitions = if has_views { views::definitions(&database) } else { Vec::new() };
    Ok((introspected, definitions))
}
