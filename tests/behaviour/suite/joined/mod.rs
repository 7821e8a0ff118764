//! Relations read by a join: the tests of `include` once more, with clients that join what they include; and what else there is to it.

use std::sync::Arc;

use prisma_client::__private::engine::Settings;
use prisma_client::__private::typed::ClientSchema;
use prisma_client::{Client, GeneratedClient, Load, select};

use super::*;

#[path = "../include.rs"]
mod include;
#[path = "../include_pages.rs"]
mod include_pages;
#[path = "../related.rs"]
mod related;

/// A database whose client joins.
pub struct TestDb {
    db: PrismaClient,
    _database: super::TestDb,
}

impl std::ops::Deref for TestDb {
    type Target = PrismaClient;
    fn deref(&self) -> &PrismaClient {
        &self.db
    }
}

async fn fresh() -> TestDb {
    let database = super::fresh().await;
    let settings = Settings { load: Some(Load::Join), ..Settings::default() };
    let client = Client::with_settings(PrismaClientModels::schema().unwrap(), Arc::clone(database.driver()), settings);
    TestDb { db: PrismaClient::of(client.unwrap()).unwrap(), _database: database }
}

/// A query says it for itself.
#[tokio::test]
async fn one_query() {
    let db = fresh!();
    let posts = [post::create().title("b"), post::create().title("a")];
    db.user().create(user::create().email("ada").posts(posts)).await.unwrap();
    let read = || db.user().find_many().include(user::posts.order_by(post::title.asc()).include(post::author));
    let (joined, queried) = (read().load(Load::Join).await.unwrap(), read().load(Load::Query).await.unwrap());
    assert_eq!(joined, queried);
    assert_eq!(joined[0].posts[0].author.as_ref().map(|a| a.id), Some(1));
    let sql = |load| read().load(load).to_sql().unwrap().text().to_owned();
    assert!(sql(Load::Join).contains("Post") && !sql(Load::Query).contains("Post"));
}

#[tokio::test]
async fn selections() {
    let db = fresh!();
    let comments = [comment::create().text("c1"), comment::create().text("c2")];
    let posts = [post::create().title("one").comments(comments), post::create().title("two")];
    db.user().create(user::create().email("ada").name("A \"quoted\" \\ name\n").posts(posts)).await.unwrap();
    let selected = || {
        select!(user {
            posts(order_by: post::id.desc()) {
                title,
                _count { comments, tags },
                author { name, profile { bio } },
                comments(take: -1) { text },
            },
            profile { bio }
        })
    };
    let joined = db.user().find_many().select(selected()).await.unwrap();
    let queried = db.user().find_many().select(selected()).load(Load::Query).await.unwrap();
    assert_eq!(format!("{joined:?}"), format!("{queried:?}"));
    let one = &joined[0].posts[1];
    assert_eq!((one._count.comments, one._count.tags, one.comments[0].text.as_str()), (2, 0, "c2"));
    assert_eq!(one.author.as_ref().unwrap().name.as_deref(), Some("A \"quoted\" \\ name\n"));
    assert!(joined[0].profile.is_none());
}

#[tokio::test]
async fn in_pages() {
    let db = fresh!();
    for n in 0..600 {
        let user = user::create().email(format!("{n:03}"));
        match n % 3 {
            0 => db.user().create(user.posts(post::create().title("p"))).await.unwrap(),
            _ => db.user().create(user).await.unwrap(),
        };
    }
    let mut stream = db.user().find_many().order_by(user::email.asc()).include(user::posts).stream();
    let mut n = 0;
    while let Some(user) = stream.next().await {
        assert_eq!(user.unwrap().posts.len(), usize::from(n % 3 == 0), "{n}");
        n += 1;
    }
    assert_eq!(n, 600);
}

/// The values of the levels go to their places, whatever the order in which the statement is put together.
#[tokio::test]
async fn values_at_every_level() {
    let db = fresh!();
    for (email, views) in [("ada", 3), ("bob", 30)] {
        let tags = |name: &str| tag::create().name(format!("{email}-{name}"));
        let posts = (0..4).map(|n| {
            post::create()
                .title(format!("{email}{n}"))
                .views(views + n)
                .tags([tags(&format!("x{n}")), tags(&format!("y{n}"))])
        });
        db.user().create(user::create().email(email).age(views).posts(posts.collect::<Vec<_>>())).await.unwrap();
    }
    let query = || {
        let tags = post::tags.filter(tag::name.starts_with("bob-")).order_by(tag::name.desc()).skip(1).take(1);
        let posts = user::posts.filter(post::views.gt(30)).order_by(post::views.desc()).skip(1).take(5).include(tags);
        db.user()
            .find_many()
            .filter(user::age.gt(1))
            .order_by(user::posts.count().filter(post::views.lt(31)).desc())
            .order_by(user::email.asc())
            .cursor(user::email.eq("ada"))
            .include(posts.aggregate(post::tags.count().filter(tag::name.ends_with("1"))))
            .take(2)
    };
    let joined = query().await.unwrap();
    assert_eq!(joined, query().load(Load::Query).await.unwrap());
    let bob = &joined[1];
    let seen: Vec<_> = bob.posts.iter().map(|(p, n)| (p.title.as_str(), p.tags[0].name.as_str(), *n)).collect();
    assert_eq!((bob.email.as_str(), seen), ("bob", vec![("bob2", "bob-x2", 0), ("bob1", "bob-x1", 2)]));
    assert!(joined[0].posts.is_empty());
}
