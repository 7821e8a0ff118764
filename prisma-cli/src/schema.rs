//! Which schema a command is about.

use std::error::Error;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use prisma_schema::diagnostics::Diagnostics;
use prisma_schema::load::{self, LoadError};
use prisma_schema::{Schema, SourceFile};

use crate::output;
use crate::settings::{DEFAULT_PATH, Settings};

/// `--schema` and `--config`
#[derive(Debug, Args)]
pub(crate) struct SchemaArgument {
    /// The schema: a file, a folder of *.prisma files, or - for standard input.
    /// [default: `schema` in prisma.toml; else prisma/schema.prisma, schema.prisma or the folder prisma, whichever is there]
    #[arg(long, value_name = "PATH")]
    pub(crate) schema: Option<PathBuf>,

    /// The settings. [default: prisma.toml, if it is there]
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
}

impl SchemaArgument {
    /// The schema at a path.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { schema: Some(path), config: None }
    }

    /// The validated schema, after its warnings are shown.
    pub(crate) fn parse(&self) -> Result<Schema, Box<dyn Error>> {
        let (sources, _) = self.load()?;
        let validated = prisma_schema::parse(sources)?;
        let warnings = Diagnostics::new(validated.schema.sources.clone(), validated.warnings);
        output::diagnostics(&warnings);
        Ok(validated.schema)
    }

    /// Whether it is standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        self.schema.as_deref() == Some(Path::new("-"))
    }

    /// The settings that apply.
    pub(crate) fn settings(&self) -> Result<Settings, Box<dyn Error>> {
        Settings::load(self.config.as_deref())
    }

    /// Where settings are read from.
    pub(crate) fn settings_path(&self) -> &Path {
        self.config.as_deref().unwrap_or(Path::new(DEFAULT_PATH))
    }

    /// The path: given, or in the settings, or the first usual place where there is a schema.
    pub(crate) fn path(&self) -> Result<PathBuf, Box<dyn Error>> {
        if let Some(path) = &self.schema {
            return Ok(path.clone());
        }
        match self.settings()?.schema {
            Some(path) => Ok(path),
            None => Ok(load::find(Path::new(""))?),
        }
    }

    /// The directory that relative paths in the schema start from.
    pub(crate) fn directory(&self) -> Result<PathBuf, Box<dyn Error>> {
        if self.is_stdin() {
            return Ok(PathBuf::new());
        }
        let path = self.path()?;
        Ok(if path.is_dir() { path } else { path.parent().map(Path::to_owned).unwrap_or_default() })
    }

    /// Its text, and what it is called in messages.
    pub(crate) fn load(&self) -> Result<(Vec<SourceFile>, String), Box<dyn Error>> {
        if self.is_stdin() {
            return Ok((vec![stdin()?], "standard input".to_owned()));
        }
        let path = self.path()?;
        Ok((load::load(&path)?, path.display().to_string()))
    }
}

/// All of standard input.
fn stdin() -> Result<SourceFile, LoadError> {
    let path = Path::new("standard input");
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|e| LoadError::Unreadable(path.to_owned(), e))?;
    Ok(SourceFile::new("<stdin>", load::text(bytes, path)?))
}
