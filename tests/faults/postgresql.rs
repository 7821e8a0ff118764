//! PostgreSQL.

server!(Postgresql, datasource db { provider = "postgresql" });

/// Who may do everything, and a database that every server has.
const ADMIN: (&str, &str) = ("postgres", "postgres");
const SLEEP: &str = "SELECT pg_sleep(30)";
/// Answers whether the connection is encrypted.
const IS_ENCRYPTED: &str = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
/// Somebody who may come in, but not into the database `closed`.
const GUEST: [&str; 3] = [
    "CREATE ROLE guest LOGIN PASSWORD 'welcome'",
    "CREATE DATABASE closed",
    "REVOKE CONNECT ON DATABASE closed FROM PUBLIC",
];

#[path = "suite/mod.rs"]
mod suite;

#[path = "load.rs"]
mod load;
