//! The object-safe boundary to the databases: a [`Driver`] hands out [`Connection`]s, which run [`Statement`]s and show
//! each [`Row`] by reference.
//!
//! A driver keeps no row: it hands each one to a [`RowVisitor`] while it lies in the driver's own buffer.

use std::borrow::Cow;
use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use futures_util::future::Either;
use prisma_schema::Provider;
use uuid::Uuid;

use crate::{Error, Value};

/// A boxed future that borrows for `'a`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a connection does: done already when it comes back, where nothing has to be waited for, or on its way.
pub type Running<'a, T> = Either<Ready<T>, BoxFuture<'a, T>>;

/// What is done already.
pub fn done<'a, T>(result: T) -> Running<'a, T> {
    Either::Left(ready(result))
}

/// What is on its way, and begins when it is awaited.
pub fn waits<'a, T>(future: impl Future<Output = T> + Send + 'a) -> Running<'a, T> {
    Either::Right(Box::pin(future))
}

/// A pool of connections to one database.
pub trait Driver: Send + Sync + fmt::Debug + 'static {
    /// Which database it speaks to.
    fn provider(&self) -> Provider;

    /// Takes a connection out of the pool; it goes back when it is dropped.
    ///
    /// # Errors
    /// [`DriverError::PoolTimeout`] when none is free in time; [`DriverError::Unreachable`] and its kin when a new one cannot be opened.
    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, DriverError>>;

    /// A connection that can be had at once, where a driver keeps such; otherwise there may be one to [`acquire`](Self::acquire).
    fn at_hand(&self) -> Option<Box<dyn Connection>> {
        None
    }

    /// Makes the database where there is none; whether it did.
    ///
    /// # Errors
    /// It may not be made, or the server cannot be reached.
    fn create_database(&self) -> BoxFuture<'_, Result<bool, DriverError>>;

    /// Drops the database, whoever is connected to it. One in a file or in memory is left alone.
    ///
    /// # Errors
    /// It may not be dropped, or the server cannot be reached.
    fn drop_database(&self) -> BoxFuture<'_, Result<(), DriverError>>;

    /// How long a round trip to the server takes at most, as far as is known: nothing where the database is in the process, or before it was first
    /// spoken to.
    fn round_trip(&self) -> Option<Duration> {
        None
    }

    /// Closes the pool and waits until all connections are back.
    fn close(&self) -> BoxFuture<'_, ()>;

    /// The driver itself, for `db.pool()`.
    fn as_any(&self) -> &(dyn std::any::Any + Send + Sync);
}

/// A connection on loan. Dropped with a transaction open, it rolls back before anybody else gets it.
///
/// What answers [`Running`] may be done when it is called: whoever calls it awaits it at once.
pub trait Connection: Send {
    /// Runs a statement and shows its rows to `rows`, in order.
    fn query<'a>(
        &'a mut self,
        statement: Statement,
        rows: &'a mut dyn RowVisitor,
    ) -> Running<'a, Result<(), QueryError>>;

    /// Runs a statement and tells how many rows it changed.
    fn execute(&mut self, statement: Statement) -> Running<'_, Result<u64, DriverError>>;

    /// The number that `AUTO_INCREMENT` gave to the first row of the INSERT that was [executed](Self::execute) last, on a database that
    /// cannot answer columns of the rows that it writes.
    fn last_insert_id(&self) -> Option<i64> {
        None
    }

    /// Runs SQL text of any number of statements, without parameters.
    fn execute_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<(), DriverError>>;

    /// Begins a transaction, or a savepoint within the one that is open.
    fn begin(&mut self, isolation: Option<IsolationLevel>) -> Running<'_, Result<(), DriverError>>;

    /// Commits the innermost transaction, or releases the innermost savepoint.
    fn commit(&mut self) -> Running<'_, Result<(), DriverError>>;

    /// Rolls back the innermost transaction or savepoint.
    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DriverError>>;
}

/// SQL text and the values of its parameters, in order.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The text, shared with the cache that it came from.
    pub sql: Arc<str>,
    /// One value for each placeholder.
    pub values: Vec<Value>,
    /// Whether the text comes again and again, so that its prepared form is worth keeping.
    pub persistent: bool,
}

/// Sees the rows of a statement.
pub trait RowVisitor: Send {
    /// Sees the next row.
    ///
    /// # Errors
    /// What it returns ends the statement.
    fn row(&mut self, row: &dyn Row) -> Result<(), Error>;

    /// Whether it has enough for the moment: the driver then [pauses](pause) before it shows the next row.
    fn is_full(&self) -> bool {
        false
    }
}

/// Waits until the future that this is part of is polled again.
pub async fn pause() {
    let mut is_polled = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut is_polled, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl<F: FnMut(&dyn Row) -> Result<(), Error> + Send> RowVisitor for F {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        self(row)
    }
}

/// A row that lies in a driver's buffer. Columns are counted from 0. `None` is NULL.
pub trait Row {
    /// How many columns.
    fn len(&self) -> usize;

    /// Whether there are no columns.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether values of enums are spelled as in the schema, not as in the database.
    fn has_schema_names(&self) -> bool {
        false
    }

    /// Name of a column, for raw queries.
    fn column_name(&self, column: usize) -> &str;

    /// A `Boolean`.
    fn boolean(&self, column: usize) -> Result<Option<bool>, ColumnError>;
    /// An `Int`, a `BigInt` or a count.
    fn integer(&self, column: usize) -> Result<Option<i64>, ColumnError>;
    /// A `Float`.
    fn float(&self, column: usize) -> Result<Option<f64>, ColumnError>;
    /// A `Decimal`.
    fn decimal(&self, column: usize) -> Result<Option<BigDecimal>, ColumnError>;
    /// A `String` or an enum's value.
    fn text(&self, column: usize) -> Result<Option<Cow<'_, str>>, ColumnError>;
    /// `Bytes`.
    fn bytes(&self, column: usize) -> Result<Option<Cow<'_, [u8]>>, ColumnError>;
    /// A `DateTime`.
    fn date_time(&self, column: usize) -> Result<Option<DateTime<Utc>>, ColumnError>;
    /// A date without a time.
    fn date(&self, column: usize) -> Result<Option<NaiveDate>, ColumnError>;
    /// A time without a date.
    fn time(&self, column: usize) -> Result<Option<NaiveTime>, ColumnError>;
    /// A `Json`.
    fn json(&self, column: usize) -> Result<Option<serde_json::Value>, ColumnError>;
    /// A `Uuid`.
    fn uuid(&self, column: usize) -> Result<Option<Uuid>, ColumnError>;
    /// A list, whose elements are read as `element` says.
    fn list(&self, column: usize, element: ElementType) -> Result<Option<Vec<Value>>, ColumnError>;
    /// Whatever the column holds, by the type that the database says it has: for raw queries.
    fn dynamic(&self, column: usize) -> Result<Value, ColumnError>;
}

/// Type of the elements of a list column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ElementType {
    Boolean,
    Int,
    BigInt,
    Float,
    Decimal,
    String,
    Enum,
    Bytes,
    DateTime,
    Date,
    Time,
    Json,
    Uuid,
}

/// A column that does not hold what the schema says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct ColumnError {
    /// Which column of the row.
    pub column: usize,
    /// What the schema says.
    pub expected: &'static str,
    /// What is there, shortened.
    pub found: String,
}

/// Isolation of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsolationLevel {
    /// PostgreSQL, MySQL, SQL Server.
    ReadUncommitted,
    /// All but SQLite.
    ReadCommitted,
    /// PostgreSQL, MySQL, SQL Server.
    RepeatableRead,
    /// SQL Server.
    Snapshot,
    /// All.
    Serializable,
}

/// A statement that failed, in the database or in the visitor of its rows.
#[derive(Debug)]
pub enum QueryError {
    /// The database refused.
    Driver(DriverError),
    /// The visitor refused.
    Visitor(Error),
}

impl From<DriverError> for QueryError {
    fn from(error: DriverError) -> Self {
        Self::Driver(error)
    }
}

/// Which constraint was violated, as the database tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// By table and columns.
    Columns {
        /// Table's name in the database, where told.
        table: Option<String>,
        /// Columns' names in the database.
        columns: Vec<String>,
    },
    /// By its name.
    Name(String),
    /// Not told.
    Unknown,
}

/// What a driver reports; the engine turns it into an [`Error`] that speaks of models and fields.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum DriverError {
    #[error("unique constraint violated: {message}")]
    UniqueViolation { constraint: Constraint, message: String },
    #[error("foreign key constraint violated: {message}")]
    ForeignKeyViolation { constraint: Constraint, message: String },
    #[error("null constraint violated: {message}")]
    NullViolation { constraint: Constraint, message: String },
    #[error("check constraint violated: {message}")]
    CheckViolation { constraint: Constraint, message: String },
    #[error("value too long for its column: {message}")]
    ValueTooLong { column: Option<String>, message: String },
    #[error("value out of range: {message}")]
    ValueOutOfRange { message: String },
    #[error("table `{table}` does not exist")]
    TableNotFound { table: String },
    #[error("column `{column}` does not exist")]
    ColumnNotFound { column: String },
    /// Deadlock, serialisation failure, or a lock that was not given in time.
    #[error("write conflict: {message}")]
    WriteConflict { message: String },
    #[error("no connection became free within {seconds} s (connection limit {limit})")]
    PoolTimeout { seconds: u64, limit: u32 },
    #[error("the pool is closed")]
    PoolClosed,
    #[error("authentication failed for `{user}`: {message}")]
    Authentication { user: String, message: String },
    #[error("cannot reach the database at `{location}`: {message}")]
    Unreachable { location: String, message: String },
    #[error("the database `{name}` does not exist: {message}")]
    DatabaseNotFound { name: String, message: String },
    #[error("access to `{name}` denied: {message}")]
    AccessDenied { name: String, message: String },
    #[error("`{name}` is not a database or is damaged: {message}")]
    Corrupt { name: String, message: String },
    #[error("TLS: {message}")]
    Tls { message: String },
    #[error("the connection was closed: {message}")]
    ConnectionClosed { message: String },
    #[error("timed out: {message}")]
    Timeout { message: String },
    /// The server is there, but did not let us in in time.
    #[error("the database at `{location}` did not answer in time: {message}")]
    ConnectTimeout { location: String, message: String },
    #[error("too many connections: {message}")]
    TooManyConnections { message: String },
    #[error("bad connection string: {message}")]
    InvalidUrl { message: String },
    #[error("value cannot be encoded: {message}")]
    Encode { message: String },
    /// The database cannot make a value of what it was given.
    #[error("the database refuses a value: {message}")]
    InvalidInput { message: String },
    #[error(
        "no full-text index covers the fields that are searched: add `@@fulltext([…])` with just these fields to the model ({message})"
    )]
    FulltextIndexNotFound { message: String },
    #[error("the provider does not support {feature}")]
    Unsupported { feature: String },
    #[error("{message}")]
    Database { code: Option<String>, message: String },
}
