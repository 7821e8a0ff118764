//! Writes of many records at once.

use super::*;

#[tokio::test]
async fn create_many() {
    let db = fresh!();
    let n = db.user().create_many([user::create().email("a"), user::create().email("b").name("B")]).await.unwrap();
    assert_eq!(n, 2);
    assert_eq!(db.user().create_many(Vec::from([user::create().email("x")]).drain(..0)).await.unwrap(), 0);
    let names = db.user().find_many().order_by(user::id.asc()).await.unwrap();
    assert_eq!(names.iter().map(|u| u.name.as_deref()).collect::<Vec<_>>(), [None, Some("B")]);
}

/// A column that is not set gets its default, whatever the other records say.
#[tokio::test]
async fn of_different_columns() {
    let db = fresh!();
    let records = [
        everything::create().id("1"),
        everything::create().id("2").int(5).string_opt("s"),
        everything::create().id("3").string("other"),
        everything::create().id("4").int_opt(None).int(6),
    ];
    assert_eq!(db.everything().create_many(records).await.unwrap(), 4);
    let found = db.everything().find_many().order_by(everything::id.asc()).await.unwrap();
    let found: Vec<_> = found.iter().map(|e| (e.int, &e.string[..], e.string_opt.as_deref())).collect();
    assert_eq!(found, [(-1, "text", None), (5, "text", Some("s")), (-1, "other", None), (6, "text", None)]);
}

#[tokio::test]
async fn duplicates() {
    let db = fresh!();
    user_named(&db, "a").await;
    let some = || ["a", "b", "b", "c"].map(|e| user::create().email(e));
    let error = db.user().create_many(some()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UniqueConstraint { fields, .. } if fields == &["email"]), "{error:?}");
    assert_eq!(db.user().count().await.unwrap(), 1, "none of them");
    assert_eq!(db.user().create_many(some()).skip_duplicates().await.unwrap(), 2);
    assert_eq!(emails(&db, None).await.len(), 3);
    let returned = ["c", "d"].map(|e| user::create().email(e));
    let returned = db.user().create_many_and_return(returned).skip_duplicates().await.unwrap();
    assert_eq!(returned.iter().map(|u| u.email.as_str()).collect::<Vec<_>>(), ["d"]);
    // Other errors are not passed over.
    assert_eq!(code(db.post().create_many([post::create().title("t").author_id(99)]).skip_duplicates().await), "P2003");
}

#[tokio::test]
async fn beyond_the_parameters_of_a_statement() {
    let db = fresh!();
    let records = (0..5_000).map(|n| {
        post::create().title(format!("t{n}")).content("c").published(n % 2 == 0).views(n).likes(1).dislikes(2)
    });
    let made = db.post().create_many_and_return(records).await.unwrap();
    assert_eq!(made.len(), 5_000);
    let mut views: Vec<_> = made.iter().map(|p| p.views).collect();
    views.sort_unstable();
    assert_eq!(views, (0..5_000).collect::<Vec<_>>());
    assert_eq!(db.post().count().filter(post::published.eq(true)).await.unwrap(), 2_500);
    // All of them or none, though it takes several statements.
    let records = (0..12_000).map(|n| user::create().email(if n == 11_999 { "0".into() } else { n.to_string() }));
    assert_eq!(code(db.user().create_many(records).await), "P2002");
    assert_eq!(db.user().count().await.unwrap(), 0);
    let ids: Vec<i32> = made.iter().map(|p| p.id).collect();
    assert_eq!(db.post().count().filter(post::id.is_in(ids.clone())).await.unwrap(), 5_000);
    assert_eq!(db.post().delete_many().filter(post::id.is_in(ids)).await.unwrap(), 5_000);
}

#[tokio::test]
async fn relations_are_refused() {
    let db = fresh!();
    let error = db.user().create_many([user::create().email("a").posts(post::create().title("t"))]).await.unwrap_err();
    assert_eq!(error.code(), Some("P2009"));
    assert!(error.to_string().contains("set its key fields"), "{error}");
    let change = post::author.connect(user::id.eq(1));
    let error = db.post().update_many(change).all().await.unwrap_err();
    assert!(error.code() == Some("P2009") && error.to_string().contains("`update` on each record"), "{error}");
    assert_eq!(db.user().count().await.unwrap(), 0);
}

async fn ten() -> TestDb {
    let db = fresh().await;
    db.post().create_many((0..10).map(|n| post::create().title(n.to_string()).views(n % 3))).await.unwrap();
    db
}

#[tokio::test]
async fn update_many() {
    let db = fresh!(ten());
    let n = db
        .post()
        .update_many((post::likes.increment(2), post::content.set("c")))
        .filter(post::views.eq(0))
        .await
        .unwrap();
    assert_eq!(n, 4);
    assert_eq!(db.post().count().filter(post::likes.eq(2) & post::content.eq("c")).await.unwrap(), 4);
    assert_eq!(db.post().update_many(post::likes.set(1)).all().await.unwrap(), 10);
    assert_eq!(db.post().update_many(post::likes.set(1)).all().await.unwrap(), 10, "those too that are so already");
    assert_eq!(db.post().update_many(post::likes.set(1)).filter(post::views.gt(5)).await.unwrap(), 0);
    assert_eq!(
        db.post().update_many(post::likes.multiply(3)).filter(post::views.eq(1)).filter(post::id.gt(5)).await.unwrap(),
        1
    );
    assert_eq!(titles(&db, post::likes.eq(3)).await, ["7"]);
    let by_relation = db.post().update_many(post::likes.set(9)).filter(post::author.is_null() & post::title.eq("2"));
    assert_eq!(by_relation.await.unwrap(), 1);
    assert_eq!(db.post().update_many(()).all().await.unwrap(), 0, "nothing to change");
}

#[tokio::test]
async fn limits() {
    let db = fresh!(ten());
    assert_eq!(db.post().update_many(post::likes.set(1)).filter(post::views.eq(0)).limit(3).await.unwrap(), 3);
    assert_eq!(db.post().count().filter(post::likes.eq(1)).await.unwrap(), 3);
    assert_eq!(db.post().update_many(post::likes.set(2)).all().limit(0).await.unwrap(), 0);
    assert_eq!(db.post().update_many(post::likes.set(2)).limit(100).all().await.unwrap(), 10);
    let some = db.post().update_many_and_return(post::likes.set(5)).all().limit(2).await.unwrap();
    assert!(some.len() == 2 && some.iter().all(|p| p.likes == 5));
    assert_eq!(db.post().delete_many().filter(post::likes.eq(2)).limit(5).await.unwrap(), 5);
    assert_eq!(db.post().delete_many().all().limit(1).await.unwrap(), 1);
    assert_eq!(db.post().delete_many().all().limit(0).await.unwrap(), 0);
    assert_eq!(db.post().count().await.unwrap(), 4);
}

#[tokio::test]
async fn and_return() {
    let db = fresh!(ten());
    let changed = db
        .post()
        .update_many_and_return((post::views.increment(100), post::title.set("same")))
        .filter(post::views.eq(2))
        .await
        .unwrap();
    let mut changed: Vec<_> = changed.into_iter().map(|p| (p.id, p.views, p.title)).collect();
    changed.sort();
    assert_eq!(changed, [(3, 102, "same".into()), (6, 102, "same".into()), (9, 102, "same".into())]);
    assert_eq!(db.post().update_many_and_return(post::views.set(0)).filter(post::views.eq(7)).await.unwrap(), []);
    let made = db.tag().create_many_and_return(["x", "y"].map(|n| tag::create().name(n))).await.unwrap();
    assert_eq!(made.iter().map(|t| (t.id, &t.name[..])).collect::<Vec<_>>(), [(1, "x"), (2, "y")]);
}

#[tokio::test]
async fn delete_many() {
    let db = fresh!(ten());
    assert_eq!(db.post().delete_many().filter(post::views.eq(0)).await.unwrap(), 4);
    assert_eq!(db.post().delete_many().filter(post::views.eq(0)).await.unwrap(), 0);
    assert_eq!(db.post().delete_many().filter(post::tags.some(None)).await.unwrap(), 0);
    assert_eq!(db.post().delete_many().filter(post::id.eq(2)).await.unwrap(), 1);
    assert_eq!(db.post().delete_many().filter(Filter::any(Vec::<Filter<Post>>::new())).await.unwrap(), 0);
    assert_eq!(db.post().delete_many().all().await.unwrap(), 5);
}

/// No table is emptied by an absent filter.
#[tokio::test]
async fn no_filter_is_no_licence() {
    let db = fresh!(ten());
    for result in [
        db.post().delete_many().filter(None).await,
        db.post().update_many(post::views.set(1)).filter(None).await,
        db.post().delete_many().filter(None).filter(None).await,
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.code(), Some("P2009"));
        assert!(error.to_string().contains(".all()"), "{error}");
    }
    assert_eq!(code(db.post().update_many_and_return(post::views.set(1)).filter(None).await), "P2009");
    assert_eq!(db.post().delete_many().filter(None).filter(post::id.eq(1)).await.unwrap(), 1);
    assert_eq!(db.post().delete_many().filter(None).all().await.unwrap(), 9);
}

#[tokio::test]
async fn uniqueness_among_many() {
    let db = fresh!(ten());
    user_named(&db, "a").await;
    assert_eq!(code(db.post().update_many((post::author_id.set(1), post::title.set("t"))).all().await), "P2002");
    assert_eq!(db.post().count().filter(post::author_id.is_null() & post::title.ne("t")).await.unwrap(), 10);
    assert_eq!(db.post().update_many(post::author_id.set(1)).all().await.unwrap(), 10);
    assert_eq!(code(db.post().update_many(post::author_id.set(9)).all().await), "P2003");
}
