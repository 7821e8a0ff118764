//! The surface as the documentation writes it, on SQLite.

use std::time::Duration;

use prisma_client::IsolationLevel::Serializable;
use prisma_client::{Change, Error, ErrorKind, Filter, OrderBy};

prisma_client::prisma_schema!("tests/behaviour/design.prisma");

async fn filled() -> PrismaClient {
    let db = PrismaClient::in_memory().await.unwrap();
    db.user()
        .create(user::create().email("a@prisma.io").name("Ada").profile(profile::create().bio("bio")).posts([
            post::create().title("prisma one").published(true).views(5).tags([tag::create().name("rust")]),
            post::create().title("x").content("c"),
            post::create().title("prisma three").published(true).views(20),
        ]))
        .await
        .unwrap();
    db.user().create(user::create().email("b@b.c")).await.unwrap();
    db
}

#[tokio::test]
async fn reading() {
    let db = filled().await;

    let user = db.user().find_unique(user::email.eq("a@prisma.io")).await.unwrap();
    assert_eq!(user.unwrap().name.as_deref(), Some("Ada"));
    assert!(db.user().find_unique(user::email.eq("nobody")).await.unwrap().is_none());
    let user = db.user().find_unique_or_error(user::id.eq(1)).await.unwrap();
    assert_eq!(user.email, "a@prisma.io");
    let error = db.user().find_unique_or_error(user::id.eq(99)).await.unwrap_err();
    assert_eq!(error.code(), Some("P2025"));
    assert!(matches!(error.kind(), ErrorKind::RecordNotFound { model, .. } if model == "User"));
    let post = db.post().find_unique(post::author_id_title.eq((1, "x"))).await.unwrap().unwrap();
    assert_eq!(post.content.as_deref(), Some("c"));
    assert!(db.user().find_unique(user::id.eq(1)).filter(user::version.eq(3)).await.unwrap().is_none());

    let posts = db
        .post()
        .find_many()
        .filter(post::published.eq(true) & (post::title.contains("prisma") | post::content.is_null()))
        .filter(post::author.is(user::email.ends_with("@prisma.io")))
        .order_by(post::views.desc())
        .order_by(post::author.order(user::name.asc().nulls_last()))
        .cursor(post::id.eq(3))
        .skip(1)
        .take(5)
        .distinct([post::author_id])
        .await
        .unwrap();
    assert!(posts.len() <= 1);
    let last = db.post().find_many().order_by(post::id.asc()).take(-2).await.unwrap();
    assert_eq!(last.iter().map(|p| p.id).collect::<Vec<_>>(), [2, 3]);
    let before = db.post().find_many().order_by(post::id.asc()).cursor(post::id.eq(3)).skip(1).take(-5).await.unwrap();
    assert_eq!(before.iter().map(|p| p.id).collect::<Vec<_>>(), [1, 2]);

    assert_eq!(db.post().find_many().filter(post::likes.gt(post::dislikes)).await.unwrap().len(), 0);
    assert_eq!(db.post().count().await.unwrap(), 3);
    assert!(db.post().exists().filter(post::title.eq("x")).await.unwrap());
    assert!(db.post().find_first().filter(post::title.eq("y")).await.unwrap().is_none());
    assert_eq!(db.post().find_first_or_error().filter(post::title.eq("y")).await.unwrap_err().code(), Some("P2025"));
    let sql = db.user().find_many().filter(user::email.eq("x")).to_sql().unwrap();
    assert!(sql.text().starts_with("SELECT") && sql.values().len() == 1, "{sql}");
}

/// Filters, orders and changes are ordinary values.
#[tokio::test]
async fn values() {
    fn wanted(word: Option<&str>, least: i32) -> Filter<Post> {
        let mut all: Vec<Filter<Post>> = vec![post::views.gte(least)];
        all.extend(word.map(|w| post::title.contains(w)));
        Filter::all(all)
    }
    fn order(descending: bool) -> OrderBy<Post> {
        if descending { post::id.desc() } else { post::id.asc() }
    }
    let db = filled().await;
    let ids = async |filter: Filter<Post>| {
        let posts = db.post().find_many().filter(filter).order_by(order(true)).await.unwrap();
        posts.into_iter().map(|p| p.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(wanted(Some("prisma"), 0)).await, [3, 1]);
    assert_eq!(ids(wanted(None, 5) & !post::title.eq("prisma one")).await, [3]);
    assert_eq!(ids(Filter::any([post::views.eq(5), post::title.eq("x")])).await, [2, 1]);
    let none: [Filter<Post>; 0] = [];
    assert_eq!(ids(Filter::any(none)).await, [0; 0]);
    assert_eq!(db.post().find_many().filter(None).await.unwrap().len(), 3);
    let wanted_id = Some(2);
    let one = db.post().find_many().filter(wanted_id.map(|id| post::id.eq(id).into())).await.unwrap();
    assert_eq!(one.len(), 1);
    let mut changes: Vec<Change<Post>> = vec![post::views.increment(1)];
    changes.push(post::title.set("changed"));
    assert_eq!(db.post().update(post::id.eq(1), changes).await.unwrap().views, 6);
}

#[tokio::test]
async fn relations_are_in_the_type() {
    let db = filled().await;
    let users = db
        .user()
        .find_many()
        .include(user::posts.filter(post::published.eq(true)).order_by(post::id.desc()).take(3).include(post::tags))
        .include(user::profile)
        .order_by(user::id.asc())
        .await
        .unwrap();
    assert_eq!(users[0].posts.len(), 2);
    assert_eq!(users[0].posts[1].tags.len(), 1);
    assert_eq!(users[0].profile.as_ref().unwrap().bio, "bio");
    assert!(users[1].posts.is_empty() && users[1].profile.is_none());
    fn card(user: &User<Vec<Post<prisma_client::NotIncluded, Vec<Tag>>>, Option<Profile>>) -> usize {
        user.posts.iter().map(|p| p.tags.len()).sum()
    }
    assert_eq!(card(&users[0]), 1);
}

#[tokio::test]
async fn writing() {
    let db = filled().await;
    let team = db.team().create(team::create().name("core")).await.unwrap();
    let user = db
        .user()
        .create(
            user::create()
                .email("robert@craigie.dev")
                .name("Robert")
                .posts([post::create().title("My first post from Prisma!")])
                .team(team::id.eq(team.id))
                .city(city::name.eq("Oslo").or_create(city::create().name("Oslo"))),
        )
        .include(user::posts)
        .await
        .unwrap();
    assert_eq!(user.posts[0].title, "My first post from Prisma!");
    assert_eq!((user.team_id, user.city_name.as_deref()), (Some(team.id), Some("Oslo")));

    let post = db.post().update(post::id.eq(2), post::views.increment(1)).await.unwrap();
    assert_eq!(post.views, 1);
    let changes = (post::title.set("y"), post::author.connect(user::id.eq(2)));
    let post = db.post().update(post::id.eq(2), changes).await.unwrap();
    assert_eq!((post.title.as_str(), post.author_id), ("y", Some(2)));
    let error = db.post().update(post::id.eq(42), post::views.increment(1)).await.unwrap_err();
    assert_eq!(error.code(), Some("P2025"));
    let changes = [user::name.set("x"), user::posts.create(post::create().title("y"))];
    assert_eq!(db.user().update(user::id.eq(1), changes).await.unwrap().name.as_deref(), Some("x"));
    let n = db.post().update_many((post::title.set("x"),)).filter(post::views.gt(10)).limit(100).await.unwrap();
    assert_eq!(n, 1);
    let upserted = db.user().upsert(user::email.eq("x"), user::create().email("x"), user::name.set("y")).await.unwrap();
    assert_eq!((upserted.email.as_str(), upserted.name), ("x", None));
    let upserted = db.user().upsert(user::email.eq("x"), user::create().email("x"), user::name.set("y")).await.unwrap();
    assert_eq!(upserted.name.as_deref(), Some("y"));
    let n = db
        .user()
        .create_many([user::create().email("x"), user::create().email("new")])
        .skip_duplicates()
        .await
        .unwrap();
    assert_eq!(n, 1);
    let made = db.user().create_many_and_return([user::create().email("m1"), user::create().email("m2")]).await;
    assert_eq!(made.unwrap().len(), 2);
    let changed = db.post().update_many_and_return(post::likes.set(3)).filter(post::id.lt(3)).await.unwrap();
    assert!(changed.len() == 2 && changed.iter().all(|p| p.likes == 3));
    assert_eq!(db.user().delete(user::email.eq("m1")).await.unwrap().email, "m1");
    assert_eq!(db.post().delete_many().filter(post::likes.eq(3)).await.unwrap(), 2);
    assert!(db.post().delete_many().all().await.unwrap() > 0);
    assert_eq!(db.post().delete_many().filter(None).await.unwrap_err().code(), Some("P2009"));
}

#[tokio::test]
async fn transactions_and_batches() -> Result<(), Error> {
    let db = filled().await;
    db.transaction(async |tx| {
        tx.user().create(user::create().email("tx")).await?;
        Ok(())
    })
    .isolation(Serializable)
    .timeout(Duration::from_secs(5))
    .retries(3)
    .await?;
    assert!(db.user().exists().filter(user::email.eq("tx")).await?);

    let tx = db.begin().await?;
    tx.user().create(user::create().email("kept")).await?;
    let inner = tx.transaction(async |tx| {
        tx.user().create(user::create().email("lost")).await?;
        tx.user().create(user::create().email("kept")).await
    });
    assert_eq!(inner.await.unwrap_err().code(), Some("P2002"));
    tx.commit().await?;
    assert_eq!(db.user().count().filter(user::email.is_in(["kept", "lost"])).await?, 1);

    let tx = db.begin().await?;
    tx.post().delete_many().all().await?;
    drop(tx);
    assert!(db.post().count().await? > 0);

    let (user, posts) = db.batch((db.user().find_unique(user::id.eq(1)), db.post().count())).await?;
    assert_eq!((user.map(|u| u.id), posts), (Some(1), 3));
    let ids = [1, 2];
    let batch: Vec<_> = ids.iter().map(|&id| db.post().update(post::id.eq(id), post::views.increment(1))).collect();
    assert_eq!(db.batch(batch).await?.len(), 2);
    Ok(())
}
