//! Pushing schemas to servers.
#![cfg(all(feature = "postgres", feature = "mysql"))]
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

mod bed;
mod changes;
mod constructs;
mod enums;
mod plan;
mod postgresql;
mod pull;
mod random;
mod refusals;
