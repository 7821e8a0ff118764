//! From SQLite's result codes to the driver's errors.

use std::path::Path;

use prisma_core::driver::{Constraint, DriverError};

use super::raw_handle::Failure;
use super::target::{Place, Target};

/// What SQLite reports, in the driver's terms. The numbers are SQLite's extended result codes.
pub(super) fn explain(target: &Target, error: sqlx::Error) -> DriverError {
    match error {
        sqlx::Error::Database(e) => {
            let code = e.code().and_then(|c| c.parse().ok()).unwrap_or(0);
            by_code(target, code, e.message())
        }
        sqlx::Error::PoolTimedOut => target.pool.timed_out(),
        sqlx::Error::PoolClosed => DriverError::PoolClosed,
        sqlx::Error::WorkerCrashed => {
            DriverError::ConnectionClosed { message: "the thread of the SQLite connection has ended".to_owned() }
        }
        sqlx::Error::Encode(e) => DriverError::Encode { message: e.to_string() },
        sqlx::Error::Io(e) => cannot_open(target, &e.to_string()),
        other => DriverError::Database { code: None, message: other.to_string() },
    }
}

/// What the interface of SQLite reports, in the driver's terms.
pub(super) fn explain_failure(target: &Target, failure: Failure) -> DriverError {
    match failure {
        Failure::Sqlite { code, message } => by_code(target, code, &message),
        Failure::Sqlx(error) => explain(target, error),
        Failure::Stack(error) => DriverError::Database {
            code: None,
            message: format!("there is no memory for a connection of `{}`: {error}", target.place.name()),
        },
    }
}

fn by_code(target: &Target, code: i32, message: &str) -> DriverError {
    let text = message.to_owned();
    match code {
        // CONSTRAINT_UNIQUE, _PRIMARYKEY, _ROWID
        2067 | 1555 | 2579 => DriverError::UniqueViolation { constraint: columns(message), message: text },
        // CONSTRAINT_FOREIGNKEY; RESTRICT comes as CONSTRAINT_TRIGGER
        787 => DriverError::ForeignKeyViolation { constraint: Constraint::Unknown, message: text },
        1811 if message.starts_with("FOREIGN KEY") => {
            DriverError::ForeignKeyViolation { constraint: Constraint::Unknown, message: text }
        }
        // CONSTRAINT_NOTNULL
        1299 => DriverError::NullViolation { constraint: columns(message), message: text },
        // CONSTRAINT_CHECK, and triggers that refuse
        275 => DriverError::CheckViolation { constraint: name(message), message: text },
        1811 => DriverError::CheckViolation { constraint: Constraint::Unknown, message: text },
        // BUSY_SNAPSHOT, LOCKED, LOCKED_SHAREDCACHE: waiting would not help
        517 | 6 | 262 => DriverError::WriteConflict { message: text },
        _ => by_primary_code(target, code, text),
    }
}

fn by_primary_code(target: &Target, code: i32, message: String) -> DriverError {
    let name = || target.place.name();
    match code & 0xff {
        1 => by_message(message),
        // BUSY
        5 => DriverError::Timeout {
            message: format!(
                "another connection held the lock of `{}` for longer than the busy time-out of {} ms ({message}): \
                 make write transactions shorter, or raise `busy_timeout` in the URL",
                name(),
                target.busy_timeout.as_millis()
            ),
        },
        // READONLY
        8 => DriverError::AccessDenied {
            name: name(),
            message: format!(
                "{message}: the file, or the directory that holds it, is read-only or opened with `mode=ro`; give the \
                 program the right to write both, or connect without `mode=ro`"
            ),
        },
        // CORRUPT, NOTADB
        11 | 26 => DriverError::Corrupt {
            name: name(),
            message: format!(
                "{message}; check that the URL names the right file, and restore it from a backup or save what can be \
                 read with `sqlite3 FILE .recover`"
            ),
        },
        // CANTOPEN
        14 => cannot_open(target, &message),
        // FULL
        13 => DriverError::Database {
            code: Some(code.to_string()),
            message: format!("there is no room left for `{}` ({message}): free some space on its disk", name()),
        },
        // TOOBIG
        18 => DriverError::ValueTooLong { column: None, message },
        _ => DriverError::Database { code: Some(code.to_string()), message },
    }
}

/// SQLITE_ERROR says only in words what is wrong.
fn by_message(message: String) -> DriverError {
    if let Some(table) = message.strip_prefix("no such table: ") {
        return DriverError::TableNotFound { table: table.strip_prefix("main.").unwrap_or(table).to_owned() };
    }
    if let Some(column) = message.strip_prefix("no such column: ") {
        return DriverError::ColumnNotFound { column: column.trim_matches('"').to_owned() };
    }
    if let Some((table, column)) = message.strip_prefix("table ").and_then(|m| m.split_once(" has no column named ")) {
        return DriverError::ColumnNotFound { column: format!("{table}.{column}") };
    }
    if message == "integer overflow" {
        return DriverError::ValueOutOfRange { message };
    }
    DriverError::Database { code: Some("1".to_owned()), message }
}

/// Why a file cannot be opened, found out by looking.
pub(super) fn cannot_open(target: &Target, message: &str) -> DriverError {
    let Place::File(path) = &target.place else {
        return DriverError::Database { code: Some("14".to_owned()), message: message.to_owned() };
    };
    missing(path).unwrap_or_else(|| DriverError::AccessDenied {
        name: path.display().to_string(),
        message: format!("{message}: the program may not open the file, or not write to its directory"),
    })
}

/// The error for a file that is not there, or is no file.
pub(super) fn missing(path: &Path) -> Option<DriverError> {
    let message = if path.is_dir() {
        "this is a directory, not a file: let the URL name a file in it".to_owned()
    } else if path.exists() {
        return None;
    } else {
        match path.parent().filter(|p| !p.exists()) {
            Some(parent) => format!(
                "there is no directory `{}`: check the URL (relative paths start from the directory of the schema), or \
                 make the database with `prisma db push` or `db.push_schema()`",
                parent.display()
            ),
            None => {
                "there is no such file: check the URL, or make the database with `prisma db push` or `db.push_schema()`"
                    .to_owned()
            }
        }
    };
    Some(DriverError::DatabaseNotFound { name: path.display().to_string(), message })
}

/// The columns of "UNIQUE constraint failed: User.email, User.name".
fn columns(message: &str) -> Constraint {
    let Some((_, list)) = message.split_once(": ") else { return Constraint::Unknown };
    if let Some(index) = list.strip_prefix("index '").and_then(|l| l.strip_suffix('\'')) {
        return Constraint::Name(index.to_owned());
    }
    let mut table = None;
    let mut columns = Vec::new();
    for item in list.split(", ") {
        match item.split_once('.') {
            Some((of, column)) => {
                table = Some(of.to_owned());
                columns.push(column.to_owned());
            }
            None => columns.push(item.to_owned()),
        }
    }
    Constraint::Columns { table, columns }
}

/// The name in "CHECK constraint failed: positive".
fn name(message: &str) -> Constraint {
    message.split_once(": ").map_or(Constraint::Unknown, |(_, name)| Constraint::Name(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints() {
        assert_eq!(
            columns("UNIQUE constraint failed: User.first, User.last"),
            Constraint::Columns { table: Some("User".into()), columns: vec!["first".into(), "last".into()] }
        );
        assert_eq!(columns("UNIQUE constraint failed: index 'lower_email'"), Constraint::Name("lower_email".into()));
        assert_eq!(columns("constraint failed"), Constraint::Unknown);
        assert_eq!(name("CHECK constraint failed: age > 0"), Constraint::Name("age > 0".into()));
    }
}
