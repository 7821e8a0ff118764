//! A project from its first migration on.

use crate::bed::Bed;
use crate::on_each_provider;

on_each_provider! { from_init_to_reset, new_names_keep_what_is_there, histories_that_part, what_no_terminal_can_be_asked }

const USER: &str = "model User {\n  id Int @id @default(autoincrement())\n  email String @unique\n  name String?\n}";
const POSTS: &str = "model User {\n  id Int @id @default(autoincrement())\n  email String @unique\n  name String?\n  posts Post[]\n}\n\
     model Post {\n  id Int @id @default(autoincrement())\n  title String\n  author User @relation(fields: [authorId], references: [id])\n  authorId Int\n}";

fn new_names_keep_what_is_there(bed: &Bed) {
    bed.models(POSTS);
    bed.dev("init");
    bed.dev.script(r#"INSERT INTO "User" (id, email) VALUES (1, 'a'); INSERT INTO "Post" (id, title, "authorId") VALUES (1, 't', 1)"#);
    bed.on_elsewhere(&["migrate", "deploy"]).ok();
    bed.elsewhere.script(r#"INSERT INTO "User" (id, email) VALUES (7, 'b')"#);
    let renamed = POSTS
        .replace("User", "Member")
        .replace("email String @unique", "mail String @unique @renamedFrom(\"email\")")
        .replace("authorId Int", "writerId Int @renamedFrom(\"authorId\")")
        .replace("[authorId]", "[writerId]");
    let renamed = renamed.replacen('}', "  @@renamedFrom(\"User\")\n}", 1);
    bed.models(&renamed);
    let said = bed.dev("new_names");
    assert!(!said.contains("Warning"), "{said}");
    let names = bed.migrations();
    let sql = bed.sql(&names[1]);
    assert!(sql.starts_with("-- RenameTable\nALTER TABLE "), "{sql}");
    assert!(!sql.contains("CreateTable") && !sql.contains("DropTable"), "{sql}");
    let joined = r#"SELECT m.mail FROM "Member" m JOIN "Post" p ON p."writerId" = m.id"#;
    assert_eq!(bed.dev.rows(joined), ["a"]);
    assert!(bed.prisma(&["migrate", "dev"]).ok().contains("Already in sync"));
    bed.on_elsewhere(&["migrate", "deploy"]).ok();
    assert_eq!(bed.elsewhere.rows(r#"SELECT mail FROM "Member""#), ["b"]);
    // Removed when all have it.
    let bare: Vec<_> = renamed.lines().map(|l| l.split("@renamedFrom").next().unwrap().trim_end_matches('@')).collect();
    bed.models(&bare.join("\n"));
    assert!(bed.prisma(&["migrate", "dev"]).ok().contains("Already in sync"));
}

/// What `migrate status` tells tools.
fn status(bed: &Bed) -> serde_json::Value {
    let ran = bed.prisma(&["migrate", "status", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out));
    assert_eq!(ran.code, Some(if report["isUpToDate"] == true { 0 } else { 1 }), "{report}");
    report
}

fn from_init_to_reset(bed: &Bed) {
    bed.models(USER);
    let said = bed.dev("init");
    assert!(said.contains("The database was made") && said.contains("created and applied from new schema"), "{said}");
    assert!(bed.project.read("prisma/migrations/migration_lock.toml").contains(bed.provider.name()));
    let said = bed.prisma(&["migrate", "status"]).ok();
    assert!(said.contains("1 migration found in prisma/migrations"), "{said}");
    assert!(said.contains("Database schema is up to date!"), "{said}");

    let report = status(bed);
    assert_eq!((&report["isUpToDate"], &report["isManaged"]), (&true.into(), &true.into()), "{report}");
    bed.write("20990101000000_later", "CREATE TABLE later (id INT);");
    let report = status(bed);
    assert_eq!(
        (&report["isUpToDate"], &report["pending"][0]),
        (&false.into(), &"20990101000000_later".into()),
        "{report}"
    );
    bed.remove("20990101000000_later");

    bed.models(POSTS);
    bed.dev("Add posts!");
    let names = bed.migrations();
    assert_eq!(names.len(), 2);
    assert!(names[1].ends_with("_add_posts") && names[1].len() == "20260101000000_add_posts".len(), "{names:?}");
    assert!(bed.sql(&names[1]).starts_with("-- CreateTable\n"), "{}", bed.sql(&names[1]));
    assert!(bed.prisma(&["migrate", "dev"]).ok().contains("Already in sync"));

    // A change that loses data is written, read, and only then applied.
    bed.dev.script(r#"INSERT INTO "User" (email, name) VALUES ('a', 'x'), ('b', NULL)"#);
    bed.models(&POSTS.replace("  name String?\n", ""));
    let error = bed.prisma(&["migrate", "dev", "--name", "no_names"]).failed();
    assert!(error.contains("the column `name` of `User` is to be dropped, with 1 value in it"), "{error}");
    assert!(error.contains("non-interactive") && error.contains("--create-only"), "{error}");
    assert_eq!(bed.migrations().len(), 2, "nothing is made");
    let ran = bed.prisma(&["migrate", "dev", "--name", "no_names", "--create-only"]);
    assert!(ran.err.contains("with 1 value in it"), "{}", ran.err);
    assert!(ran.ok().contains("created, and not applied"));
    let names = bed.migrations();
    let sql = bed.sql(&names[2]);
    assert!(sql.starts_with("/*\n  Warnings:\n\n  - the column `name` of `User` is dropped"), "{sql}");
    let pending = bed.prisma(&["migrate", "status"]);
    assert_eq!(pending.code, Some(1));
    assert!(pending.out.contains(&format!("not yet been applied:\n{}", names[2])), "{}", pending.out);
    assert!(bed.prisma(&["migrate", "dev"]).ok().contains("have been applied"));
    assert_eq!(bed.dev.rows(r#"SELECT email FROM "User" ORDER BY email"#), ["a", "b"], "the rows stay");

    let said = bed.on_elsewhere(&["migrate", "deploy"]).ok();
    let applied: Vec<_> = names.iter().map(|n| format!("Applying migration `{n}`")).collect();
    assert!(said.contains(&applied.join("\n")) && said.contains("successfully applied"), "{said}");
    assert!(bed.on_elsewhere(&["migrate", "deploy"]).ok().contains("No pending migrations to apply."));
    assert_eq!(bed.elsewhere.history(), names.iter().map(|n| format!("{n} applied")).collect::<Vec<_>>());
    assert_eq!(bed.elsewhere.tables(), ["Post", "User"]);

    // Somebody changes the database by hand.
    bed.dev.script(r#"CREATE TABLE drifted (id INT PRIMARY KEY)"#);
    let error = bed.prisma(&["migrate", "dev"]).failed();
    assert!(error.contains("Drift detected") && error.contains("drifted"), "{error}");
    bed.project.write("prisma.toml", "[migrations]\nseed = \"echo seeded >> seeds.txt; echo\"\n");
    let error = bed.prisma(&["migrate", "reset"]).failed();
    assert!(error.contains("non-interactive") && error.contains("--force"), "{error}");
    let said = bed.prisma(&["migrate", "reset", "--force"]).ok();
    assert!(said.contains("Database reset successful") && said.contains("Running seed command"), "{said}");
    assert_eq!(bed.project.read("seeds.txt"), "seeded\n");
    bed.prisma(&["migrate", "reset", "-f", "--skip-seed"]).ok();
    assert_eq!(bed.project.read("seeds.txt"), "seeded\n");
    assert_eq!(bed.dev.tables(), ["Post", "User"]);
    assert_eq!(bed.dev.history().len(), 3);
    assert_eq!(bed.dev.rows(r#"SELECT * FROM "User""#), [""; 0], "data is gone");
    bed.prisma(&["migrate", "dev"]).ok();

    let said = bed.prisma(&["db", "seed", "--", "a b", "c"]).ok();
    assert!(said.contains("\na b c\n"), "{said}");
    bed.project.write("prisma.toml", "seed = \"exit 3\"\n");
    let error = bed.prisma(&["db", "seed"]).failed();
    assert!(error.contains("the seed command `exit 3` failed"), "{error}");
    bed.project.write("prisma.toml", "");
    let error = bed.prisma(&["db", "seed"]).failed();
    assert!(error.contains("in its section [migrations]"), "{error}");
}

fn histories_that_part(bed: &Bed) {
    bed.models(USER);
    bed.dev("init");
    bed.models(POSTS);
    bed.dev("posts");
    let names = bed.migrations();

    let sql = bed.sql(&names[0]);
    bed.write(&names[0], &format!("{sql}\n-- more"));
    let error = bed.prisma(&["migrate", "dev"]).failed();
    assert!(error.contains(&format!("The migration `{}` was modified after it was applied.", names[0])), "{error}");
    let status = bed.prisma(&["migrate", "status"]);
    assert!(status.err.contains("was changed after it was applied"), "{}", status.err);
    status.ok();
    // Another machine ends its lines otherwise.
    bed.write(&names[0], &sql.replace('\n', "\r\n"));
    assert!(bed.prisma(&["migrate", "dev"]).ok().contains("Already in sync"));

    bed.remove(&names[1]);
    bed.write("20990101000000_mine", "CREATE TABLE mine (id INT PRIMARY KEY);");
    let status = bed.prisma(&["migrate", "status"]);
    assert_eq!(status.code, Some(1));
    for part in [
        "Your local migration history and the migrations table from your database are different",
        &format!("The last common migration is: {}", names[0]),
        &format!("is not found in the folder:\n{}", names[1]),
        "not yet been applied:\n20990101000000_mine",
    ] {
        assert!(status.out.contains(part), "{part}\n{}", status.out);
    }
    let error = bed.prisma(&["migrate", "dev"]).failed();
    assert!(error.contains(&format!("`{}` is applied to the database, but missing", names[1])), "{error}");

    // What is at hand is of no use for another provider, or with a file less.
    let other = if bed.provider.name() == "mysql" { "sqlite" } else { "mysql" };
    bed.project.write("prisma/migrations/migration_lock.toml", &format!("provider = \"{other}\"\n"));
    for command in [&["migrate", "deploy"][..], &["migrate", "status"], &["migrate", "dev"]] {
        let error = bed.prisma(command).failed();
        assert!(error.contains("P3019") && error.contains(other), "{error}");
    }
    std::fs::remove_file(bed.project.path("prisma/migrations/20990101000000_mine/migration.sql")).unwrap();
    let error = bed.prisma(&["migrate", "deploy"]).failed();
    assert!(error.contains("P3015") && error.contains("20990101000000_mine"), "{error}");
}

fn what_no_terminal_can_be_asked(bed: &Bed) {
    bed.models(USER);
    let error = bed.prisma(&["migrate", "dev"]).failed();
    assert!(error.contains("what is the new migration called? Say it by --name"), "{error}");
    let error = bed.prisma(&["migrate", "dev", "--name", &"x".repeat(201)]).failed();
    assert!(error.contains("P3010"), "{error}");
    bed.dev("init");
    bed.dev.script(r#"INSERT INTO "User" (email) VALUES ('a')"#);
    let required = USER.replace("name String?", "age Int\n  name String?");
    bed.models(&required);
    let error = bed.prisma(&["migrate", "dev", "--name", "age"]).failed();
    assert!(error.contains("the required column `age` cannot be added to `User`, which has 1 row"), "{error}");
    assert!(error.contains("--create-only"), "{error}");
    bed.prisma(&["migrate", "dev", "--name", "age", "--create-only"]).ok();
    let name = bed.migrations().pop().unwrap();
    let sql = bed.sql(&name);
    assert!(sql.contains("the required column `age` is added to `User` without a default"), "{sql}");

    // An empty one, to be written by hand.
    bed.remove(&name);
    bed.models(USER);
    bed.prisma(&["migrate", "dev", "--name", "by hand", "--create-only"]).ok();
    let name = bed.migrations().pop().unwrap();
    assert_eq!(bed.sql(&name), "-- This is an empty migration.\n");
    bed.prisma(&["migrate", "dev"]).ok();
    assert_eq!(bed.dev.history().len(), 2);
}
