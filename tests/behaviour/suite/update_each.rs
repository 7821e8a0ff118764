//! Many records, each changed in its own way.

use super::*;

async fn world() -> TestDb {
    let db = fresh().await;
    db.post().create_many((1..=4).map(|n| post::create().title(format!("t{n}")).views(n))).await.unwrap();
    db.user().create_many(["a", "b"].map(|email| user::create().email(email))).await.unwrap();
    db
}

async fn views(db: &PrismaClient) -> Vec<i32> {
    db.post().find_many().order_by(post::id.asc()).await.unwrap().into_iter().map(|p| p.views).collect()
}

#[tokio::test]
async fn values_of_their_own() {
    let db = fresh!(world());
    let changes = [(post::id.eq(1), post::views.set(10)), (post::id.eq(3), post::views.set(30))];
    assert_eq!(db.post().update_each(changes).await.unwrap(), 2);
    assert_eq!(views(&db).await, [10, 2, 30, 4]);
    let changes = (1..=4).map(|n| (post::id.eq(n), post::views.increment(n)));
    assert_eq!(db.post().update_each(changes).await.unwrap(), 4);
    assert_eq!(views(&db).await, [11, 4, 33, 8]);
}

#[tokio::test]
async fn columns_of_their_own() {
    let db = fresh!(world());
    let changes = [
        (post::id.eq(1), vec![post::title.set("x"), post::content.set("c")]),
        (post::id.eq(2), vec![post::views.multiply(5), post::published.set(true)]),
        (post::id.eq(3), vec![]),
        (post::id.eq(99), vec![post::title.set("nobody")]),
    ];
    assert_eq!(db.post().update_each(changes).await.unwrap(), 2, "what is not there, and what does not change");
    let posts = db.post().find_many().order_by(post::id.asc()).await.unwrap();
    assert_eq!((posts[0].title.as_str(), posts[0].content.as_deref(), posts[0].views), ("x", Some("c"), 1));
    assert_eq!((posts[1].title.as_str(), posts[1].views, posts[1].published), ("t2", 10, true));
    assert_eq!((posts[2].title.as_str(), posts[3].title.as_str()), ("t3", "t4"));
    let cleared = [(post::id.eq(1), post::content.set(None)), (post::id.eq(2), post::content.set("d"))];
    assert_eq!(db.post().update_each(cleared).await.unwrap(), 2);
    assert_eq!(db.post().count().filter(post::content.is_null()).await.unwrap(), 3);
}

#[tokio::test]
async fn by_any_key() {
    let db = fresh!(world());
    let changes = [
        (user::email.eq("a"), (user::name.set("A"), user::role.set(Role::Moderator))),
        (user::id.eq(2), (user::name.set("B"), user::role.set(Role::User))),
    ];
    assert_eq!(db.user().update_each(changes).await.unwrap(), 2);
    let users = db.user().find_many().order_by(user::id.asc()).await.unwrap();
    let seen: Vec<_> = users.iter().map(|u| (u.name.as_deref().unwrap(), u.role)).collect();
    assert_eq!(seen, [("A", Role::Moderator), ("B", Role::User)]);
    // What names a record changes: one after the other.
    let swapped = [("a", "c"), ("b", "a"), ("c", "b")].map(|(from, to)| (user::email.eq(from), user::email.set(to)));
    assert_eq!(db.user().update_each(swapped).await.unwrap(), 3);
    assert_eq!(emails(&db, None).await, ["b", "a"]);
    for number in 1..=2 {
        db.seat().create(seat::create().row(1).number(number)).await.unwrap();
    }
    let notes = [1, 2].map(|n| (seat::row_number.eq((1, n)), seat::note.set(format!("n{n}"))));
    assert_eq!(db.seat().update_each(notes).await.unwrap(), 2);
    assert_eq!(db.seat().find_unique(seat::row_number.eq((1, 2))).await.unwrap().unwrap().note.as_deref(), Some("n2"));
}

#[tokio::test]
async fn every_type() {
    let db = fresh!();
    let ids = ["x", "y"];
    db.everything().create_many(ids.map(|id| everything::create().id(id))).await.unwrap();
    let before = db.everything().find_many().order_by(everything::id.asc()).await.unwrap();
    let changes = ids.map(|id| {
        let number = i32::from(id == "y");
        let changes = vec![
            everything::string.set(id),
            everything::boolean_opt.set(id == "y"),
            everything::int.decrement(number),
            everything::big_int.set(i64::MAX - i64::from(number)),
            everything::float.multiply(2.5),
            everything::decimal.increment("0.25".parse::<bigdecimal::BigDecimal>().unwrap()),
            everything::date_time.set(chrono::DateTime::UNIX_EPOCH),
            everything::json.set(serde_json::json!({"n": number})),
            everything::bytes.set(vec![number as u8]),
            everything::role_opt.set(Role::Moderator),
        ];
        (everything::id.eq(id), changes)
    });
    assert_eq!(db.everything().update_each(changes).await.unwrap(), 2);
    let after = db.everything().find_many().order_by(everything::id.asc()).await.unwrap();
    let y = &after[1];
    assert_eq!((y.string.as_str(), y.boolean_opt, y.int, y.big_int), ("y", Some(true), -2, i64::MAX - 1));
    assert_eq!((y.float, y.decimal.to_string(), y.date_time), (3.75, "1.5".to_owned(), chrono::DateTime::UNIX_EPOCH));
    assert_eq!((&y.json, &y.bytes[..], y.role_opt), (&serde_json::json!({"n": 1}), &[1u8][..], Some(Role::Moderator)));
    assert!(after.iter().zip(&before).all(|(after, before)| after.updated_at >= before.updated_at));
}

#[tokio::test]
async fn many() {
    let db = fresh!();
    let n = 2500;
    db.post().create_many((1..=n).map(|i| post::create().title(i.to_string()))).await.unwrap();
    let changes = (1..=n).map(|i| (post::id.eq(i), post::views.set(i)));
    assert_eq!(db.post().update_each(changes).await.unwrap(), n as u64);
    let posts = db.post().find_many().await.unwrap();
    assert!(posts.iter().all(|p| p.views == p.id));
    assert_eq!(
        db.post().update_each(Vec::<(prisma_client::UniqueFilter<Post>, Change<Post>)>::new()).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn that_fails() {
    let db = fresh!(world());
    let changes = [(user::id.eq(1), user::email.set("z")), (user::id.eq(2), user::email.set("z"))];
    assert_eq!(code(db.user().update_each(changes).await), "P2002");
    assert_eq!(emails(&db, None).await, ["a", "b"]);
    let relation = db.post().update_each([(post::id.eq(1), post::author.connect(user::id.eq(1)))]).await;
    assert_eq!(code(relation), "P2009");
}
