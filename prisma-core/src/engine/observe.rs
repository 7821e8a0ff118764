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
    /// Begins to watch a statement, if anybody is to be told of it. `system` is the database's name.
    pub(super) fn watch(&self, system: &'static str, statement: &Statement) -> Option<Box<Watch<'_>>> {
        let is_traced = tracing::enabled!(target: TARGET, Level::DEBUG);
        if !is_traced && self.log.is_none() && self.slow.is_none() {
            return None;
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
        Some(Box::new(Watch { observer: self, sql, values, span, begun: Instant::now() }))
    }
}

/// A statement that somebody is told of.
pub(super) struct Watch<'o> {
    observer: &'o Observer,
    sql: Arc<str>,
    values: Option<Vec<Value>>,
    span: Span,
    begun: Instant,
}

impl Watch<'_> {
    /// Runs the statement and tells of it.
    pub(super) async fn observe<T, E: fmt::Display>(
        self: Box<Self>,
        run: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let result = run.instrument(self.span.clone()).await;
        let duration = self.begun.elapsed();
        self.tell(&QueryEvent {
            sql: &self.sql,
            values: self.values.as_deref(),
            duration,
            error: result.as_ref().err().map(ToString::to_string),
            is_slow: self.observer.slow.is_some_and(|limit| duration >= limit),
        });
        result
    }

    fn tell(&self, event: &QueryEvent<'_>) {
        let span = &self.span;
        let milliseconds = event.duration.as_secs_f64() * 1000.0;
        span.record("duration_ms", milliseconds);
        if let Some(error) = &event.error {
            span.record("error", error.as_str());
        }
        span.in_scope(|| match event.is_slow {
            true => tracing::warn!(target: TARGET, duration_ms = milliseconds, sql = event.sql, "slow query"),
            false => tracing::debug!(target: TARGET, duration_ms = milliseconds, sql = event.sql, error = event.error, "query"),
        });
        if let Some(log) = &self.observer.log {
            log(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;
    use std::sync::Mutex;

    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use super::*;

    /// What `tracing` is told, a line for each span, record and event.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<String>>>);

    impl tracing::field::Visit for Lines {
        fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
            self.0.lock().unwrap().push(format!("{field}={value:?}"));
        }
    }

    impl Subscriber for Lines {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == TARGET
        }
        fn new_span(&self, attributes: &Attributes<'_>) -> Id {
            self.0.lock().unwrap().push(format!("span {}", attributes.metadata().name()));
            attributes.record(&mut self.clone());
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, values: &Record<'_>) {
            values.record(&mut self.clone());
        }
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, event: &Event<'_>) {
            self.0.lock().unwrap().push(format!("event {}", event.metadata().level()));
            event.record(&mut self.clone());
        }
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    async fn told(observer: &Observer, result: Result<u64, String>) -> String {
        let lines = Lines::default();
        let guard = tracing::subscriber::set_default(lines.clone());
        let statement = Statement { sql: "SELECT ?".into(), values: vec![Value::Int(41)], persistent: true };
        let watch = observer.watch("sqlite", &statement).expect("tracing listens");
        let answer = watch.observe(async { result.clone() }).await;
        drop(guard);
        assert_eq!(answer, result);
        let lines = lines.0.lock().unwrap();
        lines.iter().filter(|line| !line.starts_with("duration_ms")).map(String::as_str).collect::<Vec<_>>().join("; ")
    }

    #[tokio::test]
    async fn spans() {
        let mut observer = Observer::default();
        let begin = r#"span query; db.system.name="sqlite"; db.query.text="SELECT ?""#;
        assert_eq!(
            told(&observer, Ok(1)).await,
            format!(r#"{begin}; event DEBUG; message=query; sql="SELECT ?""#),
            "values are secret"
        );
        observer.shows_values = true;
        assert!(told(&observer, Ok(1)).await.starts_with(&format!("{begin}; db.query.parameters=[Int(41)]; event")));
        let failed = told(&observer, Err("no such table".to_owned())).await;
        assert!(failed.contains(r#"error="no such table"; event DEBUG"#), "{failed}");
        observer.slow = Some(Duration::ZERO);
        assert!(told(&observer, Ok(1)).await.contains("event WARN; message=slow query"));
        observer.slow = Some(Duration::from_secs(60));
        assert!(told(&observer, Ok(1)).await.contains("event DEBUG"));
    }
}
