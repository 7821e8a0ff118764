//! The client: a schema and a database.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use prisma_schema::{Schema, SourceFile};

use super::queries::Queries;
use crate::driver::Driver;
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
/// It dereferences to [`Queries`], and that to the generated accessors: `db.user()`.
pub struct Client<S> {
    queries: Queries<S>,
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
        Ok(Self { queries: Queries::new(Handle::new(engine)) })
    }

    /// The schema.
    pub fn schema(&self) -> &Schema {
        self.queries.handle().engine().schema()
    }

    /// The driver.
    pub fn driver(&self) -> &Arc<dyn Driver> {
        self.queries.handle().engine().driver()
    }

    /// Closes the pool and waits until all connections are back.
    pub async fn disconnect(&self) {
        self.driver().close().await;
    }
}

impl<S> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self { queries: self.queries.clone() }
    }
}
impl<S> Deref for Client<S> {
    type Target = Queries<S>;
    fn deref(&self) -> &Queries<S> {
        &self.queries
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
