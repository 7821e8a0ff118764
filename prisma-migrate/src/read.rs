//! Reading rows of the queries that schema changes need.

use std::sync::Arc;

use prisma_core::chrono::{DateTime, Utc};
use prisma_core::driver::{ColumnError, Connection, QueryError, Row, Statement};
use prisma_core::{Error, ErrorKind, Value};

/// The rows of a query without parameters.
pub(crate) async fn read<T: Send>(
    connection: &mut dyn Connection,
    sql: &str,
    decode: impl Fn(&dyn Row) -> Result<T, Error> + Send + Sync,
) -> Result<Vec<T>, Error> {
    read_with(connection, sql, &[], decode).await
}

/// The rows of a query.
pub(crate) async fn read_with<T: Send>(
    connection: &mut dyn Connection,
    sql: &str,
    values: &[Value],
    decode: impl Fn(&dyn Row) -> Result<T, Error> + Send + Sync,
) -> Result<Vec<T>, Error> {
    let mut found = Vec::new();
    let mut visitor = |row: &dyn Row| {
        found.push(decode(row)?);
        Ok(())
    };
    // Kept in no cache: the schema that it was prepared for is about to change. That it is SQL of ours the driver cannot
    // know, but it only reads.
    let statement = Statement { sql: Arc::from(sql), values: values.to_vec(), persistent: false };
    connection.query(statement, &mut visitor).await.map_err(|e| match e {
        QueryError::Driver(e) => e.into(),
        QueryError::Visitor(e) => e,
    })?;
    Ok(found)
}

/// A column that must hold text.
pub(crate) fn text(row: &dyn Row, column: usize) -> Result<String, Error> {
    optional_text(row, column).map(Option::unwrap_or_default)
}

/// A column that may hold text.
pub(crate) fn optional_text(row: &dyn Row, column: usize) -> Result<Option<String>, Error> {
    let value = row.text(column).map_err(|e| unexpected(row, &e))?;
    Ok(value.map(|v| v.into_owned()))
}

/// A column that must hold an integer.
pub(crate) fn integer(row: &dyn Row, column: usize) -> Result<i64, Error> {
    let value = row.integer(column).map_err(|e| unexpected(row, &e))?;
    Ok(value.unwrap_or_default())
}

/// A column that may hold a point in time.
pub(crate) fn date_time(row: &dyn Row, column: usize) -> Result<Option<DateTime<Utc>>, Error> {
    row.date_time(column).map_err(|e| unexpected(row, &e))
}

fn unexpected(row: &dyn Row, error: &ColumnError) -> Error {
    Error::new(ErrorKind::Internal {
        message: format!("the catalogue of the database, column `{}`: {error}", row.column_name(error.column)),
    })
}
