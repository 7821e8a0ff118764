//! What is asked at a terminal.

use crate::bed::Bed;

const TWO: &str = "model A {\n  id Int @id\n  x String?\n}";
const ONE: &str = "model A {\n  id Int @id\n}";

#[test]
fn names_and_consent() {
    let bed = Bed::new("sqlite");
    bed.models(TWO);
    let ran = bed.project.at_terminal(&["migrate", "dev"], "My first\n");
    assert!(ran.err.contains("Enter a name for the new migration:"), "{}", ran.err);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(bed.migrations()[0].ends_with("_my_first"));

    bed.dev.script("INSERT INTO A VALUES (1, 'x')");
    bed.models(ONE);
    let ran = bed.project.at_terminal(&["migrate", "dev", "-n", "less"], "n\n");
    assert!(ran.err.contains("with 1 value in it") && ran.err.contains("Migration cancelled."), "{}", ran.err);
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    assert_eq!(bed.migrations().len(), 1);
    let ran = bed.project.at_terminal(&["migrate", "dev", "-n", "less"], "y\n");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(bed.dev.rows("SELECT * FROM A"), ["1"]);
}

#[test]
fn resets() {
    let bed = Bed::new("sqlite");
    bed.models(ONE);
    bed.dev("init");
    bed.project.write("prisma.toml", "[migrations]\nseed = \"echo seeded >> seeds.txt\"\n");
    bed.dev.script("INSERT INTO A VALUES (1); CREATE TABLE drifted (id INT)");
    let ran = bed.project.at_terminal(&["migrate", "dev"], "\n");
    assert!(ran.err.contains("Drift detected") && ran.err.contains("All data will be lost"), "{}", ran.err);
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    assert_eq!(bed.dev.tables(), ["A", "drifted"]);
    let ran = bed.project.at_terminal(&["migrate", "dev"], "y\n");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(bed.dev.tables(), ["A"]);
    assert_eq!(bed.project.read("seeds.txt"), "seeded\n", "a database that was reset is seeded");

    bed.dev.script("INSERT INTO A VALUES (1)");
    let ran = bed.project.at_terminal(&["migrate", "reset"], "no\n");
    assert_eq!((ran.code, bed.dev.rows("SELECT * FROM A").len()), (Some(130), 1), "{}", ran.err);
    let ran = bed.project.at_terminal(&["migrate", "reset"], "yes\n");
    assert_eq!((ran.code, bed.dev.rows("SELECT * FROM A").len()), (Some(0), 0), "{}", ran.err);
}
