//! `update`, and what it does to relations.

use prisma_core::tree::{
    CreateMany, NestedUpdate, NestedUpdateMany, NestedUpsert, NestedWrite, RecordChange, ScalarChange, Unique,
};

use crate::bed::{Bed, M, code, int, model, select, text};

const WORLD: &str = r#"
    INSERT INTO "User" ("email") VALUES ('a'), ('b');
    INSERT INTO "Post" ("title", "views", "slug", "authorId") VALUES ('p', 1, 'p', 1), ('q', 2, 'q', 1), ('r', 3, NULL, 2), ('s', 4, NULL, NULL);
    INSERT INTO "Comment" ("text", "postId") VALUES ('c1', 1), ('c2', 1), ('c3', 2);
    INSERT INTO "Tag" ("name") VALUES ('x'), ('y'), ('z');
    INSERT INTO "_PostToTag" VALUES (1, 1), (1, 2), (2, 2);
    INSERT INTO "Profile" ("bio", "userId") VALUES ('of a', 1), ('free', NULL), ('of b', 2);
    INSERT INTO "Passport" ("number", "userId") VALUES ('n1', 1), ('n2', 2);"#;

const AUTHORS: &str = r#"SELECT title, "authorId" FROM "Post" ORDER BY id"#;
const TAGS: &str = r#"SELECT "A", "B" FROM "_PostToTag" ORDER BY "A", "B""#;
const PROFILES: &str = r#"SELECT bio, "userId" FROM "Profile" ORDER BY id"#;

fn update(unique: Option<Unique>, write: RecordChange) -> NestedWrite {
    NestedWrite::Update(vec![NestedUpdate { unique, filter: None, write }])
}

fn upsert(unique: Option<Unique>, model: M, create: &str, update: &str) -> NestedWrite {
    let column = if model.id() == self::model("Profile").id() { "bio" } else { "title" };
    let create = model.record([(column, text(create))]);
    NestedWrite::Upsert(vec![NestedUpsert {
        unique,
        filter: None,
        create,
        update: model.set([(column, text(update))]),
    }])
}

#[tokio::test]
async fn arithmetic() {
    let bed = Bed::with(WORLD).await;
    let post = model("Post");
    let steps = [
        (ScalarChange::Increment(int(10)), "11"),
        (ScalarChange::Multiply(int(3)), "33"),
        (ScalarChange::Decrement(int(3)), "30"),
        (ScalarChange::Divide(int(4)), "7"),
        (ScalarChange::Set(int(2)), "2"),
    ];
    for (change, expected) in steps {
        let write = RecordChange { scalars: vec![(post.field("views"), change)], relations: Vec::new() };
        assert_eq!(bed.run(post.update(post.at(1), write)).await.unwrap(), [format!("1|p|{expected}|p|1")]);
    }
}

#[tokio::test]
async fn of_a_record_that_is_not_there() {
    let bed = Bed::with(WORLD).await;
    let (post, user) = (model("Post"), model("User"));
    let error = bed.run(post.update(post.at(9), post.set([("views", int(1))]))).await.unwrap_err();
    assert!(error.to_string().starts_with("P2025") && error.to_string().contains("id = 9 to update"), "{error}");
    let author = NestedWrite::Create(vec![user.record([("email", text("new"))])]);
    assert_eq!(code(bed.run(post.relate(9, "author", author)).await), "P2025");
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "User""#).await, ["2"]);
    let mut further = post.at(1);
    further.filter = Some(post.eq("views", int(99)));
    assert_eq!(code(bed.run(post.update(further, post.set([("views", int(1))]))).await), "P2025");
    assert_eq!(code(bed.run(post.update(post.at(9), post.change([]))).await), "P2025");
    assert_eq!(bed.run(post.update(post.at(4), post.change([]))).await.unwrap(), ["4|s|4|-|-"]);
}

#[tokio::test]
async fn to_one_with_the_key_here() {
    let bed = Bed::with(WORLD).await;
    let (post, user) = (model("Post"), model("User"));
    let relate = |write| post.relate(1, "author", write);
    bed.run(relate(NestedWrite::Create(vec![user.record([("email", text("new"))])]))).await.unwrap();
    bed.run(post.relate(2, "author", NestedWrite::Connect(vec![user.unique("email", text("b"))]))).await.unwrap();
    let known = user.or_create(user.unique("email", text("b")), user.record([("email", text("b"))]));
    bed.run(post.relate(4, "author", known)).await.unwrap();
    assert_eq!(bed.rows(AUTHORS).await, ["p|3", "q|2", "r|2", "s|2"]);

    bed.run(relate(update(None, user.set([("name", text("N"))])))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT name FROM "User" WHERE id = 3"#).await, ["N"]);

    let unmet = NestedWrite::DisconnectOne(Some(user.eq("name", text("other"))));
    bed.run(relate(unmet)).await.unwrap();
    assert_eq!(bed.rows(AUTHORS).await[0], "p|3");
    bed.run(relate(NestedWrite::DisconnectOne(Some(user.eq("name", text("N")))))).await.unwrap();
    assert_eq!(bed.rows(AUTHORS).await[0], "p|-");
    bed.run(relate(NestedWrite::DisconnectOne(None))).await.unwrap();
    assert_eq!(code(bed.run(relate(update(None, user.set([("name", text("N"))])))).await), "P2025");
    assert_eq!(code(bed.run(relate(NestedWrite::DeleteOne(None))).await), "P2025");

    bed.run(relate(NestedWrite::Connect(vec![user.at(3)]))).await.unwrap();
    let mismatch = NestedWrite::DeleteOne(Some(user.eq("name", text("other"))));
    assert_eq!(code(bed.run(relate(mismatch)).await), "P2025");
    assert_eq!(bed.rows(AUTHORS).await[0], "p|3");
    bed.run(relate(NestedWrite::DeleteOne(None))).await.unwrap();
    assert_eq!(bed.rows(AUTHORS).await[0], "p|-");
    assert_eq!(bed.rows(r#"SELECT email FROM "User""#).await, ["a", "b"]);
}

#[tokio::test]
async fn upsert_to_one_with_the_key_here() {
    let bed = Bed::with(WORLD).await;
    let (post, user) = (model("Post"), model("User"));
    let write = || {
        let create = user.record([("email", text("made"))]);
        let update = user.set([("name", text("changed"))]);
        NestedWrite::Upsert(vec![NestedUpsert { unique: None, filter: None, create, update }])
    };
    assert_eq!(bed.run(post.relate(1, "author", write())).await.unwrap(), ["1|p|1|p|1"]);
    assert_eq!(bed.run(post.relate(4, "author", write())).await.unwrap(), ["4|s|4|-|3"]);
    assert_eq!(bed.rows(r#"SELECT email, name FROM "User""#).await, ["a|changed", "b|-", "made|-"]);
}

#[tokio::test]
async fn one_to_one_with_the_key_there() {
    let bed = Bed::with(WORLD).await;
    let (user, profile) = (model("User"), model("Profile"));
    let relate = |id, write| user.relate(id, "profile", write);
    bed.run(relate(1, NestedWrite::Create(vec![profile.record([("bio", text("new"))])]))).await.unwrap();
    assert_eq!(bed.rows(PROFILES).await, ["of a|-", "free|-", "of b|2", "new|1"]);
    bed.run(relate(1, NestedWrite::Connect(vec![profile.at(3)]))).await.unwrap();
    assert_eq!(bed.rows(PROFILES).await, ["of a|-", "free|-", "of b|1", "new|-"]);
    // The same again changes nothing.
    bed.run(relate(1, NestedWrite::Connect(vec![profile.at(3)]))).await.unwrap();
    let known = profile.or_create(profile.at(1), profile.record([("bio", text("unused"))]));
    bed.run(relate(1, known)).await.unwrap();
    let unknown = profile.or_create(profile.at(99), profile.record([("bio", text("made"))]));
    bed.run(relate(2, unknown)).await.unwrap();
    assert_eq!(bed.rows(PROFILES).await, ["of a|1", "free|-", "of b|-", "new|-", "made|2"]);

    bed.run(relate(2, update(None, profile.set([("bio", text("changed"))])))).await.unwrap();
    bed.run(relate(2, upsert(None, profile, "unused", "again"))).await.unwrap();
    bed.run(relate(1, NestedWrite::DisconnectOne(Some(profile.eq("bio", text("other")))))).await.unwrap();
    assert_eq!(bed.rows(PROFILES).await[0], "of a|1");
    bed.run(relate(1, NestedWrite::DisconnectOne(None))).await.unwrap();
    bed.run(relate(1, NestedWrite::DisconnectOne(None))).await.unwrap();
    assert_eq!(code(bed.run(relate(1, update(None, profile.set([("bio", text("x"))])))).await), "P2025");
    bed.run(relate(1, upsert(None, profile, "upserted", "unused"))).await.unwrap();
    assert_eq!(bed.rows(PROFILES).await, ["of a|-", "free|-", "of b|-", "new|-", "again|2", "upserted|1"]);

    bed.run(relate(1, NestedWrite::DeleteOne(Some(profile.eq("bio", text("upserted")))))).await.unwrap();
    assert_eq!(code(bed.run(relate(1, NestedWrite::DeleteOne(None))).await), "P2025");
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "Profile""#).await, ["5"]);
}

#[tokio::test]
async fn one_to_one_with_the_key_here() {
    let bed = Bed::with(WORLD).await;
    let (user, profile) = (model("User"), model("Profile"));
    bed.run(profile.relate(2, "user", NestedWrite::Connect(vec![user.at(1)]))).await.unwrap();
    assert_eq!(bed.rows(PROFILES).await, ["of a|-", "free|1", "of b|2"]);
    bed.run(profile.relate(2, "user", NestedWrite::Connect(vec![user.at(1)]))).await.unwrap();
    bed.run(profile.relate(2, "user", NestedWrite::Create(vec![user.record([("email", text("n"))])]))).await.unwrap();
    assert_eq!(bed.rows(PROFILES).await, ["of a|-", "free|3", "of b|2"]);
}

#[tokio::test]
async fn a_required_one_to_one_cannot_be_broken() {
    let bed = Bed::with(WORLD).await;
    let (user, passport) = (model("User"), model("Passport"));
    let on_user = [
        NestedWrite::Create(vec![passport.record([("number", text("n3"))])]),
        NestedWrite::Connect(vec![passport.at(2)]),
        NestedWrite::DisconnectOne(None),
    ];
    for write in on_user {
        assert_eq!(code(bed.run(user.relate(1, "passport", write)).await), "P2014");
    }
    for write in
        [NestedWrite::Connect(vec![user.at(2)]), NestedWrite::DisconnectOne(None), NestedWrite::DeleteOne(None)]
    {
        assert_eq!(code(bed.run(passport.relate(1, "user", write)).await), "P2014");
    }
    assert_eq!(bed.rows(r#"SELECT number, "userId" FROM "Passport""#).await, ["n1|1", "n2|2"]);
    bed.run(user.relate(1, "passport", NestedWrite::Connect(vec![passport.at(1)]))).await.unwrap();
    bed.run(user.relate(1, "passport", NestedWrite::DeleteOne(None))).await.unwrap();
    bed.run(user.relate(1, "passport", NestedWrite::Connect(vec![passport.at(2)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT number, "userId" FROM "Passport""#).await, ["n2|1"]);
}

#[tokio::test]
async fn one_to_many() {
    let bed = Bed::with(WORLD).await;
    let (user, post) = (model("User"), model("Post"));
    let relate = |write| user.relate(1, "posts", write);
    bed.run(relate(NestedWrite::Create(vec![post.record([("title", text("t"))])]))).await.unwrap();
    let records = vec![post.values([("title", text("u"))])];
    bed.run(relate(NestedWrite::CreateMany(CreateMany { records, skip_duplicates: false }))).await.unwrap();
    bed.run(relate(NestedWrite::Connect(vec![post.at(3), post.at(4)]))).await.unwrap();
    assert_eq!(bed.rows(AUTHORS).await, ["p|1", "q|1", "r|1", "s|1", "t|1", "u|1"]);
    bed.run(relate(NestedWrite::Disconnect(vec![post.at(4), post.at(99)]))).await.unwrap();
    assert_eq!(bed.rows(AUTHORS).await[3], "s|-");
    bed.run(relate(NestedWrite::Set(vec![post.at(4), post.unique("slug", text("q"))]))).await.unwrap();
    assert_eq!(bed.rows(AUTHORS).await, ["p|-", "q|1", "r|-", "s|1", "t|-", "u|-"]);
    bed.run(relate(NestedWrite::Set(Vec::new()))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT COUNT("authorId") FROM "Post""#).await, ["0"]);
    let write = post.or_create(post.unique("slug", text("p")), post.record([("title", text("unused"))]));
    bed.run(relate(write)).await.unwrap();
    let write = post.or_create(post.unique("slug", text("w")), post.record([("title", text("w"))]));
    bed.run(relate(write)).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT title FROM "Post" WHERE "authorId" = 1"#).await, ["p", "w"]);
}

#[tokio::test]
async fn changes_of_many() {
    let bed = Bed::with(WORLD).await;
    let (user, post) = (model("User"), model("Post"));
    let relate = |write| user.relate(1, "posts", write);
    let titled = |title| post.set([("title", text(title))]);
    bed.run(relate(update(Some(post.at(1)), titled("P")))).await.unwrap();
    assert_eq!(code(bed.run(relate(update(Some(post.at(3)), titled("R")))).await), "P2025");
    let scalars = vec![(post.field("views"), ScalarChange::Increment(int(10)))];
    let all = NestedUpdateMany { filter: None, scalars: scalars.clone() };
    let some = NestedUpdateMany { filter: Some(post.eq("title", text("q"))), scalars };
    bed.run(relate(NestedWrite::UpdateMany(vec![all, some]))).await.unwrap();
    bed.run(relate(upsert(Some(post.unique("slug", text("q"))), post, "unused", "Q"))).await.unwrap();
    bed.run(relate(upsert(Some(post.at(3)), post, "made", "unused"))).await.unwrap();
    let read = r#"SELECT title, views, "authorId" FROM "Post" ORDER BY id"#;
    assert_eq!(bed.rows(read).await, ["P|11|1", "Q|22|1", "r|3|2", "s|4|-", "made|0|1"]);

    assert_eq!(code(bed.run(relate(NestedWrite::Delete(vec![post.at(1), post.at(3)]))).await), "P2017");
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "Post""#).await, ["5"]);
    bed.run(relate(NestedWrite::Delete(vec![post.at(1), post.at(1)]))).await.unwrap();
    let filters = vec![post.eq("title", text("Q")), post.eq("title", text("r"))];
    bed.run(relate(NestedWrite::DeleteMany(filters))).await.unwrap();
    assert_eq!(bed.rows(read).await, ["r|3|2", "s|4|-", "made|0|1"]);
}

#[tokio::test]
async fn required_children_cannot_be_let_go() {
    let bed = Bed::with(WORLD).await;
    let (post, comment) = (model("Post"), model("Comment"));
    let relate = |write| post.relate(1, "comments", write);
    assert_eq!(code(bed.run(relate(NestedWrite::Disconnect(vec![comment.at(1)]))).await), "P2014");
    assert_eq!(code(bed.run(relate(NestedWrite::Set(vec![comment.at(1)]))).await), "P2014");
    bed.run(relate(NestedWrite::Set(vec![comment.at(1), comment.at(2), comment.at(3)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT "postId" FROM "Comment""#).await, ["1", "1", "1"]);
}

#[tokio::test]
async fn through_a_join_table() {
    let bed = Bed::with(WORLD).await;
    let (post, tag) = (model("Post"), model("Tag"));
    let relate = |write| post.relate(1, "tags", write);
    bed.run(relate(NestedWrite::Create(vec![tag.record([("name", text("n"))])]))).await.unwrap();
    bed.run(relate(NestedWrite::Connect(vec![tag.at(1), tag.at(3)]))).await.unwrap();
    assert_eq!(bed.rows(TAGS).await, ["1|1", "1|2", "1|3", "1|4", "2|2"]);
    bed.run(relate(NestedWrite::Disconnect(vec![tag.unique("name", text("x")), tag.at(99)]))).await.unwrap();
    bed.run(post.relate(2, "tags", NestedWrite::Disconnect(vec![tag.at(3)]))).await.unwrap();
    assert_eq!(bed.rows(TAGS).await, ["1|2", "1|3", "1|4", "2|2"]);
    bed.run(relate(NestedWrite::Set(vec![tag.at(1), tag.unique("name", text("z"))]))).await.unwrap();
    assert_eq!(bed.rows(TAGS).await, ["1|1", "1|3", "2|2"]);

    bed.run(relate(update(Some(tag.at(1)), tag.set([("name", text("X"))])))).await.unwrap();
    assert_eq!(code(bed.run(relate(update(Some(tag.at(2)), tag.set([("name", text("Y"))])))).await), "P2025");
    let scalars = vec![(tag.field("name"), ScalarChange::Set(text("Z")))];
    let many = NestedUpdateMany { filter: Some(tag.eq("name", text("z"))), scalars };
    bed.run(relate(NestedWrite::UpdateMany(vec![many]))).await.unwrap();
    let create = tag.record([("name", text("made"))]);
    let update = tag.set([("name", text("unused"))]);
    let item = NestedUpsert { unique: Some(tag.at(2)), filter: None, create, update };
    bed.run(relate(NestedWrite::Upsert(vec![item]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT name FROM "Tag" ORDER BY id"#).await, ["X", "y", "Z", "n", "made"]);
    assert_eq!(bed.rows(TAGS).await, ["1|1", "1|3", "1|5", "2|2"]);

    assert_eq!(code(bed.run(relate(NestedWrite::Delete(vec![tag.at(1), tag.at(2)]))).await), "P2017");
    bed.run(relate(NestedWrite::Delete(vec![tag.at(1)]))).await.unwrap();
    let filters = vec![tag.eq("name", text("Z")), tag.eq("name", text("y"))];
    bed.run(relate(NestedWrite::DeleteMany(filters))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT name FROM "Tag" ORDER BY id"#).await, ["y", "n", "made"]);
    bed.run(relate(NestedWrite::Set(Vec::new()))).await.unwrap();
    assert_eq!(bed.rows(TAGS).await, ["2|2"]);
}

#[tokio::test]
async fn to_any_depth() {
    let bed = Bed::with(WORLD).await;
    let (user, post, comment, tag) = (model("User"), model("Post"), model("Comment"), model("Tag"));
    let deepest = update(Some(comment.at(2)), comment.set([("text", text("deep"))]));
    let tags = NestedWrite::Create(vec![tag.record([("name", text("n"))])]);
    let mut change = post.change([("comments", deepest), ("tags", tags)]);
    change.scalars.push((post.field("title"), ScalarChange::Set(text("P"))));
    let write = user.relate(1, "posts", update(Some(post.at(1)), change));
    let written = select(write, user.including(["posts"]));
    assert_eq!(bed.run(written).await.unwrap(), ["1|a|-|18[1|P|1|p|1, 2|q|2|q|1]"]);
    assert_eq!(bed.rows(r#"SELECT text FROM "Comment" ORDER BY id"#).await, ["c1", "deep", "c3"]);
    assert_eq!(bed.rows(r#"SELECT "B" FROM "_PostToTag" WHERE "A" = 1 ORDER BY 1"#).await, ["1", "2", "4"]);
}

#[tokio::test]
async fn a_changed_key_carries_its_children_along() {
    let bed = Bed::with(WORLD).await;
    let (user, post) = (model("User"), model("Post"));
    let mut change = user.change([("posts", NestedWrite::Create(vec![post.record([("title", text("t"))])]))]);
    change.scalars.push((user.field("id"), ScalarChange::Set(int(50))));
    assert_eq!(bed.run(user.update(user.at(1), change)).await.unwrap(), ["50|a|-|18"]);
    assert_eq!(bed.rows(AUTHORS).await, ["p|50", "q|50", "r|2", "s|-", "t|50"]);
}

#[tokio::test]
async fn a_model_related_to_itself() {
    let bed =
        Bed::with(r#"INSERT INTO "Ruler" ("name", "predecessorId") VALUES ('a', NULL), ('b', 1), ('c', NULL)"#).await;
    let ruler = model("Ruler");
    let read = r#"SELECT name, "predecessorId" FROM "Ruler" ORDER BY id"#;
    bed.run(ruler.relate(3, "predecessor", NestedWrite::Connect(vec![ruler.at(1)]))).await.unwrap();
    assert_eq!(bed.rows(read).await, ["a|-", "b|-", "c|1"]);
    // The record itself changes through its own relation.
    let own = update(None, ruler.set([("name", text("C"))]));
    let around = ruler.relate(3, "predecessor", update(None, ruler.change([("successor", own)])));
    assert_eq!(bed.run(around).await.unwrap(), ["3|C|1"]);
    bed.run(ruler.relate(1, "friends", NestedWrite::Connect(vec![ruler.at(2), ruler.at(1)]))).await.unwrap();
    bed.run(ruler.relate(2, "friendOf", NestedWrite::Connect(vec![ruler.at(3)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT "A", "B" FROM "_friends" ORDER BY 1, 2"#).await, ["1|1", "2|1", "2|3"]);
    bed.run(ruler.relate(1, "friends", NestedWrite::Disconnect(vec![ruler.at(1)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT "A", "B" FROM "_friends" ORDER BY 1, 2"#).await, ["2|1", "2|3"]);
}
