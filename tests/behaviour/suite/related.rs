//! What is computed of related records: beside each record, and to order by.

use prisma_client::select;

use super::*;

/// Ada: posts of 5, 0 (published) and 20 (published) views, the last with two comments. Bob: one of 7. Cid: none.
async fn world() -> TestDb {
    let db = fresh().await;
    let comments = [comment::create().text("c1"), comment::create().text("c2")];
    let ada = [
        post::create().title("one").views(5),
        post::create().title("two").views(0).published(true),
        post::create().title("three").views(20).published(true).comments(comments),
    ];
    db.user().create(user::create().email("ada").posts(ada)).await.unwrap();
    db.user().create(user::create().email("bob").posts(post::create().title("four").views(7))).await.unwrap();
    user_named(&db, "cid").await;
    db
}

fn first_letters(users: Vec<User>) -> String {
    users.iter().map(|u| &u.email[..1]).collect()
}

#[tokio::test]
async fn beside_each_record() {
    let db = fresh!(world());
    let of = (
        user::posts.count().filter(post::published.eq(true)),
        user::posts.sum(post::views),
        user::posts.max(post::views),
        (user::posts.avg(post::views), user::posts.min(post::title)),
    );
    let rows: Vec<(User, (i64, Option<i64>, Option<i32>, (Option<f64>, Option<String>)))> =
        db.user().find_many().order_by(user::id.asc()).aggregate(of).await.unwrap();
    assert_eq!(rows[0].0.email, "ada");
    let (published, sum, max, (avg, title)) = &rows[0].1;
    assert_eq!((*published, *sum, *max, title.as_deref()), (2, Some(25), Some(20), Some("one")));
    assert!((avg.unwrap() - 25.0 / 3.0).abs() < 1e-3, "{avg:?}");
    assert_eq!(rows[1].1, (0, Some(7), Some(7), (Some(7.0), Some("four".to_owned()))));
    assert_eq!(rows[2].1, (0, None, None, (None, None)), "of no records");
}

#[tokio::test]
async fn with_every_kind_of_find() {
    let db = fresh!(world());
    let posts = || user::posts.count();
    let one: Option<(User, i64)> = db.user().find_unique(user::email.eq("ada")).aggregate(posts()).await.unwrap();
    assert_eq!(one.unwrap().1, 3);
    assert!(db.user().find_unique(user::id.eq(99)).aggregate(posts()).await.unwrap().is_none());
    let (cid, none) = db.user().find_first_or_error().order_by(user::id.desc()).aggregate(posts()).await.unwrap();
    assert_eq!((cid.email.as_str(), none), ("cid", 0));
    let mut stream = db.user().find_many().order_by(user::id.asc()).aggregate((posts(),)).stream();
    let mut counts = Vec::new();
    while let Some(row) = stream.next().await {
        counts.push(row.unwrap().1.0);
    }
    assert_eq!(counts, [3, 1, 0]);
}

#[tokio::test]
async fn with_relations_and_selections() {
    let db = fresh!(world());
    let newest = user::posts.order_by(post::id.desc()).take(1).aggregate(post::comments.count());
    let rows =
        db.user().find_many().order_by(user::id.asc()).include(newest).aggregate(user::posts.sum(post::views)).await;
    let rows = rows.unwrap();
    let (ada, views) = &rows[0];
    let (post, comments) = &ada.posts[0];
    assert_eq!((*views, post.title.as_str(), *comments), (Some(25), "three", 2));
    assert!(rows[2].0.posts.is_empty() && rows[2].1.is_none());

    let selected = select!(user { email, _count { posts(filter: post::views.gt(0)) } });
    let query = db.user().find_many().order_by(user::id.asc()).select(selected);
    let rows = query.aggregate((user::posts.count(), user::posts.min(post::views))).await.unwrap();
    let (ada, (posts, least)) = &rows[0];
    assert_eq!((ada.email.as_str(), ada._count.posts, *posts, *least), ("ada", 2, 3, Some(0)));
}

#[tokio::test]
async fn of_other_relations() {
    let db = fresh!(world());
    let tags = post::tags.create([tag::create().name("a"), tag::create().name("b")]);
    db.post().update(post::id.eq(1), tags).await.unwrap();
    let of = (post::tags.count(), post::tags.max(tag::name), post::tags.count().filter(tag::name.ne("a")));
    let rows = db.post().find_many().order_by(post::id.asc()).aggregate(of).await.unwrap();
    assert_eq!(rows[0].1, (2, Some("b".to_owned()), 1));
    assert_eq!(rows[1].1, (0, None, 0));
}

#[tokio::test]
async fn of_what_a_write_answers() {
    let db = fresh!(world());
    let query = db.user().update(user::email.eq("bob"), user::posts.create(post::create().title("five").views(3)));
    let (bob, of) = query.aggregate((user::posts.count(), user::posts.sum(post::views))).await.unwrap();
    assert_eq!((bob.email.as_str(), of), ("bob", (2, Some(10))));
    let posts = [post::create().title("a"), post::create().title("b")];
    let created = db.user().create(user::create().email("dee").posts(posts)).aggregate(user::posts.count());
    assert_eq!(created.await.unwrap().1, 2);
}

#[tokio::test]
async fn to_order_by() {
    let db = fresh!(world());
    let ordered = async |order: OrderBy<User>| {
        let users = db.user().find_many().order_by(order).order_by(user::id.asc()).await.unwrap();
        first_letters(users)
    };
    assert_eq!(ordered(user::posts.sum(post::views).desc().nulls_last()).await, "abc");
    assert_eq!(ordered(user::posts.avg(post::views).asc().nulls_first()).await, "cba");
    assert_eq!(ordered(user::posts.min(post::views).asc().nulls_last()).await, "abc");
    assert_eq!(ordered(user::posts.max(post::views).asc().nulls_first()).await, "cba");
    let unpublished = user::posts.count().filter(post::published.eq(false) & post::views.gt(6));
    assert_eq!(ordered(unpublished.desc()).await, "bac");

    // Through a relation, in a page that begins at a record: the condition is there twice.
    let by_author = post::author.order(user::posts.count().filter(post::views.gt(0)).asc());
    let query = db.post().find_many().order_by(by_author).order_by(post::id.asc()).cursor(post::id.eq(1)).take(2);
    let titles: Vec<_> = query.await.unwrap().into_iter().map(|p| p.title).collect();
    assert_eq!(titles, ["one", "two"]);
    let both = user::posts.order_by(post::comments.count().filter(comment::text.ne("c1")).desc()).take(1);
    let ada = db.user().find_unique_or_error(user::email.eq("ada")).include(both).await.unwrap();
    assert_eq!(ada.posts[0].title, "three");
}
