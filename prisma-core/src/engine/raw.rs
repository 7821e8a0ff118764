//! SQL that the user wrote.

use super::Handle;
use crate::driver::{RowVisitor, Statement};
use crate::{Error, ErrorKind, Value};

impl Handle {
    /// Runs SQL with bound values and tells how many rows it changed.
    ///
    /// # Errors
    /// What the database reports: P2010.
    pub async fn execute_raw(&self, sql: &str, values: Vec<Value>) -> Result<u64, Error> {
        let mut lease = self.lease().await?;
        lease.session()?.execute(raw(sql, values)).await.map_err(failed)
    }

    /// Runs SQL with bound values; `rows` sees its rows.
    ///
    /// # Errors
    /// What the database reports: P2010.
    pub async fn query_raw(&self, sql: &str, values: Vec<Value>, rows: &mut dyn RowVisitor) -> Result<(), Error> {
        let mut lease = self.lease().await?;
        lease.session()?.query(raw(sql, values), rows).await.map_err(failed)
    }
}

fn raw(sql: &str, values: Vec<Value>) -> Statement {
    Statement { sql: sql.into(), values, persistent: false }
}

/// Whatever the database has against the user's own SQL is a failed raw query.
fn failed(error: Error) -> Error {
    match error.into_kind() {
        ErrorKind::Database(crate::driver::DriverError::Database { code, message }) => {
            ErrorKind::RawQuery { code, message }.into()
        }
        other => other.into(),
    }
}
