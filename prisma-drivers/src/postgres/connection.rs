//! A connection on loan from the pool.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use futures_util::TryStreamExt;
use prisma_core::Error;
use prisma_core::driver::{
    BoxFuture, Connection, DriverError, IsolationLevel, QueryError, RowVisitor, Running, Statement, pause, waits,
};
use sqlx::postgres::{PgArguments, PgConnection, PgTransactionManager, Postgres};
use sqlx::{AssertSqlSafe, Connection as _, Either, Executor as _, SqlSafeStr, Statement as _};
use sqlx_core::transaction::TransactionManager;
use tokio::runtime::Handle;

use super::driver::set_search_path;
use super::encode::bind;
use super::error::{explain, is_closed, is_stale_plan};
use super::row::PgRowRef;
use super::target::Target;
use crate::acquire::{Source, Taken, is_harmless, is_read, settle};

/// A connection on loan. What it leaves open is rolled back when it is dropped.
pub(super) struct PooledConnection {
    /// There until the drop.
    inner: Option<Box<Taken<Postgres>>>,
    source: Arc<Source<Target>>,
    runtime: Handle,
    /// Transactions and savepoints begun here, and not yet known to have ended.
    open: usize,
    /// Whether a statement of the open transaction failed, after which the server takes none but a rollback.
    has_failed: bool,
    /// What is on its way to the server, or was when the future that waited for it was dropped.
    under_way: Option<UnderWay>,
    /// Whether the last statement may have been prepared by an earlier one.
    is_prepared_before: bool,
    /// Whether the last answer was an error, which may not have been read to its end.
    has_erred: bool,
    /// Whether it was used not long before it was taken.
    is_trusted: bool,
    /// Whether anything was answered since it was taken: if not, it may have been dead in the pool.
    is_proven: bool,
    /// Whether its state is beyond what is known here, so that nobody else may get it.
    is_used_up: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum UnderWay {
    /// A statement: the pool waits for its answer before anybody else gets the connection.
    Statement,
    /// The beginning or end of a transaction, whose outcome counts.
    Transaction,
}

/// A statement that failed.
enum Failure {
    Server(sqlx::Error),
    /// A value does not fit its parameter.
    Bind(DriverError),
    Driver(DriverError),
    Visitor(Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Server(error)
    }
}

impl PooledConnection {
    pub(super) fn new(taken: Box<Taken<Postgres>>, source: Arc<Source<Target>>, runtime: Handle) -> Self {
        let is_trusted = !taken.is_rested();
        Self {
            inner: Some(taken),
            source,
            runtime,
            open: 0,
            has_failed: false,
            under_way: None,
            is_prepared_before: false,
            has_erred: false,
            is_trusted,
            is_proven: false,
            is_used_up: false,
        }
    }

    fn inner(&mut self) -> Result<&mut PgConnection, DriverError> {
        match &mut self.inner {
            Some(inner) => Ok(inner),
            None => Err(DriverError::ConnectionClosed { message: "it was given back already".to_owned() }),
        }
    }

    /// Looks at SQL that is not the engine's: it may begin a transaction or change settings behind our back.
    fn watch(&mut self, statement: &Statement) {
        const HARMLESS: [&str; 24] = [
            "select",
            "insert",
            "update",
            "delete",
            "with",
            "values",
            "merge",
            "table",
            "truncate",
            "explain",
            "show",
            "create",
            "alter",
            "drop",
            "comment",
            "analyze",
            "vacuum",
            "reindex",
            "refresh",
            "grant",
            "revoke",
            "notify",
            "lock",
            "checkpoint",
        ];
        if !statement.persistent {
            let first = statement.sql.trim().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
            self.is_used_up |= !HARMLESS.iter().any(|word| first.eq_ignore_ascii_case(word));
        }
    }

    /// Waits for what a dropped future left under way, and marks what comes now.
    async fn enter(&mut self, what: UnderWay) -> Result<(), DriverError> {
        if self.under_way.is_some() {
            self.drain().await?;
        }
        self.under_way = Some(what);
        Ok(())
    }

    /// Reads the rest of the answers that are on their way.
    async fn drain(&mut self) -> Result<(), DriverError> {
        loop {
            match self.inner()?.ping().await {
                Ok(()) => {
                    self.under_way = None;
                    return Ok(());
                }
                // It was for the future that was dropped.
                Err(error @ sqlx::Error::Database(_)) if !is_closed(&error) => self.has_failed |= self.open > 0,
                Err(error) => return Err(self.explain(error)),
            }
        }
    }

    fn explain(&mut self, error: sqlx::Error) -> DriverError {
        self.is_used_up |= is_closed(&error);
        self.has_erred = true;
        explain(&self.source.target, error)
    }

    /// Another connection in the place of one that had died in the pool.
    async fn replace(&mut self) -> Result<(), DriverError> {
        let taken = self.source.replace(self.inner.take()).await?;
        self.is_trusted = !taken.is_rested();
        self.inner = Some(taken);
        Ok(())
    }

    /// Finds out whether the server is still there, before it is sent what could not be sent again, on a connection that nobody used for long.
    async fn try_out(&mut self) -> Result<(), DriverError> {
        let mut tries_left = self.source.target.pool.max_connections;
        while self.open == 0 && !self.is_proven && !self.is_trusted {
            match self.inner()?.ping().await {
                Ok(()) => self.is_trusted = true,
                Err(error) if tries_left > 0 && is_closed(&error) => {
                    tries_left -= 1;
                    self.replace().await?;
                }
                Err(error) => return Err(self.explain(error)),
            }
        }
        Ok(())
    }

    /// Runs a statement, again if it is known not to have done anything.
    async fn run(&mut self, statement: Statement, mut rows: Option<&mut dyn RowVisitor>) -> Result<u64, QueryError> {
        self.watch(&statement);
        let alone = self.source.target.is_pooled_outside && self.open == 0;
        if alone {
            self.begin_transaction(None).await?;
        }
        self.enter(UnderWay::Statement).await?;
        if !is_read(&statement) {
            self.try_out().await?;
        }
        // One of the pool each, at most.
        let mut tries_left = self.source.target.pool.max_connections;
        let mut is_renewed = false;
        let done = loop {
            let since = Instant::now();
            let done = self.run_once(&statement, rows.as_mut().map(|r| &mut **r as &mut dyn RowVisitor)).await;
            if done.is_ok() {
                self.source.round_trip.note(since);
            }
            match &done {
                // What was prepared may be older than the columns of the table.
                Err(Failure::Bind(_)) if self.is_prepared_before && !is_renewed => is_renewed = true,
                Err(Failure::Server(e))
                    if self.open == 0 && self.is_prepared_before && !is_renewed && is_stale_plan(e) =>
                {
                    is_renewed = true;
                }
                Err(Failure::Server(e))
                    if self.open == 0
                        && !self.is_proven
                        && tries_left > 0
                        && is_closed(e)
                        && is_harmless(&statement, e) =>
                {
                    tries_left -= 1;
                    self.replace().await?;
                    continue;
                }
                _ => break done,
            }
            self.inner()?.clear_cached_statements().await.map_err(|e| self.explain(e))?;
        };
        let done = match done {
            Ok(count) => Ok(count),
            Err(Failure::Bind(error) | Failure::Driver(error)) => Err(error.into()),
            Err(Failure::Server(error)) => {
                self.has_failed |= self.open > 0;
                if is_stale_plan(&error) {
                    // Not again in the next transaction. If it cannot be, that fails by itself.
                    let _ = self.inner()?.clear_cached_statements().await;
                }
                Err(self.explain(error).into())
            }
            Err(Failure::Visitor(error)) => {
                // The rows that nobody wants any more.
                self.drain().await?;
                Err(QueryError::Visitor(error))
            }
        };
        if !self.source.target.keeps_statements && !self.is_used_up {
            self.inner()?.clear_cached_statements().await.map_err(|e| self.explain(e))?;
        }
        self.under_way = None;
        if alone {
            self.end_transaction(done.is_ok()).await?;
        }
        done
    }

    async fn run_once(&mut self, statement: &Statement, mut rows: Option<&mut dyn RowVisitor>) -> Result<u64, Failure> {
        self.is_prepared_before = statement.values.is_empty();
        let connection = self.inner().map_err(Failure::Driver)?;
        let sql = || AssertSqlSafe(Arc::clone(&statement.sql)).into_sql_str();
        let query = if statement.values.is_empty() {
            // Always by a name: looking up a type of the rows would take the place of a statement without one.
            sqlx::query_with(sql(), PgArguments::default())
        } else {
            let kept = connection.cached_statements_size();
            let prepared = (&mut *connection).prepare_with(sql(), &[]).await?;
            let is_prepared_before = connection.cached_statements_size() == kept;
            let types = prepared.parameters().and_then(Either::left).unwrap_or(&[]);
            self.is_prepared_before = is_prepared_before;
            let arguments = bind(&statement.values, types).map_err(Failure::Bind)?;
            // The prepared form is in the connection's cache, by its text.
            sqlx::query_with(sql(), arguments)
        };
        let connection = self.inner().map_err(Failure::Driver)?;
        let mut count = 0;
        let mut answers = connection.fetch_many(query);
        while let Some(answer) = answers.try_next().await? {
            match (answer, &mut rows) {
                (Either::Left(done), _) => count += done.rows_affected(),
                (Either::Right(row), Some(rows)) => {
                    rows.row(&PgRowRef(&row)).map_err(Failure::Visitor)?;
                    if rows.is_full() {
                        pause().await;
                    }
                }
                (Either::Right(_), None) => {}
            }
        }
        drop(answers);
        self.is_proven = true;
        Ok(count)
    }

    async fn begin_transaction(&mut self, isolation: Option<IsolationLevel>) -> Result<(), DriverError> {
        self.enter(UnderWay::Transaction).await?;
        let statement = match self.open {
            0 => Some(self.begin_statement(isolation)?),
            // A savepoint.
            _ => None,
        };
        let mut tries_left = self.source.target.pool.max_connections;
        loop {
            let statement = statement.clone().map(|s| AssertSqlSafe(s).into_sql_str());
            match PgTransactionManager::begin(self.inner()?, statement).await {
                Ok(()) => break,
                Err(error) if self.open == 0 && !self.is_proven && tries_left > 0 && is_closed(&error) => {
                    tries_left -= 1;
                    self.replace().await?;
                }
                Err(error) => {
                    self.under_way = None;
                    self.has_failed |= self.open > 0;
                    return Err(self.explain(error));
                }
            }
        }
        self.is_proven = true;
        self.under_way = None;
        self.open += 1;
        Ok(())
    }

    fn begin_statement(&self, isolation: Option<IsolationLevel>) -> Result<String, DriverError> {
        let level = match isolation {
            None => "",
            Some(IsolationLevel::ReadUncommitted) => " ISOLATION LEVEL READ UNCOMMITTED",
            Some(IsolationLevel::ReadCommitted) => " ISOLATION LEVEL READ COMMITTED",
            Some(IsolationLevel::RepeatableRead) => " ISOLATION LEVEL REPEATABLE READ",
            Some(IsolationLevel::Serializable) => " ISOLATION LEVEL SERIALIZABLE",
            Some(IsolationLevel::Snapshot) => {
                let feature = "the isolation level Snapshot: RepeatableRead is what it is called here".to_owned();
                return Err(DriverError::Unsupported { feature });
            }
        };
        let mut statement = format!("BEGIN{level}");
        if self.source.target.is_pooled_outside {
            statement = format!("{statement}; {}", set_search_path("SET LOCAL", &self.source.target));
        }
        Ok(statement)
    }

    async fn end_transaction(&mut self, commit: bool) -> Result<(), DriverError> {
        self.enter(UnderWay::Transaction).await?;
        // The server would take the COMMIT, and roll back without a word.
        let is_lost = commit && self.has_failed;
        let inner = self.inner()?;
        let ended = match commit && !is_lost {
            true => PgTransactionManager::commit(inner).await,
            false => PgTransactionManager::rollback(inner).await,
        };
        let outermost = self.open == 1;
        let ended = match ended {
            Ok(()) => Ok(()),
            Err(error) if outermost && commit && !is_closed(&error) => {
                // A constraint that is checked at the end: the server has rolled back, which sqlx does not know.
                let settled = PgTransactionManager::rollback(self.inner()?).await;
                self.is_used_up |= settled.is_err();
                Err(error)
            }
            Err(error) => {
                self.is_used_up = true;
                Err(error)
            }
        };
        self.under_way = None;
        self.has_failed = false;
        self.open = self.open.saturating_sub(1);
        match ended {
            Err(error) => Err(self.explain(error)),
            Ok(()) if is_lost => Err(DriverError::Database {
                // in_failed_sql_transaction
                code: Some("25P02".to_owned()),
                message:
                    "the transaction cannot be committed, since a statement in it failed: it is rolled back. To go on \
                          after a failure, let the statement run in a transaction within the transaction (a savepoint)"
                        .to_owned(),
            }),
            Ok(()) => Ok(()),
        }
    }

    /// What a future comes to within the time that a statement may take.
    async fn within<T, E: From<DriverError>>(
        source: &Source<Target>,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let Some(limit) = source.target.socket_timeout else { return future.await };
        tokio::time::timeout(limit, future).await.unwrap_or_else(|_| {
            let message = format!("no answer within {} s (`socket_timeout` in the URL)", limit.as_secs());
            Err(DriverError::Timeout { message }.into())
        })
    }

    /// Nobody else gets a connection that still waits for an answer which did not come in time.
    fn settle(&mut self) {
        self.is_used_up |= self.under_way.is_some();
    }
}

impl Connection for PooledConnection {
    fn query<'a>(
        &'a mut self,
        statement: Statement,
        rows: &'a mut dyn RowVisitor,
    ) -> Running<'a, Result<(), QueryError>> {
        waits(async move {
            let source = Arc::clone(&self.source);
            let done = Self::within(&source, self.run(statement, Some(rows))).await;
            self.settle();
            done.map(drop)
        })
    }

    fn execute(&mut self, statement: Statement) -> Running<'_, Result<u64, DriverError>> {
        waits(async move {
            let source = Arc::clone(&self.source);
            let done = Self::within(&source, self.run(statement, None)).await;
            self.settle();
            done.map_err(|e| match e {
                QueryError::Driver(error) => error,
                QueryError::Visitor(error) => DriverError::Database { code: None, message: error.to_string() },
            })
        })
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<(), DriverError>> {
        Box::pin(async move {
            self.is_used_up = true;
            self.enter(UnderWay::Statement).await?;
            self.try_out().await?;
            let sql = match self.source.target.is_pooled_outside && self.open == 0 {
                true => format!("{}; {sql}", set_search_path("SET LOCAL", &self.source.target)),
                false => sql.to_owned(),
            };
            let done = self.inner()?.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
            self.under_way = None;
            self.has_failed |= self.open > 0 && done.is_err();
            done.map(drop).map_err(|e| self.explain(e))
        })
    }

    fn begin(&mut self, isolation: Option<IsolationLevel>) -> Running<'_, Result<(), DriverError>> {
        waits(async move {
            let source = Arc::clone(&self.source);
            let done = Self::within(&source, self.begin_transaction(isolation)).await;
            self.settle();
            done
        })
    }

    fn commit(&mut self) -> Running<'_, Result<(), DriverError>> {
        waits(async move {
            let source = Arc::clone(&self.source);
            let done = Self::within(&source, self.end_transaction(true)).await;
            self.settle();
            done
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async move {
            let source = Arc::clone(&self.source);
            let done = Self::within(&source, self.end_transaction(false)).await;
            self.settle();
            done
        })
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take() else { return };
        // The pool takes connections back in a task, even when this is dropped outside the runtime.
        let _runtime = self.runtime.enter();
        let is_used_up = self.is_used_up || self.source.target.single_use;
        match self.under_way {
            // It goes without a goodbye, for which the server would have no ear; that ends whatever transaction it is in.
            Some(UnderWay::Transaction) => drop(inner.into_connection().detach()),
            Some(UnderWay::Statement) if is_used_up => drop(inner.into_connection().detach()),
            _ if is_used_up => inner.close_on_drop(),
            None if self.open == 0 && !self.has_erred => self.source.keep(inner),
            under_way => {
                for _ in 0..self.open {
                    PgTransactionManager::start_rollback(&mut inner);
                }
                if under_way.is_some() || self.has_erred {
                    self.runtime.spawn(settle(Arc::clone(&self.source), inner, is_closed));
                }
            }
        }
    }
}
