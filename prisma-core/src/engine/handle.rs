//! The engine of one database, and the handle through which queries reach it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use prisma_schema::Schema;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Session;
use crate::driver::{Connection, Driver, DriverError, IsolationLevel, Statement};
use crate::sql::{self, Cache, Dialect, Lowering, Shape, SqlQuery};
use crate::{Error, ErrorKind};

/// What all queries to one database share.
#[derive(Debug)]
pub struct Engine {
    schema: Arc<Schema>,
    driver: Arc<dyn Driver>,
    dialect: &'static dyn Dialect,
    cache: Cache,
}

impl Engine {
    /// The engine of a schema and a driver.
    ///
    /// # Errors
    /// A provider whose SQL this library does not speak: P2026.
    pub fn new(schema: Arc<Schema>, driver: Arc<dyn Driver>) -> Result<Self, Error> {
        let provider = driver.provider();
        let dialect = sql::dialect(provider).ok_or_else(|| {
            Error::from(DriverError::Unsupported { feature: format!("the provider {}", provider.name()) })
        })?;
        Ok(Self { schema, driver, dialect, cache: Cache::default() })
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

    /// Takes a connection for one operation: one of the pool, or that of the transaction when it is free.
    ///
    /// # Errors
    /// No connection to be had (P2024, P1001 …), or the transaction is over (P2028).
    pub async fn lease(&self) -> Result<Lease<'_>, Error> {
        let connection = match &self.transaction {
            None => Leased::Pool(self.engine.driver.acquire().await.map_err(|e| self.explain(e))?),
            Some(scope) => Leased::Transaction(scope.lock().await?),
        };
        Ok(Lease { engine: &self.engine, connection })
    }

    /// Begins a transaction, or a savepoint if this handle is within one. The handle that comes back runs queries in it.
    /// If it and its clones are dropped without [`commit`](Self::commit), it is rolled back.
    ///
    /// # Errors
    /// As [`lease`](Self::lease), and what the database reports.
    pub async fn begin(&self, isolation: Option<IsolationLevel>) -> Result<Handle, Error> {
        let (line, level) = match &self.transaction {
            None => {
                let mut connection = self.engine.driver.acquire().await.map_err(|e| self.explain(e))?;
                connection.begin(isolation).await.map_err(|e| self.explain(e))?;
                let line = Line {
                    state: Arc::new(Mutex::new(State { connection: Some(connection), level: 1 })),
                    keep: AtomicU32::new(u32::MAX),
                };
                (Arc::new(line), 1)
            }
            Some(scope) => {
                let mut state = scope.lock().await?;
                if let Some(connection) = &mut state.connection {
                    connection.begin(None).await.map_err(|e| self.explain(e))?;
                }
                state.level += 1;
                (Arc::clone(&scope.line), state.level)
            }
        };
        let scope = Scope { line, level, open: AtomicBool::new(true) };
        Ok(Handle { engine: Arc::clone(&self.engine), transaction: Some(Arc::new(scope)) })
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

    async fn end(&self, commit: bool) -> Result<(), Error> {
        let Some(scope) = &self.transaction else {
            return Err(over("there is no transaction to end"));
        };
        let mut state = scope.lock().await?;
        // What is still open inside this one ends with it.
        while state.level > scope.level {
            state.back_one().await.map_err(|e| self.explain(e))?;
        }
        scope.open.store(false, Ordering::Release);
        state.level -= 1;
        let Some(connection) = &mut state.connection else { return Ok(()) };
        let ended = if commit { connection.commit().await } else { connection.rollback().await };
        if scope.level == 1 {
            state.connection = None;
        }
        ended.map_err(|e| self.explain(e))
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
    Transaction(OwnedMutexGuard<State>),
}

impl Lease<'_> {
    /// The session of the operation.
    ///
    /// # Errors
    /// The transaction is over (P2028).
    pub fn session(&mut self) -> Result<Session<'_>, Error> {
        match &mut self.connection {
            Leased::Pool(connection) => Ok(Session::new(self.engine, &mut **connection, false)),
            Leased::Transaction(state) => match &mut state.connection {
                Some(connection) => Ok(Session::new(self.engine, &mut **connection, true)),
                None => Err(over("the transaction is closed already")),
            },
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
}

struct State {
    connection: Option<Box<dyn Connection>>,
    /// 1: the transaction itself, 2 and more: savepoints.
    level: u32,
}

impl State {
    async fn back_one(&mut self) -> Result<(), DriverError> {
        self.level -= 1;
        match &mut self.connection {
            Some(connection) => connection.rollback().await,
            None => Ok(()),
        }
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
    /// The connection, after the savepoints that were dropped without a commit are rolled back.
    async fn lock(&self) -> Result<OwnedMutexGuard<State>, Error> {
        let mut state = Arc::clone(&self.line.state).lock_owned().await;
        let keep = self.line.keep.swap(u32::MAX, Ordering::AcqRel);
        while state.level > keep {
            state.back_one().await?;
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
