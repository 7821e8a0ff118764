//! `prisma.toml`: what the commands would otherwise be told by flags.
//!
//! ```toml
//! schema = "prisma/schema.prisma"
//!
//! [datasource]
//! url = "file:dev.db"              # or { env = "DATABASE_URL" }
//! shadow_database_url = "…"        # servers only; made and dropped beside the database if nothing is said
//!
//! [migrations]
//! path = "prisma/migrations"
//! seed = "cargo run --bin seed"
//!
//! [views]
//! path = "prisma/views"            # where `db pull` puts the SQL of views
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};

use prisma_schema::StringOrEnv;
use serde::Deserialize;

/// Where settings are looked for.
pub(crate) const DEFAULT_PATH: &str = "prisma.toml";

/// The settings. Paths in them start from the directory of the file.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The schema.
    pub(crate) schema: Option<PathBuf>,
    /// The database's URL.
    pub(crate) url: Option<StringOrEnv>,
    /// The URL of the database in which migrations are tried.
    pub(crate) shadow_database_url: Option<StringOrEnv>,
    /// The folder of migrations.
    pub(crate) migrations: Option<PathBuf>,
    /// The command that fills the database.
    pub(crate) seed: Option<String>,
    /// The folder of the SQL of views.
    pub(crate) views: Option<PathBuf>,
    /// The directory of the file.
    pub(crate) directory: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Option<PathBuf>,
    /// The same as in `[migrations]`.
    seed: Option<String>,
    #[serde(default)]
    datasource: Datasource,
    #[serde(default)]
    migrations: Migrations,
    #[serde(default)]
    views: Views,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Views {
    path: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Migrations {
    path: Option<PathBuf>,
    seed: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Datasource {
    url: Option<Url>,
    #[serde(alias = "shadowDatabaseUrl")]
    shadow_database_url: Option<Url>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a text, or { env = \"NAME\" }")]
enum Url {
    Literal(String),
    Env { env: String },
}

impl From<Url> for StringOrEnv {
    fn from(url: Url) -> Self {
        match url {
            Url::Literal(url) => Self::Literal(url),
            Url::Env { env } => Self::Env(env),
        }
    }
}

impl Settings {
    /// Reads the file that is given, or the usual one if it is there.
    pub(crate) fn load(given: Option<&Path>) -> Result<Self, Box<dyn Error>> {
        let path = given.unwrap_or(Path::new(DEFAULT_PATH));
        if given.is_none() && !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("the settings `{}` could not be read: {error}", path.display()))?;
        let file: File =
            toml::from_str(&text).map_err(|error| format!("the settings `{}` are wrong: {error}", path.display()))?;
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self {
            schema: file.schema.map(|s| directory.join(s)),
            url: file.datasource.url.map(Into::into),
            shadow_database_url: file.datasource.shadow_database_url.map(Into::into),
            migrations: file.migrations.path.map(|p| directory.join(p)),
            seed: file.migrations.seed.or(file.seed),
            views: file.views.path.map(|p| directory.join(p)),
            directory,
        })
    }
}
