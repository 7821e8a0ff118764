use std::io::Write;
use std::process::Stdio;

use crate::{Project, Ran};

const SCHEMA: &str = "datasource db {\n  provider = \"sqlite\"\n  url = \"file:dev.db\"\n}\n";

#[test]
fn a_script_is_run_as_it_is() {
    let project = Project::new(&[
        ("schema.prisma", SCHEMA),
        ("up.sql", "CREATE TABLE a (id INTEGER); INSERT INTO a VALUES (1); SELECT * FROM a;"),
    ]);
    project.prisma(&["db", "push"]).ok();
    assert_eq!(project.prisma(&["db", "execute", "--file", "up.sql"]).ok(), "Script executed successfully\n");

    let mut child = project.command(&["db", "execute", "--stdin", "--url", "file:dev.db"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"INSERT INTO b VALUES (1)").unwrap();
    let error = Ran::of(child.wait_with_output().unwrap()).failed();
    assert!(error.contains("table `b`"), "{error}");

    let error = project.prisma(&["db", "execute", "--file", "no.sql"]).failed();
    assert!(error.contains("the script `no.sql` could not be read"), "{error}");
    let error = project.prisma(&["db", "execute", "--file", "up.sql", "--url", "oracle://x"]).failed();
    assert!(error.contains("the URL does not tell the provider"), "{error}");
    assert_eq!(project.prisma(&["db", "execute"]).code, Some(2), "neither file nor standard input");
}
