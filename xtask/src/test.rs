//! `cargo xtask test`: everything that must hold before a change lands.

use test_servers::{PROVIDERS, Server};

use crate::servers::Servers;
use crate::step::{Steps, has_cargo_command};

/// What every step builds with: the same features everywhere, so that nothing is built twice.
const EVERYTHING: [&str; 2] = ["--workspace", "--all-features"];

/// Runs everything; `only` names the providers whose tests are to run, with commas between them.
///
/// # Errors
/// The first step that fails, or a server that cannot be had.
pub(crate) fn test(only: Option<&str>) -> Result<(), String> {
    let wanted = wanted(only)?;
    let mut steps = Steps::default();
    steps.cargo("format", &["fmt", "--all", "--check"])?;
    // Before anything takes long: what is missing is to be said at once.
    let servers = Servers::find(&wanted)?;
    steps.set_all(&servers.variables);
    if let Some(only) = only {
        steps.set(PROVIDERS, only);
        println!("==> {PROVIDERS}={only}: tests that need another server say that they are left out");
    }
    steps.cargo("lints", &[&["clippy"], &EVERYTHING[..], &["--all-targets", "--", "-D", "warnings"]].concat())?;
    steps.cargo("tests", &[&["test"], &EVERYTHING[..], &["--all-targets"]].concat())?;
    steps.cargo("documentation tests", &[&["test"], &EVERYTHING[..], &["--doc"]].concat())?;
    steps.set("RUSTDOCFLAGS", "-D warnings");
    steps.cargo("documentation", &[&["doc"], &EVERYTHING[..], &["--no-deps"]].concat())?;
    if has_cargo_command("deny") {
        steps.cargo("dependencies", &["deny", "--all-features", "check"])?;
    } else {
        println!("\n==> dependencies: left out, cargo-deny is not installed (`cargo install cargo-deny`)");
    }
    steps.summary();
    Ok(())
}

/// Accepts what the snapshot, fixture and UI tests now print; read the difference before you commit it.
///
/// # Errors
/// The first step that fails.
pub(crate) fn accept_snapshots() -> Result<(), String> {
    let servers = Servers::find(&Server::ALL)?;
    let mut steps = Steps::default();
    steps.set_all(&servers.variables);
    for (name, value) in [("INSTA_UPDATE", "always"), ("UPDATE_EXPECT", "1"), ("TRYBUILD", "overwrite")] {
        steps.set(name, value);
    }
    steps.cargo("tests", &[&["test"], &EVERYTHING[..], &["--all-targets"]].concat())
}

/// The servers of these providers.
fn wanted(only: Option<&str>) -> Result<Vec<Server>, String> {
    let Some(only) = only else { return Ok(Server::ALL.into()) };
    let mut wanted = Vec::new();
    for name in only.split(',') {
        match Server::ALL.iter().find(|s| s.provider() == name) {
            Some(server) => wanted.push(*server),
            None if name == "sqlite" => {}
            None => return Err(format!("--only {only}: the tests know `sqlite`, `postgresql` and `mysql`")),
        }
    }
    Ok(wanted)
}
