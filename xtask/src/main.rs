//! Development tasks: `cargo xtask test`.

mod step;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
Development tasks of prisma-client.

    cargo xtask test [--only sqlite]    format, lints, all tests, documentation
    cargo xtask snapshots               accepts what the snapshot, fixture and UI tests now print

--only sqlite   leaves out what needs a database server
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["test"] => test::test(test::Servers::All),
        ["test", "--only", "sqlite"] => test::test(test::Servers::None),
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
