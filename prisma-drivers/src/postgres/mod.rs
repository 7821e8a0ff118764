//! PostgreSQL, and CockroachDB, which speaks the same protocol, through sqlx.
//!
//! # Parameters
//! A statement is prepared first, without types: the server tells the type of each parameter from the statement, and the value is
//! encoded as that type, or refused if it does not fit. So statements need no casts.
//!
//! # Sessions
//! Time zone UTC; `search_path` is the `schema` of the URL, or `public`. A connection that ran SQL which may have changed that (a
//! script, `SET`) is closed when it is given back.
//!
//! # Behind a pooler
//! With `pgbouncer=true` every statement runs in a transaction, names of database schemas are looked up by a `search_path` of that
//! transaction, and prepared statements are closed before it ends: so nothing is left for whom the pooler gives the connection to.

mod connection;
mod decode;
mod driver;
mod encode;
mod error;
mod kind;
mod numeric;
mod row;
mod target;

pub use driver::PostgresDriver;
