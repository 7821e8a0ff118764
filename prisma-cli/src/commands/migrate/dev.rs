//! `prisma migrate dev`

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Args;
use prisma_core::chrono::{DateTime, NaiveDateTime, Utc};
use prisma_core::driver::Driver;
use prisma_migrate::history::{self, Diagnosis, Migrations, Script};
use prisma_migrate::{DatabaseSchema, Findings, Migration};

use crate::commands::{Outcome, block_on};
use crate::prompt::{CANCELLED, ask, confirm, is_interactive};
use crate::workspace::{ShadowArgument, Workspace, WorkspaceArgument, tree};

const EXAMPLES: &str = "\
Examples:
  prisma migrate dev --name add_posts
  prisma migrate dev --name rename_column --create-only";

/// Make a migration of what has changed in the schema, and apply it: for development.
///
/// Migrations that the database does not have yet are applied, too. Before that, it looks whether the database is what its migrations make; if it is not, all data has to go. A new migration begins with a comment
/// that warns of what it may lose.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Dev {
    /// What the new migration is called; asked for, if there is a terminal.
    #[arg(short, long, value_name = "NAME")]
    name: Option<String>,

    /// Make the migration, to be edited, and do not apply it; an empty one, if nothing has changed.
    #[arg(long)]
    create_only: bool,

    /// Do not run the seed command.
    #[arg(long)]
    skip_seed: bool,

    /// Accepted for the sake of scripts: there is nothing to generate.
    #[arg(long, hide = true)]
    skip_generate: bool,

    #[command(flatten)]
    workspace: WorkspaceArgument,

    #[command(flatten)]
    shadow: ShadowArgument,
}

/// Why the command cannot go on by itself where there is no terminal.
fn non_interactive(what: &str) -> Box<dyn Error> {
    format!(
        "this environment is non-interactive, and `prisma migrate dev` has to ask: {what}\n\
         It is made for development, in a terminal. To apply migrations that are there, run `prisma migrate deploy`"
    )
    .into()
}

impl Dev {
    pub(crate) fn run(self) -> Outcome {
        let workspace = self.workspace.open()?;
        let (code, is_new) =
            block_on(workspace.with_driver(async |driver| self.develop(&workspace, &**driver).await))??;
        if is_new && !self.skip_seed {
            workspace.seed()?;
        }
        Ok(code)
    }

    /// The exit code, and whether the database is one without data: new, or reset.
    async fn develop(&self, workspace: &Workspace, driver: &dyn Driver) -> Result<(ExitCode, bool), Box<dyn Error>> {
        let history = workspace.history(driver)?;
        let mut is_new = history.create_database().await?;
        if is_new {
            anstream::println!("The database was made\n");
        }
        let migrations = workspace.migrations()?;
        let (reasons, end) = self.replay(workspace, driver, &history.diagnose(&migrations).await?, &migrations).await?;
        if !reasons.is_empty() {
            anstream::eprintln!("{}\n", reasons.join("\n\n"));
            if !is_interactive() {
                return Err(non_interactive(
                    "the database has to be reset, and all data would be lost. If it may be, run `prisma migrate reset`",
                ));
            }
            if !confirm("The database has to be reset. All data will be lost. Go on?")? {
                anstream::eprintln!("Reset cancelled.");
                return Ok((ExitCode::from(CANCELLED), false));
            }
            workspace.empty(driver).await?;
            is_new = true;
        }
        let applied = workspace.deploy(driver, &migrations).await?;
        if !applied.is_empty() {
            anstream::println!(
                "\nThe following migration(s) have been applied:\n\n{}\n",
                tree(&workspace.folder, &applied)
            );
        }
        let wanted = prisma_migrate::calculate(&workspace.schema)?;
        let migration = prisma_migrate::diff(workspace.target.provider(), &end, &wanted)?;
        if migration.is_empty() && !self.create_only {
            match applied.is_empty() {
                true => anstream::println!("Already in sync, no schema change or pending migration was found."),
                false => anstream::println!("Your database is now in sync with your schema."),
            }
            return Ok((ExitCode::SUCCESS, is_new));
        }
        let mut connection = driver.acquire().await.map_err(prisma_core::Error::from)?;
        let findings = prisma_migrate::evaluate(workspace.target.provider(), &mut *connection, &migration).await?;
        drop(connection);
        if !self.consents(&findings)? {
            anstream::eprintln!("Migration cancelled.");
            return Ok((ExitCode::from(CANCELLED), is_new));
        }
        let name = self.create(workspace, &migrations, &migration)?;
        if self.create_only {
            anstream::println!(
                "The following migration was created, and not applied: {name}\n\nEdit {}, and apply it by running prisma migrate dev.",
                workspace.folder.join(&name).join(prisma_schema::migrations::SCRIPT).display()
            );
            return Ok((ExitCode::SUCCESS, is_new));
        }
        let applied = workspace.deploy(driver, &workspace.migrations()?).await?;
        anstream::println!(
            "\nThe following migration(s) have been created and applied from new schema changes:\n\n{}\n\n\
             Your database is now in sync with your schema.",
            tree(&workspace.folder, &applied)
        );
        Ok((ExitCode::SUCCESS, is_new))
    }

    /// Why the database has to be reset, and what it has after all migrations.
    async fn replay(
        &self,
        workspace: &Workspace,
        driver: &dyn Driver,
        diagnosis: &Diagnosis,
        migrations: &Migrations,
    ) -> Result<(Vec<String>, DatabaseSchema), Box<dyn Error>> {
        let mut reasons = parted(diagnosis);
        let is_drift_of_interest = reasons.is_empty();
        let scripts = &migrations.scripts;
        let datasource = &workspace.schema.datasource;
        if scripts.is_empty() && datasource.schemas.is_empty() && datasource.extensions.is_empty() {
            // What an empty database has is known without another one.
            let there = describe(workspace, driver).await?;
            let empty = DatabaseSchema { tables: Vec::new(), enums: Vec::new(), views: Vec::new(), ..there.clone() };
            if is_drift_of_interest {
                reasons.extend(drift(workspace, &empty, &there, diagnosis)?);
            }
            return Ok((reasons, empty));
        }
        let shadow = workspace.shadow(&self.shadow).await?;
        let done = async {
            let end = shadow.run(scripts).await?;
            if is_drift_of_interest {
                let applied: Vec<Script> =
                    diagnosis.applied.iter().filter_map(|n| migrations.find(n)).cloned().collect();
                let expected = match applied.len() == scripts.len() {
                    true => end.clone(),
                    false => shadow.run(&applied).await?,
                };
                reasons.extend(drift(workspace, &expected, &describe(workspace, driver).await?, diagnosis)?);
            }
            Ok((reasons, end))
        }
        .await;
        shadow.close(done).await
    }

    /// Shows what the data says to the migration, and whether to go on.
    fn consents(&self, findings: &Findings) -> Result<bool, Box<dyn Error>> {
        let Findings { warnings, unexecutable } = findings;
        let lines = |texts: &[String]| texts.iter().map(|t| format!("\n  - {t}")).collect::<String>();
        if !unexecutable.is_empty() && !self.create_only {
            return Err(format!(
                "the migration cannot run with the data that is there:{}\nTo make it nevertheless, and to edit it before it is applied, use --create-only",
                lines(unexecutable)
            )
            .into());
        }
        if !unexecutable.is_empty() {
            anstream::eprintln!("This cannot be done with the data that is there:{}\n", lines(unexecutable));
        }
        if warnings.is_empty() {
            return Ok(true);
        }
        anstream::eprintln!("This would lose data:{}\n", lines(warnings));
        match (is_interactive(), self.create_only) {
            (true, true) => Ok(confirm("Are you sure you want to create this migration?")?),
            (true, false) => Ok(confirm("Are you sure you want to create and apply this migration?")?),
            // Nothing is lost before it is applied.
            (false, true) => Ok(true),
            (false, false) => {
                Err(non_interactive("data would be lost. To make the migration without applying it, use --create-only"))
            }
        }
    }

    /// Writes the migration; answers its name.
    fn create(
        &self,
        workspace: &Workspace,
        migrations: &Migrations,
        migration: &Migration,
    ) -> Result<String, Box<dyn Error>> {
        let name = match &self.name {
            Some(name) => name.clone(),
            None if is_interactive() => ask("Enter a name for the new migration:")?,
            None => return Err(non_interactive("what is the new migration called? Say it by --name")),
        };
        let provider = workspace.target.provider();
        let name = history::folder_name(time_after(migrations), &name)?;
        history::create(&workspace.folder, provider, &name, &history::draft(provider, migration)?)?;
        Ok(name)
    }
}

/// Now; but later than the last migration, so that the new one comes after it.
fn time_after(migrations: &Migrations) -> DateTime<Utc> {
    let now = DateTime::from(SystemTime::now());
    let last = migrations.scripts.iter().filter_map(|s| {
        let digits = s.name.get(..14)?;
        Some(NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").ok()?.and_utc())
    });
    last.max().map_or(now, |last| now.max(last + Duration::from_secs(1)))
}

/// Why the history of the database is not that of the folder.
fn parted(diagnosis: &Diagnosis) -> Vec<String> {
    let failed = diagnosis.failed.iter().map(|f| {
        let logs = f.logs.as_deref().map(|l| format!(":\n{l}")).unwrap_or_default();
        format!(
            "The migration `{name}` failed{logs}\nIf nothing of it is left in the database, say so, and nothing has to be reset: \
             prisma migrate resolve --rolled-back \"{name}\"",
            name = f.name
        )
    });
    let edited = diagnosis.edited.iter().map(|n| format!("The migration `{n}` was modified after it was applied."));
    let missing = diagnosis
        .missing
        .iter()
        .map(|n| format!("The migration `{n}` is applied to the database, but missing from the folder of migrations."));
    failed.chain(edited).chain(missing).collect()
}

/// What the database has.
async fn describe(workspace: &Workspace, driver: &dyn Driver) -> Result<DatabaseSchema, Box<dyn Error>> {
    let mut connection = driver.acquire().await.map_err(prisma_core::Error::from)?;
    let namespaces = &workspace.schema.datasource.schemas;
    Ok(prisma_migrate::describe(workspace.target.provider(), &mut *connection, namespaces).await?)
}

/// What differs between what the migrations make and what is there.
fn drift(
    workspace: &Workspace,
    expected: &DatabaseSchema,
    actual: &DatabaseSchema,
    diagnosis: &Diagnosis,
) -> Result<Option<String>, Box<dyn Error>> {
    let provider = workspace.target.provider();
    let difference = prisma_migrate::diff(provider, expected, actual)?;
    if difference.is_empty() {
        return Ok(None);
    }
    let hint = match diagnosis.is_managed {
        true => "",
        false => {
            "\n\nThe database has no history. To keep its data, make its first migration of what is there instead, and say that it is applied: \
             prisma migrate resolve --applied"
        }
    };
    Ok(Some(format!(
        "Drift detected: Your database schema is not in sync with your migration history.\n\
         This leads from what the migrations make to what the database has:\n\n{}{hint}",
        prisma_migrate::summary(&difference.steps)
    )))
}
