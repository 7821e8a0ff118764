//! The `prisma` command, run as a program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod bed;
mod db_execute;
mod db_pull;
mod db_push;
mod help;
mod history;
mod init;
mod migrate_diff;
mod pull;
mod query;
#[cfg(unix)]
mod terminal;
mod version;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Each test on each provider.
macro_rules! on_each_provider {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test(&crate::bed::Bed::new("sqlite")); })+
        }
        mod postgresql {
            $(#[test] fn $test() {
                test_servers::needs!(test_servers::Server::Postgresql);
                super::$test(&crate::bed::Bed::new("postgresql"));
            })+
        }
        mod mysql {
            $(#[test] fn $test() {
                test_servers::needs!(test_servers::Server::Mysql);
                super::$test(&crate::bed::Bed::new("mysql"));
            })+
        }
    };
}
pub(crate) use on_each_provider;

/// A directory with a project in it.
struct Project(tempfile::TempDir);

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Project {
    /// With files, by name and text.
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        // Variables are looked for in the directories above, up to the project's root.
        project.write("Cargo.lock", "");
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The command, ready to run.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prisma"));
        command.args(arguments).current_dir(self.0.path()).env_remove("DATABASE_URL").stdin(Stdio::null());
        command
    }

    fn prisma(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        let Output { status, stdout, stderr } = output;
        Ran { code: status.code(), out: String::from_utf8(stdout).unwrap(), err: String::from_utf8(stderr).unwrap() }
    }

    /// It went well; what it said.
    #[track_caller]
    fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self.out
    }

    /// It failed with exit code 1; what it said on standard error.
    #[track_caller]
    fn failed(self) -> String {
        assert_eq!(self.code, Some(1), "{}\n{}", self.out, self.err);
        assert!(!self.err.contains('\u{1b}'), "colours, though there is no terminal: {:?}", self.err);
        self.err
    }
}
