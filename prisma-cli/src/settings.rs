//! `prisma.toml`: what the commands would otherwise be told by flags.
//!
//! ```toml
//! schema = "prisma/schema.prisma"
//!
//! [datasource]
//! url = "file:dev.db"              # or { env = "DATABASE_URL" }
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};

use prisma_schema::StringOrEnv;
use serde::Deserialize;

/// Where settings are looked for.
const DEFAULT_PATH: &str = "prisma.toml";

/// The settings. Paths in them start from the directory of the file.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The schema.
    pub(crate) schema: Option<PathBuf>,
    /// The database's URL.
    pub(crate) url: Option<StringOrEnv>,
    /// The directory of the file.
    pub(crate) directory: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Option<PathBuf>,
    #[serde(default)]
    datasource: Datasource,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Datasource {
    url: Option<Url>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a text, or { env = \"NAME\" }")]
enum Url {
    Literal(String),
    Env { env: String },
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
            url: file.datasource.url.map(|url| match url {
                Url::Literal(url) => StringOrEnv::Literal(url),
                Url::Env { env } => StringOrEnv::Env(env),
            }),
            directory,
        })
    }
}
