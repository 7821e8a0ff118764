//! Which schema a command is about.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use prisma_schema::SourceFile;
use prisma_schema::load::{self, LoadError};

/// `--schema`
#[derive(Debug, Args)]
pub(crate) struct SchemaArgument {
    /// The schema: a file, a folder of `*.prisma` files, or `-` for standard input.
    /// [default: prisma/schema.prisma, schema.prisma or the folder prisma, whichever is there]
    #[arg(long, value_name = "PATH")]
    pub(crate) schema: Option<PathBuf>,
}

impl SchemaArgument {
    /// Whether it is standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        self.schema.as_deref() == Some(Path::new("-"))
    }

    /// The path, or the first usual place where there is a schema.
    pub(crate) fn path(&self) -> Result<PathBuf, LoadError> {
        match &self.schema {
            Some(path) => Ok(path.clone()),
            None => load::find(Path::new("")),
        }
    }

    /// Its text, and what it is called in messages.
    pub(crate) fn load(&self) -> Result<(Vec<SourceFile>, String), LoadError> {
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
