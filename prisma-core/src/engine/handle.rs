//! The engine of one database, and the handle through which queries reach it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use prisma_schema::Schema;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::gather::Gatherings;
use super::strategy::Sizes;
use super::{Session, Settings};
use crate::driver::{BoxFuture, Connection, Driver, DriverError, IsolationLevel, Statement};
use crate::sql::{self, Cache, Dialect, Lowering, Shape, SqlQuery};
use crate::{Error, ErrorKind};

/// What all queries to one database share.
#[derive(Debug)]
pub struct Engine {
    schema: Arc<Schema>,
    driver: Arc<dyn Driver>,
    dialect: &'static dyn Dialect,
    cache: Cache,
    gatherings: Gatherings,
    sizes: Sizes,
    settings: Settings,
}

impl Engine {
    /// The engine of a schema and a driver.
    ///
    /// # Errors
    /// A provider whose SQL this library does not speak: P2026.
    pub fn new(schema: Arc<Schema>, driver: Arc<dyn Driver>) -> Result<Self, Error> {
        Self::with_settings(schema, driver, Settings::default())
    }

    /// The engine of a schema and a driver, with settings.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_settings(schema: Arc<Schema>, driver: Arc<dyn Driver>, settings: Settings) -> Result<Self, Error> {
        let provider = driver.provider();
        let dialect = sql::dialect(provider).ok_or_else(|| {
            Error::from(DriverError::Unsupported { feature: format!("the provider {}", provider.name()) })
        })?;
        let (cache, gatherings, sizes) = (Cache::default(), Gatherings::default(), Sizes::default());
        Ok(Self { schema, driver, dialect, cache, gatherings, sizes, settings })
    }

    /// The schema.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The driver.
    pub fn driver(&self) -> &Arc<dyn Driver> {
        &self.driver
    }

    /// The provider's SQL.
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    /// What the client was told.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many related records queries gave.
    pub(super) fn sizes(&self) -> &Sizes {
        &self.sizes
    }

    /// The reads that wait for others of their kind.
    pub(super) fn gatherings(&self) -> &Gatherings {
        &self.gatherings
    }

    /// The statement of a shape: from the cache, or made by `lower` if the shape is new.
    ///
    /// # Errors
    /// More values than a statement can have (P2029); what `lower` reports.
    pub(crate) fn statement<'s>(
        &'s self,
        shape: Shape,
        lower: impl FnOnce(&mut Lowering<'s>) -> Result<SqlQuery, Error>,
    ) -> Result<Statement, Error> {
        self.cache.statement(&self.schema, self.dialect, shape, lower)
    }
}

/// The way of a query to the database: through the pool, or within a transaction.
#[derive(Debug, Clone)]
pub struct Handle {
    engine: Arc<Engine>,
    transaction: Option<Arc<Scope>>,
}

impl Handle {
    /// A handle on the pool.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine, transaction: None }
    }

    /// The engine.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Whether it is within a transaction, which has but one connection.
    pub fn in_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    /// Tells the transaction or savepoint that it is within from others that live at the same time.
    pub(super) fn scope(&self) -> Option<usize> {
        self.transaction.as_ref().map(|scope| Arc::as_ptr(scope).addr())
    }

    /// Takes a connection for one operation: one of the pool, or that of the transaction when it is free.
    ///
    /// # Errors
    /// No connection to be had (P2024, P1001 …), or the transaction is over (P2028).
    pub async fn lease(&self) -> Result<Lease<'_>, Error> {
        let connection = match &self.transaction {
            None => Leased::Pool(self.acquire().await?),
            Some(scope) => Leased::Transaction(scope.lock().await?, Arc::clone(&scope.line)),
        };
        Ok(Lease { engine: &self.engine, connection })
    }

    async fn acquire(&self) -> Result<Box<dyn Connection>, Error> {
        match self.engine.driver.at_hand() {
            Some(connection) => Ok(connection),
            None => self.engine.driver.acquire().await.map_err(|e| self.explain(e)),
        }
    }

    /// Begins a transaction, or a savepoint if this handle is within one. The handle that comes back runs queries in it.
    /// If it and its clones are dropped without [`commit`](Self::commit), it is rolled back.
    ///
    /// # Errors
    /// As [`lease`](Self::lease), and what the database reports.
    pub async fn begin(&self, isolation: Option<IsolationLevel>) -> Result<Handle, Error> {
        let (line, level) = match &self.transaction {
            None => {
                let mut connection = self.acquire().await?;
                connection.begin(isolation).await.map_err(|e| self.explain(e))?;
                let line = Line {
                    state: Arc::new(Mutex::new(State { connection: Some(connection), level: 1, under_way: None })),
                    keep: AtomicU32::new(u32::MAX),
                    conflict: AtomicBool::new(false),
                };
                (Arc::new(line), 1)
            }
            Some(scope) => {
                let mut state = scope.lock().await?;
                // There before the savepoint is: if this future is dropped on the way, it is not wanted any more.
                let inner = Scope::new(Arc::clone(&scope.line), state.level + 1);
                state.begin().await.map_err(|e| self.explain(e))?;
                scope.line.conflict.store(false, Ordering::Relaxed);
                return Ok(self.within(inner));
            }
        };
        Ok(self.within(Scope::new(line, level)))
    }

    fn within(&self, scope: Scope) -> Handle {
        Handle { engine: Arc::clone(&self.engine), transaction: Some(Arc::new(scope)) }
    }

    /// Commits the transaction, or releases the savepoint, that this handle is of.
    ///
    /// # Errors
    /// It is over already, or the handle is not in one (P2028); what the database reports.
    pub async fn commit(&self) -> Result<(), Error> {
        self.end(true).await
    }

    /// Rolls back the transaction or savepoint that this handle is of.
    ///
    /// # Errors
    /// As [`commit`](Self::commit).
    pub async fn rollback(&self) -> Result<(), Error> {
        self.end(false).await
    }

    /// Whether the last statement of the transaction was a write conflict (P2034), so that it may be run again.
    pub(crate) fn has_lost(&self) -> bool {
        self.transaction.as_ref().is_some_and(|scope| scope.line.conflict.load(Ordering::Relaxed))
    }

    async fn end(&self, commit: bool) -> Result<(), Error> {
        let Some(scope) = &self.transaction else {
            return Err(over("there is no transaction to end"));
        };
        let mut state = scope.lock().await?;
        // What is still open inside this one ends with it.
        while state.level > scope.level {
            state.end(false).await.map_err(|e| self.explain(e))?;
        }
        scope.open.store(false, Ordering::Release);
        if commit && state.connection.is_none() {
            return Err(over("an error before has ended the transaction: nothing of it is kept"));
        }
        state.end(commit).await.map_err(|e| self.explain(e))
    }

    fn explain(&self, error: DriverError) -> Error {
        super::explain::explain(&self.engine.schema, error)
    }
}

/// A connection for one operation.
pub struct Lease<'a> {
    engine: &'a Engine,
    connection: Leased,
}

enum Leased {
    Pool(Box<dyn Connection>),
    Transaction(OwnedMutexGuard<State>, Arc<Line>),
}

impl Lease<'_> {
    /// The session of the operation.
    ///
    /// # Errors
    /// The transaction is over (P2028).
    pub fn session(&mut self) -> Result<Session<'_>, Error> {
        match &mut self.connection {
            Leased::Pool(connection) => Ok(Session::new(self.engine, &mut **connection)),
            Leased::Transaction(state, line) => match &mut state.connection {
                Some(connection) => Ok(Session::within(self.engine, &mut **connection, &line.conflict)),
                None => Err(over("the transaction is closed already")),
            },
        }
    }

    /// Begins a savepoint for an operation of several statements within a transaction: if it fails, or its future is dropped, it is
    /// taken back alone. Nothing is done where there is no transaction.
    pub(crate) async fn begin_savepoint(&mut self) -> Result<(), Error> {
        let Leased::Transaction(state, line) = &mut self.connection else { return Ok(()) };
        if state.connection.is_none() {
            return Err(over("the transaction is closed already"));
        }
        let level = state.level;
        line.keep.fetch_min(level, Ordering::AcqRel);
        state.begin().await.map_err(|e| {
            let _ = line.keep.compare_exchange(level, u32::MAX, Ordering::AcqRel, Ordering::Acquire);
            super::explain::explain(&self.engine.schema, e)
        })
    }

    /// Ends what [`begin_savepoint`](Self::begin_savepoint) began: keeps it on `Ok`, takes it back on `Err`.
    pub(crate) async fn end_savepoint<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        let Leased::Transaction(state, line) = &mut self.connection else { return result };
        let ended = state.end(result.is_ok()).await;
        // No other savepoint can lie deeper than this one: what is lower is somebody else's wish.
        let _ = line.keep.compare_exchange(state.level, u32::MAX, Ordering::AcqRel, Ordering::Acquire);
        match (result, ended) {
            (Ok(_), Err(e)) => Err(super::explain::explain(&self.engine.schema, e)),
            // The first error is the one to tell.
            (result, _) => result,
        }
    }
}

impl fmt::Debug for Lease<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").finish_non_exhaustive()
    }
}

/// A transaction's connection, shared by its scopes.
#[derive(Debug)]
struct Line {
    state: Arc<Mutex<State>>,
    /// The deepest level that is still wanted: savepoints above it were dropped without a commit.
    keep: AtomicU32,
    /// Whether the last statement lost to another transaction.
    conflict: AtomicBool,
}

struct State {
    connection: Option<Box<dyn Connection>>,
    /// 1: the transaction itself, 2 and more: savepoints.
    level: u32,
    /// The beginning or end of a level that is under way, with the connection. It lies here so that it goes on where it stood if the
    /// future that began it is dropped.
    under_way: Option<(Step, BoxFuture<'static, Done>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Begin,
    End,
}

/// The connection after the beginning or end of a level, and what the database says to it.
type Done = (Box<dyn Connection>, Result<(), DriverError>);

impl State {
    /// Begins a savepoint.
    async fn begin(&mut self) -> Result<(), DriverError> {
        self.level += 1;
        let Some(mut connection) = self.connection.take() else { return Ok(()) };
        let begin = async move {
            let begun = connection.begin(None).await;
            (connection, begun)
        };
        self.under_way = Some((Step::Begin, Box::pin(begin)));
        self.settle().await
    }

    /// Ends the innermost savepoint, or the transaction itself.
    async fn end(&mut self, commit: bool) -> Result<(), DriverError> {
        self.level -= 1;
        let Some(mut connection) = self.connection.take() else { return Ok(()) };
        let end = async move {
            let ended = if commit { connection.commit().await } else { connection.rollback().await };
            (connection, ended)
        };
        self.under_way = Some((Step::End, Box::pin(end)));
        self.settle().await
    }

    /// Waits for what is under way. A connection that cannot end a level goes, and the transaction with it.
    async fn settle(&mut self) -> Result<(), DriverError> {
        let Some((step, done)) = &mut self.under_way else { return Ok(()) };
        let (step, (connection, done)) = (*step, done.await);
        self.under_way = None;
        match step {
            Step::Begin => {
                self.level -= u32::from(done.is_err());
                self.connection = Some(connection);
            }
            Step::End if done.is_ok() && self.level > 0 => self.connection = Some(connection),
            Step::End => {}
        }
        done
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("level", &self.level).finish_non_exhaustive()
    }
}

/// A transaction or a savepoint within it.
#[derive(Debug)]
struct Scope {
    line: Arc<Line>,
    level: u32,
    open: AtomicBool,
}

impl Scope {
    fn new(line: Arc<Line>, level: u32) -> Self {
        Self { line, level, open: AtomicBool::new(true) }
    }

    /// The connection, after the savepoints that were dropped without a commit are rolled back.
    async fn lock(&self) -> Result<OwnedMutexGuard<State>, Error> {
        let mut state = Arc::clone(&self.line.state).lock_owned().await;
        // What a dropped future left under way; its error was for that future.
        let _ = state.settle().await;
        loop {
            let keep = self.line.keep.load(Ordering::Acquire);
            while state.level > keep {
                state.end(false).await?;
            }
            if self.line.keep.compare_exchange(keep, u32::MAX, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                break;
            }
        }
        if !self.open.load(Ordering::Acquire) || state.level < self.level {
            return Err(over("the transaction is closed already: it was committed or rolled back"));
        }
        Ok(state)
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if self.level > 1 && *self.open.get_mut() {
            self.line.keep.fetch_min(self.level - 1, Ordering::AcqRel);
        }
    }
}

fn over(message: &str) -> Error {
    ErrorKind::Transaction { message: message.to_owned() }.into()
}
