//! Queries for programs without async: whatever can be awaited has a method `run`.
//!
//! ```ignore
//! use prisma_client::blocking::Run;
//!
//! let db = PrismaClient::connect().run()?;
//! let users = db.user().find_many().filter(user::email.contains("@")).run()?;
//! let tx = db.begin().run()?;
//! tx.user().delete(user::id.eq(1)).run()?;
//! tx.commit().run()?;
//! ```
//!
//! All of them share one Tokio runtime with one thread of its own, which starts with the first.

use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use futures_util::Stream;
use prisma_core::{Error, ErrorKind};
use tokio::runtime::{Builder, Handle, Runtime};

/// The runtime of all that runs here.
static RUNTIME: Mutex<Option<&'static Runtime>> = Mutex::new(None);

fn runtime() -> Result<&'static Runtime, Error> {
    let failed = |message: String| Error::from(ErrorKind::Configuration { message });
    if Handle::try_current().is_ok() {
        let message = "`run` was called where a Tokio runtime runs already, which it would stop: use `.await` there";
        return Err(failed(message.to_owned()));
    }
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = *runtime {
        return Ok(runtime);
    }
    let built = Builder::new_multi_thread().worker_threads(1).thread_name("prisma-client").enable_all().build();
    let built = built.map_err(|e| failed(format!("the runtime for queries without async cannot start: {e}")))?;
    // It lives as long as the program.
    Ok(*runtime.insert(Box::leak(Box::new(built))))
}

/// Whatever can be awaited, without async. `E` is [`Error`], but for what `try_transaction` makes.
pub trait Run<T, E = Error>: IntoFuture<Output = Result<T, E>> {
    /// Runs it, and waits until it is done.
    ///
    /// # Errors
    /// Its own; and that it is called from async code, where the thread must not wait: use `.await` there.
    fn run(self) -> Result<T, E>;
}

impl<T, E: From<Error>, F: IntoFuture<Output = Result<T, E>>> Run<T, E> for F {
    fn run(self) -> Result<T, E> {
        runtime()?.block_on(async { self.await })
    }
}

/// What comes one after the other, without async: the iterator of `find_many().stream()`.
///
/// ```ignore
/// for user in prisma_client::blocking::iter(db.user().find_many().stream()) {
///     println!("{}", user?.email);
/// }
/// ```
pub fn iter<S: Stream<Item = Result<T, Error>> + Unpin, T>(stream: S) -> Iter<S> {
    Iter { stream: Some(stream) }
}

/// An iterator that waits for each item of a stream.
#[derive(Debug)]
#[must_use = "an iterator reads nothing until it is asked"]
pub struct Iter<S> {
    /// Gone after the runtime could not be had.
    stream: Option<S>,
}

impl<S: Stream<Item = Result<T, Error>> + Unpin, T> Iterator for Iter<S> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        match runtime() {
            Ok(runtime) => runtime.block_on(poll_fn(|context| Pin::new(&mut *stream).poll_next(context))),
            Err(error) => {
                self.stream = None;
                Some(Err(error))
            }
        }
    }
}
