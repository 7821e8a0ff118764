//! The folder of migrations: `<name>/migration.sql` for each, and `migration_lock.toml`, which says what they are for.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::Provider;

/// The file in a migration's folder.
pub const SCRIPT: &str = "migration.sql";

/// The file beside the migrations.
pub const LOCK: &str = "migration_lock.toml";

/// What is in a folder of migrations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folder {
    /// The provider that the lock file names, if there is one.
    pub provider: Option<Provider>,
    /// The names of the migrations, in their order, and the files of their SQL.
    pub scripts: Vec<(String, PathBuf)>,
}

/// Why a folder of migrations could not be read.
#[derive(Debug)]
pub enum FolderError {
    /// There is nothing at that path.
    Missing(PathBuf),
    /// P3015: a migration's folder has no [`SCRIPT`].
    NoScript(PathBuf),
    /// The lock file names no provider.
    NoProvider(PathBuf),
    /// The file system refused.
    Unreadable(PathBuf, io::Error),
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "there is no folder of migrations at `{}`", path.display()),
            Self::NoScript(path) => write!(
                f,
                "P3015: there is no `{}`: bring the file back, or remove the folder that it should be in",
                path.display()
            ),
            Self::NoProvider(path) => write!(
                f,
                "`{}` does not say which provider the migrations are for: it needs a line such as `provider = \"sqlite\"`",
                path.display()
            ),
            Self::Unreadable(path, error) => write!(f, "`{}` could not be read: {error}", path.display()),
        }
    }
}

impl std::error::Error for FolderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(_, error) => Some(error),
            _ => None,
        }
    }
}

impl Folder {
    /// Looks into a folder.
    ///
    /// # Errors
    /// It is not there or cannot be read, or lacks a file.
    pub fn list(path: &Path) -> Result<Self, FolderError> {
        let unreadable = |error| FolderError::Unreadable(path.to_owned(), error);
        let entries = match std::fs::read_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(FolderError::Missing(path.to_owned()));
            }
            entries => entries.map_err(unreadable)?,
        };
        let mut scripts = Vec::new();
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
            if name.starts_with('.') || !path.is_dir() {
                continue;
            }
            let script = path.join(SCRIPT);
            if !script.is_file() {
                return Err(FolderError::NoScript(script));
            }
            scripts.push((name, script));
        }
        scripts.sort();
        Ok(Self { provider: lock(&path.join(LOCK))?, scripts })
    }
}

/// The provider that a lock file names; `None` if there is no such file.
fn lock(path: &Path) -> Result<Option<Provider>, FolderError> {
    match std::fs::read_to_string(path) {
        Ok(text) => provider(&text).map(Some).ok_or_else(|| FolderError::NoProvider(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FolderError::Unreadable(path.to_owned(), error)),
    }
}

/// The one line that counts. No reader of TOML, since every program with a client would have to be built with it.
fn provider(lock: &str) -> Option<Provider> {
    lock.lines().find_map(|line| {
        let value = line.trim().strip_prefix("provider")?.trim_start().strip_prefix('=')?.trim();
        let quote = value.chars().next().filter(|c| ['"', '\''].contains(c))?;
        Provider::parse(value.strip_prefix(quote)?.split_once(quote)?.0)
    })
}

/// The text of a lock file.
pub fn lock_text(provider: Provider) -> String {
    format!(
        "# Please do not edit this by hand. It belongs into version control, beside the migrations.\nprovider = \"{}\"\n",
        provider.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files() {
        for provider in Provider::ALL {
            assert_eq!(super::provider(&lock_text(provider)), Some(provider));
        }
        for (text, expected) in [
            ("# provider = \"mysql\"\n provider='postgres' # x\r\n", Some(Provider::Postgresql)),
            ("provider = \"oracle\"", None),
            ("provider = mysql", None),
            ("providers = \"mysql\"", None),
            ("", None),
        ] {
            assert_eq!(super::provider(text), expected, "{text:?}");
        }
    }

    #[test]
    fn folders_are_read_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        assert!(matches!(Folder::list(&path.join("none")), Err(FolderError::Missing(_))));
        for name in ["20260102_b", "20260101_a", ".git"] {
            std::fs::create_dir(path.join(name)).unwrap();
        }
        std::fs::write(path.join("20260102_b").join(SCRIPT), "").unwrap();
        std::fs::write(path.join("notes.txt"), "").unwrap();
        let error = Folder::list(path).unwrap_err().to_string();
        assert!(error.starts_with("P3015: there is no `") && error.contains("20260101_a"), "{error}");
        std::fs::write(path.join("20260101_a").join(SCRIPT), "").unwrap();
        let found = Folder::list(path).unwrap();
        assert_eq!(found.provider, None);
        assert_eq!(found.scripts.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), ["20260101_a", "20260102_b"]);
        std::fs::write(path.join(LOCK), lock_text(Provider::Mysql)).unwrap();
        assert_eq!(Folder::list(path).unwrap().provider, Some(Provider::Mysql));
        std::fs::write(path.join(LOCK), "x").unwrap();
        assert!(matches!(Folder::list(path), Err(FolderError::NoProvider(_))));
    }
}
