//! `update` of to-one relations, with the key here (`Post.author`, `User.team`) and there (`User.profile`).

use super::*;

/// a: post 1 and a profile. b: nothing. Post 2 is nobody's.
async fn world() -> TestDb {
    let db = fresh().await;
    db.user()
        .create(user::create().email("a").posts(post::create().title("p1")).profile(profile::create().bio("of a")))
        .await
        .unwrap();
    user_named(&db, "b").await;
    db.post().create(post::create().title("p2")).await.unwrap();
    db
}

/// Changes a post and answers the email of its author.
async fn author(db: &PrismaClient, id: i32, change: Change<Post>) -> Result<Option<String>, Error> {
    let post = db.post().update(post::id.eq(id), change).include(post::author).await?;
    assert_eq!(post.author_id, post.author.as_ref().map(|a| a.id), "the key and the record agree");
    Ok(post.author.map(|a| a.email))
}

/// Changes a user and answers the text of its profile.
async fn bio(db: &PrismaClient, id: i32, change: Change<User>) -> Result<Option<String>, Error> {
    Ok(db.user().update(user::id.eq(id), change).include(user::profile).await?.profile.map(|p| p.bio))
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn create() {
    let db = fresh!(world());
    assert_eq!(author(&db, 1, post::author.create(user::create().email("c"))).await.unwrap(), some("c"));
    assert_eq!(
        author(&db, 2, post::author.create(user::create().email("d").team(team::create().name("t")))).await.unwrap(),
        some("d")
    );
    assert_eq!(code(author(&db, 2, post::author.create(user::create().email("a"))).await), "P2002");
    assert_eq!(bio(&db, 2, user::profile.create(profile::create().bio("of b"))).await.unwrap(), some("of b"));
    // The profile of a is in the way, and cannot be without its user.
    assert_eq!(code(bio(&db, 1, user::profile.create(profile::create().bio("new"))).await), "P2014");
    assert_eq!(db.profile().count().await.unwrap(), 2);
}

#[tokio::test]
async fn connect() {
    let db = fresh!(world());
    assert_eq!(author(&db, 1, post::author.connect(user::email.eq("b"))).await.unwrap(), some("b"));
    assert_eq!(author(&db, 2, post::author.connect(user::id.eq(2))).await.unwrap(), some("b"));
    for missing in [post::author.connect(user::email.eq("z")), post::author.connect(user::id.eq(99))] {
        let error = author(&db, 2, missing).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::RecordNotFound { model, .. } if model == "User"), "{error:?}");
    }
    assert_eq!(bio(&db, 2, user::profile.connect(profile::id.eq(1))).await.unwrap(), some("of a"), "from a to b");
    assert_eq!(bio(&db, 1, user::name.set("A")).await.unwrap(), None);
    assert_eq!(code(bio(&db, 1, user::profile.connect(profile::id.eq(99))).await), "P2025");
    let changed = db.profile().update(profile::id.eq(1), profile::user.connect(user::email.eq("a"))).await.unwrap();
    assert_eq!(changed.user_id, 1);
}

#[tokio::test]
async fn connect_or_create() {
    let db = fresh!(world());
    let or_create =
        |email: &str| post::author.connect_or_create(user::email.eq(email).or_create(user::create().email(email)));
    assert_eq!(author(&db, 1, or_create("b")).await.unwrap(), some("b"));
    assert_eq!(author(&db, 1, or_create("new")).await.unwrap(), some("new"));
    assert_eq!(author(&db, 2, or_create("new")).await.unwrap(), some("new"));
    assert_eq!(db.user().count().await.unwrap(), 3);
    let profile = |id| user::profile.connect_or_create(profile::id.eq(id).or_create(profile::create().bio("made")));
    assert_eq!(bio(&db, 2, profile(99)).await.unwrap(), some("made"));
    assert_eq!(bio(&db, 1, profile(1)).await.unwrap(), some("of a"), "the one that is there");
}

#[tokio::test]
async fn disconnect() {
    let db = fresh!(world());
    assert_eq!(author(&db, 1, post::author.disconnect()).await.unwrap(), None);
    assert_eq!(author(&db, 1, post::author.disconnect()).await.unwrap(), None, "nothing to be done");
    assert_eq!(db.user().count().await.unwrap(), 2);
    let error = bio(&db, 1, user::profile.disconnect()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RequiredRelation { .. }), "{error:?}");
}

#[tokio::test]
async fn update() {
    let db = fresh!(world());
    assert_eq!(author(&db, 1, post::author.update(user::email.set("A"))).await.unwrap(), some("A"));
    let error = author(&db, 2, post::author.update(user::email.set("Z"))).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RecordNotFound { model, .. } if model == "User"), "{error:?}");
    assert_eq!(bio(&db, 1, user::profile.update(profile::bio.set("changed"))).await.unwrap(), some("changed"));
    assert_eq!(code(bio(&db, 2, user::profile.update(profile::bio.set("x"))).await), "P2025");
    let deep = post::author.update((user::name.set("N"), user::profile.update(profile::bio.set("deep"))));
    author(&db, 1, deep).await.unwrap();
    assert_eq!(bio(&db, 1, user::version.increment(1)).await.unwrap(), some("deep"));
    // The key that the relation goes by, changed through the relation.
    assert_eq!(author(&db, 1, post::author.update(user::id.set(40))).await.unwrap(), some("A"));
}

#[tokio::test]
async fn upsert() {
    let db = fresh!(world());
    let upsert = || post::author.upsert(user::create().email("made"), user::email.set("changed"));
    assert_eq!(author(&db, 1, upsert()).await.unwrap(), some("changed"));
    assert_eq!(author(&db, 2, upsert()).await.unwrap(), some("made"));
    let upsert = || user::profile.upsert(profile::create().bio("made"), profile::bio.set("changed"));
    assert_eq!(bio(&db, 1, upsert()).await.unwrap(), some("changed"));
    assert_eq!(bio(&db, 2, upsert()).await.unwrap(), some("made"));
    assert_eq!(bio(&db, 2, upsert()).await.unwrap(), some("changed"));
    assert_eq!(db.profile().count().await.unwrap(), 2);
}

#[tokio::test]
async fn delete() {
    let db = fresh!(world());
    assert_eq!(bio(&db, 1, user::profile.delete()).await.unwrap(), None);
    assert_eq!(db.profile().count().await.unwrap(), 0);
    assert_eq!(code(bio(&db, 1, user::profile.delete()).await), "P2025");
    assert_eq!(author(&db, 1, post::author.delete()).await.unwrap(), None);
    assert_eq!(emails(&db, None).await, ["b"]);
    assert_eq!(code(author(&db, 1, post::author.delete()).await), "P2025");
}

/// Only if the record meets a condition.
#[tokio::test]
async fn conditions() {
    let db = fresh!(world());
    let update = |email: &str| post::author.update_where(user::email.eq(email), user::name.set("N"));
    assert_eq!(author(&db, 1, update("a")).await.unwrap(), some("a"));
    assert_eq!(code(author(&db, 1, update("b")).await), "P2025");
    assert_eq!(db.user().count().filter(user::name.eq("N")).await.unwrap(), 1);
    assert_eq!(author(&db, 1, post::author.disconnect_where(user::name.is_null())).await.unwrap(), some("a"));
    assert_eq!(author(&db, 1, post::author.disconnect_where(user::name.eq("N"))).await.unwrap(), None);
    let upsert = |text: &str| {
        user::profile.upsert_where(profile::bio.eq(text), profile::create().bio("new"), profile::bio.set("old"))
    };
    assert_eq!(bio(&db, 1, upsert("of a")).await.unwrap(), some("old"));
    assert_eq!(bio(&db, 2, upsert("of a")).await.unwrap(), some("new"));
    assert_eq!(code(bio(&db, 1, user::profile.delete_where(profile::bio.eq("new"))).await), "P2025");
    assert_eq!(bio(&db, 2, user::profile.delete_where(profile::bio.eq("new"))).await.unwrap(), None);
    // Beside a key.
    let named = user::email.eq("a").filter(user::name.eq("other"));
    assert_eq!(code(author(&db, 1, post::author.connect(named)).await), "P2025");
    let named = user::email.eq("a").filter(user::name.eq("N"));
    assert_eq!(author(&db, 1, post::author.connect(named)).await.unwrap(), some("a"));
}

#[tokio::test]
async fn a_model_related_to_itself() {
    let db = fresh!(world());
    let changed =
        db.user().update(user::email.eq("b"), user::manager.connect(user::email.eq("a"))).include(user::manager);
    assert_eq!(changed.await.unwrap().manager.unwrap().email, "a");
    let own = db
        .user()
        .update(user::email.eq("a"), user::manager.connect(user::email.eq("a")))
        .include(user::reports.order_by(user::id.asc()));
    assert_eq!(own.await.unwrap().reports.len(), 2, "b, and herself");
    let around = user::manager.update(user::reports.update(user::email.eq("b"), user::name.set("B")));
    db.user().update(user::email.eq("b"), around).await.unwrap();
    assert_eq!(db.user().find_unique_or_error(user::email.eq("b")).await.unwrap().name.as_deref(), Some("B"));
    db.user().update(user::email.eq("a"), user::manager.disconnect()).await.unwrap();
    assert_eq!(emails(&db, user::manager.is_null()).await, ["a"]);
}

#[tokio::test]
async fn compound_foreign_keys() {
    let db = fresh!();
    for number in 1..=2 {
        db.seat().create(seat::create().row(1).number(number)).await.unwrap();
    }
    let ann = db.booking().create(booking::create().guest("Ann").seat(seat::row_number.eq((1, 1)))).await.unwrap();
    let update = |change: Change<Booking>| db.booking().update(booking::id.eq(&ann.id), change);
    let moved = update(booking::seat.connect(seat::row_number.eq((1, 2)))).await.unwrap();
    assert_eq!((moved.seat_row, moved.seat_number), (Some(1), Some(2)));
    let gone = update(booking::seat.disconnect()).await.unwrap();
    assert_eq!((gone.seat_row, gone.seat_number), (None, None));
    let made = update(booking::seat.create(seat::create().row(7).number(7))).await.unwrap();
    assert_eq!((made.seat_row, made.seat_number), (Some(7), Some(7)));
    let followed = update(booking::seat.update(seat::number.set(8))).await.unwrap();
    assert_eq!((followed.seat_row, followed.seat_number), (Some(7), Some(8)), "the key follows");
}

#[tokio::test]
async fn all_or_nothing() {
    let db = fresh!(world());
    let changes = (
        post::title.set("lost"),
        post::author.create(user::create().email("lost").team(team::create().name("lost"))),
        post::tags.create([tag::create().name("t"), tag::create().name("t")]),
    );
    assert_eq!(code(db.post().update(post::id.eq(1), changes).await), "P2002");
    assert_eq!(titles(&db, None).await, ["p1", "p2"]);
    assert_eq!(emails(&db, None).await, ["a", "b"]);
    assert_eq!((db.team().count().await.unwrap(), db.tag().count().await.unwrap()), (0, 0));
    let nobody = (post::author.create(user::create().email("lost")), post::title.set("x"));
    assert_eq!(code(db.post().update(post::id.eq(99), nobody).await), "P2025");
    assert_eq!(emails(&db, None).await, ["a", "b"]);
}
