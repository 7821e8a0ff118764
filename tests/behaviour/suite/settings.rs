//! What a client is told beyond its connections: what it omits, and whom it tells of its statements.

use std::sync::{Arc, Mutex};

use prisma_client::__private::engine::{Observer, Settings};
use prisma_client::__private::typed::ClientSchema;
use prisma_client::{Client, GeneratedClient, Value, select, sql, sqlx};

use super::*;

/// Another client of the same database.
fn with(db: &TestDb, settings: Settings) -> PrismaClient {
    let schema = PrismaClientModels::schema().unwrap();
    PrismaClient::of(Client::with_settings(schema, Arc::clone(db.driver()), settings).unwrap()).unwrap()
}

async fn omitting() -> (TestDb, PrismaClient) {
    let db = fresh().await;
    let post = post::create().title("p").comments(comment::create().text("c"));
    db.user().create(user::create().email("ada").name("Ada").posts(post)).await.unwrap();
    let id = |field: prisma_client::Field<User, Option<String>>| field.id();
    let omitted = vec![(<User as prisma_client::Model>::ID, id(user::name))];
    let client = with(&db, Settings { omitted, ..Settings::default() });
    (db, client)
}

#[track_caller]
fn refused<T: Debug>(result: Result<T, Error>) {
    let error = result.unwrap_err();
    let is_so =
        matches!(error.kind(), ErrorKind::OmittedFields { model, fields } if model == "User" && fields == &["name"]);
    assert!(is_so && error.to_string().contains("`name` of `User`"), "{error}");
}

#[tokio::test]
async fn omitted_columns_are_read_by_name_alone() {
    let (_db, db) = fresh!(omitting());
    refused(db.user().find_many().await);
    refused(db.user().find_unique(user::id.eq(1)).await);
    refused(db.post().find_many().include(post::author).await);
    refused(db.comment().find_many().include(comment::post.include(post::author)).await);
    refused(db.user().find_many().select(select!(user { .. })).await);
    refused(db.post().find_many().select(select!(post { author { .. } })).await);
    refused(db.user().find_many().stream().next().await.unwrap());
    let rows = db.user().find_many().select(select!(user { .., !name, posts })).await.unwrap();
    assert_eq!((rows[0].email.as_str(), rows[0].posts.len()), ("ada", 1));
    let row = db.user().find_first_or_error().select(select!(user { .., name })).await.unwrap();
    assert_eq!(row.name.as_deref(), Some("Ada"));
    let row = db.user().find_first_or_error().select(select!(user { name })).await.unwrap();
    assert_eq!(row.name.as_deref(), Some("Ada"));
    assert_eq!(db.post().find_many().include(post::comments).await.unwrap()[0].comments.len(), 1);
    // Conditions and orders may name it.
    let found = db.user().find_many().filter(user::name.eq("Ada")).order_by(user::name.asc());
    assert_eq!(found.select(select!(user { id })).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_is_written_for_an_answer_that_cannot_be() {
    let (_db, db) = fresh!(omitting());
    refused(db.user().create(user::create().email("bob")).await);
    refused(db.user().update(user::id.eq(1), user::email.set("eve")).await);
    refused(db.user().delete(user::id.eq(1)).await);
    assert_eq!(db.user().count().filter(user::email.eq("ada")).await.unwrap(), 1);
    assert_eq!(db.user().count().await.unwrap(), 1);
    let made =
        db.user().create(user::create().email("bob").name("Bob")).select(select!(user { .., !name })).await.unwrap();
    assert_eq!(made.email, "bob");
    assert_eq!(db.user().update_many(user::age.set(1)).all().await.unwrap(), 2);
}

#[tokio::test]
async fn the_log_is_told_of_statements() {
    let db = fresh!();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&lines);
    let log = move |query: &prisma_client::QueryEvent<'_>| {
        let failed = query.error().is_some();
        told.lock().unwrap().push((query.sql().to_owned(), query.values().map(<[_]>::to_vec), failed, query.is_slow()));
    };
    let observer = Observer { log: Some(Arc::new(log)), shows_values: true, slow: Some(Duration::ZERO) };
    let watched = with(&db, Settings { observer, ..Settings::default() });
    let quiet_id = 7;
    watched.user().find_many().filter(user::id.eq(quiet_id)).include(user::posts).await.unwrap();
    let error = watched.execute_raw(sql!("UPDATE nothing SET x = {\"secret\"}")).await.unwrap_err();
    let lines = std::mem::take(&mut *lines.lock().unwrap());
    assert_eq!(lines.len(), 2, "no record, no posts to ask for: {lines:?}");
    assert!(lines[0].0.starts_with("SELECT") && !lines[0].2 && lines[0].3);
    assert_eq!(lines[0].1.as_deref(), Some(&[Value::Int(7)][..]));
    assert_eq!(lines[1].1.as_deref(), Some(&[Value::String("secret".to_owned())][..]));
    assert!(lines[1].2, "{error}");
    let observer = Observer {
        log: Some(Arc::new(|query: &prisma_client::QueryEvent<'_>| assert!(query.values().is_none()))),
        ..Observer::default()
    };
    with(&db, Settings { observer, ..Settings::default() }).user().count().filter(user::id.eq(1)).await.unwrap();
}

#[tokio::test]
async fn the_pool_is_that_of_the_client() {
    let db = fresh!();
    user_named(&db, "ada").await;
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users").fetch_one(db.pool()).await.unwrap();
    assert_eq!(count, 1);
    db.disconnect().await;
    assert!(db.pool().is_closed());
}
