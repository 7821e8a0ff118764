//! MariaDB's programs and settings.

use std::path::{Path, PathBuf};

use crate::private::{Kind, Setup, is_root};
use crate::programs::find;

pub(crate) const KIND: Kind =
    Kind { user: || Ok(None), set_up, is_ready, stop: "TERM", crash: "KILL", superuser: "root" };

/// The program that makes the files of a server, and the server itself.
pub(crate) fn programs() -> Result<(PathBuf, PathBuf), String> {
    const USUAL: [&str; 5] =
        ["/usr/bin", "/usr/sbin", "/usr/libexec", "/usr/local/sbin", "/opt/homebrew/opt/mariadb*/bin"];
    let install = find(&["mariadb-install-db"], &USUAL);
    let server = find(&["mariadbd"], &USUAL);
    install.zip(server).ok_or_else(|| {
        "MariaDB is not installed: there is no program `mariadbd` with `mariadb-install-db` (Debian: apt-get install mariadb-server)".to_owned()
    })
}

fn set_up(setup: &Setup<'_>) -> Result<(PathBuf, Vec<String>), String> {
    let (install, server) = programs()?;
    let mut common = vec![
        "--no-defaults".to_owned(),
        format!("--datadir={}", setup.directory.join("data").display()),
        // At its start it removes the temporary tables that lie there, whosever they are.
        format!("--tmpdir={}", setup.directory.display()),
        "--innodb-log-file-size=16M".to_owned(),
        // What is committed outlives the server, but need not outlive the machine.
        "--innodb-flush-log-at-trx-commit=2".to_owned(),
        "--debug-no-sync".to_owned(),
        "--innodb-doublewrite=0".to_owned(),
    ];
    if is_root() {
        common.push("--user=root".to_owned());
    }
    let mut arguments = common.clone();
    arguments.extend(["--auth-root-authentication-method=normal", "--skip-test-db"].map(str::to_owned));
    setup.run(&install, &arguments)?;

    let mut arguments = common;
    let mut set = |name: &str, value: &str| arguments.push(format!("--{name}={value}"));
    // Whoever has the password comes in, and nobody else.
    let password = setup.settings.password.as_deref().unwrap_or_default();
    // A statement a line: it reads no further in a line.
    let grant = format!(
        "CREATE OR REPLACE USER root@'%' IDENTIFIED BY '{password}';\n\
         GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;\n\
         DELETE FROM mysql.global_priv WHERE user IN ('root', '') AND host <> '%';\n\
         FLUSH PRIVILEGES;\n"
    );
    set("init-file", &setup.write("init.sql", &grant)?.display().to_string());
    set("bind-address", "127.0.0.1");
    set("port", &setup.port.to_string());
    set("socket", &setup.directory.join("socket").display().to_string());
    set("pid-file", &setup.directory.join("pid").display().to_string());
    set("skip-name-resolve", "ON");
    set("character-set-server", "utf8mb4");
    set("innodb-buffer-pool-size", "64M");
    set("max-connections", &setup.settings.max_connections.unwrap_or(200).to_string());
    if let Some(tls) = &setup.settings.tls {
        set("ssl-cert", &setup.write("server.crt", &tls.certificate)?.display().to_string());
        set("ssl-key", &setup.write("server.key", &tls.key)?.display().to_string());
    } else {
        // Later versions make a certificate of their own.
        set("ssl", "OFF");
    }
    for (name, value) in &setup.settings.others {
        set(name, value);
    }
    Ok((server, arguments))
}

/// It listens when everything else is done.
fn is_ready(directory: &Path) -> bool {
    directory.join("socket").exists()
}
