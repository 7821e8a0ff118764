//! Transactions: as a guard, or around a closure.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::ops::Deref;
use std::time::Duration;

use super::client::ClientSchema;
use super::queries::Queries;
use crate::driver::{BoxFuture, IsolationLevel};
use crate::engine::Handle;
use crate::{Error, ErrorKind};

/// An open transaction or savepoint, which dereferences to the same [`Queries`] as the client: `tx.user()`.
///
/// Dropped without [`commit`](Self::commit), it is rolled back.
pub struct Transaction<S> {
    queries: Queries<S>,
}

impl<S: ClientSchema> Transaction<S> {
    pub(super) fn new(handle: Handle) -> Self {
        Self { queries: Queries::new(handle) }
    }

    /// Makes the changes last. Of a savepoint: as far as the transaction around it does.
    ///
    /// # Errors
    /// It is over already (P2028), a write conflict (P2034), and what else the database reports.
    pub async fn commit(self) -> Result<(), Error> {
        self.queries.handle().commit().await
    }

    /// Takes the changes back.
    ///
    /// # Errors
    /// It is over already (P2028), and what else the database reports.
    pub async fn rollback(self) -> Result<(), Error> {
        self.queries.handle().rollback().await
    }
}

impl<S> Deref for Transaction<S> {
    type Target = Queries<S>;
    fn deref(&self) -> &Queries<S> {
        &self.queries
    }
}
impl<S> fmt::Debug for Transaction<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}

/// A closure to be run in a transaction. It runs when it is awaited.
#[must_use = "a transaction runs when it is awaited"]
pub struct TransactionCall<'db, S, T, F, E = Error> {
    handle: &'db Handle,
    run: F,
    options: Options,
    again: Option<fn(&F) -> F>,
    errors: Errors<E>,
    types: PhantomData<fn() -> (S, T)>,
}

/// The errors of a closure.
pub(super) struct Errors<E> {
    /// One of them, from one of the client's.
    pub(super) from: fn(Error) -> E,
    /// Whether one that the closure made itself is a write conflict.
    pub(super) is_conflict: fn(&E) -> bool,
}

#[derive(Debug, Clone, Copy)]
struct Options {
    isolation: Option<IsolationLevel>,
    timeout: Duration,
    max_wait: Duration,
    retries: u32,
}

/// Prisma's: 5 s for the transaction, 2 s to begin it.
const DEFAULT: Options =
    Options { isolation: None, timeout: Duration::from_secs(5), max_wait: Duration::from_secs(2), retries: 0 };

impl<'db, S, T, F, E> TransactionCall<'db, S, T, F, E> {
    pub(super) fn new(handle: &'db Handle, run: F, errors: Errors<E>) -> Self {
        Self { handle, run, options: DEFAULT, again: None, errors, types: PhantomData }
    }

    /// How far it is kept apart from other transactions; the database's own default if not said. SQLite has `Serializable` alone.
    pub fn isolation(mut self, level: IsolationLevel) -> Self {
        self.options.isolation = Some(level);
        self
    }

    /// How long it may take (5 s if not said); then it is rolled back and fails with P2028.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options.timeout = limit;
        self
    }

    /// How long it may wait to begin (2 s if not said); then it fails with P2028.
    pub fn max_wait(mut self, limit: Duration) -> Self {
        self.options.max_wait = limit;
        self
    }

    /// How often it is run again if it failed and its last statement was a write conflict (P2034); 0 if not said. What the closure holds is cloned for it.
    pub fn retries(mut self, times: u32) -> Self
    where
        F: Clone,
    {
        self.options.retries = times;
        self.again = Some(F::clone);
        self
    }
}

impl<'db, S, T, F, E, Fut> IntoFuture for TransactionCall<'db, S, T, F, E>
where
    S: ClientSchema,
    F: FnOnce(Transaction<S>) -> Fut + Send + 'db,
    Fut: Future<Output = Result<T, E>> + Send + 'db,
    T: Send + 'db,
    E: Send + 'db,
{
    type Output = Result<T, E>;
    type IntoFuture = BoxFuture<'db, Result<T, E>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { handle, mut run, options, again, errors, .. } = self;
        Box::pin(async move {
            let mut left = options.retries;
            loop {
                let next = again.filter(|_| left > 0).map(|again| again(&run));
                let result = once(handle, options, run).await;
                match (result, next) {
                    (Err(failed), Some(next)) if failed.has_lost(&errors) => {
                        left -= 1;
                        run = next;
                        let tried = options.retries - left;
                        tokio::time::sleep(Duration::from_millis(5 << tried.min(6))).await;
                    }
                    (result, _) => return result.map_err(|failed| failed.into_error(&errors)),
                }
            }
        })
    }
}

/// Why a transaction failed.
enum Failed<E> {
    /// The closure's error, and whether the last statement was a write conflict.
    Within(E, bool),
    Around(Error),
}

impl<E> Failed<E> {
    fn has_lost(&self, errors: &Errors<E>) -> bool {
        match self {
            Self::Within(error, has_lost) => *has_lost || (errors.is_conflict)(error),
            Self::Around(error) => error.is_write_conflict(),
        }
    }

    fn into_error(self, errors: &Errors<E>) -> E {
        match self {
            Self::Within(error, _) => error,
            Self::Around(error) => (errors.from)(error),
        }
    }
}

impl<E> From<Error> for Failed<E> {
    fn from(error: Error) -> Self {
        Self::Around(error)
    }
}

async fn once<S, T, E, Fut>(
    handle: &Handle,
    options: Options,
    run: impl FnOnce(Transaction<S>) -> Fut + Send,
) -> Result<T, Failed<E>>
where
    S: ClientSchema,
    Fut: Future<Output = Result<T, E>> + Send,
    T: Send,
    E: Send,
{
    let handle = match tokio::time::timeout(options.max_wait, handle.begin(options.isolation)).await {
        Ok(handle) => handle?,
        Err(_) => return Err(late("it could not begin", options.max_wait, "max_wait").into()),
    };
    match tokio::time::timeout(options.timeout, run(Transaction::new(handle.clone()))).await {
        Ok(Ok(value)) => Ok(handle.commit().await.map(|()| value)?),
        Ok(Err(error)) => {
            let has_lost = handle.has_lost();
            // The closure's error is the one to tell; what cannot be rolled back is thrown away by the pool.
            let _ = handle.rollback().await;
            Err(Failed::Within(error, has_lost))
        }
        Err(_) => {
            let _ = handle.rollback().await;
            Err(late("it was not done, and was rolled back,", options.timeout, "timeout").into())
        }
    }
}

fn late(what: &str, limit: Duration, option: &str) -> Error {
    let message = format!("{what} within {} ms; give it longer with `.{option}(…)`", limit.as_millis());
    ErrorKind::Transaction { message }.into()
}
