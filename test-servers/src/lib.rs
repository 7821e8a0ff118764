//! The database servers of the tests.
//!
//! Tests share one server of each kind: [`Server::url`] says where it is, [`Database`] is a database of one's own there. Tests that
//! stop, overload or encrypt a server start one of their own: [`PrivateServer`]. `cargo xtask test` finds or starts the shared ones.
#![allow(clippy::panic)]

mod guard;
#[cfg(feature = "scratch")]
mod maintenance;
mod mariadb;
mod network;
mod postgresql;
mod private;
mod programs;
#[cfg(feature = "scratch")]
mod scratch;

pub use network::Network;
pub use private::{PrivateServer, Settings, Tls, is_root};
#[cfg(feature = "scratch")]
pub use scratch::{Database, Reused};

/// A kind of database server that the tests know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Server {
    /// PostgreSQL.
    Postgresql,
    /// MariaDB; MySQL is spoken to by the same driver.
    Mysql,
}

/// Names the providers that a run of the tests is about, with commas between them; all if it is not set.
pub const PROVIDERS: &str = "PRISMA_TEST_PROVIDERS";

impl Server {
    /// All of them.
    pub const ALL: [Server; 2] = [Server::Postgresql, Server::Mysql];

    /// The provider's name in a datasource.
    pub fn provider(self) -> &'static str {
        match self {
            Server::Postgresql => "postgresql",
            Server::Mysql => "mysql",
        }
    }

    /// The server's name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Server::Postgresql => "PostgreSQL",
            Server::Mysql => "MariaDB",
        }
    }

    /// The variable that says where the server is.
    pub fn variable(self) -> &'static str {
        match self {
            Server::Postgresql => "TEST_POSTGRESQL_URL",
            Server::Mysql => "TEST_MYSQL_URL",
        }
    }

    /// Where the server is if nothing says.
    pub fn default_url(self) -> &'static str {
        match self {
            Server::Postgresql => "postgresql://postgres@127.0.0.1:5432",
            Server::Mysql => "mysql://root@127.0.0.1:3306",
        }
    }

    /// The URL of a database on the tests' server.
    pub fn url(self, database: &str) -> String {
        let url = std::env::var(self.variable()).unwrap_or_default();
        with_database(if url.is_empty() { self.default_url() } else { &url }, database)
    }

    /// Whether this run of the tests is about the provider: [`PROVIDERS`] says.
    pub fn is_wanted(self) -> bool {
        let Ok(wanted) = std::env::var(PROVIDERS) else { return true };
        wanted.trim().is_empty() || wanted.split(',').any(|name| name.trim() == self.provider())
    }

    /// Whether a test that needs the server is to run; says so, past the test harness, if it is not. See [`needs!`].
    pub fn is_asked_for(self) -> bool {
        use std::io::Write;
        let is_wanted = self.is_wanted();
        if !is_wanted {
            let test = std::thread::current().name().unwrap_or("a test").to_owned();
            // Nobody to tell if it fails.
            let _ = writeln!(
                std::io::stderr(),
                "left out: {test} needs {}, and {PROVIDERS} does not name `{}`",
                self.name(),
                self.provider()
            );
        }
        is_wanted
    }

    /// What to do when the server is not there.
    pub fn remedy(self) -> String {
        format!(
            "`cargo xtask test` finds or starts one; or set {} (such as {}), or leave out what needs servers: {PROVIDERS}=sqlite",
            self.variable(),
            self.default_url()
        )
    }
}

/// Ends a test here, as passed, if the run is not about the server that it needs.
#[macro_export]
macro_rules! needs {
    ($server:expr) => {
        if !$server.is_asked_for() {
            return;
        }
    };
}

/// The URL of a server, with this database in it.
fn with_database(url: &str, database: &str) -> String {
    let (place, parameters) = match url.split_once('?') {
        Some((place, parameters)) => (place, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let (scheme, rest) = place.split_once("://").unwrap_or(("", place));
    let authority = rest.split('/').next().unwrap_or(rest);
    format!("{scheme}://{authority}/{database}{parameters}")
}

/// A URL, with parameters (`a=b&c=d`) after those that it has.
pub fn with_parameters(url: &str, parameters: &str) -> String {
    match (parameters.is_empty(), url.contains('?')) {
        (true, _) => url.to_owned(),
        (false, true) => format!("{url}&{parameters}"),
        (false, false) => format!("{url}?{parameters}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        assert_eq!(with_database("mysql://root@h:3306", "x"), "mysql://root@h:3306/x");
        assert_eq!(with_database("mysql://root@h/old?sslmode=disable", "x"), "mysql://root@h/x?sslmode=disable");
        assert_eq!(with_database("postgresql:///?host=/run", "x"), "postgresql:///x?host=/run");
        assert_eq!(with_parameters("mysql://h/x", "a=b"), "mysql://h/x?a=b");
        assert_eq!(with_parameters("mysql://h/x?a=b", "c=d"), "mysql://h/x?a=b&c=d");
        assert_eq!(with_parameters("mysql://h/x", ""), "mysql://h/x");
    }
}
