use prisma_core::Value;
use prisma_drivers::ConnectOptions;
use prisma_drivers::sqlite::SqliteDriver;
use prisma_migrate::{PushOptions, Step};

use crate::{Database, LOSE, schema};

/// Variants of one schema: every kind of change is a way from one to another.
const VARIANTS: [&str; 12] = [
    "model A {\n id Int @id\n keep String\n}",
    "model A {\n id Int @id @default(autoincrement())\n keep String\n}",
    "model A {\n id Int @id\n keep String\n more String?\n other Int @default(7)\n}",
    "model A {\n id Int @id\n keep String @unique\n}",
    "model A {\n id Int @id\n keep String?\n at DateTime @default(now())\n}",
    "model A {\n id Int @id\n keep String @default(\"x\")\n\n @@index([keep(sort: Desc)])\n}",
    "model A {\n id BigInt @id\n keep String\n b B?\n}\nmodel B {\n id Int @id\n a A @relation(fields: [aId], references: [id])\n aId BigInt @unique\n}",
    "model A {\n id Int @id\n keep String\n bs B[]\n}\nmodel B {\n id Int @id\n as A[]\n}",
    "model A {\n id Int @id\n keep String\n parent Int?\n up A? @relation(\"t\", fields: [parent], references: [id], onDelete: Cascade)\n down A[] @relation(\"t\")\n}",
    "model A {\n id Int\n keep String\n @@id([id, keep])\n}",
    "model A {\n id Int @unique\n keep String\n flag Boolean @default(false)\n @@unique([keep, id], map: \"other_name\")\n}",
    "model Z {\n id String @id\n}\nmodel A {\n id Int @id\n keep String\n @@index([id, keep])\n @@index([keep], map: \"A_keep_key\")\n}",
];

#[tokio::test]
async fn from_every_schema_to_every_other_with_the_rows_kept() {
    for from in VARIANTS {
        for to in VARIANTS {
            let database = Database::with(from, "INSERT INTO A (id, keep) VALUES (1, 'one'), (2, 'two')").await;
            database.push(to, LOSE).await.unwrap_or_else(|e| panic!("{from}\n-> {to}\n{e}"));
            assert_eq!(database.difference(to).await.steps, [], "{from}\n-> {to}");
            let kept = database.rows("SELECT keep FROM A ORDER BY id").await;
            assert_eq!(kept, [[Value::String("one".into())], [Value::String("two".into())]], "{from}\n-> {to}");
            let broken = database.rows("SELECT * FROM pragma_foreign_key_check").await;
            assert!(broken.is_empty(), "{from}\n-> {to}");
        }
    }
}

#[tokio::test]
async fn what_sqlite_can_add_is_added_in_place() {
    let database = Database::with(VARIANTS[0], "").await;
    let outcome = database.push(VARIANTS[2], PushOptions::default()).await.unwrap();
    assert_eq!(
        outcome.script,
        "-- AlterTable\nALTER TABLE \"A\" ADD COLUMN \"more\" TEXT;\n\
         ALTER TABLE \"A\" ADD COLUMN \"other\" INTEGER NOT NULL DEFAULT 7;\n"
    );
}

#[tokio::test]
async fn the_rest_is_done_by_a_new_table() {
    let database = Database::with("model A {\n id Int @id\n keep String?\n gone Int?\n}", "").await;
    let outcome = database.push(VARIANTS[5], PushOptions::default()).await.unwrap();
    assert!(matches!(outcome.steps.as_slice(), [Step::RedefineTable { .. }]), "{:?}", outcome.steps);
    assert_eq!(
        outcome.script,
        r#"-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
PRAGMA legacy_alter_table=ON;
CREATE TABLE "new_A" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "keep" TEXT NOT NULL DEFAULT 'x'
);
INSERT INTO "new_A" ("id", "keep") SELECT "id", coalesce("keep", 'x') AS "keep" FROM "A";
DROP TABLE "A";
ALTER TABLE "new_A" RENAME TO "A";
CREATE INDEX "A_keep_idx" ON "A"("keep" DESC);
PRAGMA legacy_alter_table=OFF;
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
"#
    );
}

#[tokio::test]
async fn references_to_a_rebuilt_table_keep_pointing_to_it() {
    let before = "model A {\n id Int @id\n keep String?\n bs B[]\n}\nmodel B {\n id Int @id\n a A @relation(fields: [aId], references: [id], onDelete: Cascade)\n aId Int\n}";
    let after = before.replace("String?", "String @default(\"\")");
    let database = Database::with(before, "INSERT INTO A VALUES (1, NULL); INSERT INTO B VALUES (1, 1)").await;
    database.push(&after, PushOptions::default()).await.unwrap();
    assert_eq!(database.rows("SELECT keep FROM A").await, [[Value::String(String::new())]]);
    database.script("PRAGMA foreign_keys = ON; DELETE FROM A").await;
    assert_eq!(database.rows("SELECT * FROM B").await.len(), 0, "the cascade found its rows");
}

#[tokio::test]
async fn what_no_schema_knows_survives() {
    let database = Database::with(
        VARIANTS[0],
        "CREATE TABLE _prisma_migrations (id TEXT);
         CREATE VIEW v AS SELECT keep FROM A;
         CREATE TABLE log (keep TEXT);
         CREATE TRIGGER t AFTER INSERT ON A BEGIN INSERT INTO log VALUES (new.keep); END;
         CREATE INDEX lowered ON A (lower(keep))",
    )
    .await;
    let with_log = "\nmodel log {\n keep String?\n @@ignore\n}";
    let models = format!("{}{with_log}", VARIANTS[9]);
    database.push(&models, LOSE).await.unwrap();
    database.script("INSERT INTO A VALUES (1, 'one')").await;
    assert_eq!(database.rows("SELECT keep FROM v UNION ALL SELECT keep FROM log").await.len(), 2);
    let kept =
        database.rows("SELECT name FROM sqlite_master WHERE name IN ('lowered', 't', 'v', '_prisma_migrations')").await;
    assert_eq!(kept.len(), 4, "{kept:?}");
    assert_eq!(database.difference(&models).await.steps, []);
}

#[tokio::test]
async fn numbers_are_not_given_out_twice() {
    let before = "model A {\n id Int @id @default(autoincrement())\n keep String?\n}";
    let after = "model A {\n id Int @id @default(autoincrement())\n keep String @default(\"x\")\n}";
    for left in ["", "INSERT INTO A VALUES (1, 'one');"] {
        let script = format!("{left} INSERT INTO A VALUES (9, 'nine'); DELETE FROM A WHERE id = 9");
        let database = Database::with(before, &script).await;
        database.push(after, PushOptions::default()).await.unwrap();
        database.script("INSERT INTO A (keep) VALUES ('next')").await;
        assert_eq!(database.rows("SELECT MAX(id) FROM A").await, [[Value::Int(10)]]);
    }
}

#[tokio::test]
async fn virtual_tables_are_left_alone() {
    let database =
        Database::with(VARIANTS[0], "CREATE VIRTUAL TABLE found USING fts5(text); INSERT INTO found VALUES ('word')")
            .await;
    assert_eq!(database.difference(VARIANTS[0]).await.steps, []);
    database.push(VARIANTS[9], LOSE).await.unwrap();
    assert_eq!(database.rows("SELECT text FROM found WHERE found MATCH 'word'").await.len(), 1);
}

#[tokio::test]
async fn what_rebuilding_would_lose_is_told() {
    let database = Database::new().await;
    database.script("CREATE TABLE A (id INTEGER NOT NULL PRIMARY KEY, keep TEXT NOT NULL CHECK (keep <> ''))").await;
    assert_eq!(database.difference(VARIANTS[0]).await.steps, []);
    database.push(VARIANTS[2], PushOptions::default()).await.expect("nothing is rebuilt");
    let refused = database.push(VARIANTS[4], PushOptions::default()).await.unwrap_err().to_string();
    assert!(refused.contains("`A` must be rebuilt, which loses its CHECK constraints"), "{refused}");
}

#[tokio::test]
async fn two_at_once_leave_one_schema() {
    let directory = tempfile::tempdir().unwrap();
    let options = ConnectOptions { base_dir: Some(directory.path().into()), ..Default::default() };
    let connect = || SqliteDriver::connect("file:a.db", &options);
    let (one, two) = (connect().await.unwrap(), connect().await.unwrap());
    let schema = schema(VARIANTS[7]);
    let push = |driver| prisma_migrate::push(&schema, driver, PushOptions::default());
    let (one, two) = tokio::join!(push(&one), push(&two));
    let steps = [one.unwrap().steps.len(), two.unwrap().steps.len()];
    assert!(steps == [5, 0] || steps == [0, 5], "{steps:?}");
}

#[tokio::test]
async fn a_reset_begins_with_nothing() {
    let database = Database::with(
        VARIANTS[6],
        "CREATE TABLE _prisma_migrations (id TEXT); CREATE VIEW v AS SELECT 1; INSERT INTO A VALUES (1, 'one')",
    )
    .await;
    let options = PushOptions { force_reset: true, accept_data_loss: false };
    let outcome = database.push(VARIANTS[6], options).await.unwrap();
    assert!(!outcome.steps.is_empty() && outcome.warnings.is_empty());
    assert_eq!(database.rows("SELECT * FROM A").await.len(), 0);
    let gone = database.rows("SELECT 1 FROM sqlite_master WHERE name IN ('v', '_prisma_migrations')").await;
    assert_eq!(gone.len(), 0);
}

#[tokio::test]
async fn triggers_follow_a_new_name_unless_the_table_is_rebuilt() {
    let script = "CREATE TABLE log (kept TEXT);
         CREATE TRIGGER t AFTER INSERT ON A BEGIN INSERT INTO log VALUES (new.keep); END;
         CREATE INDEX lowered ON A (lower(keep))";
    let log = "model log {\n kept String?\n @@ignore\n}";
    let renamed =
        format!("model B {{\n id Int @id\n kept String @renamedFrom(\"keep\")\n @@renamedFrom(\"A\")\n}}\n{log}");
    let database = Database::with(VARIANTS[0], script).await;
    database.push(&renamed, PushOptions::default()).await.unwrap();
    database.script("INSERT INTO B VALUES (1, 'one')").await;
    assert_eq!(database.rows("SELECT kept FROM log").await, [[Value::String("one".into())]]);
    // Once they have the new names they are made anew like any other.
    database.push(&renamed.replace("kept String @", "kept String? @"), PushOptions::default()).await.unwrap();
    let kept = database.rows("SELECT name FROM sqlite_master WHERE name IN ('lowered', 't')").await;
    assert_eq!(kept.len(), 2);

    let database = Database::with(VARIANTS[0], script).await;
    let rebuilt = renamed.replace("kept String @", "kept String? @");
    let refused = database.push(&rebuilt, PushOptions::default()).await.unwrap_err().to_string();
    let told = "the table `A` must be rebuilt, which loses triggers and indexes over expressions that have an old name in them";
    assert!(refused.contains(told), "{refused}");
    database.push(&rebuilt, LOSE).await.unwrap();
    assert_eq!(database.difference(&rebuilt).await.steps, []);
}
