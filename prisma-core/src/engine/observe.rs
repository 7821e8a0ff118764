//! What is told of each statement: to `tracing`, and to the function that the program gave.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::{Instrument, Level, Span, debug_span, field};

use crate::Value;
use crate::driver::Statement;

/// Who is told of the statements, and what.
#[derive(Clone, Default)]
pub struct Observer {
    /// Is told of each statement when it is done.
    pub log: Option<Arc<dyn Fn(&QueryEvent<'_>) + Send + Sync>>,
    /// Whether the values of parameters are told. They may be secret.
    pub shows_values: bool,
    /// A statement that takes as long or longer is told as a warning.
    pub slow: Option<Duration>,
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer")
            .field("log", &self.log.is_some())
            .field("shows_values", &self.shows_values)
            .field("slow", &self.slow)
            .finish()
    }
}

/// A statement that was run.
#[derive(Debug)]
pub struct QueryEvent<'a> {
    sql: &'a str,
    values: Option<&'a [Value]>,
    duration: Duration,
    error: Option<String>,
    is_slow: bool,
}

impl QueryEvent<'_> {
    /// The text, with placeholders.
    pub fn sql(&self) -> &str {
        self.sql
    }

    /// The values of the placeholders, if the builder said [`log_values`](https://docs.rs/prisma-client/latest/prisma_client/struct.ClientBuilder.html#method.log_values).
    pub fn values(&self) -> Option<&[Value]> {
        self.values
    }

    /// How long it took, from the moment that the connection was there to the last row.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// What the database has against it, if it failed.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Whether it took as long as the builder's `slow_query` says, or longer.
    pub fn is_slow(&self) -> bool {
        self.is_slow
    }
}

/// One line: duration, text, and what else is known.
impl fmt::Display for QueryEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.duration, self.sql)?;
        if let Some(values) = self.values.filter(|v| !v.is_empty()) {
            write!(f, " -- {values:?}")?;
        }
        match &self.error {
            Some(error) => write!(f, " -- failed: {error}"),
            None => Ok(()),
        }
    }
}

/// Where `tracing` finds the statements.
const TARGET: &str = "prisma_client::query";

impl Observer {
    /// Runs a statement and tells of it. `system` is the database's name.
    pub(super) async fn observe<T, E: fmt::Display>(
        &self,
        system: &'static str,
        statement: Statement,
        run: impl AsyncFnOnce(Statement) -> Result<T, E>,
    ) -> Result<T, E> {
        let is_traced = tracing::enabled!(target: TARGET, Level::DEBUG);
        if !is_traced && self.log.is_none() && self.slow.is_none() {
            return run(statement).await;
        }
        let sql = Arc::clone(&statement.sql);
        let values = self.shows_values.then(|| statement.values.clone());
        let span = debug_span!(
            target: TARGET,
            "query",
            db.system.name = system,
            db.query.text = &*sql,
            db.query.parameters = field::Empty,
            duration_ms = field::Empty,
            error = field::Empty,
        );
        if let Some(values) = values.as_ref().filter(|_| !span.is_disabled()) {
            span.record("db.query.parameters", field::debug(values));
        }
        let begun = Instant::now();
        let result = run(statement).instrument(span.clone()).await;
        let duration = begun.elapsed();
        self.tell(&span, &QueryEvent {
            sql: &sql,
            values: values.as_deref(),
            duration,
            error: result.as_ref().err().map(ToString::to_string),
            is_slow: self.slow.is_some_and(|limit| duration >= limit),
        });
        result
    }

    fn tell(&self, span: &Span, event: &QueryEvent<'_>) {
        let milliseconds = event.duration.as_secs_f64() * 1000.0;
        span.record("duration_ms", milliseconds);
        if let Some(error) = &event.error {
            span.record("error", error.as_str());
        }
        span.in_scope(|| match event.is_slow {
            true => tracing::warn!(target: TARGET, duration_ms = milliseconds, sql = event.sql, "slow query"),
            false => tracing::debug!(target: TARGET, duration_ms = milliseconds, sql = event.sql, error = event.error, "query"),
        });
        if let Some(log) = &self.log {
            log(event);
        }
    }
}
