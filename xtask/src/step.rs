//! The commands of a task.

use std::process::Command;
use std::time::Instant;

/// The commands of a task, one after the other.
#[derive(Default)]
pub(crate) struct Steps {
    variables: Vec<(&'static str, String)>,
    done: Vec<(String, f32)>,
}

impl Steps {
    /// Sets a variable for the steps to come.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.variables.push((name, value.to_owned()));
    }

    pub(crate) fn set_all(&mut self, variables: &[(&'static str, String)]) {
        self.variables.extend_from_slice(variables);
    }

    /// Runs `cargo` with these arguments; its output goes to the terminal.
    ///
    /// # Errors
    /// It cannot be started, or fails.
    pub(crate) fn cargo(&mut self, what: &str, arguments: &[&str]) -> Result<(), String> {
        let shown = format!("cargo {}", arguments.join(" "));
        println!("\n==> {what}: {shown}");
        let start = Instant::now();
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let variables = self.variables.iter().map(|(name, value)| (name, value));
        let status =
            Command::new(cargo).args(arguments).envs(variables).status().map_err(|e| format!("{shown}: {e}"))?;
        let seconds = start.elapsed().as_secs_f32();
        println!("<== {what}: {seconds:.0} s");
        self.done.push((what.to_owned(), seconds));
        match status.success() {
            true => Ok(()),
            false => Err(format!("{what} failed: {shown}")),
        }
    }

    /// Tells how long each step took.
    pub(crate) fn summary(&self) {
        println!("\nAll is well.");
        for (what, seconds) in &self.done {
            println!("{seconds:>6.0} s  {what}");
        }
    }
}

/// Whether a cargo command of that name is installed.
pub(crate) fn has_cargo_command(name: &str) -> bool {
    Command::new(format!("cargo-{name}")).arg("--version").output().is_ok_and(|o| o.status.success())
}
