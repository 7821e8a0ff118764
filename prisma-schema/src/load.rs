//! Schema files on disk: one file, or a folder of `*.prisma`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::SourceFile;
use crate::diagnostics::LineColumn;

/// Where a schema is looked for if nothing says where it is.
pub const DEFAULT_PATHS: [&str; 3] = ["prisma/schema.prisma", "schema.prisma", "prisma"];

/// Why a schema could not be read.
#[derive(Debug)]
pub enum LoadError {
    /// There is nothing at that path.
    Missing(PathBuf),
    /// There is nothing at any of the paths where a schema is looked for.
    NotFound(Vec<PathBuf>),
    /// A folder without a `*.prisma` file in it or below it.
    NoFiles(PathBuf),
    /// A file that is no text.
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Where the text ends to be one.
        at: LineColumn,
    },
    /// The file system refused.
    Unreadable(PathBuf, io::Error),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "there is no schema at `{}`", path.display()),
            Self::NotFound(paths) => {
                f.write_str("there is no schema; it was looked for at")?;
                for (i, path) in paths.iter().enumerate() {
                    write!(f, "{} `{}`", if i == 0 { "" } else { "," }, path.display())?;
                }
                Ok(())
            }
            Self::NoFiles(path) => write!(f, "the folder `{}` holds no `*.prisma` file", path.display()),
            Self::NotUtf8 { path, at } => write!(
                f,
                "`{}:{}:{}` is no UTF-8 text: save the file in that encoding",
                path.display(),
                at.line,
                at.column
            ),
            Self::Unreadable(path, error) => write!(f, "`{}` could not be read: {error}", path.display()),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(_, error) => Some(error),
            _ => None,
        }
    }
}

/// The first of [`DEFAULT_PATHS`] below `base` that exists; the folder only if it holds schema files.
pub fn find(base: &Path) -> Result<PathBuf, LoadError> {
    let candidates = DEFAULT_PATHS.map(|p| base.join(p));
    let exists = |path: &PathBuf| path.is_file() || (path.is_dir() && files(path).is_ok());
    match candidates.iter().find(|p| exists(p)) {
        Some(path) => Ok(path.clone()),
        None => Err(LoadError::NotFound(candidates.into())),
    }
}

/// Reads a file, or all `*.prisma` files in a folder and below it, sorted by path.
pub fn load(path: &Path) -> Result<Vec<SourceFile>, LoadError> {
    files(path)?.iter().map(|path| read(path)).collect()
}

/// The files that [`load`] reads.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, LoadError> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.exists() {
        return Err(LoadError::Missing(path.to_owned()));
    }
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.sort();
    if files.is_empty() { Err(LoadError::NoFiles(path.to_owned())) } else { Ok(files) }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    let unreadable = |error| LoadError::Unreadable(folder.to_owned(), error);
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        // Links to folders are not followed: they may lead back up.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "prisma") && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// Reads one file.
pub fn read(path: &Path) -> Result<SourceFile, LoadError> {
    let bytes = std::fs::read(path).map_err(|error| LoadError::Unreadable(path.to_owned(), error))?;
    let text = text(bytes, path)?;
    Ok(SourceFile::new(path.display().to_string(), text))
}

/// Bytes as text; `path` is for the error.
pub fn text(bytes: Vec<u8>, path: &Path) -> Result<String, LoadError> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        LoadError::NotUtf8 { path: path.to_owned(), at: LineColumn::of(&before, before.len()) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_in_order() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        for (name, text) in [("c.prisma", "// c"), ("a.prisma", "// a"), ("b/x.prisma", "// x"), ("b/y.txt", "no")] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let texts: Vec<_> = load(folder.path()).unwrap().into_iter().map(|s| s.text).collect();
        assert_eq!(texts, ["// a", "// x", "// c"]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let missing = find(folder.path()).unwrap_err().to_string();
        assert!(missing.contains("prisma/schema.prisma") && missing.contains("schema.prisma`"), "{missing}");
        assert!(matches!(load(folder.path()), Err(LoadError::NoFiles(_))));
        assert!(matches!(load(&folder.path().join("x.prisma")), Err(LoadError::Missing(_))));
        std::fs::write(folder.path().join("bad.prisma"), b"model A {\n  \xff\n}").unwrap();
        let error = load(folder.path()).unwrap_err().to_string();
        assert!(error.contains("bad.prisma:2:3"), "{error}");
    }

    #[test]
    fn the_usual_places_in_order() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("prisma")).unwrap();
        std::fs::write(folder.path().join("prisma/user.prisma"), "").unwrap();
        assert_eq!(find(folder.path()).unwrap(), folder.path().join("prisma"));
        std::fs::write(folder.path().join("schema.prisma"), "").unwrap();
        assert_eq!(find(folder.path()).unwrap(), folder.path().join("schema.prisma"));
        std::fs::write(folder.path().join("prisma/schema.prisma"), "").unwrap();
        assert_eq!(find(folder.path()).unwrap(), folder.path().join("prisma/schema.prisma"));
    }
}
