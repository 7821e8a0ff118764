//! What goes wrong around a SQLite database: each case with its code, its kind, and a remedy in the text.

use std::path::Path;

use prisma_client::__private::driver::DriverError;
use prisma_client::{Error, ErrorKind};

use super::*;
use crate::check;

/// A datasource whose variable nobody sets.
mod unset {
    prisma_client::prisma_schema! {
        datasource db {
            provider = "sqlite"
            url      = env("PRISMA_CLIENT_TEST_VARIABLE_THAT_IS_NOT_SET")
        }
        model Thing {
            id Int @id
        }
    }
}

async fn connect(path: &Path, parameters: &str) -> Result<PrismaClient, Error> {
    PrismaClient::builder().url(format!("file:{}{parameters}", path.display())).connect().await
}

async fn run(db: &PrismaClient, sql: &str) {
    db.driver().acquire().await.unwrap().execute_script(sql).await.unwrap();
}

#[tokio::test]
async fn no_database() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("missing.db");
    let db = connect(&path, "").await.unwrap();
    let error = db.user().count().await.unwrap_err();
    check(&error, Some("P1003"), &[&path.display().to_string(), "there is no such file", "prisma db push"]);
    assert!(!path.exists(), "a client makes no database by mistake");
    let db = connect(&directory.path().join("no/such/dir.db"), "").await.unwrap();
    check(&db.begin().await.unwrap_err(), Some("P1003"), &["there is no directory", "no/such"]);
    let error = match connect(directory.path(), "").await {
        Ok(db) => db.user().count().await.unwrap_err(),
        Err(error) => error,
    };
    check(&error, error.code(), &["this is a directory"]);
    // It is made by the push, and there for clients of before and after.
    let db = connect(&path, "").await.unwrap();
    db.push_schema().await.unwrap();
    assert_eq!(db.user().count().await.unwrap(), 0);
    assert_eq!(connect(&path, "").await.unwrap().user().count().await.unwrap(), 0);
}

#[tokio::test]
async fn no_such_url() {
    let bad = async |url: &str| PrismaClient::builder().url(url).connect().await.unwrap_err();
    check(&bad("postgres://localhost/x").await, Some("P1013"), &["`postgres:`", "`file:dev.db`"]);
    check(&bad("file:x.db?conection_limit=1").await, Some("P1013"), &["did you mean `connection_limit`?"]);
    check(&bad("").await, Some("P1013"), &["`file:"]);
}

#[tokio::test]
async fn a_variable_that_is_not_set() {
    let error = unset::PrismaClient::connect().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration { .. }), "{error:?}");
    check(&error, None, &["PRISMA_CLIENT_TEST_VARIABLE_THAT_IS_NOT_SET", "is not set", "datasource `db`"]);
    let directory = tempfile::tempdir().unwrap();
    let url = format!("file:{}?mode=rwc", directory.path().join("x.db").display());
    let db = unset::PrismaClient::builder().url(url).connect().await.unwrap();
    db.push_schema().await.unwrap();
    assert_eq!(db.thing().count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_file_that_may_only_be_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let db = connect(&path, "?mode=rwc").await.unwrap();
    db.push_schema().await.unwrap();
    db.tag().create(tag::create().name("x")).await.unwrap();
    db.disconnect().await;
    let db = connect(&path, "?mode=ro").await.unwrap();
    assert_eq!(db.tag().count().await.unwrap(), 1);
    let error = db.tag().create(tag::create().name("y")).await.unwrap_err();
    check(&error, Some("P1010"), &["read-only"]);
    let nested = post::create().title("t").tags(tag::create().name("z"));
    check(&db.post().create(nested).await.unwrap_err(), Some("P1010"), &["read-only"]);
    assert_eq!(db.tag().count().await.unwrap(), 1);
}

#[tokio::test]
async fn a_file_that_is_no_database() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "these are notes, and no database at all. ".repeat(100)).unwrap();
    let error = match connect(&path, "").await {
        Ok(db) => db.user().count().await.unwrap_err(),
        Err(error) => error,
    };
    assert!(matches!(error.kind(), ErrorKind::Database(DriverError::Corrupt { .. })), "{error:?}");
    check(&error, None, &[&path.display().to_string(), "check that the URL names the right file"]);
}

#[tokio::test]
async fn somebody_else_writes_for_too_long() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let holder = connect(&path, "?mode=rwc").await.unwrap();
    holder.push_schema().await.unwrap();
    let tx = holder.begin().await.unwrap();
    tx.tag().create(tag::create().name("x")).await.unwrap();

    let db = connect(&path, "?busy_timeout=100").await.unwrap();
    assert_eq!(db.tag().count().await.unwrap(), 0, "readers do not wait");
    check(&db.tag().create(tag::create().name("y")).await.unwrap_err(), Some("P1008"), &["100 ms", "busy_timeout"]);
    check(&db.begin().await.unwrap_err(), Some("P1008"), &["busy_timeout"]);
    tx.commit().await.unwrap();
    db.tag().create(tag::create().name("y")).await.unwrap();
}

#[tokio::test]
async fn no_connection_is_free() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("file:{}?mode=rwc", directory.path().join("test.db").display());
    let limit = std::time::Duration::from_secs(1);
    let db = PrismaClient::builder().url(url).max_connections(1).acquire_timeout(limit).connect().await.unwrap();
    db.push_schema().await.unwrap();
    let tx = db.begin().await.unwrap();
    check(&db.user().count().await.unwrap_err(), Some("P2024"), &["within 1 s", "connection limit 1"]);
    drop(tx);
    assert_eq!(db.user().count().await.unwrap(), 0);
    db.disconnect().await;
    check(&db.user().count().await.unwrap_err(), Some("P1017"), &["closed"]);
}

#[tokio::test]
async fn transactions_that_cannot_begin() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    let limit = std::time::Duration::from_millis(50);
    let error = db.transaction(async |tx| tx.user().count().await).max_wait(limit).await.unwrap_err();
    check(&error, Some("P2028"), &["50 ms", ".max_wait("]);
    tx.commit().await.unwrap();
    let level = prisma_client::IsolationLevel::ReadCommitted;
    let error = db.transaction(async |tx| tx.user().count().await).isolation(level).await.unwrap_err();
    check(&error, Some("P2026"), &["ReadCommitted", "SQLite has Serializable only"]);
    assert_eq!(db.transaction(async |tx| tx.user().count().await).await.unwrap(), 0);
}

#[tokio::test]
async fn tables_that_are_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let db = connect(&directory.path().join("test.db"), "?mode=rwc").await.unwrap();
    let error = db.user().find_many().await.unwrap_err();
    let ErrorKind::TableNotFound { model, table } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), table.as_str()), (Some("User"), "users"));
    check(&error, Some("P2021"), &["`users`", "`User`", "prisma db push", "push_schema"]);
    check(&db.user().create(user::create().email("a")).await.unwrap_err(), Some("P2021"), &["`users`"]);
    check(&db.post().delete_many().all().await.unwrap_err(), Some("P2021"), &["`Post`"]);
    db.push_schema().await.unwrap();
    run(&db, r#"DROP TABLE "_PostToTag""#).await;
    let tags = db.post().create(post::create().title("t").tags(tag::create().name("x"))).await.unwrap_err();
    check(&tags, Some("P2021"), &["`_PostToTag`"]);
}

#[tokio::test]
async fn columns_that_are_not_there() {
    let db = fresh!();
    run(&db, "DROP INDEX \"Post_views_idx\"; ALTER TABLE \"Post\" DROP COLUMN views").await;
    let error = db.post().find_many().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ColumnNotFound { .. }), "{error:?}");
    check(&error, Some("P2022"), &["views", "prisma db push", "push_schema"]);
    let update = db.post().update_many(post::views.set(1)).all().await.unwrap_err();
    check(&update, Some("P2022"), &["views"]);
}

/// SQLite lets any column hold anything.
#[tokio::test]
async fn values_that_are_not_what_the_schema_says() {
    let db = fresh!();
    db.everything().create(everything::create().id("x")).await.unwrap();
    let cases = [
        ("int", "'many'"),
        ("int", "3000000000"),
        ("int", "1.5"),
        ("boolean", "7"),
        ("bigInt", "'x'"),
        ("float", "'x'"),
        ("decimal", "'x'"),
        ("dateTime", "'yesterday'"),
        ("json", "'{'"),
        ("role", "'NOBODY'"),
        ("string", "x'ff'"),
    ];
    for (field, value) in cases {
        let before = format!("UPDATE \"Everything\" SET \"{field}\" = ");
        run(&db, &format!("{before}{value}")).await;
        let error = db.everything().find_first().await.unwrap_err();
        let ErrorKind::InconsistentColumn { model, field: found, message } = error.kind() else {
            panic!("{field} = {value}: {error:?}")
        };
        assert_eq!((model.as_str(), found.as_str()), ("Everything", field), "{value}: {message}");
        check(&error, Some("P2023"), &[&format!("`Everything.{field}`"), "expected", "found"]);
        db.everything().delete_many().all().await.unwrap();
        db.everything().create(everything::create().id("x")).await.unwrap();
    }
    // NULL in a required column.
    run(&db, "CREATE TABLE raw AS SELECT * FROM \"Tag\"; DROP TABLE \"Tag\"; ALTER TABLE raw RENAME TO \"Tag\"; INSERT INTO \"Tag\" VALUES (1, NULL)").await;
    let error = db.tag().find_many().await.unwrap_err();
    check(&error, Some("P2023"), &["`Tag.name`", "expected String", "found NULL"]);
}

/// In a related record too.
#[tokio::test]
async fn values_of_related_records() {
    let db = fresh!();
    db.user().create(user::create().email("a").posts(post::create().title("t"))).await.unwrap();
    run(&db, "UPDATE \"Post\" SET views = 'many'").await;
    let error = db.user().find_many().include(user::posts).await.unwrap_err();
    check(&error, Some("P2023"), &["`Post.views`", "expected an integer", "many"]);
    assert_eq!(db.user().find_many().await.unwrap().len(), 1);
    // A required relation without its record.
    run(&db, "PRAGMA foreign_keys = OFF; INSERT INTO \"Profile\" (bio, \"userId\") VALUES ('b', 99)").await;
    let error = db.profile().find_many().include(profile::user).await.unwrap_err();
    check(&error, Some("P2023"), &["user", "required"]);
}
