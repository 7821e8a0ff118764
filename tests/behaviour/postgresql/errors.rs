//! What goes wrong on a PostgreSQL server: in terms of models and fields, with a remedy in the text.

use prisma_client::ErrorKind;

use super::*;
use crate::check;

#[tokio::test]
async fn constraints() {
    let db = fresh!();
    let ann = db.user().create(user::create().email("ann")).await.unwrap();
    let error = db.user().create(user::create().email("ann")).await.unwrap_err();
    let ErrorKind::UniqueConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("User"), &["email".to_owned()][..]));

    db.post().create(post::create().title("t").author_id(ann.id)).await.unwrap();
    let error = db.post().create(post::create().title("t").author_id(ann.id)).await.unwrap_err();
    let ErrorKind::UniqueConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("Post"), &["authorId".to_owned(), "title".to_owned()][..]));

    let error = db.post().create(post::create().title("u").author_id(99)).await.unwrap_err();
    let ErrorKind::ForeignKey { model, constraint } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), constraint.as_deref()), (Some("Post"), Some("authorId")));

    db.room().create(room::create().name("r").exams(exam::create().subject("s"))).await.unwrap();
    let error = db.room().delete(room::name.eq("r")).await.unwrap_err();
    let ErrorKind::ForeignKey { model, constraint } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), constraint.as_deref()), (Some("Exam"), Some("roomName")));
}

/// What the schema says is not what the database has.
#[tokio::test]
async fn tables_and_columns_that_are_not_there() {
    if !is_asked_for() {
        return;
    }
    let database = test_servers::Database::unmade(test_servers::Server::Postgresql);
    let db = PrismaClient::builder().url(database.url("")).connect().await.unwrap();
    db.driver().create_database().await.unwrap();
    let mut c = db.driver().acquire().await.unwrap();
    check(&db.user().count().await.unwrap_err(), "P2021", &["`users` of the model `User`", "prisma db push"]);
    db.push_schema().await.unwrap();
    db.tag().create(tag::create().name("x")).await.unwrap();
    let break_it =
        "ALTER TABLE \"Tag\" RENAME name TO title; ALTER TABLE \"City\" ADD CONSTRAINT short CHECK (length(name) < 5);
                    ALTER TABLE \"Team\" ADD founder text NOT NULL; ALTER TABLE \"Profile\" ALTER bio TYPE varchar(3)";
    c.execute_script(break_it).await.unwrap();
    check(&db.tag().find_first().await.unwrap_err(), "P2022", &["name", "prisma db push"]);
    check(&db.city().create(city::create().name("Reykjavik")).await.unwrap_err(), "P2004", &["short"]);
    let error = db.team().create(team::create().name("t")).await.unwrap_err();
    let ErrorKind::NullConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("Team"), &["founder".to_owned()][..]));
    let long = user::create().email("e").profile(profile::create().bio("long"));
    check(&db.user().create(long).await.unwrap_err(), "P2000", &["character varying(3)"]);
}

/// After a failure the transaction is lost, and says so; within a savepoint it goes on.
#[tokio::test]
async fn a_failure_within_a_transaction() {
    let db = fresh!();
    let lost = db
        .transaction(async |tx| {
            tx.tag().create(tag::create().name("a")).await?;
            tx.tag().create(tag::create().name("a")).await.unwrap_err();
            Ok(())
        })
        .await
        .unwrap_err();
    assert!(lost.to_string().contains("a statement in it failed: it is rolled back"), "{lost}");
    assert_eq!(db.tag().count().await.unwrap(), 0);
    db.transaction(async |tx| {
        tx.tag().create(tag::create().name("a")).await?;
        let inner = tx.transaction(async |tx| tx.tag().create(tag::create().name("a")).await).await;
        assert_eq!(inner.unwrap_err().code(), Some("P2002"));
        tx.tag().create(tag::create().name("b")).await?;
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(db.tag().count().await.unwrap(), 2);
}

/// A write conflict is tried again, if that is wanted.
#[tokio::test]
async fn conflicts() {
    let db = fresh!();
    let one = db.post().create(post::create().title("t")).await.unwrap();
    let add = async || {
        db.transaction(async |tx| {
            let post = tx.post().find_unique_or_error(post::id.eq(one.id)).await?;
            tokio::task::yield_now().await;
            tx.post().update(post::id.eq(one.id), post::views.set(post.views + 1)).await
        })
        .isolation(prisma_client::IsolationLevel::RepeatableRead)
        .retries(50)
        .await
    };
    let (a, b, c) = tokio::join!(add(), add(), add());
    a.and(b).and(c).unwrap();
    assert_eq!(db.post().find_unique_or_error(post::id.eq(one.id)).await.unwrap().views, 3);
}

#[tokio::test]
async fn no_such_url() {
    let bad = async |url: &str| PrismaClient::builder().url(url).connect().await.unwrap_err();
    check(&bad("file:dev.db").await, "P1013", &["must start with `postgresql://`"]);
    check(&bad("postgresql://localhost/x?conection_limit=1").await, "P1013", &["did you mean `connection_limit`?"]);
    let db = PrismaClient::builder().url("postgresql://nobody@127.0.0.1:1/x").connect().await.unwrap();
    check(&db.user().count().await.unwrap_err(), "P1001", &["`127.0.0.1:1`"]);
}

/// Full-text search, and text without regard to case.
#[tokio::test]
async fn words() {
    let db = fresh!();
    let posts = [("The cat sat", Some("on the mat")), ("A DOG barks", None), ("cats and dogs", Some("cats cats"))];
    db.post().create_many(posts.map(|(t, c)| post::create().title(t).content(c.map(str::to_owned)))).await.unwrap();
    let ids = async |filter: prisma_client::Filter<Post>| {
        let found = db.post().find_many().filter(filter).order_by(post::id.asc()).await.unwrap();
        found.into_iter().map(|p| p.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(post::title.search("cat")).await, [1, 3]);
    assert_eq!(ids(post::title.search("cat & !dog")).await, [1]);
    assert_eq!(ids(post::content.search("mat | bird")).await, [1]);
    assert_eq!(ids(prisma_client::Filter::search((post::title, post::content), "cat & mat")).await, [1]);
    let relevance = prisma_client::OrderBy::relevance((post::title, post::content), "cat").desc();
    let found = db.post().find_many().order_by(relevance).order_by(post::id.asc()).await.unwrap();
    assert_eq!(found.iter().map(|p| p.id).collect::<Vec<_>>(), [3, 1, 2]);
    let page =
        db.post().find_many().order_by(post::title.relevance("cat").desc()).cursor(post::id.eq(3)).skip(1).take(1);
    assert_eq!(page.await.unwrap()[0].id, 2);
    check(&db.post().count().filter(post::title.search("a b &")).await.unwrap_err(), "P2007", &["tsquery"]);

    assert_eq!(ids(post::title.contains("dog").insensitive()).await, [2, 3]);
    assert_eq!(ids(post::title.contains("dog")).await, [3]);
    assert_eq!(ids(post::title.eq("a dog BARKS").insensitive()).await, [2]);
    assert_eq!(ids(post::title.is_in(["a dog barks", "THE CAT SAT", "x"]).insensitive()).await, [1, 2]);
    assert_eq!(ids(post::title.not_in(["a dog barks", "x"]).insensitive()).await, [1, 3]);
    assert_eq!(ids(post::title.starts_with("A_").insensitive()).await, [0; 0]);
}
