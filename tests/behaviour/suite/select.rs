//! Parts of records.

use prisma_client::{Select, select, serde_json};

use super::*;

/// ada: posts 1 (published, two comments, tags rust and sql) and 2; profile. bob: nothing.
async fn world() -> TestDb {
    let db = fresh().await;
    let posts = [
        post::create()
            .title("one")
            .published(true)
            .views(7)
            .tags([tag::create().name("rust"), tag::create().name("sql")])
            .comments([comment::create().text("c1"), comment::create().text("c2")]),
        post::create().title("two"),
    ];
    let ada = user::create().email("ada").name("Ada").age(36).profile(profile::create().bio("first")).posts(posts);
    db.user().create(ada).await.unwrap();
    user_named(&db, "bob").await;
    db
}

#[tokio::test]
async fn columns() {
    let db = fresh!(world());
    let rows = db.user().find_many().select(select!(user { email, age, role })).order_by(user::id.asc()).await.unwrap();
    assert_eq!((rows[0].email.as_str(), rows[0].age, rows[1].age, rows[1].role), ("ada", Some(36), None, Role::User));
    assert_eq!(format!("{:?}", rows[1]), r#"User { email: "bob", age: None, role: User }"#);
    assert!(rows[0].clone() == rows[0] && rows[0] != rows[1]);
    let sql = db.user().find_many().select(select!(user { email })).to_sql().unwrap();
    assert!(sql.text().contains("email") && !sql.text().contains("name"), "{sql}");
}

#[tokio::test]
async fn every_kind_of_find() {
    let db = fresh!(world());
    let one = db.user().find_unique(user::id.eq(1)).select(select!(user { name })).await.unwrap();
    assert_eq!(one.unwrap().name.as_deref(), Some("Ada"));
    assert!(db.user().find_first().filter(user::id.eq(9)).select(select!(user { id })).await.unwrap().is_none());
    let first = db.user().find_first_or_error().order_by(user::email.desc()).select(select!(user { email })).await;
    assert_eq!(first.unwrap().email, "bob");
    let error = db.user().find_unique_or_error(user::id.eq(9)).select(select!(user { id })).await.unwrap_err();
    assert_eq!(error.code(), Some("P2025"));
}

#[tokio::test]
async fn relations_to_any_depth() {
    let db = fresh!(world());
    let level = 5;
    let rows = db
        .user()
        .find_many()
        .select(select!(user {
            id,
            posts(filter: post::views.lt(level + 100), order_by: post::id.desc(), take: 1) {
                title,
                comments(order_by: comment::id.desc()) { text, post { author { email } } },
                tags(order_by: tag::name.asc(), skip: 1),
            },
            profile { bio },
            manager { id },
        }))
        .order_by(user::id.asc())
        .await
        .unwrap();
    assert_eq!(rows[0].posts.len(), 1, "for each parent");
    assert_eq!(rows[0].posts[0].title, "two");
    assert_eq!(rows[0].profile.as_ref().unwrap().bio, "first");
    assert!(rows[1].posts.is_empty() && rows[1].profile.is_none() && rows[0].manager.is_none());

    let post = db.post().find_unique_or_error(post::id.eq(1));
    let post = post.select(select!(post { comments(order_by: comment::id.desc()) { text, post { author { email } } }, tags(order_by: tag::name.asc(), skip: 1) }));
    let post = post.await.unwrap();
    assert_eq!(post.comments.iter().map(|c| c.text.as_str()).collect::<Vec<_>>(), ["c2", "c1"]);
    assert_eq!(post.comments[1].post.author.as_ref().unwrap().email, "ada");
    assert_eq!(post.tags, [Tag { id: post.tags[0].id, name: "sql".to_owned(), posts: NotIncluded }]);
}

#[tokio::test]
async fn counts() {
    let db = fresh!(world());
    let rows = db
        .user()
        .find_many()
        .select(select!(user { email, _count { posts(filter: post::published.eq(true)), friends }, posts(order_by: post::id.asc()) { _count } }))
        .order_by(user::id.asc())
        .await
        .unwrap();
    assert_eq!((rows[0]._count.posts, rows[0]._count.friends, rows[1]._count.posts), (1, 0, 0));
    let counts: Vec<_> = rows[0].posts.iter().map(|p| (p._count.tags, p._count.comments)).collect();
    assert_eq!(counts, [(2, 2), (0, 0)]);
    let alone =
        db.user().find_first().order_by(user::id.asc()).select(select!(user { _count { posts } })).await.unwrap();
    assert_eq!(alone.unwrap()._count.posts, 2);
}

#[tokio::test]
async fn all_columns_but() {
    let db = fresh!(world());
    let rows = db.user().find_many().select(select!(user { .., !email, !role, profile { id } }));
    let sql = rows.to_sql().unwrap();
    assert!(!sql.text().contains("email") && !sql.text().contains("role"), "{sql}");
    let rows = db.user().find_many().select(select!(user { .., !email, !role, profile { id } }));
    let row = rows.order_by(user::id.asc()).await.unwrap().remove(0);
    assert_eq!((row.id, row.name.as_deref(), row.age, row.version), (1, Some("Ada"), Some(36), 1));
    assert!(row.profile.is_some());
    let all = db.keyword().create(keyword::create().id(1).r#type("t").r#match(2)).select(select!(keyword { .. })).await;
    let all = all.unwrap();
    assert_eq!((all.r#type.as_str(), all.r#match, all.self_), ("t", Some(2), None));
}

#[tokio::test]
async fn as_json() {
    let db = fresh!(world());
    let row = db.user().find_unique_or_error(user::id.eq(1));
    let row = row.select(
        select!(user { id, role, team_id, posts(take: 1, order_by: post::id.asc()) { title }, _count { posts } }),
    );
    let json = serde_json::to_value(row.await.unwrap()).unwrap();
    let expected = serde_json::json!({
        "id": 1, "role": "USER", "teamId": null, "posts": [{ "title": "one" }], "_count": { "posts": 2 }
    });
    assert_eq!(json, expected, "the schema's names");
}

#[tokio::test]
async fn of_what_is_written() {
    let db = fresh!(world());
    let made = db.user().create(user::create().email("cyd").posts([post::create().title("p")]));
    let made = made.select(select!(user { email, posts { title } })).await.unwrap();
    assert_eq!((made.email.as_str(), made.posts[0].title.as_str()), ("cyd", "p"));
    let changed = db.user().update(user::id.eq(2), user::age.set(41)).select(select!(user { age })).await.unwrap();
    assert_eq!(changed.age, Some(41));
    let upserted = db.user().upsert(user::email.eq("dot"), user::create().email("dot"), user::age.set(1));
    assert_eq!(upserted.select(select!(user { email, age })).await.unwrap().age, None);
    let many = db.user().create_many_and_return([user::create().email("e"), user::create().email("f")]);
    let many = many.select(select!(user { email, profile { bio } })).await.unwrap();
    assert!(many.len() == 2 && many[1].email == "f" && many[1].profile.is_none());
    let changed = db.user().update_many_and_return(user::age.set(2)).filter(user::email.is_in(["e", "f"]));
    assert!(changed.select(select!(user { age })).await.unwrap().iter().all(|row| row.age == Some(2)));
    let gone = db.user().delete(user::email.eq("ada")).select(select!(user { name, _count { posts } })).await.unwrap();
    assert_eq!((gone.name.as_deref(), gone._count.posts), (Some("Ada"), 2));
    let tx = db.begin().await.unwrap();
    assert_eq!(tx.user().find_many().select(select!(user { id })).await.unwrap().len(), 5);
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn part_of_an_included_relation() {
    let db = fresh!(world());
    let users = db
        .user()
        .find_many()
        .include(user::posts.order_by(post::id.asc()).select(select!(post { title })))
        .include(user::profile.select(select!(profile { bio })))
        .order_by(user::id.asc())
        .await
        .unwrap();
    assert_eq!((users[0].email.as_str(), users[0].posts[1].title.as_str()), ("ada", "two"));
    assert_eq!(users[0].profile.as_ref().unwrap().bio, "first");
}

#[derive(Debug, PartialEq, Select)]
#[prisma(model = user)]
struct UserCard {
    email: String,
    age: Option<i32>,
    posts: Vec<PostTitle>,
    profile: Option<Profile>,
    #[prisma(count = posts)]
    written: i64,
    #[prisma(field = team_id)]
    team: Option<i32>,
}

#[derive(Debug, PartialEq, Select)]
#[prisma(model = post)]
struct PostTitle {
    title: String,
}

#[derive(Debug, PartialEq, Select)]
#[prisma(model = profile)]
struct ProfileOf {
    bio: String,
    user: Email,
}

#[derive(Debug, PartialEq, Select)]
#[prisma(model = user)]
struct Email {
    email: String,
}

#[tokio::test]
async fn structs() {
    let db = fresh!(world());
    let cards: Vec<UserCard> = db.user().find_many().order_by(user::id.asc()).select_as::<UserCard>().await.unwrap();
    let titles = ["one", "two"].map(|title| PostTitle { title: title.to_owned() });
    assert_eq!(cards[0].posts, titles);
    assert_eq!((cards[0].written, cards[0].team, cards[0].profile.as_ref().unwrap().bio.as_str()), (2, None, "first"));
    let bob = UserCard { email: "bob".to_owned(), age: None, posts: vec![], profile: None, written: 0, team: None };
    assert_eq!(cards[1], bob);
    let profile = db.profile().find_first_or_error().select_as::<ProfileOf>().await.unwrap();
    assert_eq!(profile, ProfileOf { bio: "first".to_owned(), user: Email { email: "ada".to_owned() } });
    let made = db.user().create(user::create().email("cyd")).select_as::<Email>().await.unwrap();
    assert_eq!(made.email, "cyd");
    // Within a selection, and within an include.
    let rows =
        db.post().find_many().include(post::author.select(<Email as prisma_client::SelectAs<_>>::selection())).await;
    assert_eq!(rows.unwrap()[0].author.as_ref().unwrap().email, "ada");
}
