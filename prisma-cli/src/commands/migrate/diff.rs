//! `prisma migrate diff`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use prisma_drivers::ConnectOptions;
use prisma_migrate::DatabaseSchema;
use prisma_migrate::history::{self, EMPTY, Migrations, Shadow, ShadowPlace};
use prisma_schema::{Provider, Schema};

use crate::commands::{Outcome, block_on};
use crate::progress::Progress;
use crate::schema::SchemaArgument;
use crate::settings::Settings;
use crate::workspace::value;

const EXAMPLES: &str = "\
Examples:
  prisma migrate diff --from-migrations prisma/migrations --to-schema prisma --exit-code
  prisma migrate diff --from-empty --to-schema prisma/schema.prisma --script > 0_init.sql
  prisma migrate diff --from-config-datasource --to-schema prisma/schema.prisma";

/// Show the way from one state of a database to another, as text or as SQL. Nothing is changed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, override_usage = "prisma migrate diff [OPTIONS] --from-… --to-…")]
pub(crate) struct Diff {
    #[command(flatten)]
    from: From,

    #[command(flatten)]
    to: To,

    /// The database in which migrations are tried, on a server; it is emptied each time. [default: `shadow_database_url` in prisma.toml, or
    /// `shadowDatabaseUrl` of the schema; else one beside the database of the other side, dropped again]
    #[arg(long, value_name = "URL")]
    shadow_database_url: Option<String>,

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

    /// From what a database has after the migrations of a folder.
    #[arg(long, value_name = "PATH")]
    from_migrations: Option<PathBuf>,
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

    /// To what a database has after the migrations of a folder.
    #[arg(long, value_name = "PATH")]
    to_migrations: Option<PathBuf>,
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
            from.from_migrations,
            &settings,
        )?;
        let to = self.to;
        let to = Side::new(
            to.to_schema,
            to.to_url,
            to.to_schema_datasource,
            to.to_config_datasource,
            to.to_migrations,
            &settings,
        )?;
        let provider = provider(&from, &to)?;
        let namespaces = from.namespaces().or(to.namespaces()).unwrap_or_default();
        let shadow = ShadowUrl::new(self.shadow_database_url, &settings, &from, &to)?;
        let progress = Progress::start("Reading both sides");
        let (before, after) = block_on(async {
            let before = from.load(provider, namespaces, &shadow).await?;
            Ok::<_, Box<dyn Error>>((before, to.load(provider, namespaces, &shadow).await?))
        })??;
        drop(progress);
        let migration = prisma_migrate::diff(provider, &before, &after)?;
        let text = match (self.script, migration.is_empty()) {
            (true, true) => EMPTY.to_owned(),
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
    Migrations(Migrations),
}

impl Side {
    fn new(
        schema: Option<PathBuf>,
        url: Option<String>,
        datasource: Option<PathBuf>,
        is_configured: bool,
        migrations: Option<PathBuf>,
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
            let mut datasource = schema.datasource.clone();
            datasource.url = datasource.direct_url.take().or(datasource.url);
            let url = prisma_drivers::resolve_url(&datasource, None, Some(&directory))?;
            return Ok(database(url, &directory, Some(Box::new(schema))));
        }
        if let Some(folder) = migrations {
            if !folder.is_dir() {
                return Err(format!("there is no folder of migrations at `{}`", folder.display()).into());
            }
            return Ok(Self::Migrations(history::read(&folder)?));
        }
        if !is_configured {
            return Ok(Self::Empty);
        }
        let directory = &settings.directory;
        let Some(url) = &settings.url else {
            return Err("prisma.toml names no database: give `url` in its section [datasource]".into());
        };
        let url = value(url, directory)?;
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

    async fn load(
        &self,
        provider: Provider,
        namespaces: &[String],
        shadow: &ShadowUrl,
    ) -> Result<DatabaseSchema, Box<dyn Error>> {
        match self {
            Self::Empty => Ok(DatabaseSchema::default()),
            Self::Schema(schema) => Ok(prisma_migrate::calculate(schema)?),
            Self::Migrations(migrations) => {
                let shadow = Shadow::open(provider, shadow.place(), &shadow.options, namespaces).await?;
                let replayed = shadow.replay(&migrations.scripts).await;
                let closed = shadow.close().await;
                let replayed = replayed?;
                closed?;
                Ok(replayed)
            }
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

/// Where the shadow database is.
struct ShadowUrl {
    given: Option<String>,
    beside: Option<String>,
    options: ConnectOptions,
}

impl ShadowUrl {
    fn new(flag: Option<String>, settings: &Settings, from: &Side, to: &Side) -> Result<Self, Box<dyn Error>> {
        let side = [from, to].into_iter().find_map(|side| match side {
            Side::Database { url, options, .. } => Some((url.clone(), options.clone())),
            _ => None,
        });
        let (beside, options) = side.map_or((None, ConnectOptions::default()), |(url, options)| (Some(url), options));
        let schema = from.schema().or(to.schema()).and_then(|s| s.datasource.shadow_database_url.as_ref());
        let given = match (flag, &settings.shadow_database_url, schema) {
            (Some(url), ..) => Some(url),
            (None, Some(url), _) => Some(value(url, &settings.directory)?),
            (None, None, Some(url)) => Some(value(url, options.base_dir.as_deref().unwrap_or(Path::new("")))?),
            (None, None, None) => None,
        };
        match (&given, &beside) {
            (Some(given), Some(beside)) if prisma_drivers::is_same_database(given, beside) => {
                Err("the shadow database is the one that is compared: it is emptied at will, so give another one"
                    .into())
            }
            _ => Ok(Self { given, beside, options }),
        }
    }

    fn place(&self) -> ShadowPlace<'_> {
        match (&self.given, &self.beside) {
            (Some(url), _) => ShadowPlace::Given(url),
            (None, Some(url)) => ShadowPlace::Beside(url),
            (None, None) => ShadowPlace::Nowhere,
        }
    }
}

/// The provider of both sides: that of a schema or of migrations, or else the one that a URL tells.
fn provider(from: &Side, to: &Side) -> Result<Provider, Box<dyn Error>> {
    let by_url = |side: &Side| match side {
        Side::Database { url, .. } => Provider::of_url(url),
        _ => None,
    };
    let known = |side: &Side| match side {
        Side::Migrations(migrations) => migrations.provider,
        side => side.schema().map(Schema::provider),
    };
    match (known(from), known(to)) {
        (Some(a), Some(b)) if a != b => {
            Err(format!("one side is for `{}`, the other for `{}`: they have no common SQL", a.name(), b.name()).into())
        }
        (Some(provider), _) | (None, Some(provider)) => Ok(provider),
        (None, None) => by_url(from).or(by_url(to)).ok_or_else(|| {
            "neither side says for which provider it is: compare with a schema, or with the URL of a database".into()
        }),
    }
}
