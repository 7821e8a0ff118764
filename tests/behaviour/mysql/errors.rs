//! What goes wrong on a MySQL server: each case with its code, its kind, and a remedy in the text.

use prisma_client::ErrorKind;

use super::*;
use crate::check;

/// Changes the tables of a database.
async fn alter(db: &TestDb, sql: &str) {
    db.spoil();
    db.driver().acquire().await.unwrap().execute_script(sql).await.unwrap();
}

#[tokio::test]
async fn no_database() {
    test_servers::needs!(Server::Mysql);
    let scratch = Database::unmade(Server::Mysql);
    let db = PrismaClient::builder().url(scratch.url("")).connect().await.unwrap();
    check(&db.user().count().await.unwrap_err(), "P1003", &[scratch.name(), "prisma db push"]);
    db.push_schema().await.unwrap();
    assert_eq!(db.user().count().await.unwrap(), 0);
}

#[tokio::test]
async fn constraints() {
    let db = fresh!();
    db.user().create(user::create().email("a").posts(post::create().title("t"))).await.unwrap();
    let error = db.post().create(post::create().title("t").author_id(1)).await.unwrap_err();
    let ErrorKind::UniqueConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("Post"), &["authorId".to_owned(), "title".to_owned()][..]));
    let error =
        db.seat().create_many([seat::create().row(1).number(1), seat::create().row(1).number(1)]).await.unwrap_err();
    check(&error, "P2002", &["`Seat`", "`row`, `number`"]);
    let error = db.post().update(post::id.eq(1), post::author_id.set(9)).await.unwrap_err();
    let ErrorKind::ForeignKey { model, constraint } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), constraint.as_deref()), (Some("Post"), Some("authorId")));
    alter(&db, "ALTER TABLE `Post` MODIFY `author_id` INT NOT NULL, DROP FOREIGN KEY `Post_author_id_fkey`").await;
    let error = db.post().update(post::id.eq(1), post::author_id.set(None)).await.unwrap_err();
    let ErrorKind::NullConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("Post"), &["authorId".to_owned()][..]));
    alter(&db, "ALTER TABLE `Tag` ADD CONSTRAINT `short` CHECK (CHAR_LENGTH(`name`) < 5)").await;
    check(&db.tag().create(tag::create().name("too long")).await.unwrap_err(), "P2004", &["short"]);
}

/// Keys that the program tells apart, and the collation does not.
#[tokio::test]
async fn upserts_of_what_the_collation_takes_for_one() {
    let db = fresh!();
    let tags = || ["rust", "RUST"].map(|name| tag::create().name(name));
    let error = db.tag().upsert_many_and_return(tags()).on(tag::name).await.unwrap_err();
    check(&error, "P2009", &["Tag", "name", "collation"]);
    assert_eq!(db.tag().count().await.unwrap(), 0);
    assert_eq!(db.tag().upsert_many(tags()).on(tag::name).await.unwrap(), 2, "all that were given");
    assert_eq!(db.tag().find_many().await.unwrap().len(), 1);
}

#[tokio::test]
async fn values() {
    let db = fresh!();
    check(&db.tag().create(tag::create().name("x".repeat(192))).await.unwrap_err(), "P2000", &["name"]);
    db.post().create(post::create().title("t").views(i32::MAX)).await.unwrap();
    check(&db.post().update_many(post::views.increment(1)).all().await.unwrap_err(), "P2020", &["views"]);
    assert_eq!(db.post().find_first().await.unwrap().unwrap().views, i32::MAX);
}

#[tokio::test]
async fn tables_and_columns_that_are_not_there() {
    let db = fresh!();
    alter(&db, "ALTER TABLE `Post` DROP COLUMN `likes`").await;
    check(&db.post().find_many().await.unwrap_err(), "P2022", &["likes", "prisma db push"]);
    alter(&db, "SET FOREIGN_KEY_CHECKS = 0; DROP TABLE `users`").await;
    let error = db.user().find_many().await.unwrap_err();
    let ErrorKind::TableNotFound { model, table } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), table.as_str()), (Some("User"), "users"));
    check(&error, "P2021", &["`users`", "push"]);
}

/// A deadlock ends the whole transaction: what is left of it must not run by itself.
#[tokio::test]
async fn deadlocks() {
    let db = fresh!();
    db.user().create_many(["a", "b"].map(|e| user::create().email(e))).await.unwrap();
    let (one, two) = (db.begin().await.unwrap(), db.begin().await.unwrap());
    one.user().update(user::id.eq(1), user::age.set(1)).await.unwrap();
    two.user().update(user::id.eq(2), user::age.set(2)).await.unwrap();
    let (of_one, of_two) = tokio::join!(
        one.user().update(user::id.eq(2), user::age.set(1)).into_future(),
        two.user().update(user::id.eq(1), user::age.set(2)).into_future()
    );
    let (victim, winner, error) = match (of_one, of_two) {
        (Err(error), Ok(_)) => (one, two, error),
        (Ok(_), Err(error)) => (two, one, error),
        other => panic!("{other:?}"),
    };
    check(&error, "P2034", &["try again"]);
    let late = victim.user().create(user::create().email("late")).await.unwrap_err();
    assert!(matches!(late.code(), Some("P2028" | "P2034")), "{late}");
    check(&victim.commit().await.unwrap_err(), "P2028", &["nothing of it is kept"]);
    winner.commit().await.unwrap();
    assert_eq!(db.user().count().await.unwrap(), 2);
    // Tried again, it goes through.
    let again = db.transaction(async |tx| tx.user().update(user::id.eq(1), user::age.set(7)).await).retries(3);
    assert_eq!(again.await.unwrap().age, Some(7));
}

/// A pool lives on when the server cuts its connections.
#[tokio::test]
async fn connections_that_are_cut() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    tx.user().create(user::create().email("a")).await.unwrap();
    let name = db.database.name();
    let kill =
        format!("FOR c IN (SELECT id FROM information_schema.processlist WHERE db = '{name}') DO KILL c.id; END FOR");
    Server::Mysql.run(&format!("BEGIN NOT ATOMIC {kill}; END"));
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    check(&tx.user().count().await.unwrap_err(), "P1017", &["closed"]);
    drop(tx);
    for _ in 0..3 {
        assert_eq!(db.user().count().await.unwrap(), 0);
    }
}
