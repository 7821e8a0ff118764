//! How many statements the common writes take, and what they say.

use prisma_core::tree::{Aggregate, NestedWrite, RelationAggregate, Selection};

use crate::bed::{Bed, code, int, model, select, text};

const POSTS: &str = r#"INSERT INTO "User" ("email") VALUES ('a'), ('b');
    INSERT INTO "Post" ("title", "authorId") VALUES ('p', 1)"#;

#[tokio::test]
async fn an_update_is_one_statement() {
    let bed = Bed::with(POSTS).await;
    let post = model("Post");
    assert_eq!(bed.run(post.update(post.at(1), post.set([("title", text("x"))]))).await.unwrap(), ["1|x|0|-|1"]);
    assert_eq!(
        bed.log(),
        [r#"UPDATE "Post" SET "title" = ? WHERE "Post"."id" = ? RETURNING "id", "title", "views", "slug", "authorId""#]
    );
    let connect = post.relate(1, "author", NestedWrite::Connect(vec![model("User").at(2)]));
    assert_eq!(bed.run(connect).await.unwrap(), ["1|x|0|-|2"]);
    assert_eq!(bed.log().len(), 1);
    let disconnect = post.relate(1, "author", NestedWrite::DisconnectOne(None));
    assert_eq!(bed.run(disconnect).await.unwrap(), ["1|x|0|-|-"]);
    assert_eq!(bed.log().len(), 1);
}

#[tokio::test]
async fn a_deletion_is_one_statement_unless_relations_are_asked_for() {
    let bed = Bed::with(POSTS).await;
    let post = model("Post");
    let with_author = select(post.delete(post.at(1)), post.including(["author"]));
    assert_eq!(bed.run(with_author).await.unwrap(), ["1|p|0|-|1[1|a|-|18]"]);
    assert_eq!(bed.log().len(), 5, "{:#?}", bed.log());
    let user = model("User");
    assert_eq!(bed.run(user.delete(user.at(1))).await.unwrap(), ["1|a|-|18"]);
    assert_eq!(bed.log().len(), 1);
    assert_eq!(bed.count(user.delete(user.at(2))).await.unwrap(), 1);
}

#[tokio::test]
async fn counts_are_read_afterwards() {
    let bed = Bed::with(POSTS).await;
    let (user, post) = (model("User"), model("Post"));
    let count = RelationAggregate { field: user.field("posts"), aggregate: Aggregate::Count, filter: None };
    let selection = Selection { aggregates: vec![count], ..Selection::default() };
    let create = NestedWrite::Create(vec![post.record([("title", text("q"))])]);
    assert_eq!(bed.run(select(user.relate(1, "posts", create), selection)).await.unwrap(), ["1|a|-|18|2"]);
}

#[tokio::test]
async fn the_first_statement_can_be_seen_without_running_it() {
    let bed = Bed::with(POSTS).await;
    let post = model("Post");
    let shown = bed.handle.write_to_sql(post.update(post.at(1), post.set([("views", int(7))]))).unwrap();
    assert_eq!(
        &*shown.sql,
        r#"UPDATE "Post" SET "views" = ? WHERE "Post"."id" = ? RETURNING "id", "title", "views", "slug", "authorId""#
    );
    assert_eq!(shown.values, [int(7), int(1)]);
    let user = model("User");
    let author = NestedWrite::Create(vec![user.record([("email", text("x"))])]);
    let first = bed.handle.write_to_sql(post.create(post.with([("title", text("n"))], [("author", author)]))).unwrap();
    assert!(first.sql.starts_with(r#"INSERT INTO "User""#), "{}", first.sql);
    assert_eq!(bed.rows(r#"SELECT views FROM "Post""#).await, ["0"]);
    assert_eq!(bed.handle.write_to_sql(user.create_many(Vec::new(), false)).unwrap_err().code(), Some("P2009"));
}

#[tokio::test]
async fn nobody_needs_to_look_at_the_answer() {
    let bed = Bed::with(POSTS).await;
    let (user, post) = (model("User"), model("Post"));
    assert_eq!(bed.count(user.create(user.record([("email", text("c"))]))).await.unwrap(), 1);
    assert_eq!(bed.log(), [r#"INSERT INTO "User" ("email", "age") VALUES (?, ?)"#]);
    assert_eq!(bed.count(post.update(post.at(1), post.set([("views", int(7))]))).await.unwrap(), 1);
    assert_eq!(bed.log(), [r#"UPDATE "Post" SET "views" = ? WHERE "Post"."id" = ?"#]);
    assert_eq!(bed.count(post.update(post.at(1), post.change([]))).await.unwrap(), 1);
    assert_eq!(code(bed.count(post.update(post.at(9), post.set([("views", int(7))]))).await), "P2025");
    assert_eq!(code(bed.count(post.update(post.at(9), post.change([]))).await), "P2025");
    let both = |slug| {
        let create = post.record([("title", text("n")), ("slug", text(slug))]);
        post.upsert(post.unique("slug", text(slug)), create, post.change([]))
    };
    assert_eq!(bed.count(both("s")).await.unwrap(), 1);
    assert_eq!(bed.count(both("s")).await.unwrap(), 1);
    assert_eq!(bed.rows(r#"SELECT title, views FROM "Post""#).await, ["p|7", "n|0"]);
}
