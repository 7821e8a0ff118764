use prisma_core::Value;
use prisma_migrate::{PushError, PushOptions};

use crate::{Database, LOSE};

const BASE: &str = "model A {\n id Int @id\n a String?\n n Int?\n}\nmodel B {\n id Int @id\n}";
const ROWS: &str = "INSERT INTO A VALUES (1, 'x', NULL), (2, 'x', 5), (3, NULL, 6)";

/// The warnings and what is unexecutable when a schema is pushed to a database with rows, which stays as it was.
async fn refused(models: &str, rows: &str) -> (Vec<String>, Vec<String>) {
    let database = Database::with(BASE, rows).await;
    let before = database.rows("SELECT sql FROM sqlite_master").await;
    let result = database.push(models, PushOptions::default()).await;
    assert_eq!(database.rows("SELECT sql FROM sqlite_master").await, before, "something was changed nevertheless");
    match result {
        Err(PushError::Refused { warnings, unexecutable }) => (warnings, unexecutable),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn data_that_would_be_lost_is_counted() {
    for (models, warning) in [
        ("model A {\n id Int @id\n a String?\n n Int?\n}", "the table `B` is to be dropped, with 1 row in it"),
        (
            "model A {\n id Int @id\n n Int?\n}\nmodel B {\n id Int @id\n}",
            "the column `a` of `A` is to be dropped, with 2 values in it",
        ),
        (
            "model A {\n id Int @id\n a Int?\n n Int?\n}\nmodel B {\n id Int @id\n}",
            "the column `a` of `A` changes from TEXT to INTEGER: its 2 values",
        ),
        (
            "model A {\n id Int\n a String?\n n Int?\n k Int @id @default(autoincrement())\n}\nmodel B {\n id Int @id\n}",
            "the primary key of `A`, which has 3 rows, changes",
        ),
    ] {
        let (warnings, unexecutable) = refused(models, &format!("{ROWS}; INSERT INTO B VALUES (1)")).await;
        assert!(warnings.len() == 1 && warnings[0].starts_with(warning), "{warnings:?}");
        assert_eq!(unexecutable, [""; 0]);

        let database = Database::with(BASE, ROWS).await;
        let outcome = database.push(models, LOSE).await.unwrap();
        assert!(outcome.warnings.len() <= 1 && !outcome.steps.is_empty());
        assert_eq!(database.difference(models).await.steps, []);
    }
}

#[tokio::test]
async fn nothing_is_said_of_empty_tables() {
    for models in [
        "model A {\n id Int @id\n}",
        "model A {\n id String @id\n a Int @unique\n n DateTime\n}",
        "model A {\n a String\n new Int\n @@id([a, new])\n}",
    ] {
        let database = Database::with(BASE, "").await;
        database.push(models, PushOptions::default()).await.unwrap();
        assert_eq!(database.difference(models).await.steps, []);
    }
}

#[tokio::test]
async fn what_the_rows_forbid_is_told() {
    let b = "\nmodel B {\n id Int @id\n}";
    for (model, part) in [
        (
            "model A {\n id Int @id\n a String?\n n Int?\n new String\n}",
            "the required column `new` cannot be added to `A`, which has 3 rows",
        ),
        ("model A {\n id Int @id\n a String?\n n Int?\n new String @default(uuid())\n}", "`new` cannot be added"),
        (
            "model A {\n id Int @id\n a String\n n Int?\n}",
            "the column `a` of `A` cannot become required, since 1 row of it",
        ),
        (
            "model A {\n id Int @id\n a String? @unique\n n Int?\n}",
            "`a` of `A` cannot become unique, since 1 value stands there more than once",
        ),
        (
            "model A {\n id Int @id\n a String?\n n Int?\n new Int @unique @default(1)\n}",
            "`new` of `A` cannot become unique",
        ),
    ] {
        let (warnings, unexecutable) = refused(&format!("{model}{b}"), ROWS).await;
        assert_eq!(warnings, [""; 0]);
        assert!(unexecutable.len() == 1 && unexecutable[0].contains(part), "{unexecutable:?}");
    }
}

#[tokio::test]
async fn what_the_rows_allow_is_done() {
    let b = "\nmodel B {\n id Int @id\n}";
    for model in [
        "model A {\n id Int @id\n a String?\n n Int? @unique\n}",
        "model A {\n id Int @id\n a String @default(\"\")\n n Int?\n}",
        "model A {\n id Int @id\n a String?\n n Int?\n new String? @unique\n}",
        "model A {\n id Int @id\n a String?\n n BigInt?\n at DateTime @default(now())\n @@unique([id, a])\n}",
    ] {
        let models = format!("{model}{b}");
        let database = Database::with(BASE, ROWS).await;
        database.push(&models, PushOptions::default()).await.unwrap();
        assert_eq!(database.difference(&models).await.steps, []);
        assert_eq!(database.rows("SELECT COUNT(*) FROM A").await, [[Value::Int(3)]]);
    }
}

#[tokio::test]
async fn references_that_point_nowhere_are_told() {
    let models = "model A {\n id Int @id\n a String?\n n Int?\n b B? @relation(fields: [n], references: [id])\n}\nmodel B {\n id Int @id\n as A[]\n}";
    let (_, unexecutable) = refused(models, &format!("{ROWS}; INSERT INTO B VALUES (5)")).await;
    assert!(
        unexecutable.len() == 1 && unexecutable[0].starts_with("1 row of `A` pointing to rows of `B`"),
        "{unexecutable:?}"
    );

    let database = Database::with(BASE, &format!("{ROWS}; INSERT INTO B VALUES (5), (6)")).await;
    database.push(models, PushOptions::default()).await.unwrap();
    assert_eq!(database.difference(models).await.steps, []);
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let database = Database::with(BASE, ROWS).await;
    let error = database.push("model A {\n id Int @id\n a String\n}", PushOptions::default()).await.unwrap_err();
    let text = error.to_string();
    for part in
        ["the database is as it was", "cannot become required", "`n` of `A` is to be dropped", "accept data loss"]
    {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(prisma_core::Error::from(error).to_string(), text);
}
