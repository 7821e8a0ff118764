//! Writes that fail, and what is left of them.

use prisma_core::ErrorKind;
use prisma_core::tree::{Create, NestedUpdate, NestedWrite, Selection, WriteQuery};

use crate::bed::{Bed, code, int, model, text};

const WORLD: &str = r#"INSERT INTO "User" ("email") VALUES ('a'), ('b');
    INSERT INTO "Post" ("title", "authorId") VALUES ('p', 1)"#;

#[tokio::test]
async fn nothing_stays_half_done() {
    let bed = Bed::with(WORLD).await;
    let (user, post, tag) = (model("User"), model("Post"), model("Tag"));
    let posts = vec![
        post.with([("title", text("x"))], [("tags", NestedWrite::Create(vec![tag.record([("name", text("t"))])]))]),
        post.with([("title", text("y"))], [("tags", NestedWrite::Create(vec![tag.record([("name", text("t"))])]))]),
    ];
    let create = user.with([("email", text("c"))], [("posts", NestedWrite::Create(posts))]);
    let error = bed.run(user.create(create)).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UniqueConstraint { model: Some(m), fields } if m == "Tag" && fields == &["name"])
    );
    assert_eq!(bed.log().last().map(String::as_str), Some("ROLLBACK"));
    let counts = r#"SELECT (SELECT COUNT(*) FROM "User"), (SELECT COUNT(*) FROM "Post"), (SELECT COUNT(*) FROM "Tag")"#;
    assert_eq!(bed.rows(counts).await, ["2|1|0"]);

    let missing = NestedUpdate { unique: Some(post.at(9)), filter: None, write: post.set([("title", text("z"))]) };
    let mut change = user.change([("posts", NestedWrite::Update(vec![missing]))]);
    change.scalars.extend(user.set([("name", text("N"))]).scalars);
    assert_eq!(code(bed.run(user.update(user.at(1), change)).await), "P2025");
    assert_eq!(bed.rows(r#"SELECT name FROM "User""#).await, ["-", "-"]);
}

#[tokio::test]
async fn within_a_transaction_of_the_caller() {
    let bed = Bed::with(WORLD).await;
    let (user, post) = (model("User"), model("Post"));
    let transaction = bed.handle.begin(None).await.unwrap();
    let create =
        user.with([("email", text("c"))], [("posts", NestedWrite::Create(vec![post.record([("title", text("x"))])]))]);
    let query = WriteQuery::Create(user.id(), create, Selection::default());
    assert_eq!(transaction.write(query, None).await.unwrap(), 1);
    transaction.rollback().await.unwrap();
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "User""#).await, ["2"]);
}

#[tokio::test]
async fn constraints_are_told_in_terms_of_the_schema() {
    let bed = Bed::with(WORLD).await;
    let (user, post) = (model("User"), model("Post"));
    let error = bed.run(user.create(user.record([("email", text("a"))]))).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UniqueConstraint { model: Some(m), fields } if m == "User" && fields == &["email"])
    );

    let dangling = post.record([("title", text("x")), ("authorId", int(9))]);
    let error = bed.run(post.create(dangling)).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::ForeignKey { model: Some(m), constraint: Some(c) } if m == "Post" && c == "authorId"),
        "{error:?}"
    );

    let error = bed.run(post.create(Create::default())).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NullConstraint { model: Some(m), fields } if m == "Post" && fields == &["title"])
    );

    let passport = model("Passport");
    bed.run(passport.create(passport.record([("number", text("n")), ("userId", int(1))]))).await.unwrap();
    assert_eq!(code(bed.run(user.delete(user.at(1))).await), "P2003");
    let error = bed.run(user.delete(user.at(9))).await.unwrap_err();
    assert!(error.to_string().contains("id = 9 to delete"), "{error}");
}

#[tokio::test]
async fn writes_that_make_no_sense() {
    let bed = Bed::with(WORLD).await;
    let (user, post, tag) = (model("User"), model("Post"), model("Tag"));
    let connect = || NestedWrite::Connect(vec![user.at(2)]);
    let both = post.with([("title", text("x")), ("authorId", int(2))], [("author", connect())]);
    let error = bed.run(post.create(both)).await.unwrap_err();
    assert_eq!(error.code(), Some("P2009"));
    assert!(error.to_string().contains("`authorId`") && error.to_string().contains("`author`"), "{error}");

    let mut change = post.change([("author", connect())]);
    change.scalars.extend(post.set([("authorId", int(2))]).scalars);
    assert_eq!(code(bed.run(post.update(post.at(1), change)).await), "P2009");

    let child = post.record([("title", text("x")), ("authorId", int(2))]);
    assert_eq!(code(bed.run(user.relate(1, "posts", NestedWrite::Create(vec![child]))).await), "P2009");

    for write in [NestedWrite::Set(Vec::new()), NestedWrite::Delete(vec![post.at(1)])] {
        let create = user.with([("email", text("n"))], [("posts", write)]);
        assert_eq!(code(bed.run(user.create(create)).await), "P2009");
    }
    let two = NestedWrite::Connect(vec![user.at(1), user.at(2)]);
    assert_eq!(code(bed.run(post.relate(1, "author", two)).await), "P2009");
    let many = NestedWrite::CreateMany(Default::default());
    assert_eq!(code(bed.run(tag.create(tag.with([("name", text("t"))], [("posts", many)]))).await), "P2009");
    assert_eq!(bed.rows(r#"SELECT title, "authorId" FROM "Post""#).await, ["p|1"]);
}
