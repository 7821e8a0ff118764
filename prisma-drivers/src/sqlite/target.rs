//! From a URL to the file, or the memory, that it means.

use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use prisma_core::driver::DriverError;

use crate::ConnectOptions;
use crate::parameters::{Parameters, invalid};
use crate::pool_settings::PoolSettings;

const KNOWN: [&str; 5] = ["socket_timeout", "busy_timeout", "statement_cache_size", "mode", "cache"];

/// What a URL and the options say.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) place: Place,
    pub(super) mode: Mode,
    pub(super) pool: PoolSettings,
    pub(super) busy_timeout: Duration,
    pub(super) statement_cache: usize,
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Memory,
    File(PathBuf),
}

/// How the file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    ReadOnly,
    ReadWrite,
    Create,
    Memory,
}

impl Place {
    /// As it is shown in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Place::Memory => ":memory:".to_owned(),
            Place::File(path) => path.display().to_string(),
        }
    }
}

impl Target {
    pub(super) fn parse(url: &str, options: &ConnectOptions) -> Result<Self, DriverError> {
        let (path, parameters) = url.split_once('?').unwrap_or((url, ""));
        let path = strip_scheme(path)?;
        let parameters = Parameters::parse(parameters, &[&PoolSettings::KNOWN[..], &KNOWN].concat())?;

        let mode = parameters.word(
            "mode",
            &[("ro", Mode::ReadOnly), ("rw", Mode::ReadWrite), ("rwc", Mode::Create), ("memory", Mode::Memory)],
        )?;
        parameters.word("cache", &[("shared", ()), ("private", ())])?;
        let place = match (path, mode) {
            (_, Some(Mode::Memory)) | (":memory:", _) => Place::Memory,
            ("", _) => return Err(invalid("the URL has no path: write `file:dev.db`, or `:memory:`".to_owned())),
            (path, _) => Place::File(absolute(path, options.base_dir.as_deref())),
        };

        let default_limit = match &place {
            Place::Memory => 1,
            Place::File(_) => ConnectOptions::default_max_connections(),
        };
        let pool = PoolSettings::parse(&parameters, options, default_limit)?;
        // `busy_timeout` is SQLite's own name, in its unit; `socket_timeout` is Prisma's.
        let busy_timeout = match parameters.number("busy_timeout")? {
            Some(milliseconds) => Some(Duration::from_millis(milliseconds.into())),
            None => parameters.seconds("socket_timeout")?,
        };
        Ok(Self {
            place,
            mode: mode.unwrap_or(Mode::ReadWrite),
            pool,
            busy_timeout: busy_timeout.unwrap_or(Duration::from_secs(5)).min(MAX_BUSY_TIMEOUT),
            statement_cache: parameters.number("statement_cache_size")?.unwrap_or(500) as usize,
        })
    }
}

/// SQLite counts milliseconds in an `int`.
const MAX_BUSY_TIMEOUT: Duration = Duration::from_millis(i32::MAX as u64);

fn strip_scheme(path: &str) -> Result<&str, DriverError> {
    if path == ":memory:" {
        return Ok(path);
    }
    let Some(rest) = path.strip_prefix("file:").or_else(|| path.strip_prefix("sqlite:")) else {
        return Err(invalid(match path.split_once("://") {
            Some((scheme, _)) => format!(
                "the URL starts with `{scheme}:`, but the provider is `sqlite`, whose URLs start with `file:`, such as `file:dev.db`"
            ),
            None => "the URL of a SQLite database must start with `file:`, such as `file:dev.db`".to_owned(),
        }));
    };
    // `file:///x` is `/x`; `file://x` and `sqlite://x` are taken for `x`.
    Ok(rest.strip_prefix("//").unwrap_or(rest))
}

/// The path from the base directory, without `.` and with `..` kept as it is, since links may stand before it.
fn absolute(path: &str, base: Option<&Path>) -> PathBuf {
    let base = match (base, std::env::current_dir()) {
        (Some(base), Ok(working)) => working.join(base),
        (Some(base), Err(_)) => base.to_owned(),
        (None, working) => working.unwrap_or_default(),
    };
    base.join(path).components().filter(|c| *c != Component::CurDir).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn parse(url: &str) -> Result<Target, String> {
        let options = ConnectOptions { base_dir: Some("/base/prisma".into()), ..Default::default() };
        Target::parse(url, &options).map_err(|e| e.to_string())
    }

    fn place(url: &str) -> Place {
        parse(url).unwrap().place
    }

    #[test]
    fn places() {
        for (url, path) in [
            ("file:dev.db", "/base/prisma/dev.db"),
            ("file:./dev.db", "/base/prisma/dev.db"),
            ("file:../dev.db", "/base/prisma/../dev.db"),
            ("file:/var/x.db", "/var/x.db"),
            ("file:///var/x.db", "/var/x.db"),
            ("sqlite:dev.db?mode=ro", "/base/prisma/dev.db"),
            ("sqlite://dev.db", "/base/prisma/dev.db"),
            ("file:a b%20c.db", "/base/prisma/a b%20c.db"),
        ] {
            assert_eq!(place(url), Place::File(path.into()), "{url}");
        }
        for url in [":memory:", "file::memory:", "sqlite::memory:", "file:x?mode=memory&cache=shared"] {
            assert_eq!(place(url), Place::Memory, "{url}");
        }
    }

    #[test]
    fn parameters() {
        let t = parse("file:x?connection_limit=3&socket_timeout=2&pool_timeout=0&statement_cache_size=7").unwrap();
        assert_eq!((t.pool.max_connections, t.busy_timeout.as_secs(), t.pool.acquire_timeout), (3, 2, None));
        assert_eq!(t.statement_cache, 7);
        assert_eq!(parse("file:x?busy_timeout=1500").unwrap().busy_timeout.as_millis(), 1500);
        assert_eq!(parse("file:x?socket_timeout=4294967295").unwrap().busy_timeout, MAX_BUSY_TIMEOUT);
        assert_eq!(parse(":memory:").unwrap().pool.max_connections, 1);

        let options = ConnectOptions {
            max_connections: Some(9),
            acquire_timeout: Some(Duration::from_secs(1)),
            ..Default::default()
        };
        let t = Target::parse("file:x?connection_limit=3&pool_timeout=8", &options).unwrap();
        assert_eq!(
            (t.pool.max_connections, t.pool.acquire_timeout),
            (9, Some(Duration::from_secs(1))),
            "the program wins"
        );
    }

    #[test]
    fn mistakes() {
        for (url, part) in [
            ("file:x?conection_limit=1", "did you mean `connection_limit`?"),
            ("file:x?zzzzzzzz=1", "known are `connection_limit`, "),
            ("file:x?connection_limit=many", "`connection_limit` must be a whole number, but it is `many`"),
            ("file:x?connection_limit=0", "1 or more"),
            ("file:x?mode=r", "`mode` must be one of `ro`, `rw`, `rwc`, `memory`, but it is `r`"),
            ("file:", "has no path"),
            ("dev.db", "must start with `file:`"),
            ("postgresql://localhost/x", "the provider is `sqlite`"),
        ] {
            match parse(url) {
                Err(message) => assert!(message.contains(part), "{url}: {message}"),
                Ok(target) => panic!("{url} was taken: {target:?}"),
            }
        }
    }
}
