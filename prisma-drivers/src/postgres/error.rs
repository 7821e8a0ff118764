//! From PostgreSQL's SQLSTATE codes to the driver's errors.

use std::io::ErrorKind;

use prisma_core::driver::{Constraint, DriverError};
use sqlx::postgres::PgDatabaseError;

use super::target::Target;

/// What went wrong while a statement ran, in the driver's terms.
pub(super) fn explain(target: &Target, error: sqlx::Error) -> DriverError {
    match error {
        sqlx::Error::Database(e) => match e.try_downcast::<PgDatabaseError>() {
            Ok(e) => by_state(target, &e),
            Err(e) => DriverError::Database { code: e.code().map(Into::into), message: e.message().to_owned() },
        },
        sqlx::Error::PoolTimedOut => target.pool.timed_out(),
        sqlx::Error::PoolClosed => DriverError::PoolClosed,
        sqlx::Error::Encode(e) => DriverError::Encode { message: e.to_string() },
        sqlx::Error::Io(e) => DriverError::ConnectionClosed { message: e.to_string() },
        sqlx::Error::Tls(e) => DriverError::Tls { message: e.to_string() },
        other => DriverError::Database { code: None, message: other.to_string() },
    }
}

/// What went wrong while a connection was opened.
pub(super) fn cannot_connect(target: &Target, error: sqlx::Error) -> DriverError {
    match error {
        // What the TLS library reports comes by way of the socket.
        sqlx::Error::Io(e) if e.kind() == ErrorKind::InvalidData => DriverError::Tls { message: e.to_string() },
        sqlx::Error::Io(e) => DriverError::Unreachable { location: target.address.name(), message: e.to_string() },
        sqlx::Error::Configuration(e) => DriverError::InvalidUrl { message: e.to_string() },
        other => explain(target, other),
    }
}

/// Whether the connection is gone.
pub(super) fn is_closed(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // admin_shutdown, crash_shutdown, idle_session_timeout, idle_in_transaction_session_timeout; connection exceptions
        sqlx::Error::Database(e) => {
            e.code().is_some_and(|c| matches!(&*c, "57P01" | "57P02" | "57P05" | "25P03") || c.starts_with("08"))
        }
        _ => false,
    }
}

/// Whether it may be that a prepared statement is older than the tables and types that it speaks of.
pub(super) fn is_stale_plan(error: &sqlx::Error) -> bool {
    let database = error.as_database_error().and_then(|e| e.try_downcast_ref::<PgDatabaseError>());
    database.is_some_and(|e| match e.code() {
        // It would answer other columns than when it was prepared. CockroachDB tells no routine.
        "0A000" => e.routine() == Some("RevalidateCachedQuery") || e.message().starts_with("cached plan must"),
        // A parameter has the type that a column had: datatype_mismatch, undefined_function.
        "42804" | "42883" => true,
        // The type of a parameter was dropped, and maybe made again.
        "XX000" => e.message().starts_with("cache lookup failed for type"),
        _ => false,
    })
}

fn by_state(target: &Target, error: &PgDatabaseError) -> DriverError {
    let message = full_message(error);
    let name = || error.constraint().map_or(Constraint::Unknown, |n| Constraint::Name(n.to_owned()));
    match error.code() {
        "23505" => DriverError::UniqueViolation { constraint: key(error).unwrap_or_else(name), message },
        "23503" | "23001" => DriverError::ForeignKeyViolation { constraint: name(), message },
        "23502" => {
            let columns = error.column().map(str::to_owned).into_iter().collect();
            let constraint = Constraint::Columns { table: table(error), columns };
            DriverError::NullViolation { constraint, message }
        }
        // check_violation, exclusion_violation, with_check_option_violation
        "23514" | "23P01" | "44000" => DriverError::CheckViolation { constraint: name(), message },
        // string_data_right_truncation, string_data_length_mismatch
        "22001" | "22026" => DriverError::ValueTooLong { column: error.column().map(str::to_owned), message },
        // numeric_value_out_of_range, datetime_field_overflow, interval_field_overflow, sequence_generator_limit_exceeded
        "22003" | "22008" | "22015" | "2200H" => DriverError::ValueOutOfRange { message },
        // Formats of dates, text, binary values, XML, JSON; characters that cannot be stored.
        "22007" | "22P02" | "22P03" | "22P05" | "22021" | "2200M" | "2200N" | "22032" => {
            DriverError::InvalidInput { message }
        }
        // syntax_error: not of the statement, but of what is searched for
        "42601" if error.message().contains("tsquery") => DriverError::InvalidInput {
            message: format!("{message}: the words of a search stand with `&`, `|`, `!` or `<->` between them"),
        },
        // undefined_table
        "42P01" => DriverError::TableNotFound { table: quoted(error.message()) },
        // undefined_column
        "42703" => DriverError::ColumnNotFound { column: column(error.message()) },
        // serialization_failure, deadlock_detected, lock_not_available
        "40001" | "40P01" | "55P03" => DriverError::WriteConflict { message },
        "28P01" | "28000" => DriverError::Authentication { user: target.user.clone(), message },
        "3D000" => DriverError::DatabaseNotFound {
            name: target.database.clone(),
            message: format!("{message}: check the URL, or make it with `prisma db push` or `db.push_schema()`"),
        },
        // invalid_schema_name
        "3F000" => DriverError::DatabaseNotFound { name: quoted(error.message()), message },
        // insufficient_privilege
        "42501" => DriverError::AccessDenied { name: target.database.clone(), message },
        // too_many_connections
        "53300" => DriverError::TooManyConnections { message },
        // query_canceled
        "57014" => DriverError::Timeout { message },
        // cannot_connect_now
        "57P03" => DriverError::ConnectTimeout { location: target.address.name(), message },
        "57P01" | "57P02" | "57P05" | "25P03" => DriverError::ConnectionClosed { message },
        code if code.starts_with("08") => DriverError::ConnectionClosed { message },
        code => DriverError::Database { code: Some(code.to_owned()), message },
    }
}

fn full_message(error: &PgDatabaseError) -> String {
    let mut message = error.message().to_owned();
    for (more, before, after) in [(error.detail(), " (", ")"), (error.hint(), "; hint: ", "")] {
        if let Some(more) = more {
            message.push_str(before);
            message.push_str(more.trim_end_matches('.'));
            message.push_str(after);
        }
    }
    message
}

/// The table, with its database schema.
fn table(error: &PgDatabaseError) -> Option<String> {
    Some(format!("{}.{}", error.schema()?, error.table()?))
}

/// The columns of a key that is there already, from `Key (first, "lastName")=(a, b) already exists.`; `None` if it is of
/// something else than columns, or if the detail is withheld.
fn key(error: &PgDatabaseError) -> Option<Constraint> {
    let (_, list) = error.detail()?.split_once('(')?;
    let columns = columns(list.split_once(")=(")?.0)?;
    Some(Constraint::Columns { table: table(error), columns })
}

/// A list of names, some of them in quotes; `None` if there is anything else among them.
fn columns(list: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = list;
    loop {
        rest = match rest.strip_prefix('"') {
            Some(inner) => {
                let mut name = String::new();
                let mut inner = inner;
                loop {
                    let (part, behind) = inner.split_once('"')?;
                    name.push_str(part);
                    match behind.strip_prefix('"') {
                        Some(more) => {
                            name.push('"');
                            inner = more;
                        }
                        None => {
                            names.push(name);
                            break behind;
                        }
                    }
                }
            }
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let name = &rest[..end];
                if name.is_empty() || name.contains(['(', ')', ' ', ':']) {
                    return None;
                }
                names.push(name.to_owned());
                &rest[end..]
            }
        };
        match rest.strip_prefix(", ") {
            Some(more) => rest = more,
            None if rest.is_empty() => return Some(names),
            None => return None,
        }
    }
}

/// What stands in quotes, whatever the language of the message.
fn quoted(message: &str) -> String {
    message.split('"').nth(1).unwrap_or(message).to_owned()
}

/// The column in `column "x" of relation "T" does not exist` or `column t0.x does not exist`.
fn column(message: &str) -> String {
    if message.contains('"') {
        let mut parts = message.split('"').skip(1).step_by(2);
        let column = parts.next().unwrap_or(message);
        return match parts.next() {
            Some(table) => format!("{table}.{column}"),
            None => column.to_owned(),
        };
    }
    message.split(' ').nth(1).unwrap_or(message).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let of = |list: &str| columns(list).map(|c| c.join("|"));
        assert_eq!(of("id").as_deref(), Some("id"));
        assert_eq!(of("first, \"lastName\"").as_deref(), Some("first|lastName"));
        assert_eq!(of("\"a, \"\"b\", c").as_deref(), Some("a, \"b|c"));
        assert_eq!(of("lower(email)"), None);
        assert_eq!(of("(a + b)"), None);
        assert_eq!(of("(email)::text"), None);
    }

    #[test]
    fn names_in_messages() {
        assert_eq!(quoted("relation \"public.User\" does not exist"), "public.User");
        assert_eq!(column("column \"x\" of relation \"T\" does not exist"), "T.x");
        assert_eq!(column("column t0.x does not exist"), "t0.x");
        assert_eq!(column("column \"someName\" does not exist"), "someName");
    }
}
