//! A connection on loan from the pool.

use std::sync::Arc;

use futures_util::TryStreamExt;
use prisma_core::driver::{
    BoxFuture, Connection, DriverError, IsolationLevel, QueryError, RowVisitor, Statement, pause,
};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteTransactionManager};
use sqlx::{AssertSqlSafe, SqlSafeStr};
use sqlx_core::transaction::TransactionManager;
use tokio::runtime::Handle;

use super::bind::bind;
use super::error::explain;
use super::row::SqliteRowRef;
use super::target::Target;

/// A connection on loan. What it leaves open is rolled back when it is dropped.
///
/// sqlx's transaction manager counts depth for itself (`BEGIN` first, savepoints from then on), and undoes a `BEGIN` whose
/// future is dropped before it is done. What it leaves to us: for each `begin` that came back one `commit` or `rollback`
/// that came back, or one `start_rollback`.
pub(super) struct PooledConnection {
    /// There until the drop.
    inner: Option<PoolConnection<Sqlite>>,
    target: Arc<Target>,
    runtime: Handle,
    /// Transactions and savepoints begun here, and not yet known to have ended.
    open: usize,
    /// Whether its state is beyond what is known here, so that nobody else may get it.
    is_used_up: bool,
}

impl PooledConnection {
    pub(super) fn new(inner: PoolConnection<Sqlite>, target: Arc<Target>, runtime: Handle) -> Self {
        Self { inner: Some(inner), target, runtime, open: 0, is_used_up: false }
    }

    fn inner(&mut self) -> Result<&mut sqlx::SqliteConnection, DriverError> {
        match &mut self.inner {
            Some(inner) => Ok(inner),
            None => Err(DriverError::ConnectionClosed { message: "it was given back already".to_owned() }),
        }
    }

    /// Looks at SQL that is not the engine's: it may begin a transaction or change settings behind our back.
    fn watch(&mut self, statement: &Statement) {
        const HARMLESS: [&str; 7] = ["select", "insert", "update", "delete", "replace", "with", "values"];
        if !statement.persistent {
            let sql = statement.sql.trim();
            let first = sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
            let is_one = !sql.trim_end_matches(';').contains(';');
            self.is_used_up |= !(is_one && HARMLESS.iter().any(|word| first.eq_ignore_ascii_case(word)));
        }
    }

    fn prepare(
        &mut self,
        statement: Statement,
    ) -> Result<sqlx::query::Query<'static, Sqlite, SqliteArguments>, DriverError> {
        self.watch(&statement);
        let arguments = bind(statement.values)?;
        Ok(sqlx::query_with(AssertSqlSafe(statement.sql), arguments).persistent(statement.persistent))
    }
}

impl Connection for PooledConnection {
    fn query<'a>(
        &'a mut self,
        statement: Statement,
        rows: &'a mut dyn RowVisitor,
    ) -> BoxFuture<'a, Result<(), QueryError>> {
        Box::pin(async move {
            let query = self.prepare(statement)?;
            let target = Arc::clone(&self.target);
            let mut stream = query.fetch(self.inner()?);
            // The stream, dropped early, tells the connection's thread to stop and to reset the statement.
            while let Some(row) = stream.try_next().await.map_err(|e| explain(&target, e))? {
                rows.row(&SqliteRowRef(&row)).map_err(QueryError::Visitor)?;
                if rows.is_full() {
                    pause().await;
                }
            }
            Ok(())
        })
    }

    fn execute(&mut self, statement: Statement) -> BoxFuture<'_, Result<u64, DriverError>> {
        Box::pin(async move {
            let query = self.prepare(statement)?;
            let done = query.execute(self.inner()?).await;
            done.map(|d| d.rows_affected()).map_err(|e| explain(&self.target, e))
        })
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<(), DriverError>> {
        Box::pin(async move {
            self.is_used_up = true;
            let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(self.inner()?).await;
            done.map(|_| ()).map_err(|e| explain(&self.target, e))
        })
    }

    fn begin(&mut self, isolation: Option<IsolationLevel>) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async move {
            if let Some(level) = isolation.filter(|l| *l != IsolationLevel::Serializable) {
                let feature = format!("the isolation level {level:?}: SQLite has Serializable only");
                return Err(DriverError::Unsupported { feature });
            }
            let is_outermost = self.open == 0;
            let inner = self.inner()?;
            let mut begun =
                SqliteTransactionManager::begin(inner, is_outermost.then(|| "BEGIN IMMEDIATE".into_sql_str())).await;
            if is_outermost && begun.as_ref().is_err_and(is_read_only) {
                // A database that cannot be written to can still be read in a transaction.
                begun = SqliteTransactionManager::begin(inner, Some("BEGIN".into_sql_str())).await;
            }
            begun.map_err(|e| explain(&self.target, e))?;
            self.open += 1;
            Ok(())
        })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async move {
            let done = SqliteTransactionManager::commit(self.inner()?).await;
            done.map_err(|e| explain(&self.target, e))?;
            self.open = self.open.saturating_sub(1);
            Ok(())
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async move {
            let done = SqliteTransactionManager::rollback(self.inner()?).await;
            if let Err(error) = done {
                // After some errors (a full disk, for one) SQLite has rolled back by itself; sqlx then counts one too many.
                self.is_used_up = true;
                self.open = 0;
                let is_done =
                    error.as_database_error().is_some_and(|e| e.message().contains("no transaction is active"));
                return if is_done { Ok(()) } else { Err(explain(&self.target, error)) };
            }
            self.open = self.open.saturating_sub(1);
            Ok(())
        })
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take() else { return };
        // The pool takes connections back in a task, even when this is dropped outside the runtime.
        let _runtime = self.runtime.enter();
        if self.is_used_up {
            // Closing ends whatever transaction it is in.
            inner.close_on_drop();
        } else {
            for _ in 0..self.open {
                SqliteTransactionManager::start_rollback(&mut inner);
            }
        }
        drop(inner);
    }
}

/// Whether SQLite refused since the database is read-only.
fn is_read_only(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|e| e.code()).and_then(|c| c.parse::<i32>().ok());
    code.is_some_and(|c| c & 0xff == 8)
}
