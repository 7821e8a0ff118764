//! Migrations that fail, and how one goes on.

use crate::bed::Bed;
use crate::on_each_provider;

on_each_provider! { a_migration_that_fails, a_database_that_was_there_before, scripts_that_end_transactions }

const INIT: &str = "20260101000000_init";
const BAD: &str = "20260102000000_bad";
const LAST: &str = "20260103000000_last";

fn a_migration_that_fails(bed: &Bed) {
    bed.models("");
    bed.write(INIT, "CREATE TABLE a (id INT PRIMARY KEY);");
    bed.write(BAD, "CREATE TABLE b (id INT PRIMARY KEY);\nINSERT INTO nowhere VALUES (1);");
    bed.write(LAST, "CREATE TABLE c (id INT PRIMARY KEY);");
    let error = bed.on_elsewhere(&["migrate", "deploy"]).failed();
    for part in [
        "P3018",
        &format!("`{BAD}` failed"),
        "nowhere",
        &format!("Applied before it:\n  - {INIT}"),
        &format!("Not applied:\n  - {LAST}"),
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
    let keeps = bed.provider.name() == "mysql";
    let left = if keeps { "is still in the database" } else { "Nothing of it is left" };
    assert!(error.contains(left), "{error}");
    assert_eq!(bed.elsewhere.tables(), if keeps { vec!["a", "b"] } else { vec!["a"] });
    assert_eq!(bed.elsewhere.history(), [format!("{INIT} applied"), format!("{BAD} failed")]);
    let logs = bed.elsewhere.rows("SELECT logs FROM _prisma_migrations WHERE finished_at IS NULL");
    assert!(logs[0].contains("nowhere"), "{logs:?}");

    let error = bed.on_elsewhere(&["migrate", "deploy"]).failed();
    assert!(error.contains("P3009") && error.contains(BAD) && error.contains("nowhere"), "{error}");
    let status = bed.on_elsewhere(&["migrate", "status"]);
    assert_eq!(status.code, Some(1));
    assert!(status.out.contains(&format!("has failed:\n{BAD}")), "{}", status.out);
    assert!(status.out.contains(&format!("resolve --rolled-back \"{BAD}\"")), "{}", status.out);

    for (arguments, code) in [
        (["--applied", "nothing"], "P3017"),
        (["--applied", INIT], "P3008"),
        (["--rolled-back", INIT], "P3012"),
        (["--rolled-back", LAST], "P3011"),
    ] {
        let error = bed.on_elsewhere(&[&["migrate", "resolve"], &arguments[..]].concat()).failed();
        assert!(error.contains(code), "{code}\n{error}");
    }
    assert_eq!(bed.prisma(&["migrate", "resolve"]).code, Some(2));

    let said = bed.on_elsewhere(&["migrate", "resolve", "--rolled-back", BAD]).ok();
    assert!(said.contains(&format!("Migration {BAD} marked as rolled back.")), "{said}");
    if keeps {
        bed.elsewhere.script("DROP TABLE b");
    }
    bed.write(BAD, "CREATE TABLE b (id INT PRIMARY KEY);");
    bed.on_elsewhere(&["migrate", "deploy"]).ok();
    assert_eq!(bed.elsewhere.tables(), ["a", "b", "c"]);
    assert_eq!(
        bed.elsewhere.history(),
        [format!("{INIT} applied"), format!("{BAD} rolled back"), format!("{BAD} applied"), format!("{LAST} applied")]
    );
    bed.on_elsewhere(&["migrate", "status"]).ok();

    // Or somebody finishes it by hand.
    bed.write("20260104000000_worse", "INSERT INTO nowhere VALUES (1);");
    bed.on_elsewhere(&["migrate", "deploy"]).failed();
    bed.on_elsewhere(&["migrate", "resolve", "--applied", "20260104000000_worse"]).ok();
    assert!(bed.on_elsewhere(&["migrate", "deploy"]).ok().contains("No pending"));

    // In development, it does not get as far as the database.
    let error = bed.prisma(&["migrate", "dev"]).failed();
    assert!(error.contains("P3006") && error.contains("20260104000000_worse"), "{error}");
    assert_eq!(bed.dev.tables(), [""; 0]);
}

fn a_database_that_was_there_before(bed: &Bed) {
    bed.elsewhere.script("CREATE TABLE a (id INT NOT NULL PRIMARY KEY)");
    bed.models("model a {\n  id Int @id\n}");
    let sql =
        bed.on_elsewhere(&["migrate", "diff", "--from-empty", "--to-schema", "prisma/schema.prisma", "--script"]).ok();
    bed.write("0_init", &sql);
    let error = bed.on_elsewhere(&["migrate", "deploy"]).failed();
    assert!(error.contains("P3005") && error.contains("resolve --applied"), "{error}");
    let status = bed.on_elsewhere(&["migrate", "status"]);
    assert_eq!(status.code, Some(1));
    assert!(status.out.contains("is not managed by Prisma Migrate"), "{}", status.out);
    let error = bed.on_elsewhere(&["migrate", "dev"]).failed();
    assert!(error.contains("Drift detected") && error.contains("The database has no history"), "{error}");

    bed.on_elsewhere(&["migrate", "resolve", "--applied", "0_init"]).ok();
    bed.on_elsewhere(&["migrate", "status"]).ok();
    let said = bed.on_elsewhere(&["migrate", "dev"]).ok();
    assert!(said.contains("Already in sync"), "{said}");
}

/// Scripts that people wrote for Prisma, which runs them without a transaction.
fn scripts_that_end_transactions(bed: &Bed) {
    bed.models("");
    bed.write(INIT, "BEGIN;\nCREATE TABLE a (id INT PRIMARY KEY);\nCOMMIT;");
    let script = match bed.provider.name() {
        "sqlite" => "VACUUM;",
        "postgresql" => "CREATE INDEX CONCURRENTLY i ON a (id);",
        _ => "CREATE INDEX i ON a (id);",
    };
    bed.write(BAD, script);
    // What they change in their session is not what the next one finds.
    let session = match bed.provider.name() {
        "sqlite" => "PRAGMA foreign_keys=OFF;\nCREATE TABLE b (id INT PRIMARY KEY REFERENCES a(id));",
        "postgresql" => {
            "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.b (id INT PRIMARY KEY);"
        }
        _ => "SET sql_mode = '';\nUSE information_schema;",
    };
    bed.write(LAST, session);
    bed.write("20260103000001_nothing", "");
    bed.write("20260104000000_d", "CREATE TABLE d (id INT PRIMARY KEY);");
    bed.on_elsewhere(&["migrate", "deploy"]).ok();
    assert_eq!(bed.elsewhere.history().iter().filter(|h| h.ends_with(" applied")).count(), 5);
    assert!(bed.elsewhere.tables().contains(&"d".to_owned()));
}
