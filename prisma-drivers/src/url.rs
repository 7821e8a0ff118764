//! Which URL a datasource means: a literal, or a variable of the environment or of a `.env` file.

use std::path::{Path, PathBuf};

use prisma_core::{Error, ErrorKind};
use prisma_schema::{Datasource, StringOrEnv};

/// The variable that is read when the datasource has no `url`.
const DEFAULT_VARIABLE: &str = "DATABASE_URL";

/// The URL of a datasource: `given` if there is one, else the datasource's own, else the variable `DATABASE_URL`.
///
/// Variables are looked up in the environment first and then in the `.env` files of `directory` (that of the schema), of
/// the directories above it up to the project's root, and of the working directory.
///
/// # Errors
/// A variable that is set nowhere or is empty, or a `.env` file that cannot be read.
pub fn resolve_url(datasource: &Datasource, given: Option<&str>, directory: Option<&Path>) -> Result<String, Error> {
    if let Some(url) = given {
        return Ok(url.to_owned());
    }
    let (name, reason) = match &datasource.url {
        Some(StringOrEnv::Literal(url)) => return Ok(url.clone()),
        Some(StringOrEnv::Env(name)) => {
            (name.as_str(), format!("the URL of datasource `{}` is `env(\"{name}\")`", datasource.name))
        }
        None => (DEFAULT_VARIABLE, format!("datasource `{}` has no `url`", datasource.name)),
    };
    let files = env_files(directory);
    match lookup(name, &files)? {
        Some(url) if url.is_empty() => Err(configuration(format!("{reason}, but the variable {name} is empty"))),
        Some(url) => Ok(url),
        None => {
            let looked = match files.as_slice() {
                [] => "there is no `.env` file either".to_owned(),
                files => format!("nor is it in {}", list(files)),
            };
            Err(configuration(format!(
                "{reason}, but the environment variable {name} is not set ({looked}): set it, or give the URL itself"
            )))
        }
    }
}

/// The URL of another database on the same server, with the same parameters. Its name is of letters, digits and `_`.
pub fn with_database(url: &str, database: &str) -> String {
    let (place, parameters) = url.split_once('?').map_or((url, None), |(place, rest)| (place, Some(rest)));
    let (scheme, rest) = place.split_once("://").unwrap_or(("", place));
    let authority = rest.split('/').next().unwrap_or_default();
    let parameters = parameters.map(|p| format!("?{p}")).unwrap_or_default();
    format!("{scheme}://{authority}/{database}{parameters}")
}

/// Whether two URLs lead to the same database, whoever connects and however.
pub fn is_same_database(a: &str, b: &str) -> bool {
    fn place(url: &str) -> &str {
        let url = url.split_once('?').map_or(url, |(place, _)| place);
        let place = url.split_once(':').map_or(url, |(_, place)| place);
        place.rsplit_once('@').map_or(place, |(_, place)| place).trim_start_matches("./").trim_start_matches('/')
    }
    place(a) == place(b)
}

/// A variable of the environment or of a `.env` file, looked up as [`resolve_url`] does.
///
/// # Errors
/// A `.env` file that cannot be read, or a variable that is not UTF-8.
pub fn read_variable(name: &str, directory: Option<&Path>) -> Result<Option<String>, Error> {
    lookup(name, &env_files(directory))
}

fn lookup(name: &str, files: &[PathBuf]) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(value) => return Ok(Some(value)),
        Err(std::env::VarError::NotUnicode(_)) => {
            return Err(configuration(format!("the environment variable {name} is not UTF-8")));
        }
        Err(std::env::VarError::NotPresent) => {}
    }
    for file in files {
        let unreadable =
            |e: dotenvy::Error| configuration(format!("cannot read `{}` in search of {name}: {e}", file.display()));
        for pair in dotenvy::from_path_iter(file).map_err(unreadable)? {
            let (key, value) = pair.map_err(unreadable)?;
            if key == name {
                return Ok(Some(value));
            }
        }
    }
    Ok(None)
}

/// The `.env` files that are there, the one that counts most first.
fn env_files(directory: Option<&Path>) -> Vec<PathBuf> {
    let working = std::env::current_dir().ok();
    let start = match (directory, &working) {
        (Some(directory), Some(working)) => Some(working.join(directory)),
        (Some(directory), None) => Some(directory.to_owned()),
        (None, _) => None,
    };
    let mut files: Vec<PathBuf> = Vec::new();
    let mut add = |directory: &Path| {
        let file = directory.join(".env");
        if file.is_file() && !files.contains(&file) {
            files.push(file);
        }
    };
    for directory in start.iter().flat_map(|s| s.ancestors()) {
        add(directory);
        if [".git", "Cargo.lock"].iter().any(|mark| directory.join(mark).exists()) {
            break;
        }
    }
    if let Some(working) = &working {
        add(working);
    }
    files
}

fn list(files: &[PathBuf]) -> String {
    files.iter().map(|f| format!("`{}`", f.display())).collect::<Vec<_>>().join(" or ")
}

fn configuration(message: String) -> Error {
    Error::new(ErrorKind::Configuration { message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_databases() {
        for (url, other) in [
            ("mysql://root:x@h:3306/a", "mysql://root:x@h:3306/b"),
            ("postgresql://h", "postgresql://h/b"),
            ("postgresql:///a?host=/run/x", "postgresql:///b?host=/run/x"),
        ] {
            assert_eq!(with_database(url, "b"), other);
        }
    }

    #[test]
    fn the_same_database() {
        for (a, b, same) in [
            ("mysql://root:x@h/a", "mysql://h/a?x=y", true),
            ("postgres://h/a", "postgresql://h/a", true),
            ("mysql://h/a", "mysql://h/b", false),
            ("mysql://h/a", "mysql://g/a", false),
            ("file:dev.db", "file:./dev.db?mode=ro", true),
            ("file:dev.db", "file:shadow.db", false),
        ] {
            assert_eq!(is_same_database(a, b), same, "{a} {b}");
        }
    }
}
