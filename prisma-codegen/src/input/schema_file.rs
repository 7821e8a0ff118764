//! A schema in files: one, or a folder of `*.prisma`.

use std::path::{Path, PathBuf};

use prisma_schema::SourceFile;

/// The files that a path names.
pub(crate) struct SchemaFiles {
    /// Name shown to the user, and text.
    pub(crate) sources: Vec<SourceFile>,
    /// Where each of them is.
    pub(crate) paths: Vec<PathBuf>,
    /// The folder that they are in.
    pub(crate) directory: PathBuf,
}

/// Reads the file or folder at `path`, from `base`. The error is for the user.
pub(crate) fn read(path: &str, base: &Path) -> Result<SchemaFiles, String> {
    let full = base.join(path);
    let looked = full.display();
    let meta = std::fs::metadata(&full).map_err(|e| {
        format!(
            "the schema `{looked}` cannot be read: {e}\nhelp: the path starts from the folder of the crate's Cargo.toml"
        )
    })?;
    let paths = if meta.is_dir() {
        let mut paths = Vec::new();
        collect(&full, &mut paths).map_err(|e| format!("the folder `{looked}` cannot be read: {e}"))?;
        if paths.is_empty() {
            return Err(format!("the folder `{looked}` has no `*.prisma` files"));
        }
        paths.sort();
        paths
    } else {
        vec![full.clone()]
    };
    let directory = if meta.is_dir() { full.clone() } else { full.parent().unwrap_or(base).to_owned() };
    let sources = paths.iter().map(|file| source(file, base)).collect::<Result<_, _>>()?;
    Ok(SchemaFiles { sources, paths, directory })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "prisma") {
            files.push(path);
        }
    }
    Ok(())
}

fn source(file: &Path, base: &Path) -> Result<SourceFile, String> {
    let name = file.strip_prefix(base).unwrap_or(file).display().to_string();
    let bytes = std::fs::read(file).map_err(|e| format!("the schema `{}` cannot be read: {e}", file.display()))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(name, text)),
        Err(e) => {
            let valid = e.utf8_error().valid_up_to();
            let line = e.as_bytes()[..valid].iter().filter(|&&b| b == b'\n').count() + 1;
            Err(format!("the schema `{}` is not UTF-8: line {line} holds a byte that is no text", file.display()))
        }
    }
}
