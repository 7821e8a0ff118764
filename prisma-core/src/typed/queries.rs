//! What a client and a transaction have in common: the models' accessors, and queries of no one model.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::actions::Actions;
use super::batch::{self, Batch};
use super::client::ClientSchema;
use super::from_row::FromRow;
use super::model::Model;
use super::raw::{ExecuteRaw, QueryRaw};
use super::raw_sql::IntoRawSql;
use super::transaction::{Errors, Transaction, TransactionCall};
use crate::Error;
use crate::driver::BoxFuture;
use crate::engine::Handle;

/// What can be asked of a client, and of a transaction: `db.user()`, `db.batch(…)`, `db.query_raw(…)`.
///
/// A [`Client`](super::Client) and a [`Transaction`] both dereference to it, so that a function that takes `&Queries<S>` is called with either. It dereferences
/// to the generated accessors.
pub struct Queries<S> {
    accessors: Arc<S>,
}

impl<S: ClientSchema> Queries<S> {
    pub(super) fn new(handle: Handle) -> Self {
        Self { accessors: Arc::new(S::new(handle)) }
    }

    /// The queries of a model, for generic code: `db.model::<User>()` is `db.user()`.
    pub fn model<M: Model<Schema = S>>(&self) -> Actions<'_, M> {
        Actions::new(self.accessors.handle())
    }

    /// Begins a transaction; within one, a savepoint. If it is dropped without [`commit`](Transaction::commit), it is rolled back.
    ///
    /// # Errors
    /// No connection to be had in time (P2024); the transaction around it is over (P2028); what the database reports.
    pub async fn begin(&self) -> Result<Transaction<S>, Error> {
        Ok(Transaction::new(self.accessors.handle().begin(None).await?))
    }

    /// Runs a closure in a transaction, or within one in a savepoint: committed if it answers `Ok`, rolled back if it answers `Err`.
    ///
    /// The closure gets the transaction by value, with the same accessors.
    pub fn transaction<T, F, Fut>(&self, run: F) -> TransactionCall<'_, S, T, F>
    where
        F: FnOnce(Transaction<S>) -> Fut + Send,
        Fut: Future<Output = Result<T, Error>> + Send,
        T: Send,
    {
        TransactionCall::new(
            self.accessors.handle(),
            run,
            Errors { from: |error| error, is_conflict: Error::is_write_conflict },
        )
    }

    /// As [`transaction`](Self::transaction), for a closure with an error of its own, that [`Error`] can be turned into: `anyhow::Error`, or an enum with a
    /// variant for it. The closure says which:
    ///
    /// ```ignore
    /// let user = db
    ///     .try_transaction(async |tx| -> Result<_, ShopError> {
    ///         let user = tx.user().update(user::id.eq(1), user::credit.decrement(10)).await?;
    ///         if user.credit < 0 { Err(ShopError::NoCredit) } else { Ok(user) }
    ///     })
    ///     .await?;
    /// ```
    ///
    /// With [`retries`](TransactionCall::retries) it is run again whatever its error is, if its last statement was a write conflict (P2034).
    pub fn try_transaction<E, T, F, Fut>(&self, run: F) -> TransactionCall<'_, S, T, F, E>
    where
        F: FnOnce(Transaction<S>) -> Fut + Send,
        Fut: Future<Output = Result<T, E>> + Send,
        T: Send,
        E: From<Error> + Send,
    {
        TransactionCall::new(self.accessors.handle(), run, Errors { from: E::from, is_conflict: |_| false })
    }

    /// Runs queries that are not awaited yet in one transaction (within one: a savepoint), and answers all their answers.
    ///
    /// # Errors
    /// That of the first query that fails; then none of them has had an effect.
    pub fn batch<'a, T: Send + 'a>(&'a self, queries: impl Batch<Output = T> + 'a) -> BoxFuture<'a, Result<T, Error>> {
        batch::run(self.accessors.handle(), queries)
    }

    /// Runs SQL of one's own, made by [`sql!`](https://docs.rs/prisma-client/latest/prisma_client/macro.sql.html), and reads its rows: as records by the
    /// names of their columns, as tuples, single values, JSON objects, or structs that derive `FromRow`.
    ///
    /// Awaited, it fails with P2010 if the database refuses the SQL, and if a column is missing or holds something else.
    pub fn query_raw<T: FromRow>(&self, sql: impl IntoRawSql) -> QueryRaw<'_, T> {
        QueryRaw::new(self.accessors.handle(), sql.into_raw_sql())
    }

    /// Runs SQL of one's own, and answers how many rows it changed. Awaited, it fails with P2010 if the database refuses the SQL.
    pub fn execute_raw(&self, sql: impl IntoRawSql) -> ExecuteRaw<'_> {
        ExecuteRaw::new(self.accessors.handle(), sql.into_raw_sql())
    }
}

impl<S> Clone for Queries<S> {
    fn clone(&self) -> Self {
        Self { accessors: Arc::clone(&self.accessors) }
    }
}
impl<S> Deref for Queries<S> {
    type Target = S;
    fn deref(&self) -> &S {
        &self.accessors
    }
}
impl<S> fmt::Debug for Queries<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queries").finish_non_exhaustive()
    }
}
