//! A connection on loan from the pool.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use prisma_core::Error;
use prisma_core::driver::{
    BoxFuture, Connection, DriverError, IsolationLevel, QueryError, RowVisitor, Running, Statement, pause, waits,
};
use prisma_core::sql::INSERT_IGNORE;
use sqlx::mysql::{MySql, MySqlConnection, MySqlQueryResult, MySqlTransactionManager};
use sqlx::{AssertSqlSafe, Connection as _, Executor, Row, SqlSafeStr};
use sqlx_core::transaction::TransactionManager;
use tokio::runtime::Handle;

use super::bind::bind;
use super::error::{ends_transaction, explain, ignored, is_broken};
use super::row::MysqlRowRef;
use super::target::Target;
use crate::acquire::{GRACE, Source, Taken, is_harmless, is_read, settle};

/// A connection on loan. What it leaves open is rolled back when it is dropped.
///
/// sqlx reads the rest of an answer whose reader was dropped, but it cannot do so while a statement is prepared, and it loses count of
/// transactions that begin or end just then. So these steps own the connection until they are done, in a future that stays here.
pub(super) struct PooledConnection {
    /// There unless a step has it, until the drop.
    inner: Option<Box<Taken<MySql>>>,
    running: Option<BoxFuture<'static, Ended>>,
    source: Arc<Source<Target>>,
    runtime: Handle,
    /// Whether a statement is on its way to the server, or was when the future that waited for it was dropped.
    is_under_way: bool,
    /// Whether it was used not long before it was taken.
    is_trusted: bool,
    /// Whether anything was answered since it was taken: if not, it may have been dead in the pool.
    is_proven: bool,
    /// Whether its state is beyond what is known here, so that nobody else may get it.
    is_used_up: bool,
    /// Whether the server has rolled back the transaction that is open here.
    is_rolled_back: bool,
    last_insert_id: Option<i64>,
}

/// What is done to its end even if nobody waits for it any more.
#[derive(Debug)]
enum Step {
    Prepare(Arc<str>),
    /// Asks whether the server is there.
    Ping,
    /// `BEGIN` with what goes before it, or a savepoint.
    Begin(Option<&'static str>),
    Commit,
    Rollback,
}

impl Step {
    async fn run(&self, connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
        match self {
            Step::Prepare(sql) => connection.prepare(AssertSqlSafe(Arc::clone(sql)).into_sql_str()).await.map(drop),
            Step::Ping => connection.ping().await,
            Step::Begin(sql) => MySqlTransactionManager::begin(connection, sql.map(SqlSafeStr::into_sql_str)).await,
            Step::Commit => MySqlTransactionManager::commit(connection).await,
            Step::Rollback => MySqlTransactionManager::rollback(connection).await,
        }
    }
}

/// A step that is over: the connection, what the step was, and what came of it.
type Ended = (Owned, Step, Result<(), sqlx::Error>);

/// A connection in a step. Dropped before the step is done, it is closed: nobody knows what it would answer next.
struct Owned(Option<Box<Taken<MySql>>>);

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.into_connection().detach());
        }
    }
}

/// A statement that failed.
enum Failure {
    Database(sqlx::Error),
    Driver(DriverError),
    Visitor(Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// A statement that succeeded.
enum Done {
    Shown,
    Executed(MySqlQueryResult),
}

impl PooledConnection {
    pub(super) fn new(taken: Box<Taken<MySql>>, source: Arc<Source<Target>>, runtime: Handle) -> Self {
        let is_trusted = !taken.is_rested();
        Self {
            inner: Some(taken),
            running: None,
            source,
            runtime,
            is_under_way: false,
            is_trusted,
            is_proven: false,
            is_used_up: false,
            is_rolled_back: false,
            last_insert_id: None,
        }
    }

    fn inner(&mut self) -> Result<&mut MySqlConnection, DriverError> {
        match &mut self.inner {
            Some(inner) => Ok(inner),
            None => Err(closed()),
        }
    }

    /// How many transactions and savepoints are open.
    fn depth(&self) -> usize {
        self.inner.as_ref().map_or(0, |inner| MySqlTransactionManager::get_transaction_depth(inner))
    }

    fn start(&mut self, step: Step) -> Result<(), DriverError> {
        let mut owned = Owned(Some(self.inner.take().ok_or_else(closed)?));
        self.running = Some(Box::pin(async move {
            let result = match &mut owned.0 {
                Some(connection) => step.run(connection).await,
                None => Err(sqlx::Error::PoolClosed),
            };
            (owned, step, result)
        }));
        Ok(())
    }

    /// Waits for the step that is under way, if there is one.
    async fn end(&mut self) -> Option<(Step, Result<(), sqlx::Error>)> {
        let (mut owned, step, result) = self.running.as_mut()?.await;
        self.running = None;
        self.inner = owned.0.take();
        Some((step, result))
    }

    /// Takes a step, after the one whose future was dropped. A transaction that that one began is nobody's, and is rolled back.
    async fn step(&mut self, step: Step) -> Result<(), DriverError> {
        while let Some((left, result)) = self.end().await {
            match (left, result) {
                (Step::Begin(_), Ok(())) => self.start(Step::Rollback)?,
                (_, Err(error)) => self.note(&error),
                _ => {}
            }
        }
        let limit = self.source.target.socket_timeout;
        let mut step = step;
        let mut tries_left = self.tries();
        loop {
            self.start(step)?;
            match within(limit, self.end()).await {
                // Neither a statement's preparation nor a transaction's beginning does anything.
                Some(Some((again, Err(error)))) if tries_left > 0 && self.was_dead(&error) => {
                    tries_left -= 1;
                    self.replace().await?;
                    step = again;
                }
                Some(Some((_, Err(error)))) => return Err(self.failed(error)),
                Some(Some((step, Ok(())))) => {
                    // What is prepared already is not prepared again.
                    if !matches!(step, Step::Prepare(_)) {
                        (self.is_proven, self.is_under_way) = (true, false);
                    }
                    return Ok(());
                }
                Some(None) => return Ok(()),
                None => return Err(self.late()),
            }
        }
    }

    /// How often another connection may be tried: one of the pool each, at most.
    fn tries(&self) -> u32 {
        self.source.target.pool.max_connections
    }

    /// Whether it may be that the connection had died before it was taken.
    fn was_dead(&self, error: &sqlx::Error) -> bool {
        !self.is_proven && self.depth() == 0 && is_broken(error)
    }

    /// Another connection in the place of one that had died in the pool.
    async fn replace(&mut self) -> Result<(), DriverError> {
        let taken = self.source.replace(self.inner.take()).await?;
        self.is_trusted = !taken.is_rested();
        self.inner = Some(taken);
        self.is_under_way = false;
        Ok(())
    }

    /// Finds out whether the server is still there, before it is sent what could not be sent again, on a connection that nobody used for long.
    async fn try_out(&mut self) -> Result<(), DriverError> {
        match self.is_trusted || self.is_proven || self.depth() > 0 {
            true => Ok(()),
            false => self.step(Step::Ping).await,
        }
    }

    /// Keeps in mind what an error means for the connection.
    fn note(&mut self, error: &sqlx::Error) {
        self.is_used_up |= is_broken(error);
        self.is_rolled_back |= ends_transaction(error) && self.depth() > 0;
    }

    fn failed(&mut self, error: sqlx::Error) -> DriverError {
        self.note(&error);
        explain(&self.source.target, error)
    }

    /// The server did not answer in time: what it is still doing, nobody knows.
    fn late(&mut self) -> DriverError {
        self.is_used_up = true;
        let seconds = self.source.target.socket_timeout.unwrap_or_default().as_secs();
        let message = format!("the server did not answer within {seconds} s, which `socket_timeout` in the URL sets");
        DriverError::Timeout { message }
    }

    /// Looks at SQL that is not the engine's: it may begin a transaction or change settings behind our back.
    fn watch(&mut self, statement: &Statement) {
        const HARMLESS: [&str; 10] =
            ["select", "insert", "update", "delete", "replace", "with", "values", "show", "explain", "table"];
        if !statement.persistent {
            let sql = statement.sql.trim();
            let first = sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
            let is_one = !sql.trim_end_matches(';').contains(';');
            self.is_used_up |= !(is_one && HARMLESS.iter().any(|word| first.eq_ignore_ascii_case(word)));
        }
    }

    /// A transaction that is rolled back must not go on, statement by statement, as if each were one.
    fn check(&self) -> Result<(), DriverError> {
        match self.is_rolled_back {
            true => Err(DriverError::WriteConflict {
                message: "the database has rolled back the transaction because of a deadlock".to_owned(),
            }),
            false => Ok(()),
        }
    }

    async fn prepare(&mut self, statement: &Statement) -> Result<Prepared, DriverError> {
        let arguments = bind(&statement.values)?;
        self.step(Step::Prepare(Arc::clone(&statement.sql))).await?;
        Ok(sqlx::query_with(AssertSqlSafe(Arc::clone(&statement.sql)), arguments))
    }

    /// Runs a statement, again if it is known not to have done anything.
    async fn run(&mut self, statement: &Statement, rows: Option<&mut dyn RowVisitor>) -> Result<u64, QueryError> {
        self.check()?;
        self.watch(statement);
        if !is_read(statement) {
            self.try_out().await?;
        }
        let mut rows = rows;
        let mut tries_left = self.tries();
        loop {
            let rows = rows.as_mut().map(|rows| &mut **rows as &mut dyn RowVisitor);
            let since = Instant::now();
            match self.run_once(statement, rows).await {
                Ok(count) => {
                    self.source.round_trip.note(since);
                    return Ok(count);
                }
                Err(Failure::Database(e)) if tries_left > 0 && self.was_dead(&e) && is_harmless(statement, &e) => {
                    tries_left -= 1;
                    self.replace().await?;
                }
                Err(Failure::Database(e)) => return Err(self.failed(e).into()),
                Err(Failure::Driver(e)) => return Err(e.into()),
                Err(Failure::Visitor(e)) => return Err(QueryError::Visitor(e)),
            }
        }
    }

    async fn run_once(
        &mut self,
        statement: &Statement,
        rows: Option<&mut (dyn RowVisitor + '_)>,
    ) -> Result<u64, Failure> {
        let query = self.prepare(statement).await.map_err(Failure::Driver)?;
        let limit = self.source.target.socket_timeout;
        self.is_under_way = true;
        let inner = self.inner().map_err(Failure::Driver)?;
        let run = async {
            let Some(rows) = rows else { return Ok(Done::Executed(query.execute(inner).await?)) };
            let mut stream = query.fetch(inner);
            while let Some(row) = stream.try_next().await? {
                rows.row(&MysqlRowRef(&row)).map_err(Failure::Visitor)?;
                if rows.is_full() {
                    pause().await;
                }
            }
            Ok(Done::Shown)
        };
        let done: Option<Result<Done, Failure>> = within(limit, run).await;
        match done {
            None => Err(Failure::Driver(self.late())),
            // What a visitor does not want to see is read before anything else.
            Some(Err(Failure::Visitor(error))) => Err(Failure::Visitor(error)),
            Some(Err(failure)) => {
                self.is_under_way = false;
                Err(failure)
            }
            Some(Ok(done)) => {
                self.is_under_way = false;
                self.is_proven = true;
                match done {
                    Done::Shown => Ok(0),
                    Done::Executed(done) => {
                        self.last_insert_id = i64::try_from(done.last_insert_id()).ok().filter(|id| *id != 0);
                        Ok(done.rows_affected())
                    }
                }
            }
        }
    }

    /// INSERT IGNORE passes over every error of a row; here it is to pass over duplicates alone.
    async fn check_ignored(&mut self) -> Result<(), DriverError> {
        let shown = sqlx::raw_sql("SHOW WARNINGS").fetch_all(self.inner()?).await;
        for row in shown.map_err(|e| self.failed(e))? {
            let unreadable = |e: sqlx::Error| DriverError::Database { code: None, message: e.to_string() };
            let level: String = row.try_get_unchecked(0).map_err(unreadable)?;
            let number: i64 = row.try_get_unchecked(1).map_err(unreadable)?;
            let message: String = row.try_get_unchecked(2).map_err(unreadable)?;
            if level != "Note"
                && let Some(error) = ignored(&self.source.target, u16::try_from(number).unwrap_or(0), &message)
            {
                return Err(error);
            }
        }
        Ok(())
    }
}

type Prepared = sqlx::query::Query<'static, MySql, sqlx::mysql::MySqlArguments>;

fn closed() -> DriverError {
    DriverError::ConnectionClosed { message: "it was given back already".to_owned() }
}

/// What a future gives, unless that takes longer than the limit.
async fn within<T>(limit: Option<Duration>, future: impl Future<Output = T>) -> Option<T> {
    match limit {
        Some(limit) => tokio::time::timeout(limit, future).await.ok(),
        None => Some(future.await),
    }
}

impl Connection for PooledConnection {
    fn query<'a>(
        &'a mut self,
        statement: Statement,
        rows: &'a mut dyn RowVisitor,
    ) -> Running<'a, Result<(), QueryError>> {
        waits(async move { self.run(&statement, Some(rows)).await.map(drop) })
    }

    fn execute(&mut self, statement: Statement) -> Running<'_, Result<u64, DriverError>> {
        waits(async move {
            let skips = statement.sql.starts_with(INSERT_IGNORE);
            let count = self.run(&statement, None).await.map_err(|e| match e {
                QueryError::Driver(error) => error,
                QueryError::Visitor(error) => DriverError::Database { code: None, message: error.to_string() },
            })?;
            if skips {
                self.check_ignored().await?;
            }
            Ok(count)
        })
    }

    fn last_insert_id(&self) -> Option<i64> {
        self.last_insert_id
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<(), DriverError>> {
        Box::pin(async move {
            self.check()?;
            self.is_used_up = true;
            while self.end().await.is_some() {}
            self.try_out().await?;
            let limit = self.source.target.socket_timeout;
            let script = sqlx::raw_sql(AssertSqlSafe(sql)).execute(self.inner()?);
            let done = within(limit, script).await.ok_or_else(|| self.late())?;
            done.map(|_| ()).map_err(|e| self.failed(e))
        })
    }

    fn begin(&mut self, isolation: Option<IsolationLevel>) -> Running<'_, Result<(), DriverError>> {
        waits(async move {
            self.check()?;
            let sql = match isolation {
                // A savepoint, or the server's own level.
                None => None,
                Some(IsolationLevel::ReadUncommitted) => {
                    Some("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; BEGIN")
                }
                Some(IsolationLevel::ReadCommitted) => Some("SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN"),
                Some(IsolationLevel::RepeatableRead) => Some("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; BEGIN"),
                Some(IsolationLevel::Serializable) => Some("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; BEGIN"),
                Some(IsolationLevel::Snapshot) => {
                    let feature = "the isolation level Snapshot: MySQL has ReadUncommitted, ReadCommitted,                                    RepeatableRead and Serializable";
                    return Err(DriverError::Unsupported { feature: feature.to_owned() });
                }
            };
            self.step(Step::Begin(sql)).await
        })
    }

    fn commit(&mut self) -> Running<'_, Result<(), DriverError>> {
        waits(async move {
            self.check()?;
            self.step(Step::Commit).await
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async move {
            if self.is_rolled_back {
                self.is_used_up = true;
                // The whole is what was to go; a part of it can not.
                return if self.depth() > 1 { self.check() } else { Ok(()) };
            }
            let done = self.step(Step::Rollback).await;
            self.is_used_up |= done.is_err();
            done
        })
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        // The pool takes connections back in a task, even when this is dropped outside the runtime.
        let _runtime = self.runtime.enter();
        let is_used_up = self.is_used_up || self.is_rolled_back;
        let is_idle = !is_used_up && !self.is_under_way && self.depth() == 0;
        match (self.running.take(), self.inner.take()) {
            (Some(running), _) if !is_used_up => {
                self.runtime.spawn(async move {
                    // Dropped when its time is up, it takes the connection with it.
                    let Ok((mut owned, _, result)) = tokio::time::timeout(GRACE, running).await else { return };
                    if let Some(connection) = owned.0.take() {
                        drop(rolled_back(connection, result.is_err()));
                    }
                });
            }
            (None, Some(connection)) if is_idle => self.source.keep(connection),
            (running, connection) => {
                drop(running);
                let Some(connection) = connection else { return };
                let connection = rolled_back(connection, is_used_up);
                if self.is_under_way && !is_used_up {
                    self.runtime.spawn(settle(Arc::clone(&self.source), connection, is_broken));
                }
            }
        }
    }
}

/// A connection that the pool may have back: it rolls back what is open first.
fn rolled_back(mut connection: Box<Taken<MySql>>, is_used_up: bool) -> Box<Taken<MySql>> {
    if is_used_up {
        // Closing ends whatever transaction it is in.
        connection.close_on_drop();
        return connection;
    }
    for _ in 0..MySqlTransactionManager::get_transaction_depth(&connection) {
        MySqlTransactionManager::start_rollback(&mut connection);
    }
    connection
}
