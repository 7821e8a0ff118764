//! From the program itself: `db.push_schema()`, `db.migrate(MIGRATIONS)`, `PrismaClient::in_memory()`.

use prisma_core::Error;
use prisma_core::driver::DriverError;
use prisma_core::typed::{Client, ClientSchema, GeneratedClient};
use prisma_drivers::ClientBuilder;

use crate::history::{History, Migrations};
use crate::push::{PushOptions, push};

/// Makes the tables, columns and indexes that the client's schema wants, and nothing that would lose data.
///
/// # Errors
/// A change that would lose data or cannot be made with the data that is there; what the database reports.
pub async fn push_schema<S: ClientSchema>(client: &Client<S>) -> Result<(), Error> {
    push(client.schema(), &**client.driver(), PushOptions::default()).await?;
    Ok(())
}

/// Applies the migrations that the client's database does not have; answers their names.
///
/// # Errors
/// As [`History::deploy`].
pub async fn migrate<S: ClientSchema>(client: &Client<S>, migrations: Migrations) -> Result<Vec<String>, Error> {
    let history = History::new(&**client.driver(), &client.schema().datasource.schemas)?;
    history.deploy(&migrations, &mut |_| ()).await
}

/// A client of a new database in memory, with the schema pushed: for tests. It ends with the client.
///
/// # Errors
/// A provider that has no databases in memory: all but SQLite.
pub async fn in_memory<C>() -> Result<C, Error>
where
    C: GeneratedClient + std::ops::Deref<Target = Client<<C as GeneratedClient>::Schema>> + Sync,
{
    let provider = C::Schema::schema()?.provider();
    let Some(url) = provider.capabilities().memory_url else {
        let feature = format!("databases in memory on {}", provider.capabilities().display_name);
        return Err(DriverError::Unsupported { feature }.into());
    };
    let client = ClientBuilder::<C>::new().url(url).connect().await?;
    push_schema(&client).await?;
    Ok(client)
}
