//! Migrations on disk.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use prisma_core::chrono::{DateTime, Utc};
use prisma_core::{Error, ErrorKind};
use prisma_schema::Provider;
use prisma_schema::migrations::{Folder, FolderError, LOCK, SCRIPT, lock_text};

use super::{Migrations, Script, error};

/// The longest name of a migration, in bytes, without the time before it.
const MAX_NAME: usize = 200;

/// The migrations in a folder; none if there is no folder.
///
/// # Errors
/// A migration without its file (P3015), or a file that cannot be read.
pub fn read(path: &Path) -> Result<Migrations, Error> {
    let Folder { provider, scripts } = match Folder::list(path) {
        Err(FolderError::Missing(_)) => return Ok(Migrations::default()),
        Err(e @ FolderError::NoScript(_)) => {
            let text = e.to_string();
            return Err(error("P3015", text.strip_prefix("P3015: ").unwrap_or(&text).to_owned()));
        }
        Err(e) => return Err(refused(e.to_string())),
        Ok(folder) => folder,
    };
    let script = |(name, path): (String, PathBuf)| match std::fs::read_to_string(&path) {
        Ok(sql) => Ok(Script { name: Cow::Owned(name), sql: Cow::Owned(sql) }),
        Err(e) => Err(refused(format!("`{}` could not be read: {e}", path.display()))),
    };
    Ok(Migrations { provider, scripts: scripts.into_iter().map(script).collect::<Result<_, _>>()? })
}

/// Writes a migration into a folder, and the lock file beside it.
///
/// # Errors
/// A file that cannot be written.
pub fn create(folder: &Path, provider: Provider, name: &str, sql: &str) -> Result<PathBuf, Error> {
    let directory = folder.join(name);
    let script = directory.join(SCRIPT);
    let write = || {
        std::fs::create_dir_all(&directory)?;
        std::fs::write(&script, sql)?;
        // Written anew each time: programs that have the migrations in them see by it that there is one more.
        std::fs::write(folder.join(LOCK), lock_text(provider))
    };
    write().map_err(|e| refused(format!("the migration could not be written to `{}`: {e}", script.display())))?;
    Ok(script)
}

/// The name of a migration's folder: the time, and what the user calls it, in snake case.
///
/// # Errors
/// A name of more than 200 bytes (P3010).
pub fn folder_name(time: DateTime<Utc>, name: &str) -> Result<String, Error> {
    if name.len() > MAX_NAME {
        let length = name.len();
        return Err(error(
            "P3010",
            format!(
                "the name of the migration has {length} bytes, but it must not have more than {MAX_NAME}: give it a shorter one"
            ),
        ));
    }
    let mut snake = String::new();
    let mut is_inside = false;
    for c in name.chars() {
        if c.is_alphanumeric() {
            snake.extend(c.to_lowercase());
        } else if is_inside {
            snake.push('_');
        }
        is_inside = c.is_alphanumeric();
    }
    Ok(format!("{}_{}", time.format("%Y%m%d%H%M%S"), snake.trim_end_matches('_')))
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::Configuration { message })
}

#[cfg(test)]
mod tests {
    use prisma_core::chrono::TimeZone;

    use super::*;

    #[test]
    fn names() {
        let time = Utc.with_ymd_and_hms(2026, 1, 2, 3, 4, 5).unwrap();
        for (name, expected) in [
            ("init", "20260102030405_init"),
            ("Add Posts & Tags!", "20260102030405_add_posts_tags"),
            ("  a--b__c  ", "20260102030405_a_b_c"),
            ("../up", "20260102030405_up"),
            ("größe", "20260102030405_größe"),
            ("", "20260102030405_"),
        ] {
            assert_eq!(folder_name(time, name).unwrap(), expected);
        }
        assert_eq!(folder_name(time, &"x".repeat(201)).unwrap_err().code(), Some("P3010"));
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("migrations");
        assert_eq!(read(&path).unwrap(), Migrations::default());
        create(&path, Provider::Sqlite, "2_b", "SELECT 2;").unwrap();
        create(&path, Provider::Sqlite, "1_a", "SELECT 1;").unwrap();
        let read = read(&path).unwrap();
        assert_eq!(read.provider, Some(Provider::Sqlite));
        assert_eq!(read.scripts.as_ref(), [Script::embedded("1_a", "SELECT 1;"), Script::embedded("2_b", "SELECT 2;")]);
        std::fs::remove_file(path.join("1_a").join(SCRIPT)).unwrap();
        let error = super::read(&path).unwrap_err();
        assert!(error.to_string().starts_with("P3015: there is no `"), "{error}");
    }
}
