//! `prisma migrate diff`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use prisma_drivers::ConnectOptions;
use prisma_migrate::DatabaseSchema;
use prisma_schema::{Provider, Schema, StringOrEnv};

use crate::commands::{Outcome, block_on};
use crate::schema::SchemaArgument;
use crate::settings::Settings;

/// Show the way from one state of a database to another, as text or as SQL. Nothing is changed.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    #[command(flatten)]
    from: From,

    #[command(flatten)]
    to: To,

    /// SQL instead of a summary.
    #[arg(long)]
    script: bool,

    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// End with 2 if there is a difference, 0 if there is none, 1 on an error.
    #[arg(long)]
    exit_code: bool,

    /// The settings. [default: prisma.toml, if it is there]
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
}

/// Where the way begins.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct From {
    /// From nothing.
    #[arg(long)]
    from_empty: bool,

    /// From what a schema says.
    #[arg(long, value_name = "PATH", alias = "from-schema-datamodel")]
    from_schema: Option<PathBuf>,

    /// From what a database has.
    #[arg(long, value_name = "URL")]
    from_url: Option<String>,

    /// From what the database of a schema's datasource has.
    #[arg(long, value_name = "PATH")]
    from_schema_datasource: Option<PathBuf>,

    /// From what the database of prisma.toml has.
    #[arg(long)]
    from_config_datasource: bool,
}

/// Where the way ends.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct To {
    /// To nothing.
    #[arg(long)]
    to_empty: bool,

    /// To what a schema says.
    #[arg(long, value_name = "PATH", alias = "to-schema-datamodel")]
    to_schema: Option<PathBuf>,

    /// To what a database has.
    #[arg(long, value_name = "URL")]
    to_url: Option<String>,

    /// To what the database of a schema's datasource has.
    #[arg(long, value_name = "PATH")]
    to_schema_datasource: Option<PathBuf>,

    /// To what the database of prisma.toml has.
    #[arg(long)]
    to_config_datasource: bool,
}

/// The exit code when there is a difference, if that was asked for.
const DIFFERENT: u8 = 2;

impl Diff {
    pub(crate) fn run(self) -> Outcome {
        let settings = Settings::load(self.config.as_deref())?;
        let from = self.from;
        let from = Side::new(
            from.from_schema,
            from.from_url,
            from.from_schema_datasource,
            from.from_config_datasource,
            &settings,
        )?;
        let to = self.to;
        let to = Side::new(to.to_schema, to.to_url, to.to_schema_datasource, to.to_config_datasource, &settings)?;
        let provider = provider(&from, &to)?;
        let namespaces = from.namespaces().or(to.namespaces()).unwrap_or_default();
        let (before, after) = block_on(async {
            Ok::<_, Box<dyn Error>>((from.load(provider, namespaces).await?, to.load(provider, namespaces).await?))
        })??;
        let migration = prisma_migrate::diff(provider, &before, &after)?;
        let text = match (self.script, migration.is_empty()) {
            (true, true) => "-- This is an empty migration.\n".to_owned(),
            (true, false) => prisma_migrate::render(provider, &migration.steps)?,
            (false, true) => "No difference detected.\n".to_owned(),
            (false, false) => prisma_migrate::summary(&migration.steps) + "\n",
        };
        match self.output {
            Some(path) => std::fs::write(&path, text)
                .map_err(|e| format!("the difference could not be written to `{}`: {e}", path.display()))?,
            None => anstream::print!("{text}"),
        }
        Ok(match self.exit_code && !migration.is_empty() {
            true => ExitCode::from(DIFFERENT),
            false => ExitCode::SUCCESS,
        })
    }
}

/// A side of the comparison.
#[derive(Debug)]
enum Side {
    Empty,
    Schema(Box<Schema>),
    Database {
        url: String,
        options: ConnectOptions,
        /// The schema whose datasource it is.
        schema: Option<Box<Schema>>,
    },
}

impl Side {
    fn new(
        schema: Option<PathBuf>,
        url: Option<String>,
        datasource: Option<PathBuf>,
        is_configured: bool,
        settings: &Settings,
    ) -> Result<Self, Box<dyn Error>> {
        let database = |url, directory: &Path, schema| {
            let options = ConnectOptions { base_dir: Some(directory.to_owned()), ..ConnectOptions::default() };
            Self::Database { url, options, schema }
        };
        if let Some(path) = schema {
            return Ok(Self::Schema(Box::new(SchemaArgument::at(path).parse()?)));
        }
        if let Some(url) = url {
            return Ok(database(url, Path::new(""), None));
        }
        if let Some(path) = datasource {
            let argument = SchemaArgument::at(path);
            let (schema, directory) = (argument.parse()?, argument.directory()?);
            let url = prisma_drivers::resolve_url(&schema.datasource, None, Some(&directory))?;
            return Ok(database(url, &directory, Some(Box::new(schema))));
        }
        if !is_configured {
            return Ok(Self::Empty);
        }
        let directory = &settings.directory;
        let url = match &settings.url {
            Some(StringOrEnv::Literal(url)) => url.clone(),
            Some(StringOrEnv::Env(name)) => prisma_drivers::read_variable(name, Some(directory))?
                .ok_or_else(|| format!("prisma.toml takes the URL from the variable {name}, which is not set"))?,
            None => return Err("prisma.toml names no database: give `url` in its section [datasource]".into()),
        };
        Ok(database(url, directory, None))
    }

    fn schema(&self) -> Option<&Schema> {
        match self {
            Self::Schema(schema) | Self::Database { schema: Some(schema), .. } => Some(schema),
            _ => None,
        }
    }

    /// The database's own schemas that count.
    fn namespaces(&self) -> Option<&[String]> {
        self.schema().map(|s| s.datasource.schemas.as_slice())
    }

    async fn load(&self, provider: Provider, namespaces: &[String]) -> Result<DatabaseSchema, Box<dyn Error>> {
        match self {
            Self::Empty => Ok(DatabaseSchema::default()),
            Self::Schema(schema) => Ok(prisma_migrate::calculate(schema)?),
            Self::Database { url, options, .. } => {
                let driver = prisma_drivers::connect(provider, url, options).await.map_err(prisma_core::Error::from)?;
                let mut connection = driver.acquire().await.map_err(prisma_core::Error::from)?;
                let described = prisma_migrate::describe(provider, &mut *connection, namespaces).await;
                drop(connection);
                driver.close().await;
                Ok(described?)
            }
        }
    }
}

/// The provider of both sides: that of a schema, or else the one that a URL tells.
fn provider(from: &Side, to: &Side) -> Result<Provider, Box<dyn Error>> {
    let by_url = |side: &Side| match side {
        Side::Database { url, .. } => Provider::of_url(url),
        _ => None,
    };
    match (from.schema().map(Schema::provider), to.schema().map(Schema::provider)) {
        (Some(a), Some(b)) if a != b => {
            Err(format!("one side is for `{}`, the other for `{}`: they have no common SQL", a.name(), b.name()).into())
        }
        (Some(provider), _) | (None, Some(provider)) => Ok(provider),
        (None, None) => by_url(from).or(by_url(to)).ok_or_else(|| {
            "neither side says for which provider it is: compare with a schema, or with the URL of a database".into()
        }),
    }
}
