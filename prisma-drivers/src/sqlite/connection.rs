//! A connection on loan from the pool.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use libsqlite3_sys::SQLITE_READONLY;
use prisma_core::Error;
use prisma_core::driver::{
    BoxFuture, Connection, DriverError, IsolationLevel, QueryError, Row, RowVisitor, Running, Statement, done, waits,
};

use super::error::explain_failure;
use super::pool::{Pool, Taken};
use super::raw_handle::{Failure, RawHandle};
use super::run::{Attempt, Background, Refusal};

/// A connection on loan. What it leaves open is rolled back when it is dropped.
///
/// Statements run on the calling thread. One that takes longer than two slices of time to get to its next row, or to its end, goes on
/// on a thread of its own until it is there.
pub(super) struct PooledConnection {
    /// There unless it is in the background.
    pub(super) taken: Option<Box<Taken>>,
    /// A call that lasts, with the connection. It lies here so that it is found again if the future that began it is dropped.
    pub(super) background: Option<Background>,
    pub(super) pool: Arc<Pool>,
    /// Transactions and savepoints begun here.
    open: usize,
}

impl PooledConnection {
    pub(super) fn new(taken: Box<Taken>, pool: Arc<Pool>) -> Self {
        Self { taken: Some(taken), background: None, pool, open: 0 }
    }

    pub(super) fn raw(&mut self) -> Result<&mut RawHandle, DriverError> {
        match &mut self.taken {
            Some(taken) => Ok(&mut taken.raw),
            None => Err(DriverError::ConnectionClosed { message: "its statement was broken off".to_owned() }),
        }
    }

    /// Looks at SQL that is not the engine's: it may begin a transaction or change settings behind our back.
    fn watch(&mut self, statement: &Statement) -> Result<(), DriverError> {
        const HARMLESS: [&str; 7] = ["select", "insert", "update", "delete", "replace", "with", "values"];
        if !statement.persistent {
            let sql = statement.sql.trim();
            let first = sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
            let is_one = !sql.trim_end_matches(';').contains(';');
            if !(is_one && HARMLESS.iter().any(|word| first.eq_ignore_ascii_case(word))) {
                self.raw()?.close_on_drop();
            }
        }
        Ok(())
    }

    /// Runs a statement of ours that begins or ends something.
    async fn control(&mut self, sql: &Arc<str>) -> Result<(), Refusal> {
        self.run_clean(sql, Vec::new(), true, &mut unseen).await.map(drop)
    }

    fn explain(&self, refusal: Refusal) -> QueryError {
        match refusal {
            Refusal::Sqlite(failure) => QueryError::Driver(explain_failure(self.pool.target(), failure)),
            Refusal::Driver(error) => QueryError::Driver(error),
            Refusal::Visitor(error) => QueryError::Visitor(error),
        }
    }

    /// The same where there is no visitor.
    fn explain_plain(&self, refusal: Refusal) -> DriverError {
        match self.explain(refusal) {
            QueryError::Driver(error) => error,
            QueryError::Visitor(error) => DriverError::Database { code: None, message: error.to_string() },
        }
    }
}

/// Nobody looks at the rows.
fn unseen(_: &dyn Row) -> Result<(), Error> {
    Ok(())
}

/// A statement of ours that begins or ends something.
fn words_of(sql: Arc<str>) -> Statement {
    Statement { sql, values: Vec::new(), persistent: true }
}

impl Connection for PooledConnection {
    fn query<'a>(
        &'a mut self,
        mut statement: Statement,
        rows: &'a mut dyn RowVisitor,
    ) -> Running<'a, Result<(), QueryError>> {
        match self.attempt(&mut statement, rows) {
            Attempt::Done(result) => done(result.map(drop).map_err(|e| self.explain(e))),
            attempt => waits(async move {
                self.watch(&statement)?;
                self.go_on(attempt, statement, rows).await.map(drop).map_err(|e| self.explain(e))
            }),
        }
    }

    fn execute(&mut self, mut statement: Statement) -> Running<'_, Result<u64, DriverError>> {
        match self.attempt(&mut statement, &mut unseen) {
            Attempt::Done(result) => done(result.map_err(|e| self.explain_plain(e))),
            attempt => waits(async move {
                self.watch(&statement)?;
                self.go_on(attempt, statement, &mut unseen).await.map_err(|e| self.explain_plain(e))
            }),
        }
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<(), DriverError>> {
        Box::pin(async move {
            self.settle_what_was_left().await?;
            self.raw()?.close_on_drop();
            let done = self.run_clean(&Arc::from(sql), Vec::new(), false, &mut unseen).await;
            done.map(drop).map_err(|e| self.explain_plain(e))
        })
    }

    fn begin(&mut self, isolation: Option<IsolationLevel>) -> Running<'_, Result<(), DriverError>> {
        if let Some(level) = isolation.filter(|l| *l != IsolationLevel::Serializable) {
            let feature = format!("the isolation level {level:?}: SQLite has Serializable only");
            return done(Err(DriverError::Unsupported { feature }));
        }
        let words = self.pool.words();
        let mut begin = words_of(match self.open {
            0 => words.begin_immediate.clone(),
            depth => words.savepoint(depth).0,
        });
        match self.attempt(&mut begin, &mut unseen) {
            Attempt::Done(Ok(_)) => {
                self.open += 1;
                done(Ok(()))
            }
            attempt => waits(async move {
                let mut begun = self.go_on(attempt, begin, &mut unseen).await;
                if self.open == 0 && begun.as_ref().is_err_and(is_read_only) {
                    // A database that cannot be written to can still be read in a transaction.
                    begun = self.control(&self.pool.words().begin.clone()).await.map(|()| 0);
                }
                begun.map_err(|e| self.explain_plain(e))?;
                self.open += 1;
                Ok(())
            }),
        }
    }

    fn commit(&mut self) -> Running<'_, Result<(), DriverError>> {
        let words = self.pool.words();
        let mut commit = words_of(match self.open {
            0 => return done(Ok(())),
            1 => words.commit.clone(),
            depth => words.savepoint(depth - 1).1,
        });
        match self.attempt(&mut commit, &mut unseen) {
            Attempt::Done(Ok(_)) => {
                self.open -= 1;
                done(Ok(()))
            }
            attempt => waits(async move {
                self.go_on(attempt, commit, &mut unseen).await.map_err(|e| self.explain_plain(e))?;
                self.open -= 1;
                Ok(())
            }),
        }
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async move {
            self.settle_what_was_left().await?;
            if self.open == 0 || self.raw()?.is_autocommit() {
                // After some errors (a full disk, for one) SQLite has rolled back by itself.
                self.open = 0;
                return Ok(());
            }
            let done = match self.open {
                1 => self.control(&self.pool.words().rollback.clone()).await,
                depth => {
                    let savepoint = depth - 1;
                    self.run_clean(
                        &format!("ROLLBACK TO s{savepoint}; RELEASE s{savepoint}").into(),
                        Vec::new(),
                        false,
                        &mut unseen,
                    )
                    .await
                    .map(drop)
                }
            };
            self.open -= 1;
            done.map_err(|e| {
                // What it is in the middle of, nobody knows.
                if let Ok(raw) = self.raw() {
                    raw.close_on_drop();
                }
                self.explain_plain(e)
            })
        })
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        match self.taken.take() {
            Some(taken) => self.pool.give_back(taken),
            // The thread in the background gives it back when it is interrupted.
            None => {
                if let Some(background) = &self.background {
                    background.interrupt.store(true, Ordering::Relaxed);
                }
            }
        }
    }
}

/// Whether SQLite refused since the database is read-only.
fn is_read_only(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Sqlite(Failure::Sqlite { code, .. }) if code & 0xff == SQLITE_READONLY)
}
