//! PostgreSQL's programs and settings.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::guard::User;
use crate::private::{Kind, Setup, is_root};
use crate::programs::find;

// Killed, it would leave children behind for a while.
pub(crate) const KIND: Kind = Kind { user, set_up, is_ready, stop: "INT", crash: "QUIT", superuser: "postgres" };

pub(crate) fn program(name: &str) -> Result<PathBuf, String> {
    const USUAL: [&str; 4] =
        ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/pgsql/bin"];
    find(&[name], &USUAL).ok_or_else(|| {
        format!("PostgreSQL is not installed: there is no program `{name}` (Debian: apt-get install postgresql)")
    })
}

/// It refuses to run as root.
fn user() -> Result<Option<User>, String> {
    if !is_root() {
        return Ok(None);
    }
    let accounts = std::fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd: {e}"))?;
    let account = |name: &str| {
        let line = accounts.lines().find(|l| l.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        Some(User { uid: numbers.next()?.ok()?, gid: numbers.next()?.ok()? })
    };
    match account("postgres").or_else(|| account("nobody")) {
        Some(user) => Ok(Some(user)),
        None => Err("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`".to_owned()),
    }
}

fn set_up(setup: &Setup<'_>) -> Result<(PathBuf, Vec<String>), String> {
    let data = setup.directory.join("data");
    let data_text = data.display().to_string();
    let mut arguments: Vec<String> =
        ["-D", &data_text, "-U", KIND.superuser, "-E", "UTF8", "--no-sync"].map(str::to_owned).into();
    match &setup.settings.password {
        None => arguments.push("--auth=trust".to_owned()),
        Some(password) => {
            let file = setup.write("password", password)?;
            arguments.extend(["--auth=scram-sha-256".to_owned(), format!("--pwfile={}", file.display())]);
        }
    }
    // Text in the order of its bytes, but letters are letters; not every system has that.
    let initdb = program("initdb")?;
    let with_locale = |locale: &str| setup.run(&initdb, &[&arguments[..], &[format!("--locale={locale}")]].concat());
    with_locale("C.UTF-8").or_else(|_| with_locale("C"))?;
    let file = data.join("postgresql.conf");
    let mut settings = std::fs::read_to_string(&file).map_err(|e| e.to_string())?;
    let mut set = |name: &str, value: &str| {
        // Into a string it goes in any case.
        let _ = writeln!(settings, "{name} = '{}'", value.replace('\'', "''"));
    };
    set("listen_addresses", "127.0.0.1");
    set("port", &setup.port.to_string());
    set("unix_socket_directories", &setup.directory.display().to_string());
    set("max_connections", &setup.settings.max_connections.unwrap_or(200).to_string());
    // What is committed outlives the server, but need not outlive the machine.
    for name in ["fsync", "full_page_writes", "jit"] {
        set(name, "off");
    }
    if let Some(tls) = &setup.settings.tls {
        set("ssl", "on");
        set("ssl_cert_file", &setup.write("server.crt", &tls.certificate)?.display().to_string());
        set("ssl_key_file", &setup.write("server.key", &tls.key)?.display().to_string());
    }
    for (name, value) in &setup.settings.others {
        set(name, value);
    }
    std::fs::write(&file, settings).map_err(|e| e.to_string())?;
    Ok((program("postgres")?, vec!["-D".to_owned(), data_text]))
}

/// The last line of the file with its process's number is its state.
fn is_ready(directory: &Path) -> bool {
    std::fs::read_to_string(directory.join("data/postmaster.pid")).is_ok_and(|s| s.trim_end().ends_with("ready"))
}
