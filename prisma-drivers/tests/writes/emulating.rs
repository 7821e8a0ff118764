//! References kept whole without foreign keys in the database.

use prisma_core::Value;
use prisma_core::tree::{DeleteMany, NestedWrite, ScalarChange, UpdateMany, UpsertMany, WriteQuery};

use crate::bed::{Bed, code, int, model, text};

const WORLD: &str = r#"
    INSERT INTO "User" ("email") VALUES ('a'), ('b'), ('c');
    INSERT INTO "Post" ("title", "authorId") VALUES ('p', 1), ('q', 1), ('r', 2);
    INSERT INTO "Comment" ("text", "postId") VALUES ('c1', 1), ('c2', 1), ('c3', 2);
    INSERT INTO "Tag" ("name") VALUES ('x'), ('y');
    INSERT INTO "_PostToTag" VALUES (1, 1), (1, 2), (2, 2);
    INSERT INTO "Passport" ("number", "userId") VALUES ('n', 2);"#;

const AUTHORS: &str = r#"SELECT title, "authorId" FROM "Post" ORDER BY id"#;
const TAGS: &str = r#"SELECT "A", "B" FROM "_PostToTag" ORDER BY "A", "B""#;

#[tokio::test]
async fn deletions() {
    let bed = Bed::without_foreign_keys(WORLD).await;
    let (user, post) = (model("User"), model("Post"));
    // SetNull
    assert_eq!(bed.run(user.delete(user.at(1))).await.unwrap(), ["1|a|-|18"]);
    assert_eq!(bed.rows(AUTHORS).await, ["p|-", "q|-", "r|2"]);
    // Restrict
    assert_eq!(code(bed.run(user.delete(user.at(2))).await), "P2014");
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "User""#).await, ["2"]);
    // Cascade, and the pairs of an m-n relation
    bed.run(post.delete(post.at(1))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT text FROM "Comment""#).await, ["c3"]);
    assert_eq!(bed.rows(TAGS).await, ["2|2"]);
    assert_eq!(code(bed.run(post.delete(post.at(1))).await), "P2025");
    let some = DeleteMany { filter: None, limit: Some(1) };
    assert_eq!(bed.count(WriteQuery::DeleteMany(post.id(), some)).await.unwrap(), 1);
    let all = DeleteMany { filter: None, limit: None };
    assert_eq!(bed.count(WriteQuery::DeleteMany(post.id(), all)).await.unwrap(), 1);
    assert_eq!(
        bed.rows(r#"SELECT (SELECT COUNT(*) FROM "Comment"), (SELECT COUNT(*) FROM "_PostToTag")"#).await,
        ["0|0"]
    );
}

#[tokio::test]
async fn nested_deletions() {
    let bed = Bed::without_foreign_keys(WORLD).await;
    let (user, post) = (model("User"), model("Post"));
    bed.run(user.relate(1, "posts", NestedWrite::Delete(vec![post.at(1)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT text FROM "Comment""#).await, ["c3"]);
    assert_eq!(code(bed.run(post.relate(2, "author", NestedWrite::Connect(vec![user.at(9)]))).await), "P2025");
    assert_eq!(code(bed.run(post.relate(3, "author", NestedWrite::DeleteOne(None))).await), "P2014");
}

#[tokio::test]
async fn changes_of_keys() {
    let bed = Bed::without_foreign_keys(WORLD).await;
    let (user, post) = (model("User"), model("Post"));
    assert_eq!(bed.run(user.update(user.at(1), user.set([("id", int(50))]))).await.unwrap(), ["50|a|-|18"]);
    assert_eq!(bed.rows(AUTHORS).await, ["p|50", "q|50", "r|2"]);
    let scalars = vec![(post.field("id"), ScalarChange::Increment(int(100)))];
    let many = UpdateMany { filter: Some(post.eq("authorId", int(50))), scalars, limit: None };
    assert_eq!(bed.count(WriteQuery::UpdateMany(post.id(), many)).await.unwrap(), 2);
    assert_eq!(bed.rows(r#"SELECT "postId" FROM "Comment""#).await, ["101", "101", "102"]);
    assert_eq!(bed.rows(TAGS).await, ["101|1", "101|2", "102|2"]);
    // Columns that nobody points to need none of that.
    bed.count(user.update(user.at(50), user.set([("name", text("N"))]))).await.unwrap();
    assert_eq!(bed.log().iter().filter(|s| s.starts_with("UPDATE")).count(), 1);
}

#[tokio::test]
async fn keys_that_upserts_of_many_change() {
    let bed = Bed::without_foreign_keys(WORLD).await;
    let user = model("User");
    let upsert = |records: &[&[(&'static str, Value)]]| {
        let records = records.iter().map(|r| user.values(r.iter().cloned())).collect();
        WriteQuery::UpsertMany(user.id(), UpsertMany { records, key: vec![user.field("email")], update: None })
    };
    let new = [("id", int(51)), ("email", text("d"))];
    assert_eq!(bed.count(upsert(&[&[("id", int(50)), ("email", text("a"))], &new])).await.unwrap(), 2);
    assert_eq!(bed.rows(AUTHORS).await, ["p|50", "q|50", "r|2"]);
    assert_eq!(bed.rows(r#"SELECT id, email FROM "User" ORDER BY id"#).await, ["2|b", "3|c", "50|a", "51|d"]);
    // Where nobody points to what changes, it is one statement.
    let named = [("email", text("a")), ("name", text("N"))];
    assert_eq!(bed.count(upsert(&[&named])).await.unwrap(), 1);
    assert_eq!(bed.log().len(), 1);
}
