//! `create`, with its relations.

use prisma_core::tree::{CreateMany, NestedWrite};

use crate::bed::{Bed, code, int, model, select, text};

#[tokio::test]
async fn a_record_is_answered_with_what_the_database_made() {
    let bed = Bed::new().await;
    let user = model("User");
    assert_eq!(bed.run(user.create(user.record([("email", text("a"))]))).await.unwrap(), ["1|a|-|18"]);
    assert_eq!(bed.log().len(), 1);
}

#[tokio::test]
async fn parents_are_made_first_and_children_after() {
    let bed = Bed::new().await;
    let (user, post, comment, tag) = (model("User"), model("Post"), model("Comment"), model("Tag"));
    let create = post.with(
        [("title", text("p"))],
        [
            (
                "comments",
                NestedWrite::Create(vec![
                    comment.record([("text", text("c1"))]),
                    comment.record([("text", text("c2"))]),
                ]),
            ),
            ("author", NestedWrite::Create(vec![user.record([("email", text("a"))])])),
            ("tags", NestedWrite::Create(vec![tag.record([("name", text("x"))]), tag.record([("name", text("y"))])])),
        ],
    );
    let written = select(post.create(create), post.including(["author", "comments", "tags"]));
    assert_eq!(bed.run(written).await.unwrap(), ["1|p|0|-|1[1|a|-|18][1|c1|1, 2|c2|1][1|x, 2|y]"]);
    let log = bed.log();
    let writes: Vec<_> = log.iter().filter(|s| s.starts_with("INSERT")).collect();
    assert_eq!(writes.len(), 5, "{log:#?}");
    assert!(writes[0].contains("\"User\"") && writes[1].contains("\"Post\""));
    assert_eq!((log.first().unwrap().as_str(), log.last().unwrap().as_str()), ("BEGIN", "COMMIT"));
}

#[tokio::test]
async fn to_any_depth() {
    let bed = Bed::new().await;
    let (user, post, comment) = (model("User"), model("Post"), model("Comment"));
    let posts = vec![
        post.with(
            [("title", text("p1"))],
            [("comments", NestedWrite::Create(vec![comment.record([("text", text("c"))])]))],
        ),
        post.record([("title", text("p2"))]),
    ];
    let create = user.with([("email", text("a"))], [("posts", NestedWrite::Create(posts))]);
    bed.run(user.create(create)).await.unwrap();
    let joined = r#"SELECT u.email, p.title, c.text FROM "User" u JOIN "Post" p ON p."authorId" = u.id
        LEFT JOIN "Comment" c ON c."postId" = p.id ORDER BY p.id"#;
    assert_eq!(bed.rows(joined).await, ["a|p1|c", "a|p2|-"]);
}

#[tokio::test]
async fn children_without_relations_are_one_statement() {
    let bed = Bed::new().await;
    let (user, post) = (model("User"), model("Post"));
    let posts = vec![
        post.record([("title", text("p1"))]),
        post.record([("title", text("p2")), ("slug", text("s"))]),
        post.record([("title", text("p3")), ("views", int(3))]),
    ];
    let create = user.with([("email", text("a"))], [("posts", NestedWrite::Create(posts))]);
    assert_eq!(bed.run(user.create(create)).await.unwrap(), ["1|a|-|18"]);
    assert_eq!(bed.log().len(), 4, "{:#?}", bed.log());
    assert_eq!(bed.rows(r#"SELECT title, views, slug FROM "Post" ORDER BY id"#).await, ["p1|0|-", "p2|0|s", "p3|3|-"]);
}

#[tokio::test]
async fn create_many_within_create() {
    let bed = Bed::new().await;
    let (user, post) = (model("User"), model("Post"));
    let records = vec![post.values([("title", text("a"))]), post.values([("title", text("b"))])];
    let many = NestedWrite::CreateMany(CreateMany { records, skip_duplicates: false });
    bed.run(user.create(user.with([("email", text("a"))], [("posts", many)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT title, "authorId" FROM "Post""#).await, ["a|1", "b|1"]);
}

#[tokio::test]
async fn connect_to_one_by_its_id_is_one_statement() {
    let bed = Bed::with(r#"INSERT INTO "User" ("email") VALUES ('a')"#).await;
    let (user, post) = (model("User"), model("Post"));
    let create = |id| post.with([("title", text("p"))], [("author", NestedWrite::Connect(vec![user.at(id)]))]);
    assert_eq!(bed.run(post.create(create(1))).await.unwrap(), ["1|p|0|-|1"]);
    assert_eq!(bed.log().len(), 1);
    let error = bed.run(post.create(create(9))).await.unwrap_err();
    assert_eq!(error.code(), Some("P2025"));
    assert!(error.to_string().contains("id = 9 to connect to `Post.author`"), "{error}");
}

#[tokio::test]
async fn connect_to_one_by_another_key() {
    let bed = Bed::with(r#"INSERT INTO "User" ("email") VALUES ('a'), ('b')"#).await;
    let (user, post) = (model("User"), model("Post"));
    let connect = |email| NestedWrite::Connect(vec![user.unique("email", text(email))]);
    let create = |email| post.create(post.with([("title", text("p"))], [("author", connect(email))]));
    assert_eq!(bed.run(create("b")).await.unwrap(), ["1|p|0|-|2"]);
    assert_eq!(code(bed.run(create("c")).await), "P2025");
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "Post""#).await, ["1"]);
}

#[tokio::test]
async fn connect_to_many() {
    let bed = Bed::with(r#"INSERT INTO "Post" ("title") VALUES ('p'), ('q')"#).await;
    let (user, post) = (model("User"), model("Post"));
    let connect = |ids: &[i32]| NestedWrite::Connect(ids.iter().map(|&id| post.at(id)).collect());
    let create = |email, ids| user.create(user.with([("email", text(email))], [("posts", connect(ids))]));
    bed.run(create("a", &[1, 2])).await.unwrap();
    assert_eq!(bed.log().len(), 4);
    assert_eq!(bed.rows(r#"SELECT "authorId" FROM "Post""#).await, ["1", "1"]);
    bed.run(create("b", &[2, 2])).await.unwrap();
    assert_eq!(code(bed.run(create("c", &[1, 7])).await), "P2018");
    assert_eq!(bed.rows(r#"SELECT "authorId" FROM "Post""#).await, ["1", "2"]);
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "User""#).await, ["2"]);
}

#[tokio::test]
async fn connect_through_a_join_table() {
    let bed = Bed::with(r#"INSERT INTO "Tag" ("name") VALUES ('x'), ('y')"#).await;
    let (post, tag) = (model("Post"), model("Tag"));
    let create = |uniques| post.create(post.with([("title", text("p"))], [("tags", NestedWrite::Connect(uniques))]));
    bed.run(create(vec![tag.at(1), tag.at(2), tag.at(1)])).await.unwrap();
    assert_eq!(bed.log().len(), 4, "{:#?}", bed.log());
    bed.run(create(vec![tag.unique("name", text("y"))])).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT "A", "B" FROM "_PostToTag" ORDER BY 1, 2"#).await, ["1|1", "1|2", "2|2"]);
    assert_eq!(code(bed.run(create(vec![tag.at(1), tag.at(9)])).await), "P2025");
    assert_eq!(code(bed.run(create(vec![tag.at(1), tag.unique("name", text("z"))])).await), "P2025");
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "Post""#).await, ["2"]);
}

#[tokio::test]
async fn connect_or_create() {
    let bed = Bed::with(
        r#"INSERT INTO "User" ("email") VALUES ('a'); INSERT INTO "Tag" ("name") VALUES ('x');
           INSERT INTO "Post" ("title", "slug") VALUES ('p', 'there')"#,
    )
    .await;
    let (user, post, tag) = (model("User"), model("Post"), model("Tag"));
    let author = |email| user.or_create(user.unique("email", text(email)), user.record([("email", text(email))]));
    let tagged = |name| tag.or_create(tag.unique("name", text(name)), tag.record([("name", text(name))]));
    for (email, name) in [("a", "y"), ("b", "x")] {
        let create = post.with([("title", text("n"))], [("author", author(email)), ("tags", tagged(name))]);
        bed.run(post.create(create)).await.unwrap();
    }
    assert_eq!(bed.rows(r#"SELECT id, "authorId" FROM "Post""#).await, ["1|-", "2|1", "3|2"]);
    assert_eq!(bed.rows(r#"SELECT "A", "B" FROM "_PostToTag" ORDER BY 1"#).await, ["2|2", "3|1"]);
    assert_eq!(bed.rows(r#"SELECT email FROM "User""#).await, ["a", "b"]);

    let of_slug = |slug| post.or_create(post.unique("slug", text(slug)), post.record([("title", text("made"))]));
    let create = user.with([("email", text("c"))], [("posts", of_slug("there")), ("posts", of_slug("missing"))]);
    bed.run(user.create(create)).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT title FROM "Post" WHERE "authorId" = 3"#).await, ["p", "made"]);
}

#[tokio::test]
async fn one_to_one_takes_its_partner_from_the_old_one() {
    let bed = Bed::with(
        r#"INSERT INTO "User" ("email") VALUES ('a');
           INSERT INTO "Profile" ("bio", "userId") VALUES ('old', 1);
           INSERT INTO "Passport" ("number", "userId") VALUES ('n1', 1)"#,
    )
    .await;
    let (user, profile, passport) = (model("User"), model("Profile"), model("Passport"));
    let connect = || NestedWrite::Connect(vec![user.at(1)]);
    bed.run(profile.create(profile.with([("bio", text("new"))], [("user", connect())]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT bio, "userId" FROM "Profile" ORDER BY id"#).await, ["old|-", "new|1"]);

    let second = passport.with([("number", text("n2"))], [("user", connect())]);
    assert_eq!(code(bed.run(passport.create(second)).await), "P2014");

    // From the side that holds no key, the partner comes along.
    let taken = NestedWrite::Connect(vec![profile.at(2)]);
    bed.run(user.create(user.with([("email", text("b"))], [("profile", taken)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT bio, "userId" FROM "Profile" ORDER BY id"#).await, ["old|-", "new|2"]);
    let missing = NestedWrite::Connect(vec![profile.at(9)]);
    assert_eq!(code(bed.run(user.create(user.with([("email", text("c"))], [("profile", missing)]))).await), "P2025");
}

#[tokio::test]
async fn a_model_related_to_itself() {
    let bed = Bed::new().await;
    let ruler = model("Ruler");
    let create = ruler.with(
        [("name", text("middle"))],
        [
            ("predecessor", NestedWrite::Create(vec![ruler.record([("name", text("first"))])])),
            ("successor", NestedWrite::Create(vec![ruler.record([("name", text("last"))])])),
            ("friends", NestedWrite::Create(vec![ruler.record([("name", text("friend"))])])),
        ],
    );
    bed.run(ruler.create(create)).await.unwrap();
    let named = r#"SELECT r.name, p.name FROM "Ruler" r LEFT JOIN "Ruler" p ON p.id = r."predecessorId" ORDER BY r.id"#;
    assert_eq!(bed.rows(named).await, ["first|-", "middle|first", "last|middle", "friend|-"]);
    assert_eq!(bed.rows(r#"SELECT "A", "B" FROM "_friends""#).await, ["4|2"]);
}

#[tokio::test]
async fn nothing_but_defaults() {
    let bed = Bed::new().await;
    let ruler = model("Defaults");
    assert_eq!(bed.run(ruler.create(ruler.record([]))).await.unwrap().len(), 1);
}

#[tokio::test]
async fn children_that_connect_are_one_statement_too() {
    let bed = Bed::with(r#"INSERT INTO "Post" ("title") VALUES ('p'), ('q')"#).await;
    let (tag, post, comment) = (model("Tag"), model("Post"), model("Comment"));
    let on = |id: i32| comment.with([("text", text("c"))], [("post", NestedWrite::Connect(vec![post.at(id)]))]);
    // The relation that creates them gives one key, and they connect to another.
    let user = model("User");
    let by = |email| NestedWrite::Connect(vec![user.unique("email", text(email))]);
    bed.run(user.create(user.record([("email", text("a"))]))).await.unwrap();
    let posts = ["x", "y"].map(|title| post.with([("title", text(title))], [("author", by("a"))])).to_vec();
    bed.run(tag.create(tag.with([("name", text("t"))], [("posts", NestedWrite::Create(posts))]))).await.unwrap();
    let inserts: Vec<_> = bed.log().into_iter().filter(|s| s.starts_with("INSERT")).collect();
    assert_eq!(inserts.len(), 3, "{inserts:#?}");
    assert_eq!(bed.rows(r#"SELECT title, "authorId" FROM "Post" ORDER BY id"#).await, ["p|-", "q|-", "x|1", "y|1"]);
    assert_eq!(code(bed.run(comment.create(on(9))).await), "P2025");
}

#[tokio::test]
async fn a_unique_that_names_the_same_record_twice() {
    let bed = Bed::with(r#"INSERT INTO "Post" ("title", "slug") VALUES ('p', 's')"#).await;
    let (user, post) = (model("User"), model("Post"));
    let twice = NestedWrite::Connect(vec![post.at(1), post.unique("slug", text("s"))]);
    bed.run(user.create(user.with([("email", text("a"))], [("posts", twice)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT "authorId" FROM "Post""#).await, ["1"]);
}

#[tokio::test]
async fn more_connections_than_a_statement_has_values() {
    let bed = Bed::with(
        r#"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
           INSERT INTO "Post" ("title") SELECT 'p' FROM n;
           INSERT INTO "Tag" ("name") SELECT 't' || id FROM "Post""#,
    )
    .await;
    let (user, post, tag) = (model("User"), model("Post"), model("Tag"));
    let posts = NestedWrite::Connect((1..=20_000).map(|id| post.at(id)).collect());
    bed.run(user.create(user.with([("email", text("a"))], [("posts", posts)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "Post" WHERE "authorId" = 1"#).await, ["20000"]);
    let tags = NestedWrite::Connect((1..=20_000).map(|id| tag.at(id)).collect());
    bed.run(post.create(post.with([("title", text("n"))], [("tags", tags)]))).await.unwrap();
    assert_eq!(bed.rows(r#"SELECT COUNT(*) FROM "_PostToTag""#).await, ["20000"]);
}
