//! The client: a schema and a database.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use prisma_schema::{Schema, SourceFile};

use super::actions::Actions;
use super::batch::{self, Batch};
use super::from_row::FromRow;
use super::model::Model;
use super::raw::{ExecuteRaw, QueryRaw};
use super::raw_sql::IntoRawSql;
use super::transaction::{Transaction, TransactionCall};
use crate::driver::{BoxFuture, Driver};
use crate::engine::{Engine, Handle, Settings};
use crate::{Error, ErrorKind};

/// What the macros know of a schema: implemented by the generated type that holds the models' accessors.
pub trait ClientSchema: Sized + Send + Sync + 'static {
    /// The provider, as a type.
    type Provider;
    /// The schema's files: name and text.
    const FILES: &'static [(&'static str, &'static str)];
    /// The folder that relative paths in the schema start from, on the machine that it was compiled on.
    const DIRECTORY: &'static str;

    /// The accessors on a handle.
    fn new(handle: Handle) -> Self;

    /// The handle.
    fn handle(&self) -> &Handle;

    /// The schema, read from the text that the macro has found good.
    ///
    /// # Errors
    /// The schema is wrong: not for one that the macro accepted.
    fn schema() -> Result<Arc<Schema>, Error> {
        let sources = Self::FILES.iter().map(|(name, text)| SourceFile::new(*name, *text)).collect();
        match prisma_schema::parse(sources) {
            Ok(validated) => Ok(Arc::new(validated.schema)),
            Err(errors) => Err(ErrorKind::Schema { message: errors.render(false) }.into()),
        }
    }
}

/// A connected client. It is cheap to clone; the clones share one pool.
///
/// It dereferences to the generated accessors: `db.user()`.
pub struct Client<S> {
    accessors: Arc<S>,
}

impl<S: ClientSchema> Client<S> {
    /// The client of a driver.
    ///
    /// # Errors
    /// A provider whose SQL this library does not speak.
    pub fn new(schema: Arc<Schema>, driver: Arc<dyn Driver>) -> Result<Self, Error> {
        Self::with_settings(schema, driver, Settings::default())
    }

    /// The client of a driver, with settings.
    ///
    /// # Errors
    /// A provider whose SQL this library does not speak.
    pub fn with_settings(schema: Arc<Schema>, driver: Arc<dyn Driver>, settings: Settings) -> Result<Self, Error> {
        let engine = Arc::new(Engine::with_settings(schema, driver, settings)?);
        Ok(Self { accessors: Arc::new(S::new(Handle::new(engine))) })
    }

    /// The schema.
    pub fn schema(&self) -> &Schema {
        self.accessors.handle().engine().schema()
    }

    /// The driver.
    pub fn driver(&self) -> &Arc<dyn Driver> {
        self.accessors.handle().engine().driver()
    }

    /// The queries of a model, for generic code: `db.model::<User>()` is `db.user()`.
    pub fn model<M: Model<Schema = S>>(&self) -> Actions<'_, M> {
        Actions::new(self.accessors.handle())
    }

    /// Begins a transaction. If it is dropped without [`commit`](Transaction::commit), it is rolled back.
    ///
    /// # Errors
    /// No connection to be had in time (P2024); what the database reports.
    pub async fn begin(&self) -> Result<Transaction<S>, Error> {
        Ok(Transaction::new(self.accessors.handle().begin(None).await?))
    }

    /// Runs a closure in a transaction: committed if it answers `Ok`, rolled back if it answers `Err`.
    ///
    /// The closure gets the transaction by value, with the same accessors as the client.
    pub fn transaction<T, F, Fut>(&self, run: F) -> TransactionCall<'_, S, T, F>
    where
        F: FnOnce(Transaction<S>) -> Fut + Send,
        Fut: Future<Output = Result<T, Error>> + Send,
        T: Send,
    {
        TransactionCall::new(self.accessors.handle(), run)
    }

    /// Runs queries that are not awaited yet in one transaction, and answers all their answers.
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

    /// Closes the pool and waits until all connections are back.
    pub async fn disconnect(&self) {
        self.driver().close().await;
    }
}

impl<S> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self { accessors: Arc::clone(&self.accessors) }
    }
}
impl<S> Deref for Client<S> {
    type Target = S;
    fn deref(&self) -> &S {
        &self.accessors
    }
}
impl<S: ClientSchema> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("driver", self.driver()).finish_non_exhaustive()
    }
}

/// The client type that the macros generate: `PrismaClient`.
pub trait GeneratedClient: Sized + Send + 'static {
    /// Its schema.
    type Schema: ClientSchema;

    /// The generated client of one that is connected.
    ///
    /// # Errors
    /// The driver is not that of the schema's provider.
    fn of(client: Client<Self::Schema>) -> Result<Self, Error>;
}
