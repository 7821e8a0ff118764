//! The first statement of a write, without running it: the write runs on a connection that keeps the statement and goes no further.

use std::task::{Context, Poll, Waker};

use super::write;
use crate::driver::{
    BoxFuture, Connection, DriverError, IsolationLevel, QueryError, RowVisitor, Running, Statement, done,
};
use crate::engine::{Engine, Session};
use crate::tree::WriteQuery;
use crate::{Error, Sink};

/// The first statement that a write runs.
///
/// # Errors
/// A write that makes no sense, or that needs no statement.
pub(super) fn first_statement(engine: &Engine, query: WriteQuery) -> Result<Statement, Error> {
    let mut recorder = Recorder(None);
    let mut nowhere = Nowhere;
    let result = {
        let mut session = Session::new(engine, &mut recorder);
        let mut running = write(&mut session, query, Some(&mut nowhere))?;
        // Nothing that it awaits is ever late.
        match running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(Error::internal("a write waits for something else than its connection")),
        }
    };
    match (recorder.0, result) {
        (Some(statement), _) => Ok(statement),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(Error::new(crate::ErrorKind::InvalidQuery {
            code: "P2009",
            path: Vec::new(),
            message: "there is nothing to write, so that no statement is run".to_owned(),
        })),
    }
}

struct Recorder(Option<Statement>);

impl Recorder {
    fn keep(&mut self, statement: Statement) -> DriverError {
        self.0.get_or_insert(statement);
        DriverError::Unsupported { feature: "running a statement that is only shown".to_owned() }
    }
}

impl Connection for Recorder {
    fn query<'a>(
        &'a mut self,
        statement: Statement,
        _rows: &'a mut dyn RowVisitor,
    ) -> Running<'a, Result<(), QueryError>> {
        let stop = self.keep(statement);
        done(Err(stop.into()))
    }

    fn execute(&mut self, statement: Statement) -> Running<'_, Result<u64, DriverError>> {
        let stop = self.keep(statement);
        done(Err(stop))
    }

    fn execute_script<'a>(&'a mut self, _sql: &'a str) -> BoxFuture<'a, Result<(), DriverError>> {
        Box::pin(async { Ok(()) })
    }

    fn begin(&mut self, _isolation: Option<IsolationLevel>) -> Running<'_, Result<(), DriverError>> {
        done(Ok(()))
    }

    fn commit(&mut self) -> Running<'_, Result<(), DriverError>> {
        done(Ok(()))
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(async { Ok(()) })
    }
}

/// Stands where the records would go, so that the statement asks for them.
struct Nowhere;

impl Sink for Nowhere {
    fn row(&mut self, _row: &dyn crate::driver::Row) -> Result<(), Error> {
        Ok(())
    }

    fn reverse(&mut self) {}

    fn child(&self, _relation: usize) -> Box<dyn Sink> {
        Box::new(Nowhere)
    }

    fn attach(&mut self, _relation: usize, _child: Box<dyn Sink>, _groups: crate::Groups) -> Result<(), Error> {
        Ok(())
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any + Send> {
        self
    }
}
