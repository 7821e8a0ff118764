//! `group_by`.

use prisma_client::count;

use super::*;

/// By a: 5 published, 1, 4 published. By b: 20 published. By nobody: 2, 3.
async fn world() -> (TestDb, i32, i32) {
    let db = fresh().await;
    let (a, b) = (user_named(&db, "a").await.id, user_named(&db, "b").await.id);
    for (title, views, author, published) in [
        ("one", 5, Some(a), true),
        ("two", 1, Some(a), false),
        ("three", 4, Some(a), true),
        ("four", 20, Some(b), true),
        ("five", 2, None, false),
        ("six", 3, None, false),
    ] {
        let record = post::create().title(title).views(views).author_id(author).published(published);
        db.post().create(record).await.unwrap();
    }
    (db, a, b)
}

#[tokio::test]
async fn by_one_field() {
    let (db, a, b) = fresh!(world());
    let groups = db.post().group_by(post::author_id).aggregate((count(), post::views.sum()));
    let groups = groups.order_by(post::author_id.asc().nulls_last()).await.unwrap();
    assert_eq!(groups, [(Some(a), (3, Some(10))), (Some(b), (1, Some(20))), (None, (2, Some(5)))]);
    let groups = db.post().group_by(post::published).aggregate(post::views.max()).order_by(post::published.asc());
    assert_eq!(groups.await.unwrap(), [(false, Some(3)), (true, Some(20))]);
    let alone = db.post().group_by(post::author_id).order_by(post::author_id.desc().nulls_first()).await.unwrap();
    assert_eq!(alone, [None, Some(b), Some(a)]);
    assert_eq!(db.tag().group_by(tag::name).aggregate(count()).await.unwrap(), []);
}

#[tokio::test]
async fn by_several_fields() {
    let (db, a, b) = fresh!(world());
    let groups = db.post().group_by((post::author_id, post::published)).aggregate((count(), post::views.avg()));
    let groups = groups.order_by(post::author_id.asc().nulls_last()).order_by(post::published.desc()).await.unwrap();
    let expected = [
        ((Some(a), true), (2, Some(4.5))),
        ((Some(a), false), (1, Some(1.0))),
        ((Some(b), true), (1, Some(20.0))),
        ((None, false), (2, Some(2.5))),
    ];
    assert_eq!(groups, expected);
}

#[tokio::test]
async fn by_an_enum() {
    let db = fresh!();
    for (email, role) in [("a", Role::User), ("b", Role::Moderator), ("c", Role::User)] {
        db.user().create(user::create().email(email).role(role)).await.unwrap();
    }
    let roles = db.user().group_by(user::role).aggregate(count()).order_by(count().desc()).await.unwrap();
    assert_eq!(roles, [(Role::User, 2), (Role::Moderator, 1)]);
    let roles = db.user().group_by(user::role).having(user::role.eq(Role::Moderator)).await.unwrap();
    assert_eq!(roles, [Role::Moderator]);
}

#[tokio::test]
async fn filters_come_before_the_groups() {
    let (db, a, b) = fresh!(world());
    let groups = db.post().group_by(post::author_id).aggregate(post::views.sum()).filter(post::published.eq(true));
    let groups = groups.filter(post::author.is(user::email.is_in(["a", "b"]))).order_by(post::author_id.asc());
    assert_eq!(groups.await.unwrap(), [(Some(a), Some(9)), (Some(b), Some(20))]);
}

#[tokio::test]
async fn having() {
    let (db, a, b) = fresh!(world());
    let authors = async |having: prisma_client::Having<Post>| {
        db.post().group_by(post::author_id).having(having).order_by(post::author_id.asc().nulls_last()).await.unwrap()
    };
    assert_eq!(authors(post::views.sum().gt(10)).await, [Some(b)]);
    assert_eq!(authors(post::views.sum().gte(10)).await, [Some(a), Some(b)]);
    assert_eq!(authors(post::views.avg().lt(2.75)).await, [None]);
    assert_eq!(authors(count().is_in([1, 2])).await, [Some(b), None]);
    assert_eq!(authors(count().not_in([1, 2])).await, [Some(a)]);
    assert_eq!(authors(count().is_in([7; 0])).await, []);
    assert_eq!(authors(post::title.min().eq("four")).await, [Some(b)]);
    assert_eq!(authors(post::views.min().ne(1) & count().lte(2)).await, [Some(b), None]);
    assert_eq!(authors(count().eq(1) | post::views.max().lt(4)).await, [Some(b), None]);
    assert_eq!(authors(!(count().eq(1) | post::views.max().lt(4))).await, [Some(a)]);
    assert_eq!(authors(post::content.max().is_null()).await.len(), 3);
    assert_eq!(authors(post::content.max().is_not_null()).await, []);
    // Fields that the records are grouped by, on either side.
    assert_eq!(authors(post::author_id.is_null() & count().gt(1)).await, [None]);
    assert_eq!(authors(count().gt(1) & post::author_id.is_not_null()).await, [Some(a)]);
    assert_eq!(authors(post::author_id.is_null() | post::views.sum().eq(20)).await, [Some(b), None]);
    let twice = db.post().group_by(post::author_id).having(count().gt(1)).having(post::author_id.eq(a)).await.unwrap();
    assert_eq!(twice, [Some(a)]);
    let by_key = db.post().group_by(post::id).having(post::id.eq(-1)).await.unwrap();
    assert_eq!(by_key, [0; 0]);
    // An aggregate against a field of the group.
    let same = db.post().group_by(post::views).having(post::views.min().eq(post::views)).await.unwrap();
    assert_eq!(same.len(), 6);
}

#[tokio::test]
async fn orders_and_pages() {
    let (db, a, b) = fresh!(world());
    let groups = || db.post().group_by(post::author_id);
    assert_eq!(groups().order_by(count().desc()).await.unwrap(), [Some(a), None, Some(b)]);
    assert_eq!(groups().order_by(post::views.sum().desc()).await.unwrap(), [Some(b), Some(a), None]);
    assert_eq!(groups().order_by(post::views.avg().asc()).await.unwrap(), [None, Some(a), Some(b)]);
    assert_eq!(groups().order_by(count().desc()).take(2).await.unwrap(), [Some(a), None]);
    assert_eq!(groups().order_by(count().desc()).take(-2).await.unwrap(), [None, Some(b)]);
    assert_eq!(groups().order_by(count().desc()).skip(1).await.unwrap(), [None, Some(b)]);
    assert_eq!(groups().order_by(count().desc()).skip(1).take(1).await.unwrap(), [None]);
    assert_eq!(groups().take(0).await.unwrap(), []);
    // Ties are broken by the fields that the records are grouped by, without their being asked for.
    let published = db.post().group_by((post::published, post::views)).order_by(count().asc()).take(4).await.unwrap();
    assert_eq!(published, [(false, 1), (false, 2), (false, 3), (true, 4)]);
    let contents = db.post().group_by(post::author_id).order_by(post::content.max().desc().nulls_last());
    assert_eq!(contents.order_by(post::author_id.asc().nulls_last()).await.unwrap(), [Some(a), Some(b), None]);
}

/// Of other fields a group has many values.
#[tokio::test]
async fn what_is_not_one_value_of_a_group() {
    let (db, ..) = fresh!(world());
    let by_author = || db.post().group_by(post::author_id).aggregate(count());
    let error = by_author().having(post::views.gt(1)).await.unwrap_err();
    assert_eq!(error.code(), Some("P2019"));
    assert!(error.to_string().contains("`views`"), "{error}");
    assert_eq!(code(by_author().having(post::author.is(user::id.eq(1))).await), "P2019");
    assert_eq!(code(by_author().having(post::views.sum().gt(1) & !post::title.eq("x")).await), "P2019");
    assert_eq!(code(by_author().order_by(post::views.asc()).await), "P2019");
    assert_eq!(code(by_author().order_by(post::author.order(user::id.asc())).await), "P2019");
    assert_eq!(code(by_author().order_by(post::comments.count().asc()).await), "P2019");
    assert_eq!(code(by_author().having(post::views.max().gt(post::likes)).await), "P2019");
}

#[tokio::test]
async fn the_statement() {
    let (db, ..) = fresh!(world());
    let query = db.post().group_by(post::author_id).aggregate(post::views.sum()).having(count().gt(1)).take(13);
    let sql = query.to_sql().unwrap();
    for part in ["SELECT", "SUM(", "GROUP BY", "HAVING COUNT(*) > ", "ORDER BY", "LIMIT"] {
        assert!(sql.text().contains(part), "{sql}");
    }
    assert_eq!(sql.values().len(), 2);
}
