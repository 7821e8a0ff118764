//! MySQL and MariaDB.

server!(Mysql, datasource db { provider = "mysql" });

/// Who may do everything, and a database that every server has.
const ADMIN: (&str, &str) = ("root", "mysql");
const SLEEP: &str = "SELECT SLEEP(30)";
/// Answers whether the connection is encrypted.
const IS_ENCRYPTED: &str =
    "SELECT VARIABLE_VALUE <> '' FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'";
/// Somebody who may come in, but not into the database `closed`.
const GUEST: [&str; 2] = ["CREATE USER guest@'%' IDENTIFIED BY 'welcome'", "CREATE DATABASE closed"];

#[path = "suite/mod.rs"]
mod suite;

#[path = "load.rs"]
mod load;
