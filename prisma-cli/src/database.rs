//! Which database a command is about.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use prisma_core::driver::Driver;
use prisma_drivers::ConnectOptions;
use prisma_schema::{Datasource, Provider, Schema};

use crate::schema::SchemaArgument;
use crate::settings::Settings;

/// `--schema`, `--config` and `--url`
#[derive(Debug, Args)]
pub(crate) struct DatabaseArgument {
    #[command(flatten)]
    schema: SchemaArgument,

    /// The database, instead of the one that prisma.toml or the schema names.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

/// A database, found but not yet connected to.
#[derive(Debug)]
pub(crate) struct Target {
    datasource: Datasource,
    url: String,
    options: ConnectOptions,
}

impl DatabaseArgument {
    /// The schema, after its warnings are shown.
    pub(crate) fn schema(&self) -> Result<Schema, Box<dyn Error>> {
        self.schema.parse()
    }

    /// Whether the schema is standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        self.schema.is_stdin()
    }

    /// The folder that the schema's files are in, if it is not one file.
    pub(crate) fn folder(&self) -> Result<Option<PathBuf>, Box<dyn Error>> {
        if self.schema.is_stdin() {
            return Ok(None);
        }
        Ok(Some(self.schema.path()?).filter(|p| p.is_dir()))
    }

    /// The settings that apply.
    pub(crate) fn settings(&self) -> Result<Settings, Box<dyn Error>> {
        self.schema.settings()
    }

    /// The directory that relative paths in the schema start from.
    pub(crate) fn directory(&self) -> Result<PathBuf, Box<dyn Error>> {
        self.schema.directory()
    }

    /// The database for queries: `--url`, or the one of prisma.toml, or the schema's. Relative paths start from where the URL was given.
    pub(crate) fn target(&self, schema: &Schema) -> Result<Target, Box<dyn Error>> {
        self.resolve(schema.datasource.clone())
    }

    /// The database for changes: the same, but `directUrl` of the schema before its `url`, since a pooler stands in their way.
    pub(crate) fn direct_target(&self, schema: &Schema) -> Result<Target, Box<dyn Error>> {
        let mut datasource = schema.datasource.clone();
        datasource.url = datasource.direct_url.take().or(datasource.url);
        self.resolve(datasource)
    }

    fn resolve(&self, mut datasource: Datasource) -> Result<Target, Box<dyn Error>> {
        let settings = self.settings()?;
        let directory = match (&self.url, settings.url) {
            (Some(_), _) => PathBuf::new(),
            (None, Some(url)) => {
                datasource.url = Some(url);
                settings.directory
            }
            (None, None) => self.schema.directory()?,
        };
        let url = prisma_drivers::resolve_url(&datasource, self.url.as_deref(), Some(&directory))?;
        let options = ConnectOptions { base_dir: Some(directory), ..ConnectOptions::default() };
        Ok(Target { datasource, url, options })
    }
}

impl DatabaseArgument {
    /// The database of `--url` by itself, without a schema: then the URL tells the provider.
    pub(crate) fn target_alone(&self) -> Result<Target, Box<dyn Error>> {
        let Some(url) = self.url.as_ref().filter(|_| self.schema.schema.is_none()) else {
            return self.direct_target(&self.schema()?);
        };
        let provider = Provider::of_url(url)
            .ok_or("the URL does not tell the provider: it begins with `file:`, `postgresql://` or `mysql://`")?;
        let schema = prisma_schema::parse(vec![prisma_schema::SourceFile::new(
            "schema.prisma",
            format!("datasource db {{\n  provider = \"{}\"\n}}\n", provider.name()),
        )])?;
        self.target(&schema.schema)
    }
}

impl Target {
    /// The provider.
    pub(crate) fn provider(&self) -> Provider {
        self.datasource.provider
    }

    /// The URL, with its password.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What the connections begin with.
    pub(crate) fn options(&self) -> &ConnectOptions {
        &self.options
    }

    /// Connects.
    pub(crate) async fn connect(&self) -> Result<Arc<dyn Driver>, prisma_core::Error> {
        Ok(prisma_drivers::connect(self.datasource.provider, &self.url, &self.options).await?)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let provider = self.datasource.provider.capabilities().display_name;
        write!(f, "Datasource `{}`: {provider} at `{}`", self.datasource.name, public(&self.url))
    }
}

/// A URL without its password and its parameters.
fn public(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(url, _)| url);
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    // The last `@`: a password may hold one that nobody escaped.
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::public;

    #[test]
    fn passwords_are_not_shown() {
        for (url, shown) in [
            ("file:dev.db?connection_limit=1", "file:dev.db"),
            ("postgresql://me:s3cret@host:5432/db?sslmode=x", "postgresql://me@host:5432/db"),
            ("mysql://me:a@b@host/db", "mysql://me@host/db"),
            ("mysql://host/db", "mysql://host/db"),
        ] {
            assert_eq!(public(url), shown);
        }
    }
}
