//! A process between the tests and a server: whatever becomes of the tests, the server ends with them and its files go.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Reads what to do, a line each, and answers each with a line. At the end of its input, which comes even if whoever holds the other
/// end is killed, the server is ended and its directory removed.
const SCRIPT: &str = r#"
directory=$1; shift
pid=
while read -r what signal; do
  case $what in
    start) "$@" </dev/null >>"$directory/log" 2>&1 & pid=$!; echo started ;;
    check) if kill -0 "$pid" 2>/dev/null; then echo alive; else echo dead; fi ;;
    signal) kill -"$signal" "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; echo ended ;;
  esac
done
# QUIT first: the children of some servers only hear of their parent's end from itself.
if [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null; then
  for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null
fi
rm -rf "$directory"
"#;

/// The process.
#[derive(Debug)]
pub(crate) struct Guard {
    process: Child,
    /// There until the drop.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// Whom a server runs as: some refuse to run as root.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Guard {
    /// Guards a directory, and the server that this command starts. Nothing runs yet.
    pub(crate) fn new(
        directory: &Path,
        user: Option<User>,
        program: &Path,
        arguments: &[String],
    ) -> Result<Self, String> {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "sh"]).arg(directory).arg(program).args(arguments);
        // Out of reach of the terminal's Ctrl-C, so that it can clear up after the tests.
        command.current_dir(directory).stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        run_as(&mut command, user);
        let mut process = command.spawn().map_err(|e| format!("cannot start sh: {e}"))?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(input), Some(output)) => Ok(Self { process, input: Some(input), output: BufReader::new(output) }),
            _ => Err("sh has no input or output".to_owned()),
        }
    }

    /// Starts the server.
    pub(crate) fn start(&mut self) -> Result<(), String> {
        self.ask("start").map(drop)
    }

    /// Whether the server runs.
    pub(crate) fn is_alive(&mut self) -> Result<bool, String> {
        Ok(self.ask("check")? == "alive")
    }

    /// Sends the server a signal that ends it, and waits until it has ended.
    pub(crate) fn end(&mut self, signal: &str) -> Result<(), String> {
        self.ask(&format!("signal {signal}")).map(drop)
    }

    fn ask(&mut self, what: &str) -> Result<String, String> {
        let lost = |e: std::io::Error| format!("the guard of the server is gone: {e}");
        let input = self.input.as_mut().ok_or("the guard of the server is gone")?;
        writeln!(input, "{what}").and_then(|()| input.flush()).map_err(lost)?;
        let mut answer = String::new();
        self.output.read_line(&mut answer).map_err(lost)?;
        Ok(answer.trim().to_owned())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.input.take());
        // Until the server has ended; what came of it does not matter any more.
        let _ = self.process.wait();
    }
}

/// Runs a command as another user.
pub(crate) fn run_as(command: &mut Command, user: Option<User>) {
    if let Some(user) = user {
        command.uid(user.uid).gid(user.gid);
    }
}
