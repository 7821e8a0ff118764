//! One command of a task.

use std::process::Command;
use std::time::Instant;

/// Runs `cargo` with these arguments and variables; its output goes to the terminal.
///
/// # Errors
/// It cannot be started, or fails.
pub(crate) fn cargo(what: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Result<(), String> {
    let shown = format!("cargo {}", arguments.join(" "));
    println!("\n==> {what}: {shown}");
    let start = Instant::now();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(arguments)
        .envs(variables.iter().copied())
        .status()
        .map_err(|e| format!("{shown}: {e}"))?;
    println!("<== {what}: {:.0} s", start.elapsed().as_secs_f32());
    match status.success() {
        true => Ok(()),
        false => Err(format!("{what} failed: {shown}")),
    }
}

/// Whether a cargo command of that name is installed.
pub(crate) fn has_cargo_command(name: &str) -> bool {
    Command::new(format!("cargo-{name}")).arg("--version").output().is_ok_and(|o| o.status.success())
}
