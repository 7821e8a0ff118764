//! What MySQL has beyond the suite: elements anywhere in a JSON array, and full-text search.

use serde_json::json;

use test_servers::{Database, Server};

prisma_client::prisma_schema! {
    datasource db {
        provider = "mysql"
        url      = "mysql://localhost"
    }

    model Article {
        id    Int     @id @default(autoincrement())
        title String
        body  String? @db.Text
        meta  Json?

        @@fulltext([title])
        @@fulltext([title, body])
    }
}

async fn articles(scratch: &Database) -> PrismaClient {
    let db = PrismaClient::builder().url(scratch.url("")).max_connections(2).connect().await.unwrap();
    db.push_schema().await.unwrap();
    let rows = [
        ("the cat sleeps", Some("far away from every dog"), Some(json!({ "tags": ["a", 1, { "b": [true] }] }))),
        ("the dog barks", Some("at the cat, and the cat runs"), Some(json!({ "tags": "a" }))),
        ("nothing", None, Some(json!(["a", "b"]))),
    ];
    for (title, body, meta) in rows {
        db.article().create(article::create().title(title).body(body.map(str::to_owned)).meta(meta)).await.unwrap();
    }
    db
}

async fn ids(db: &PrismaClient, filter: prisma_client::Filter<Article>) -> Vec<i32> {
    let found = db.article().find_many().filter(filter).order_by(article::id.asc()).await.unwrap();
    found.into_iter().map(|a| a.id).collect()
}

#[tokio::test]
async fn array_contains() {
    test_servers::needs!(Server::Mysql);
    let scratch = Database::create(Server::Mysql);
    let db = &articles(&scratch).await;
    let tags = || article::meta.path(["tags"]);
    assert_eq!(ids(db, tags().array_contains("a")).await, [1], "text is no array");
    assert_eq!(ids(db, tags().array_contains(json!([1, "a"]))).await, [1], "all of them, in any order");
    assert_eq!(ids(db, tags().array_contains(json!([1, "x"]))).await, [0; 0]);
    assert_eq!(ids(db, tags().array_contains(json!({ "b": [true] }))).await, [1]);
    assert_eq!(ids(db, article::meta.path(()).array_contains("b")).await, [3]);
    assert_eq!(ids(db, !tags().array_contains("a")).await, [2], "what is not there is neither");
}

#[tokio::test]
async fn full_text() {
    test_servers::needs!(Server::Mysql);
    let scratch = Database::create(Server::Mysql);
    let db = &articles(&scratch).await;
    assert_eq!(ids(db, article::title.search("+cat")).await, [1]);
    assert_eq!(ids(db, article::title.search("cat dog")).await, [1, 2]);
    assert_eq!(ids(db, article::title.search("+dog -barks")).await, [0; 0]);
    assert_eq!(ids(db, !article::title.search("cat")).await, [2, 3]);
    let error = db.article().find_many().filter(article::body.search("cat")).await.unwrap_err();
    assert_eq!(error.code(), Some("P2030"), "{error}");
    assert!(error.to_string().contains("@@fulltext"), "{error}");
}
