//! Development tasks: `cargo xtask test`.

mod servers;
mod step;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
Development tasks of prisma-client.

    cargo xtask test [--only PROVIDERS]    format, lints, all tests, documentation
    cargo xtask snapshots                  accepts what the snapshot, fixture and UI tests now print

--only sqlite        leaves out what needs a database server
--only postgresql    leaves out what needs another one; `mysql`, and several with commas between them, likewise

The tests take the servers of TEST_POSTGRESQL_URL and TEST_MYSQL_URL; if these are not set, those of this machine that let
`postgres` and `root` in without a password; else they start their own from the installed programs, and stop them at the end.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["test"] => test::test(None),
        ["test", "--only", providers] => test::test(Some(providers)),
        ["snapshots"] => test::accept_snapshots(),
        [] | ["-h" | "--help" | "help"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("unknown task `{}`\n\n{USAGE}", other.join(" "))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
