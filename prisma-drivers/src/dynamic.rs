//! A client of a schema that is known when the program runs, not when it is compiled.
//!
//! It takes the requests of the JSON protocol, which Prisma's clients speak to their engine, and answers JSON. The same query tree, the same
//! statements and the same errors as in the typed client are behind it.
//!
//! ```no_run
//! # async fn example() -> Result<(), prisma_core::Error> {
//! use prisma_drivers::dynamic::Client;
//! use serde_json::json;
//!
//! let schema = std::fs::read_to_string("schema.prisma").unwrap_or_default();
//! let db = Client::connect(&schema).await?;
//! let users = db
//!     .query(&json!({
//!         "modelName": "User",
//!         "action": "findMany",
//!         "query": {
//!             "arguments": { "where": { "email": { "endsWith": "@prisma.io" } }, "take": 10 },
//!             "selection": { "$scalars": true, "posts": { "selection": { "title": true } } }
//!         }
//!     }))
//!     .await?;
//! println!("{users}");
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use prisma_core::driver::{Driver, IsolationLevel};
use prisma_core::engine::{Engine, Handle};
use prisma_core::{Error, ErrorKind, json};
use prisma_schema::{Schema, SourceFile, parse};
use serde_json::Value as Json;

use crate::{ConnectOptions, connect, resolve_url};

/// Settings of a [`Client`] before it is connected.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `connect` is awaited"]
pub struct Builder {
    sources: Vec<(String, String)>,
    directory: Option<PathBuf>,
    url: Option<String>,
    options: ConnectOptions,
}

impl Builder {
    /// A further file of the schema: its name, for messages, and its text.
    pub fn file(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.sources.push((name.into(), text.into()));
        self
    }

    /// The directory that relative paths of the schema start from, and where `.env` is looked for; otherwise the working directory.
    pub fn directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = Some(directory.as_ref().to_owned());
        self
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

    /// Connects.
    ///
    /// # Errors
    /// A schema that is not valid (P1012), with all its mistakes and their places; otherwise as for a typed client.
    pub async fn connect(mut self) -> Result<Client, Error> {
        let sources = self.sources.into_iter().map(|(name, text)| SourceFile::new(name, text)).collect();
        let schema = match parse(sources) {
            Ok(validated) => Arc::new(validated.schema),
            Err(errors) => return Err(ErrorKind::Schema { message: errors.render(false) }.into()),
        };
        if self.url.is_none() {
            self.options.base_dir.clone_from(&self.directory);
        }
        let url = resolve_url(&schema.datasource, self.url.as_deref(), self.directory.as_deref())?;
        let driver = connect(schema.provider(), &url, &self.options).await?;
        Ok(Client { handle: Handle::new(Arc::new(Engine::new(schema, driver)?)) })
    }
}

/// A connected client of a schema that was read at run time. It is cheap to clone; the clones share one pool.
#[derive(Clone)]
pub struct Client {
    handle: Handle,
}

impl Client {
    /// Connects to the database that the schema names.
    ///
    /// # Errors
    /// As [`Builder::connect`].
    pub async fn connect(schema: &str) -> Result<Self, Error> {
        Self::builder(schema).connect().await
    }

    /// Settings, for a schema of one file; [`Builder::file`] adds others.
    pub fn builder(schema: impl Into<String>) -> Builder {
        Builder {
            sources: vec![("schema.prisma".to_owned(), schema.into())],
            directory: None,
            url: None,
            options: ConnectOptions::default(),
        }
    }

    /// Runs a request, and answers what it asks for alone.
    ///
    /// # Errors
    /// A request that does not fit the schema, with the path to the place (P2009, P2012, P2019 …); what the database reports.
    pub async fn query(&self, request: &Json) -> Result<Json, Error> {
        json::run(&self.handle, request).await
    }

    /// Answers a request or a batch as `prisma query` does: `{"data": …}`, `{"batchResult": […]}` or `{"errors": […]}`.
    pub async fn answer(&self, request: &Json) -> Json {
        json::answer(&self.handle, request).await
    }

    /// Begins a transaction. If it is dropped without [`commit`](Transaction::commit), it is rolled back.
    ///
    /// # Errors
    /// No connection to be had in time (P2024); what the database reports.
    pub async fn begin(&self, isolation: Option<IsolationLevel>) -> Result<Transaction, Error> {
        Ok(Transaction { handle: self.handle.begin(isolation).await? })
    }

    /// The schema.
    pub fn schema(&self) -> &Schema {
        self.handle.engine().schema()
    }

    /// The driver.
    pub fn driver(&self) -> &Arc<dyn Driver> {
        self.handle.engine().driver()
    }

    /// Closes the pool and waits until all connections are back.
    pub async fn disconnect(&self) {
        self.driver().close().await;
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("driver", self.driver()).finish_non_exhaustive()
    }
}

/// A transaction of a [`Client`].
pub struct Transaction {
    handle: Handle,
}

impl Transaction {
    /// As [`Client::query`].
    ///
    /// # Errors
    /// As [`Client::query`], and a transaction that is over (P2028).
    pub async fn query(&self, request: &Json) -> Result<Json, Error> {
        json::run(&self.handle, request).await
    }

    /// Keeps what was done.
    ///
    /// # Errors
    /// It is over already (P2028); a conflict with others (P2034); what the database reports.
    pub async fn commit(self) -> Result<(), Error> {
        self.handle.commit().await
    }

    /// Takes back what was done.
    ///
    /// # Errors
    /// It is over already (P2028); what the database reports.
    pub async fn rollback(self) -> Result<(), Error> {
        self.handle.rollback().await
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}
