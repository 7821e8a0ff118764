//! From MySQL's error numbers to the driver's errors.

use std::io::ErrorKind;

use prisma_core::driver::{Constraint, DriverError};
use sqlx::mysql::MySqlDatabaseError;

use super::target::Target;

/// What sqlx reports of a statement, in the driver's terms.
pub(super) fn explain(target: &Target, error: sqlx::Error) -> DriverError {
    match error {
        sqlx::Error::Database(e) => match e.try_downcast_ref::<MySqlDatabaseError>() {
            Some(e) => by_number(target, e.number(), e.message()),
            None => DriverError::Database { code: None, message: e.to_string() },
        },
        sqlx::Error::PoolTimedOut => target.pool.timed_out(),
        sqlx::Error::PoolClosed => DriverError::PoolClosed,
        sqlx::Error::Io(e) => DriverError::ConnectionClosed { message: e.to_string() },
        sqlx::Error::Tls(e) => DriverError::Tls { message: e.to_string() },
        sqlx::Error::Encode(e) => DriverError::Encode { message: e.to_string() },
        other => DriverError::Database { code: None, message: other.to_string() },
    }
}

/// What went wrong while a connection was opened.
pub(super) fn cannot_connect(target: &Target, error: sqlx::Error) -> DriverError {
    match error {
        // What the TLS library reports comes by way of the socket.
        sqlx::Error::Io(e) if e.kind() == ErrorKind::InvalidData => DriverError::Tls { message: e.to_string() },
        sqlx::Error::Io(e) => DriverError::Unreachable { location: target.address.name(), message: e.to_string() },
        sqlx::Error::Configuration(e) if e.to_string().contains("RSA") => DriverError::Tls {
            message: format!(
                "the password of `{}` is of a kind that is sent by an encrypted connection only: let the URL have \
                 `sslmode=require`, or none, and the server TLS",
                target.user
            ),
        },
        sqlx::Error::Configuration(e) => DriverError::InvalidUrl { message: e.to_string() },
        other => explain(target, other),
    }
}

/// Whether the server has rolled back the whole transaction, not the statement alone.
pub(super) fn ends_transaction(error: &sqlx::Error) -> bool {
    number(error) == Some(1213)
}

/// Whether a database was to be made that is there.
pub(super) fn is_there_already(error: &sqlx::Error) -> bool {
    number(error) == Some(1007)
}

/// Whether nothing can be run on the connection any more.
pub(super) fn is_broken(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
        error => number(error).is_some_and(|n| CLOSED.contains(&n)),
    }
}

fn number(error: &sqlx::Error) -> Option<u16> {
    error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
}

/// The server closes the connection: it shuts down, it was told to, or nobody used the connection for too long.
const CLOSED: [u16; 5] = [1053, 1079, 1152, 1927, 4031];

/// A warning that INSERT IGNORE gives instead of an error, unless it is about a duplicate.
pub(super) fn ignored(target: &Target, number: u16, message: &str) -> Option<DriverError> {
    match number {
        1062 | 1586 => None,
        _ => match by_number(target, number, message) {
            DriverError::Database { .. } => None,
            error => Some(error),
        },
    }
}

fn by_number(target: &Target, number: u16, message: &str) -> DriverError {
    let text = message.to_owned();
    match number {
        1062 | 1169 | 1586 => DriverError::UniqueViolation { constraint: key(message), message: text },
        1216 | 1217 | 1451 | 1452 | 1761 | 1762 => {
            DriverError::ForeignKeyViolation { constraint: constraint(message), message: text }
        }
        1048 | 1364 | 1121 | 1171 | 1263 => DriverError::NullViolation { constraint: column(message), message: text },
        // MySQL means something else by 4025.
        3819 => DriverError::CheckViolation { constraint: named(message), message: text },
        4025 if message.starts_with("CONSTRAINT") => {
            DriverError::CheckViolation { constraint: named(message), message: text }
        }
        1406 => DriverError::ValueTooLong { column: quoted(message).map(str::to_owned), message: text },
        1153 | 1301 => DriverError::ValueTooLong {
            column: None,
            message: format!("{message}: raise `max_allowed_packet` of the server, or write less at once"),
        },
        1265 | 1292 | 1366 | 1411 | 1525 | 3140 | 3141 => DriverError::InvalidInput { message: text },
        1264 | 1690 | 1916 => DriverError::ValueOutOfRange { message: text },
        1146 | 1051 => DriverError::TableNotFound { table: without_database(quoted(message).unwrap_or(message)) },
        1054 => DriverError::ColumnNotFound { column: quoted(message).unwrap_or(message).to_owned() },
        1213 | 1205 | 1020 | 3572 => DriverError::WriteConflict { message: text },
        1045 | 1698 | 1251 => DriverError::Authentication { user: target.user.clone(), message: text },
        1049 => DriverError::DatabaseNotFound {
            name: target.database.clone(),
            message: format!("{message}: check the URL, or make it with `prisma db push` or `db.push_schema()`"),
        },
        1044 | 1142 | 1143 | 1227 | 1370 | 1290 | 1792 | 1836 => {
            DriverError::AccessDenied { name: target.database.clone(), message: text }
        }
        1191 => DriverError::FulltextIndexNotFound { message: text },
        1040 | 1203 | 1226 => DriverError::TooManyConnections { message: text },
        3024 | 1969 => DriverError::Timeout { message: text },
        n if CLOSED.contains(&n) => DriverError::ConnectionClosed { message: text },
        _ => DriverError::Database { code: Some(number.to_string()), message: text },
    }
}

/// The key of "Duplicate entry 'a' for key 'users_email_key'", which MySQL writes 'users.users_email_key'.
fn key(message: &str) -> Constraint {
    let Some(name) = message.trim_end_matches('\'').rsplit('\'').next().filter(|_| message.ends_with('\'')) else {
        return Constraint::Unknown;
    };
    Constraint::Name(name.split_once('.').map_or(name, |(_, name)| name).to_owned())
}

/// The name in "… fails (`db`.`Post`, CONSTRAINT `Post_authorId_fkey` FOREIGN KEY …".
fn constraint(message: &str) -> Constraint {
    let name = message.split_once("CONSTRAINT `").and_then(|(_, rest)| rest.split_once('`'));
    name.map_or(Constraint::Unknown, |(name, _)| Constraint::Name(name.to_owned()))
}

/// The column of "Column 'x' cannot be null", "Field 'x' doesn't have a default value".
fn column(message: &str) -> Constraint {
    match quoted(message) {
        Some(column) => Constraint::Columns { table: None, columns: vec![column.to_owned()] },
        None => Constraint::Unknown,
    }
}

/// The name in "Check constraint 'positive' is violated." and "CONSTRAINT `positive` failed for `db`.`T`". A check of one column has that
/// column's name on MariaDB, behind its table's.
fn named(message: &str) -> Constraint {
    let name = quoted(message).or_else(|| message.split('`').nth(1));
    name.map_or(Constraint::Unknown, |name| Constraint::Name(name.to_owned()))
}

/// What stands first between single quotes.
fn quoted(message: &str) -> Option<&str> {
    message.split('\'').nth(1).filter(|text| !text.is_empty())
}

/// "db.table", without the database.
fn without_database(table: &str) -> String {
    table.split_once('.').map_or(table, |(_, table)| table).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_messages() {
        let name = |text: &str| Constraint::Name(text.to_owned());
        assert_eq!(key("Duplicate entry 'it's' for key 'users_email_key'"), name("users_email_key"));
        assert_eq!(key("Duplicate entry 'a.b' for key 'users.users_email_key'"), name("users_email_key"));
        assert_eq!(key("Duplicate entry"), Constraint::Unknown);
        let text = "Cannot add or update a child row: a foreign key constraint fails (`db`.`Post`, CONSTRAINT `wrote` FOREIGN KEY";
        assert_eq!(constraint(text), name("wrote"));
        assert_eq!(constraint("a foreign key constraint fails"), Constraint::Unknown);
        let null = Constraint::Columns { table: None, columns: vec!["x".to_owned()] };
        assert_eq!(column("Column 'x' cannot be null"), null);
        assert_eq!(column("Field 'x' doesn't have a default value"), null);
        assert_eq!(named("Check constraint 'positive' is violated."), name("positive"));
        assert_eq!(named("CONSTRAINT `positive` failed for `db`.`T`"), name("positive"));
        assert_eq!(without_database("db.users"), "users");
    }
}
