//! Pushing schemas to servers; what holds for every provider, to SQLite too.
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

/// The tests of a module, on each server.
macro_rules! on_each_server {
    ($($test:ident),* $(,)?) => {
        mod on_postgresql {
            $(#[tokio::test] async fn $test() {
                test_servers::needs!(test_servers::Server::Postgresql);
                super::$test(prisma_schema::Provider::Postgresql).await
            })*
        }
        mod on_mysql {
            $(#[tokio::test] async fn $test() {
                test_servers::needs!(test_servers::Server::Mysql);
                super::$test(prisma_schema::Provider::Mysql).await
            })*
        }
    };
}

/// The tests of a module, on each provider.
macro_rules! on_each_provider {
    ($($test:ident),* $(,)?) => {
        on_each_server!($($test),*);
        mod on_sqlite {
            $(#[tokio::test] async fn $test() {
                super::$test(prisma_schema::Provider::Sqlite).await
            })*
        }
    };
}

mod bed;
mod changes;
mod constructs;
mod enums;
mod plan;
mod postgresql;
mod pull;
mod random;
mod refusals;
mod renames;
