//! The client of a schema that is read when the program runs.

use prisma_client::dynamic::Client;
use prisma_client::serde_json::{Value, json};

const SCHEMA: &str = r#"
datasource db {
  provider = "sqlite"
  url      = "file::memory:"
}

model User {
  id    Int    @id @default(autoincrement())
  email String @unique
  posts Post[]
}
"#;

const POST: &str = r#"
model Post {
  id       Int    @id @default(autoincrement())
  title    String
  author   User   @relation(fields: [authorId], references: [id])
  authorId Int
}
"#;

async fn connected() -> Client {
    let db = Client::builder(SCHEMA).file("post.prisma", POST).max_connections(1).connect().await.unwrap();
    assert_eq!(db.schema().models.len(), 2);
    let tables = [
        r#"CREATE TABLE "User" (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE)"#,
        r#"CREATE TABLE "Post" (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, "authorId" INTEGER NOT NULL REFERENCES "User" (id))"#,
    ];
    for sql in tables {
        let arguments = json!({"query": sql, "parameters": "[]"});
        db.query(&json!({"action": "executeRaw", "query": {"arguments": arguments}})).await.unwrap();
    }
    db
}

fn request(action: &str, arguments: Value, selection: Value) -> Value {
    json!({"modelName": "User", "action": action, "query": {"arguments": arguments, "selection": selection}})
}

fn create(email: &str) -> Value {
    let data = json!({"email": email, "posts": {"create": [{"title": "one"}]}});
    request("createOne", json!({"data": data}), json!({"email": true, "posts": {"selection": {"title": true}}}))
}

#[tokio::test]
async fn queries() {
    let db = connected().await;
    let made = db.query(&create("ada")).await.unwrap();
    assert_eq!(made, json!({"email": "ada", "posts": [{"title": "one"}]}));
    let all = request("findMany", json!({}), json!({"$scalars": true}));
    assert_eq!(db.query(&all).await.unwrap(), json!([{"id": 1, "email": "ada"}]));
    assert_eq!(db.answer(&all).await, json!({"data": {"findManyUser": [{"id": 1, "email": "ada"}]}}));
    let both = db.answer(&json!({"batch": [create("bob"), all]})).await;
    assert_eq!(both["batchResult"][1]["data"]["findManyUser"].as_array().unwrap().len(), 2);
    assert_eq!(db.query(&create("ada")).await.unwrap_err().code(), Some("P2002"));
}

#[tokio::test]
async fn transactions() {
    let db = connected().await;
    let count = async || {
        let all = db.query(&request("findMany", json!({}), json!({"id": true}))).await.unwrap();
        all.as_array().unwrap().len()
    };
    let tx = db.begin(None).await.unwrap();
    tx.query(&create("kept")).await.unwrap();
    tx.commit().await.unwrap();
    let tx = db.begin(None).await.unwrap();
    tx.query(&create("lost")).await.unwrap();
    tx.rollback().await.unwrap();
    let tx = db.begin(None).await.unwrap();
    tx.query(&create("dropped")).await.unwrap();
    drop(tx);
    assert_eq!(count().await, 1);
}

#[tokio::test]
async fn mistakes() {
    let db = connected().await;
    let error = db.query(&request("findMany", json!({"where": {"mail": "x"}}), json!({"id": true}))).await.unwrap_err();
    assert_eq!(error.code(), Some("P2009"));
    assert!(error.to_string().contains("mail") && error.to_string().contains("findMany.where"), "{error}");
    let error = Client::connect("model User {\n  id Strin @id\n}\n").await.unwrap_err();
    assert_eq!(error.code(), Some("P1012"));
    assert!(error.to_string().contains("schema.prisma:2"), "{error}");
}
