//! From the generated client type to a connected client.

use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use prisma_core::Error;
use prisma_core::engine::{QueryEvent, Settings};
use prisma_core::tree::Load;
use prisma_core::typed::{Client, ClientSchema, Field, GeneratedClient, Model};

use crate::{ConnectOptions, connect, resolve_url};

/// Settings of a client before it is connected: `PrismaClient::builder()`.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `connect` is awaited"]
pub struct ClientBuilder<C> {
    url: Option<String>,
    options: ConnectOptions,
    settings: Settings,
    client: PhantomData<fn() -> C>,
}

impl<C: GeneratedClient> ClientBuilder<C> {
    /// The defaults: the URL of the datasource, and a pool of two connections a processor, and one.
    pub fn new() -> Self {
        Self { url: None, options: ConnectOptions::default(), settings: Settings::default(), client: PhantomData }
    }

    /// The database, instead of the datasource's `url`. Relative paths start from the working directory.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// How many connections at most.
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.options.max_connections = Some(connections);
        self
    }

    /// How long a query waits for a free connection before it fails with P2024; 10 seconds if nothing says.
    pub fn acquire_timeout(mut self, limit: Duration) -> Self {
        self.options.acquire_timeout = Some(limit);
        self
    }

    /// How relations are read, unless a query says otherwise: by a statement for each ([`Load::Query`]), or all in one ([`Load::Join`]). If nothing is
    /// said, each query takes the way that is likely to be faster, by the time that a round trip to the server takes.
    pub fn load(mut self, load: Load) -> Self {
        self.settings.load = Some(load);
        self
    }

    /// Batches all `find_unique` and `find_unique_or_error`, as [`batched`](prisma_core::typed::Find::batched) does one.
    pub fn batch_find_unique(mut self) -> Self {
        self.settings.batched = true;
        self
    }

    /// Leaves a column out of everything that is read, unless a selection names it: `.omit(user::password)`.
    ///
    /// A whole record cannot be made without the column: a query that asks for one fails before it reaches the database. What is to be read is
    /// then said by `select`: `select!(user { .., !password })` is all but that column, `select!(user { id, password })` reads it.
    pub fn omit<M: Model<Schema = C::Schema>, T, K>(mut self, column: Field<M, T, K>) -> Self {
        self.settings.omitted.push((M::ID, column.id()));
        self
    }

    /// Tells a function of each statement when it is done: `.log(|query| println!("{query}"))`. It is called where the query runs, so it must not
    /// take long.
    ///
    /// `tracing` is told of each statement anyway: a span `query` of the target `prisma_client::query`, at the level DEBUG, with the text, the time it took,
    /// and the error.
    pub fn log(mut self, log: impl Fn(&QueryEvent<'_>) + Send + Sync + 'static) -> Self {
        self.settings.observer.log = Some(Arc::new(log));
        self
    }

    /// Tells `log` and `tracing` also the values of parameters. They are left out otherwise, since they may be secret.
    pub fn log_values(mut self) -> Self {
        self.settings.observer.shows_values = true;
        self
    }

    /// Tells `tracing` of a statement that takes as long or longer at the level WARN.
    pub fn slow_query(mut self, limit: Duration) -> Self {
        self.settings.observer.slow = Some(limit);
        self
    }

    /// Connects.
    ///
    /// # Errors
    /// An environment variable that is not set, a URL that cannot be read (P1013), a database that cannot be reached (P1001,
    /// P1003 …).
    pub async fn connect(mut self) -> Result<C, Error> {
        let schema = C::Schema::schema()?;
        let directory = schema_directory::<C::Schema>();
        if self.url.is_none() {
            self.options.base_dir.clone_from(&directory);
        }
        let url = resolve_url(&schema.datasource, self.url.as_deref(), directory.as_deref())?;
        let driver = connect(schema.provider(), &url, &self.options).await?;
        C::of(Client::with_settings(schema, driver, self.settings)?)
    }
}

impl<C: GeneratedClient> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// The schema's directory, where the program runs on the machine that it was compiled on; elsewhere relative paths start
/// from the working directory.
fn schema_directory<S: ClientSchema>() -> Option<PathBuf> {
    let directory = PathBuf::from(S::DIRECTORY);
    (directory.is_absolute() && directory.is_dir()).then_some(directory)
}
