//! `upsert`.

use prisma_core::Value;
use prisma_core::tree::{NestedWrite, RecordChange, ScalarChange};

use crate::bed::{Bed, code, int, model, select, text};

#[tokio::test]
async fn in_one_statement() {
    let bed = Bed::new().await;
    let user = model("User");
    let upsert = || {
        let create = user.record([("email", text("a")), ("age", int(1))]);
        let scalars = vec![(user.field("age"), ScalarChange::Increment(int(10)))];
        user.upsert(user.unique("email", text("a")), create, RecordChange { scalars, relations: Vec::new() })
    };
    assert_eq!(bed.run(upsert()).await.unwrap(), ["1|a|-|1"]);
    assert_eq!(bed.run(upsert()).await.unwrap(), ["1|a|-|11"]);
    assert_eq!(bed.log().len(), 1);
    assert!(bed.log()[0].contains(r#"ON CONFLICT ("email") DO UPDATE"#), "{}", bed.log()[0]);
    assert_eq!(bed.count(upsert()).await.unwrap(), 1);
    assert_eq!(bed.rows(r#"SELECT age FROM "User""#).await, ["21"]);
}

#[tokio::test]
async fn by_another_key_than_is_created() {
    let bed = Bed::new().await;
    let user = model("User");
    let upsert = || user.upsert(user.at(5), user.record([("email", text("a"))]), user.set([("name", text("N"))]));
    assert_eq!(bed.run(upsert()).await.unwrap(), ["1|a|-|18"]);
    assert!(!bed.log().iter().any(|s| s.contains("ON CONFLICT")));
    assert_eq!(code(bed.run(upsert()).await), "P2002");
    let first = user.upsert(user.at(1), user.record([("email", text("b"))]), user.set([("name", text("N"))]));
    assert_eq!(bed.run(first).await.unwrap(), ["1|a|N|18"]);
}

#[tokio::test]
async fn with_nothing_to_update() {
    let bed = Bed::new().await;
    let user = model("User");
    let create = || user.record([("email", text("a"))]);
    let upsert = || user.upsert(user.unique("email", text("a")), create(), user.change([]));
    assert_eq!(bed.run(upsert()).await.unwrap(), ["1|a|-|18"]);
    assert_eq!(bed.run(upsert()).await.unwrap(), ["1|a|-|18"]);
    let mut further = user.unique("email", text("a"));
    further.filter = Some(user.eq("age", int(99)));
    assert_eq!(code(bed.run(user.upsert(further, create(), user.set([("name", Value::Null)]))).await), "P2002");
}

#[tokio::test]
async fn with_relations() {
    let bed = Bed::new().await;
    let (user, post) = (model("User"), model("Post"));
    let author = |email| NestedWrite::Create(vec![user.record([("email", text(email))])]);
    let upsert = || {
        let create = post.with([("title", text("p")), ("slug", text("s"))], [("author", author("on create"))]);
        let update = post.change([("author", author("on update"))]);
        select(post.upsert(post.unique("slug", text("s")), create, update), post.including(["author"]))
    };
    // What the update would have made does not stay behind.
    assert_eq!(bed.run(upsert()).await.unwrap(), ["1|p|0|s|1[1|on create|-|18]"]);
    assert_eq!(bed.run(upsert()).await.unwrap(), ["1|p|0|s|2[2|on update|-|18]"]);
    assert_eq!(bed.rows(r#"SELECT email FROM "User""#).await, ["on create", "on update"]);
}
