//! What goes wrong round a database: servers that refuse, stop or crash, transactions in each other's way, futures that are dropped,
//! many tasks at once. Written once, run for every server; the load for SQLite too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]
// The suites, once for each provider.
#![allow(clippy::duplicate_mod)]

/// A client of these models, for a datasource.
macro_rules! client {
    ($($datasource:tt)*) => {
        prisma_client::prisma_schema! {
            $($datasource)*

            model Account {
                id      Int     @id @default(autoincrement())
                name    String  @unique
                balance Int     @default(0)
                entries Entry[]
            }

            model Entry {
                id        Int     @id @default(autoincrement())
                text      String
                account   Account @relation(fields: [accountId], references: [id])
                accountId Int
            }
        }
    };
}

/// A client for a server, and databases on it.
#[cfg(any(feature = "postgres", feature = "mysql"))]
macro_rules! server {
    ($server:ident, $($datasource:tt)*) => {
        client!($($datasource)*);

        const SERVER: test_servers::Server = test_servers::Server::$server;

        /// A database of its own, and its URL.
        fn fresh() -> (test_servers::Database, String) {
            let database = test_servers::Database::create(SERVER);
            let url = database.url("");
            (database, url)
        }

        fn is_asked_for() -> bool {
            SERVER.is_asked_for()
        }
    };
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
mod certificates;

#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(feature = "postgres")]
mod postgresql;

#[cfg(feature = "mysql")]
mod mysql;
