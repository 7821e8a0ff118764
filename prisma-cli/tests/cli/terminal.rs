//! The command at a terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::Stdio;

use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::{Project, Ran};

impl Project {
    /// Runs the command where somebody sits who gives these answers.
    pub(crate) fn at_terminal(&self, arguments: &[&str], answers: &str) -> Ran {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let flags = i32::try_from(OFlags::NOCTTY.bits()).unwrap();
        let slave = OpenOptions::new().read(true).write(true).custom_flags(flags).open(path).unwrap();

        let mut command = self.command(arguments);
        command.stdin(Stdio::from(slave.try_clone().unwrap())).stderr(Stdio::from(slave)).stdout(Stdio::piped());
        let child = command.spawn().unwrap();
        // It holds the other end of the terminal, which would never end.
        drop(command);
        let mut master = File::from(master);
        master.write_all(answers.as_bytes()).unwrap();
        let reader = std::thread::spawn(move || {
            let mut shown = Vec::new();
            // The end of a terminal is an error.
            let _ = master.read_to_end(&mut shown);
            String::from_utf8(shown).unwrap()
        });
        let mut ran = Ran::of(child.wait_with_output().unwrap());
        ran.err = reader.join().unwrap();
        ran
    }
}

#[test]
fn progress_is_for_those_who_watch() {
    let schema = "datasource db {\n  provider = \"sqlite\"\n  url = \"file:dev.db\"\n}\nmodel A {\n  id Int @id\n}\n";
    let migration = ("prisma/migrations/1_init/migration.sql", "CREATE TABLE A (id INTEGER PRIMARY KEY NOT NULL);");
    let project = Project::new(&[("prisma/schema.prisma", schema), migration]);
    for (arguments, what) in [
        (&["migrate", "deploy"][..], "Applying migrations"),
        (&["migrate", "dev"], "Running all migrations in the shadow database"),
        (&["migrate", "reset", "--force"], "Dropping everything"),
        (&["db", "push"], "Pushing the schema"),
        (&["db", "pull"], "Reading the database"),
    ] {
        let ran = project.at_terminal(arguments, "");
        assert!(ran.err.contains(what), "{arguments:?}: {:?}", ran.err);
        ran.ok();
        let ran = project.prisma(arguments);
        assert_eq!(ran.err, "", "{arguments:?}");
        assert!(!ran.ok().contains('\u{1b}'));
    }
}
