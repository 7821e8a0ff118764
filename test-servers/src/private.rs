//! A server of one's own, from the installed programs, in a directory and on a port of its own.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::guard::{Guard, User, run_as};
use crate::{Server, mariadb, postgresql, with_parameters};

/// How a server is to be.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The password of the superuser; everybody is let in if there is none.
    pub password: Option<String>,
    /// How many connections it takes; enough if nothing is said.
    pub max_connections: Option<u32>,
    /// With this certificate it offers encryption.
    pub tls: Option<Tls>,
    /// More of its settings, by name and value.
    pub others: Vec<(&'static str, String)>,
}

/// A server's certificate and key, in PEM.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate, and those that vouch for it.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

/// A server that only one who started it knows. It ends when this is dropped or the process ends, however that does.
#[derive(Debug)]
pub struct PrivateServer {
    server: Server,
    password: Option<String>,
    directory: PathBuf,
    port: u16,
    guard: Mutex<Guard>,
}

/// What one kind of server needs.
pub(crate) struct Kind {
    /// Whom it runs as.
    pub(crate) user: fn() -> Result<Option<User>, String>,
    /// Makes its files in `directory`/data, and what its settings say; answers the program and its arguments.
    pub(crate) set_up: fn(&Setup<'_>) -> Result<(PathBuf, Vec<String>), String>,
    /// Whether it takes connections, once its port is open.
    pub(crate) is_ready: fn(&Path) -> bool,
    /// The signal that makes it stop at once, in good order: clients are told.
    pub(crate) stop: &'static str,
    /// The signal that makes it fail.
    pub(crate) crash: &'static str,
    pub(crate) superuser: &'static str,
}

/// What there is to set a server up.
pub(crate) struct Setup<'s> {
    pub(crate) directory: &'s Path,
    pub(crate) port: u16,
    pub(crate) user: Option<User>,
    pub(crate) settings: &'s Settings,
}

fn kind(server: Server) -> Kind {
    match server {
        Server::Postgresql => postgresql::KIND,
        Server::Mysql => mariadb::KIND,
    }
}

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

impl PrivateServer {
    /// Whether the programs that it takes are installed.
    pub fn is_installed(server: Server) -> bool {
        match server {
            Server::Postgresql => postgresql::program("postgres").is_ok(),
            Server::Mysql => mariadb::programs().is_ok(),
        }
    }

    /// Sets a server up and starts it.
    ///
    /// # Errors
    /// Its programs are not installed, or it does not start: with the end of its log.
    pub fn start(server: Server, settings: &Settings) -> Result<Self, String> {
        let kind = kind(server);
        let mut last = String::new();
        // Somebody else may take the port before the server does.
        for _ in 0..3 {
            match Self::try_start(server, &kind, settings) {
                Err(error) if error.contains("in use") => last = error,
                done => return done,
            }
        }
        Err(last)
    }

    fn try_start(server: Server, kind: &Kind, settings: &Settings) -> Result<Self, String> {
        let user = (kind.user)()?;
        let directory = tempfile::Builder::new().prefix("prisma-test-").tempdir().map_err(|e| e.to_string())?;
        give(directory.path(), user)?;
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|l| l.local_addr()).map_err(|e| e.to_string())?.port();
        let setup = Setup { directory: directory.path(), port, user, settings };
        let (program, arguments) = (kind.set_up)(&setup)?;
        let guard = Guard::new(directory.path(), user, &program, &arguments)?;
        // From here on the guard removes it.
        let directory = directory.keep();
        let started = Self { server, password: settings.password.clone(), directory, port, guard: Mutex::new(guard) };
        started.restart()?;
        Ok(started)
    }

    /// The URL of a database, for the superuser.
    pub fn url(&self, database: &str, parameters: &str) -> String {
        self.url_of(kind(self.server).superuser, self.password.as_deref(), database, parameters)
    }

    /// The URL of a database, for somebody.
    pub fn url_of(&self, user: &str, password: Option<&str>, database: &str, parameters: &str) -> String {
        let password = password.map(|p| format!(":{p}")).unwrap_or_default();
        let url = format!("{}://{user}{password}@127.0.0.1:{}/{database}", self.server.provider(), self.port);
        with_parameters(&url, parameters)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its directory, where tests may put files of theirs.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Stops it: it tells its clients, and ends.
    ///
    /// # Errors
    /// Its guard is gone.
    pub fn stop(&self) -> Result<(), String> {
        self.guard()?.end(kind(self.server).stop)
    }

    /// Lets it crash: whatever its clients are in the middle of is cut off.
    ///
    /// # Errors
    /// Its guard is gone.
    pub fn crash(&self) -> Result<(), String> {
        self.guard()?.end(kind(self.server).crash)
    }

    /// Starts it again, and waits until it takes connections.
    ///
    /// # Errors
    /// It does not start: with the end of its log.
    pub fn restart(&self) -> Result<(), String> {
        let kind = kind(self.server);
        let mut guard = self.guard()?;
        guard.start()?;
        let start = Instant::now();
        loop {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() && (kind.is_ready)(&self.directory) {
                return Ok(());
            }
            if !guard.is_alive()? || start.elapsed() > PATIENCE {
                return Err(format!("{} does not start: {}", self.server.name(), self.log()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The end of its log.
    fn log(&self) -> String {
        let log = std::fs::read_to_string(self.directory.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    fn guard(&self) -> Result<std::sync::MutexGuard<'_, Guard>, String> {
        self.guard.lock().map_err(|_| "a test panicked while it spoke to the guard of the server".to_owned())
    }
}

impl Setup<'_> {
    /// Runs a program of the server to its end.
    pub(crate) fn run(&self, program: &Path, arguments: &[String]) -> Result<(), String> {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.directory);
        run_as(&mut command, self.user);
        let done = command.output().map_err(|e| format!("{}: {e}", program.display()))?;
        match done.status.success() {
            true => Ok(()),
            false => Err(format!(
                "{}: {}{}",
                program.display(),
                String::from_utf8_lossy(&done.stdout),
                String::from_utf8_lossy(&done.stderr)
            )),
        }
    }

    /// Writes a file that only the server reads.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<PathBuf, String> {
        use std::os::unix::fs::PermissionsExt;
        let path = self.directory.join(name);
        let written = std::fs::write(&path, text)
            .and_then(|()| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)));
        written.map_err(|e| format!("{}: {e}", path.display()))?;
        give(&path, self.user)?;
        Ok(path)
    }
}

fn give(path: &Path, user: Option<User>) -> Result<(), String> {
    let Some(user) = user else { return Ok(()) };
    std::os::unix::fs::chown(path, Some(user.uid), Some(user.gid)).map_err(|e| format!("{}: {e}", path.display()))
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    // What a process makes belongs to whom it runs as.
    tempfile::tempfile().and_then(|f| f.metadata()).is_ok_and(|m| m.uid() == 0)
}
