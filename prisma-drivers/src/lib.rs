//! The database drivers of prisma-client: one module a provider, each behind a cargo feature.
//!
//! [`connect`] picks the driver of a provider; [`resolve_url`] finds the URL that a datasource means.

#[cfg(feature = "_server")]
mod acquire;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
pub mod dynamic;
#[cfg(feature = "mysql")]
pub mod mysql;
mod options;
#[cfg(any(feature = "sqlite", feature = "_server"))]
mod parameters;
#[cfg(any(feature = "sqlite", feature = "_server"))]
mod pool_settings;
mod pooled;
#[cfg(any(feature = "postgres", feature = "cockroachdb"))]
pub mod postgres;
#[cfg(feature = "_server")]
mod round_trip;
#[cfg(feature = "_server")]
mod server_url;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(feature = "_server")]
mod tls;
mod url;

use std::sync::Arc;

use prisma_core::driver::{Driver, DriverError};
use prisma_schema::Provider;

pub use client::ClientBuilder;
pub use options::ConnectOptions;
pub use pooled::{NoPool, Pooled, pool};
pub use sqlx;
pub use url::{is_same_database, read_variable, resolve_url, with_database};

/// Opens a pool of connections to the database at `url`.
///
/// # Errors
/// A URL that cannot be read, a database that cannot be reached, or a provider that this program was built without.
pub async fn connect(provider: Provider, url: &str, options: &ConnectOptions) -> Result<Arc<dyn Driver>, DriverError> {
    match provider {
        #[cfg(feature = "sqlite")]
        Provider::Sqlite => Ok(Arc::new(sqlite::SqliteDriver::connect(url, options).await?)),
        #[cfg(feature = "postgres")]
        Provider::Postgresql => Ok(Arc::new(postgres::PostgresDriver::connect(provider, url, options)?)),
        #[cfg(feature = "cockroachdb")]
        Provider::Cockroachdb => Ok(Arc::new(postgres::PostgresDriver::connect(provider, url, options)?)),
        #[cfg(feature = "mysql")]
        Provider::Mysql => Ok(Arc::new(mysql::MysqlDriver::connect(url, options)?)),
        other => {
            let _ = (url, options);
            Err(built_without(other))
        }
    }
}

/// The runtime that this is called in: pools do their work in its tasks.
#[cfg(any(feature = "sqlite", feature = "_server"))]
fn runtime() -> Result<tokio::runtime::Handle, DriverError> {
    tokio::runtime::Handle::try_current().map_err(|_| DriverError::Database {
        code: None,
        message: "connecting needs a Tokio runtime: call it from `#[tokio::main]` or `Runtime::block_on`".to_owned(),
    })
}

/// Whether this program was built with a provider's driver.
pub fn is_built_in(provider: Provider) -> bool {
    match provider {
        #[cfg(feature = "sqlite")]
        Provider::Sqlite => true,
        #[cfg(feature = "mysql")]
        Provider::Mysql => true,
        #[cfg(feature = "postgres")]
        Provider::Postgresql => true,
        #[cfg(feature = "cockroachdb")]
        Provider::Cockroachdb => true,
        _ => false,
    }
}

/// The error for a provider whose cargo feature is off.
fn built_without(provider: Provider) -> DriverError {
    let name = provider.name();
    let feature = match provider {
        Provider::Postgresql => "postgres",
        other => other.name(),
    };
    DriverError::Database {
        code: None,
        message: format!(
            "the datasource's provider is `{name}`, but this program was built without it: add the feature \
             `{feature}` to `prisma-client` in Cargo.toml"
        ),
    }
}
