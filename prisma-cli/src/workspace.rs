//! What the commands of the migration history work on: schema, database, folder of migrations, shadow database.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use prisma_core::driver::Driver;
use prisma_migrate::DatabaseSchema;
use prisma_migrate::history::{self, History, Migrations, Script, Shadow, ShadowPlace};
use prisma_schema::migrations::SCRIPT;
use prisma_schema::{Schema, StringOrEnv};

use crate::commands::{counted, db::seed};
use crate::database::{DatabaseArgument, Target};
use crate::progress::Progress;
use crate::settings::Settings;

/// `--schema`, `--config`, `--url` and `--migrations`
#[derive(Debug, Args)]
pub(crate) struct WorkspaceArgument {
    #[command(flatten)]
    database: DatabaseArgument,

    /// The folder of migrations.
    /// [default: `path` in the section `[migrations]` of prisma.toml; else the folder migrations beside the schema]
    #[arg(long, value_name = "PATH")]
    migrations: Option<PathBuf>,
}

/// `--shadow-database-url`
#[derive(Debug, Args)]
pub(crate) struct ShadowArgument {
    /// A database for nothing else, in which migrations are tried; it is emptied each time. [default: `shadow_database_url` in prisma.toml, or
    /// `shadowDatabaseUrl` of the datasource; else one that is made beside the real one and dropped again, in memory for SQLite]
    #[arg(long, value_name = "URL")]
    pub(crate) shadow_database_url: Option<String>,
}

/// What they come to.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) schema: Schema,
    pub(crate) target: Target,
    pub(crate) folder: PathBuf,
    directory: PathBuf,
    settings: Settings,
}

impl WorkspaceArgument {
    /// Reads schema and settings, and says which database it is about.
    pub(crate) fn open(&self) -> Result<Workspace, Box<dyn Error>> {
        let workspace = self.open_silently()?;
        anstream::println!("{}\n", workspace.target);
        Ok(workspace)
    }

    /// Reads schema and settings.
    pub(crate) fn open_silently(&self) -> Result<Workspace, Box<dyn Error>> {
        let schema = self.database.schema()?;
        let settings = self.database.settings()?;
        let directory = self.database.directory()?;
        let given = self.migrations.clone().or_else(|| settings.migrations.clone());
        let folder = given.unwrap_or_else(|| directory.join("migrations"));
        let target = self.database.direct_target(&schema)?;
        Ok(Workspace { schema, target, folder, directory, settings })
    }
}

impl Workspace {
    /// The migrations in the folder.
    pub(crate) fn migrations(&self) -> Result<Migrations, Box<dyn Error>> {
        Ok(history::read(&self.folder)?)
    }

    /// The same, after saying how many there are.
    pub(crate) fn told_migrations(&self) -> Result<Migrations, Box<dyn Error>> {
        let migrations = self.migrations()?;
        let folder = self.folder.display();
        match migrations.scripts.len() {
            0 => anstream::println!("No migration found in {folder}\n"),
            n => anstream::println!("{} found in {folder}\n", counted(n, "migration")),
        }
        Ok(migrations)
    }

    /// Drops everything that is in the database.
    pub(crate) async fn empty(&self, driver: &dyn Driver) -> Result<(), Box<dyn Error>> {
        let _progress = Progress::start("Dropping everything in the database");
        Ok(self.history(driver)?.reset().await?)
    }

    pub(crate) fn history<'a>(&'a self, driver: &'a dyn Driver) -> Result<History<'a>, prisma_core::Error> {
        History::new(driver, &self.schema.datasource.schemas)
    }

    /// Does something with the database, and closes it.
    pub(crate) async fn with_driver<T>(
        &self,
        work: impl AsyncFnOnce(&Arc<dyn Driver>) -> Result<T, Box<dyn Error>>,
    ) -> Result<T, Box<dyn Error>> {
        let driver = self.target.connect().await?;
        let done = work(&driver).await;
        driver.close().await;
        done
    }

    /// Applies what is to be applied, and says so.
    pub(crate) async fn deploy(
        &self,
        driver: &dyn Driver,
        migrations: &Migrations,
    ) -> Result<Vec<String>, Box<dyn Error>> {
        let progress = Progress::start("Applying migrations");
        let mut watch = |name: &str| progress.say(&format!("Applying migration `{name}`"));
        Ok(self.history(driver)?.deploy(migrations, &mut watch).await?)
    }

    /// The shadow database in use, if any migration is to be tried in it.
    pub(crate) async fn shadow(&self, given: &ShadowArgument) -> Result<Replay, Box<dyn Error>> {
        let url = self.shadow_url(given)?;
        if let Some(url) = &url
            && prisma_drivers::is_same_database(url, self.target.url())
        {
            return Err(
                "the shadow database is the database itself: it is emptied at will, so give it one of its own".into()
            );
        }
        let place = url.as_deref().map_or(ShadowPlace::Beside(self.target.url()), ShadowPlace::Given);
        let namespaces = &self.schema.datasource.schemas;
        Ok(Replay(Shadow::open(self.target.provider(), place, self.target.options(), namespaces).await?))
    }

    /// `--shadow-database-url`, or the one of prisma.toml, or the schema's.
    fn shadow_url(&self, given: &ShadowArgument) -> Result<Option<String>, Box<dyn Error>> {
        if given.shadow_database_url.is_some() {
            return Ok(given.shadow_database_url.clone());
        }
        let (url, directory) = match &self.settings.shadow_database_url {
            Some(url) => (Some(url), self.settings.directory.as_path()),
            None => (self.schema.datasource.shadow_database_url.as_ref(), self.directory.as_path()),
        };
        url.map(|url| value(url, directory)).transpose()
    }

    /// Runs the seed command, if there is one.
    pub(crate) fn seed(&self) -> Result<(), Box<dyn Error>> {
        match &self.settings.seed {
            Some(command) => seed::run(command, &[], &self.settings.directory),
            None => Ok(()),
        }
    }
}

/// A shadow database.
pub(crate) struct Replay(Shadow);

impl Replay {
    /// What a database has after these migrations.
    pub(crate) async fn run(&self, scripts: &[Script]) -> Result<DatabaseSchema, Box<dyn Error>> {
        let _progress = Progress::start("Running all migrations in the shadow database");
        Ok(self.0.replay(scripts).await?)
    }

    /// Closes it, whatever came of the work: the work's error is the one to tell.
    pub(crate) async fn close<T>(self, done: Result<T, Box<dyn Error>>) -> Result<T, Box<dyn Error>> {
        let closed = self.0.close().await;
        let done = done?;
        closed?;
        Ok(done)
    }
}

/// A text, or that of a variable.
pub(crate) fn value(given: &StringOrEnv, directory: &Path) -> Result<String, Box<dyn Error>> {
    match given {
        StringOrEnv::Literal(text) => Ok(text.clone()),
        StringOrEnv::Env(name) => prisma_drivers::read_variable(name, Some(directory))?
            .ok_or_else(|| format!("the URL is to come from the variable {name}, which is not set").into()),
    }
}

/// Migrations as files in their folder.
pub(crate) fn tree(folder: &Path, names: &[String]) -> String {
    let root = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
    let lines: String = names.iter().map(|n| format!("\n  └─ {n}/\n    └─ {SCRIPT}")).collect();
    format!("{root}/{lines}")
}
