//! The database servers of a run: found, or started.

use std::path::Path;
use std::process::{Command, Stdio};

use test_servers::{PrivateServer, Server, Settings};

/// The servers of a run. Those that were started for it end with this.
#[derive(Default)]
pub(crate) struct Servers {
    started: Vec<PrivateServer>,
    /// Variables that say where the servers are.
    pub(crate) variables: Vec<(&'static str, String)>,
}

impl Servers {
    /// Finds the servers that this run is about, or starts them.
    ///
    /// # Errors
    /// A server that is neither there nor can be installed: with what to do.
    pub(crate) fn find(wanted: &[Server]) -> Result<Self, String> {
        let mut servers = Self::default();
        for &server in wanted {
            // Some tests start servers of their own, wherever the shared one is.
            if !PrivateServer::is_installed(server) {
                install(server)?;
            }
            let url = match std::env::var(server.variable()).ok().filter(|url| !url.is_empty()) {
                Some(url) => {
                    println!("==> {}: that of {}", server.name(), server.variable());
                    url
                }
                None if lets_us_in(server) => {
                    println!("==> {}: the one at {}", server.name(), server.default_url());
                    server.default_url().to_owned()
                }
                None => servers.start(server)?,
            };
            servers.variables.push((server.variable(), url));
        }
        Ok(servers)
    }

    fn start(&mut self, server: Server) -> Result<String, String> {
        let started = PrivateServer::start(server, &Settings::default())?;
        // Without a database: the tests have their own.
        let url = started.url("", "").trim_end_matches('/').to_owned();
        println!("==> {}: started for this run, {url}", server.name());
        self.started.push(started);
        Ok(url)
    }
}

/// Whether a server listens where it usually does, and takes us for its master.
fn lets_us_in(server: Server) -> bool {
    let (clients, arguments): (&[&str], &[&str]) = match server {
        Server::Postgresql => {
            (&["psql"], &["-h", "127.0.0.1", "-p", "5432", "-U", "postgres", "-w", "-d", "postgres", "-c", "SELECT 1"])
        }
        Server::Mysql => (
            &["mariadb", "mysql"],
            &["--no-defaults", "--protocol=tcp", "-h", "127.0.0.1", "-P", "3306", "-u", "root", "-e", "SELECT 1"],
        ),
    };
    clients.iter().any(|client| {
        let mut command = Command::new(client);
        command.args(arguments).env("PGCONNECT_TIMEOUT", "5");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    })
}

/// Installs a server's package, where that can be done without asking.
fn install(server: Server) -> Result<(), String> {
    let package = match server {
        Server::Postgresql => "postgresql",
        Server::Mysql => "mariadb-server",
    };
    let by_hand = format!(
        "{0} is not installed, and the tests start servers of their own: install it (Debian: `apt-get install {package}`, Fedora: `dnf install \
         {1}`, macOS: `brew install {2}`), or leave out what needs servers: `cargo xtask test --only sqlite`",
        server.name(),
        if server == Server::Postgresql { "postgresql-server" } else { "mariadb-server" },
        if server == Server::Postgresql { "postgresql" } else { "mariadb" },
    );
    if !test_servers::is_root() || !Path::new("/usr/bin/apt-get").exists() {
        return Err(by_hand);
    }
    println!("==> {}: installing {package}", server.name());
    for arguments in [&["update", "-q"][..], &["install", "-q", "-y", "--no-install-recommends", package]] {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).stdout(Stdio::null());
        // Without an update some packages may still be known; without the package the next check fails.
        if !command.status().is_ok_and(|s| s.success()) {
            eprintln!("apt-get {} failed", arguments.join(" "));
        }
    }
    match PrivateServer::is_installed(server) {
        true => Ok(()),
        false => Err(by_hand),
    }
}
