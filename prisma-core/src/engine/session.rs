//! A connection in use, with what is needed to lower and run queries on it.

use std::future::ready;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use futures_util::future::Either;
use prisma_schema::Schema;

use super::Engine;
use super::explain::explain;
use super::observe::Watch;
use crate::driver::{Connection, DriverError, QueryError, RowVisitor, Running, Statement};
use crate::{Error, ErrorKind};

/// A connection in use by one operation: every statement of the engine goes through here.
pub struct Session<'a> {
    engine: &'a Engine,
    connection: &'a mut dyn Connection,
    depth: u32,
    /// How many related records were read so far.
    pub(super) related: u64,
    /// Takes note whether the last statement lost to another transaction.
    conflict: Option<&'a AtomicBool>,
    /// The time of the operation: `now()` and `@updatedAt` are the same in all of its records.
    now: OnceLock<DateTime<Utc>>,
}

/// The time of an operation, at which nobody looks before it is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Now<'a>(pub(crate) &'a OnceLock<DateTime<Utc>>);

impl Now<'_> {
    /// The time.
    pub fn get(self) -> DateTime<Utc> {
        *self.0.get_or_init(Utc::now)
    }
}

impl<'a> Session<'a> {
    pub(super) fn new(engine: &'a Engine, connection: &'a mut dyn Connection) -> Self {
        Self { engine, connection, depth: 0, related: 0, conflict: None, now: OnceLock::new() }
    }

    /// The session of an operation within a transaction, which wants to know of a write conflict.
    pub(super) fn within(engine: &'a Engine, connection: &'a mut dyn Connection, conflict: &'a AtomicBool) -> Self {
        Self { depth: 1, conflict: Some(conflict), ..Self::new(engine, connection) }
    }

    /// The engine.
    pub fn engine(&self) -> &'a Engine {
        self.engine
    }

    /// The schema.
    pub fn schema(&self) -> &'a Schema {
        self.engine.schema()
    }

    /// When the operation began, or rather when it first asked.
    pub fn now(&self) -> Now<'_> {
        Now(&self.now)
    }

    /// Runs a statement and shows its rows.
    ///
    /// # Errors
    /// What the database or the visitor reports, in terms of the schema.
    pub fn query<'q>(
        &'q mut self,
        statement: Statement,
        rows: &'q mut dyn RowVisitor,
    ) -> impl Future<Output = Result<(), Error>> + Send + use<'q, 'a> {
        let watch = self.watch(&statement);
        let (engine, conflict) = (self.engine, self.conflict);
        let running = self.connection.query(statement, rows);
        observed(
            watch,
            conflict,
            explained(running, move |e| match e {
                QueryError::Driver(e) => explain(engine.schema(), e),
                QueryError::Visitor(e) => e,
            }),
        )
    }

    /// Runs a statement and tells how many rows it changed.
    ///
    /// # Errors
    /// What the database reports, in terms of the schema.
    pub fn execute<'q>(
        &'q mut self,
        statement: Statement,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'q, 'a> {
        let watch = self.watch(&statement);
        let (engine, conflict) = (self.engine, self.conflict);
        let running = self.connection.execute(statement);
        observed(watch, conflict, explained(running, move |e| explain(engine.schema(), e)))
    }

    /// Begins to watch a statement, if anybody is to be told of it.
    fn watch(&self, statement: &Statement) -> Option<Box<Watch<'a>>> {
        self.engine.settings().observer.watch(self.engine.dialect().provider().name(), statement)
    }

    /// The error of an operation that finds out by itself that another transaction was in its way.
    pub(super) fn lost(&self, message: &str) -> Error {
        let error = Error::new(ErrorKind::WriteConflict { message: message.to_owned() });
        note(self.conflict, Some(&error));
        error
    }

    /// The number that the database counted up to for the row that the last INSERT made, where it tells that.
    pub fn last_insert_id(&self) -> Option<i64> {
        self.connection.last_insert_id()
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.depth > 0
    }

    /// Begins a transaction, unless one is open: then the operation is part of that. Answers whether it began one.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn ensure_transaction(&mut self) -> Result<bool, Error> {
        if self.in_transaction() {
            return Ok(false);
        }
        self.connection.begin(None).await.map_err(|e| self.explain(e))?;
        self.depth += 1;
        Ok(true)
    }

    /// Ends what [`ensure_transaction`](Self::ensure_transaction) began: commits on `Ok`, rolls back on `Err`.
    ///
    /// # Errors
    /// The result's own, or what the commit reports.
    pub async fn end_transaction<T>(&mut self, began: bool, result: Result<T, Error>) -> Result<T, Error> {
        if !began {
            return result;
        }
        self.depth -= 1;
        match result {
            Ok(value) => self.connection.commit().await.map(|()| value).map_err(|e| self.explain(e)),
            Err(error) => {
                // The first error is the one to tell; a connection that cannot roll back is thrown away by its pool.
                let _ = self.connection.rollback().await;
                Err(error)
            }
        }
    }

    /// Turns what a driver reports into an error that speaks of models and fields.
    fn explain(&self, error: DriverError) -> Error {
        explain(self.schema(), error)
    }
}

/// The same in terms of the schema. What is done already is explained already: drivers' errors are large, and would make the future so.
fn explained<'q, T: Send + 'q, E: 'q>(
    running: Running<'q, Result<T, E>>,
    explain: impl FnOnce(E) -> Error + Send + 'q,
) -> impl Future<Output = Result<T, Error>> + Send + 'q {
    match running {
        Either::Left(done) => Either::Left(ready(done.into_inner().map_err(explain))),
        Either::Right(running) => Either::Right(async move { running.await.map_err(explain) }),
    }
}

/// Runs a statement, told to those who watch, and takes note whether it lost to another transaction.
async fn observed<T>(
    watch: Option<Box<Watch<'_>>>,
    conflict: Option<&AtomicBool>,
    run: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let result = match watch {
        None => run.await,
        Some(watch) => Box::pin(watch.observe(run)).await,
    };
    note(conflict, result.as_ref().err());
    result
}

/// A statement that runs shows that the transaction has survived what was before; one that fails for another reason does not.
fn note(conflict: Option<&AtomicBool>, failed: Option<&Error>) {
    match (conflict, failed) {
        (Some(conflict), None) => conflict.store(false, Ordering::Relaxed),
        (Some(conflict), Some(error)) if error.is_write_conflict() => conflict.store(true, Ordering::Relaxed),
        _ => {}
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Error::new(kind)
    }
}
