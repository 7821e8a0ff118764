//! MySQL and MariaDB.

client! {
    datasource db {
        provider = "mysql"
    }
}

const SERVER: test_servers::Server = test_servers::Server::Mysql;
/// Who may do everything, and a database that every server has.
const ADMIN: (&str, &str) = ("root", "mysql");
/// Whether one statement for all relations is faster where the way is long.
const JOINS_FROM_AFAR: bool = false;
const SLEEP: &str = "SELECT SLEEP(30)";
/// Answers whether the connection is encrypted.
const IS_ENCRYPTED: &str =
    "SELECT VARIABLE_VALUE <> '' FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'";
/// Somebody who may come in, but not into the database `closed`.
const GUEST: [&str; 2] = ["CREATE USER guest@'%' IDENTIFIED BY 'welcome'", "CREATE DATABASE closed"];

/// A database of its own, and its URL.
fn fresh() -> (test_servers::Database, String) {
    let database = test_servers::Database::create(SERVER);
    let url = database.url("");
    (database, url)
}

fn is_asked_for() -> bool {
    SERVER.is_asked_for()
}

#[path = "suite/mod.rs"]
mod suite;

#[path = "load.rs"]
mod load;
