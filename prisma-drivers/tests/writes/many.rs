//! Writes of many records.

use prisma_core::Value;
use prisma_core::tree::{CreateMany, DeleteMany, Filter, ScalarChange, Selection, UpdateMany, WriteQuery};

use crate::bed::{Bed, code, int, model, text};

const POSTS: &str = r#"INSERT INTO "User" ("email") VALUES ('a');
    INSERT INTO "Post" ("title", "views", "authorId") VALUES ('p', 1, 1), ('q', 2, 1), ('r', 3, NULL)"#;

#[tokio::test]
async fn create_many_of_different_columns() {
    let bed = Bed::new().await;
    let user = model("User");
    let records = vec![
        user.values([("email", text("a")), ("name", text("A"))]),
        user.values([("email", text("b"))]),
        user.values([("email", text("c")), ("id", int(9))]),
    ];
    assert_eq!(bed.count(user.create_many(records, false)).await.unwrap(), 3);
    let inserts = bed.log().iter().filter(|s| s.starts_with("INSERT")).count();
    assert_eq!(inserts, 2, "{:#?}", bed.log());
    assert_eq!(bed.rows(r#"SELECT id, email, name, age FROM "User""#).await, ["1|a|A|18", "2|b|-|18", "9|c|-|18"]);
}

#[tokio::test]
async fn create_many_beyond_the_parameters_of_a_statement() {
    let bed = Bed::new().await;
    let user = model("User");
    let records: Vec<_> = (0..40_000).map(|i| user.values([("email", text(&i.to_string()))])).collect();
    assert_eq!(bed.count(user.create_many(records, false)).await.unwrap(), 40_000);
    assert_eq!(bed.log().len(), 41, "two columns each: 1,050 rows in each of 39 statements, in a transaction");
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "User""#).await, ["40000"]);
}

#[tokio::test]
async fn create_many_may_skip_duplicates() {
    let bed = Bed::with(r#"INSERT INTO "User" ("email") VALUES ('a')"#).await;
    let user = model("User");
    let records = || ["a", "b", "b"].map(|e| user.values([("email", text(e))])).to_vec();
    let error = bed.count(user.create_many(records(), false)).await.unwrap_err();
    assert_eq!(error.code(), Some("P2002"));
    assert_eq!(bed.count(user.create_many(records(), true)).await.unwrap(), 1);
    assert_eq!(bed.count(user.create_many(Vec::new(), false)).await.unwrap(), 0);
}

#[tokio::test]
async fn create_many_and_return() {
    let bed = Bed::with(POSTS).await;
    let post = model("Post");
    let records = vec![post.values([("title", text("x"))]), post.values([("title", text("y")), ("authorId", int(1))])];
    let many = || CreateMany { records: records.clone(), skip_duplicates: false };
    let plain = WriteQuery::CreateManyAndReturn(post.id(), many(), Selection::default());
    assert_eq!(bed.run(plain).await.unwrap(), ["4|x|0|-|-", "5|y|0|-|1"]);
    assert_eq!(bed.log().iter().filter(|s| s.starts_with("INSERT")).count(), 1);
    let with_author = WriteQuery::CreateManyAndReturn(post.id(), many(), post.including(["author"]));
    assert_eq!(bed.run(with_author).await.unwrap(), ["6|x|0|-|-[]", "7|y|0|-|1[1|a|-|18]"]);
}

#[tokio::test]
async fn update_many() {
    let bed = Bed::with(POSTS).await;
    let post = model("Post");
    let update = |filter, limit| UpdateMany {
        filter,
        scalars: vec![(post.field("views"), ScalarChange::Increment(int(10)))],
        limit,
    };
    let views = r#"SELECT views FROM "Post" ORDER BY id"#;
    let of_a = Some(post.eq("authorId", int(1)));
    assert_eq!(bed.count(WriteQuery::UpdateMany(post.id(), update(of_a.clone(), None))).await.unwrap(), 2);
    assert_eq!(bed.log().len(), 1);
    assert_eq!(bed.rows(views).await, ["11", "12", "3"]);
    assert_eq!(bed.count(WriteQuery::UpdateMany(post.id(), update(None, Some(1)))).await.unwrap(), 1);
    let returned = WriteQuery::UpdateManyAndReturn(post.id(), update(of_a, None), Selection::default());
    assert_eq!(bed.run(returned).await.unwrap(), ["1|p|31|-|1", "2|q|22|-|1"]);
    let related = WriteQuery::UpdateManyAndReturn(post.id(), update(None, None), post.including(["author"]));
    assert_eq!(bed.run(related).await.unwrap()[2], "3|r|13|-|-[]");
    let nothing = UpdateMany { filter: None, scalars: Vec::new(), limit: None };
    assert_eq!(bed.count(WriteQuery::UpdateMany(post.id(), nothing)).await.unwrap(), 0);
}

#[tokio::test]
async fn delete_many() {
    let bed = Bed::with(POSTS).await;
    let post = model("Post");
    let delete = |filter, limit| WriteQuery::DeleteMany(post.id(), DeleteMany { filter, limit });
    assert_eq!(bed.count(delete(Some(post.eq("views", int(2))), None)).await.unwrap(), 1);
    assert_eq!(bed.count(delete(None, Some(1))).await.unwrap(), 1);
    assert_eq!(bed.count(delete(None, Some(0))).await.unwrap(), 0);
    assert_eq!(bed.count(delete(Some(Filter::Or(Vec::new())), None)).await.unwrap(), 0);
    assert_eq!(bed.count(delete(None, None)).await.unwrap(), 1);
}

#[tokio::test]
async fn compound_keys() {
    let bed = Bed::new().await;
    let seat = model("Seat");
    let records = (1..=4).map(|n| seat.values([("row", text("A")), ("number", int(n))])).collect();
    assert_eq!(bed.count(seat.create_many(records, false)).await.unwrap(), 4);
    let scalars = vec![(seat.field("note"), ScalarChange::Set(text("x")))];
    let update = UpdateMany { filter: None, scalars, limit: Some(2) };
    assert_eq!(
        bed.run(WriteQuery::UpdateManyAndReturn(seat.id(), update, Selection::default())).await.unwrap().len(),
        2
    );
    let third = prisma_core::tree::Unique {
        key: vec![(seat.field("row"), text("A")), (seat.field("number"), int(3))],
        filter: None,
    };
    let change = seat.set([("number", int(30)), ("note", Value::Null)]);
    assert_eq!(bed.run(seat.update(third.clone(), change)).await.unwrap(), ["A|30|-"]);
    assert_eq!(code(bed.run(seat.delete(third)).await), "P2025");
}
