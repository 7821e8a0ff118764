//! `order_by` and `distinct`.

use super::*;

async fn world() -> TestDb {
    let db = fresh().await;
    for (email, name, age) in
        [("a", Some("Zoe"), Some(30)), ("b", None, Some(20)), ("c", Some("Amy"), None), ("d", Some("Amy"), Some(20))]
    {
        db.user().create(user::create().email(email).name(name.map(str::to_owned)).age(age)).await.unwrap();
    }
    db
}

async fn ordered<const N: usize>(db: &PrismaClient, order: [OrderBy<User>; N]) -> String {
    let query = order.into_iter().fold(db.user().find_many(), |query, key| query.order_by(key));
    query.await.unwrap().into_iter().map(|u| u.email).collect()
}

#[tokio::test]
async fn several_keys() {
    let db = &*fresh!(world());
    assert_eq!(ordered(db, [user::email.asc()]).await, "abcd");
    assert_eq!(ordered(db, [user::email.desc()]).await, "dcba");
    assert_eq!(ordered(db, [user::version.asc(), user::email.desc()]).await, "dcba");
    assert_eq!(ordered(db, [user::age.desc().nulls_last(), user::email.asc()]).await, "abdc");
    assert_eq!(ordered(db, [user::age.asc().nulls_last(), user::email.desc()]).await, "dbac");
}

#[tokio::test]
async fn nulls() {
    let db = &*fresh!(world());
    assert_eq!(ordered(db, [user::age.asc().nulls_first(), user::id.asc()]).await, "cbda");
    assert_eq!(ordered(db, [user::age.asc().nulls_last(), user::id.asc()]).await, "bdac");
    assert_eq!(ordered(db, [user::age.desc().nulls_first(), user::id.asc()]).await, "cabd");
    assert_eq!(ordered(db, [user::age.desc().nulls_last(), user::id.asc()]).await, "abdc");
    let (up, down) = if NULLS_ARE_LEAST { ("cbda", "abdc") } else { ("bdac", "cabd") };
    assert_eq!(ordered(db, [user::age.asc(), user::id.asc()]).await, up);
    assert_eq!(ordered(db, [user::age.desc(), user::id.asc()]).await, down);
    assert_eq!(
        ordered(db, [user::name.asc().nulls_last(), user::age.asc().nulls_first(), user::id.asc()]).await,
        "cdab"
    );
}

#[tokio::test]
async fn by_a_related_record() {
    let db = &*fresh!(world());
    for (title, author) in [("p", Some("a")), ("q", Some("c")), ("r", None), ("s", Some("b"))] {
        let record = post::create().title(title);
        match author {
            Some(email) => db.post().create(record.author(user::email.eq(email))).await.unwrap(),
            None => db.post().create(record).await.unwrap(),
        };
    }
    let ordered = async |order: [OrderBy<Post>; 2]| {
        let query = order.into_iter().fold(db.post().find_many(), |query, key| query.order_by(key));
        query.await.unwrap().into_iter().map(|p| p.title).collect::<String>()
    };
    assert_eq!(ordered([post::author.order(user::email.asc().nulls_last()), post::id.asc()]).await, "psqr");
    assert_eq!(ordered([post::author.order(user::email.desc().nulls_first()), post::id.asc()]).await, "rqsp");
    assert_eq!(ordered([post::author.order(user::name.asc().nulls_last()), post::id.asc()]).await, "qprs");
    // Two steps: nobody has a manager but c, who has d.
    db.user().update(user::email.eq("c"), user::manager.connect(user::email.eq("d"))).await.unwrap();
    let by_manager = post::author.order(user::manager.order(user::name.asc().nulls_last()));
    assert_eq!(ordered([by_manager, post::id.asc()]).await, "qprs");
}

#[tokio::test]
async fn by_a_related_record_that_holds_the_key() {
    let db = &*fresh!(world());
    for (email, bio) in [("a", "y"), ("d", "x")] {
        let change = user::profile.create(profile::create().bio(bio));
        db.user().update(user::email.eq(email), change).await.unwrap();
    }
    let by_bio = user::profile.order(profile::bio.asc().nulls_last());
    assert_eq!(ordered(db, [by_bio, user::id.asc()]).await, "dabc");
    let by_bio = user::profile.order(profile::bio.desc().nulls_first());
    assert_eq!(ordered(db, [by_bio, user::id.asc()]).await, "bcad");
}

#[tokio::test]
async fn by_the_number_of_related_records() {
    let db = &*fresh!(world());
    for (email, posts) in [("b", 2), ("c", 1), ("d", 2)] {
        for n in 0..posts {
            let record = post::create().title(n.to_string()).author(user::email.eq(email));
            db.post().create(record.tags(tag::name.eq(email).or_create(tag::create().name(email)))).await.unwrap();
        }
    }
    assert_eq!(ordered(db, [user::posts.count().asc(), user::id.asc()]).await, "acbd");
    assert_eq!(ordered(db, [user::posts.count().desc(), user::id.desc()]).await, "dbca");
    let tags = db.tag().find_many().order_by(tag::posts.count().desc()).order_by(tag::name.desc()).await.unwrap();
    assert_eq!(tags.into_iter().map(|t| t.name).collect::<String>(), "dbc");
    let posts = db.post().find_many().order_by(post::tags.count().asc()).order_by(post::id.desc()).await.unwrap();
    assert_eq!(posts.into_iter().map(|p| p.id).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn text_and_enums() {
    let db = &*fresh!();
    for (email, role) in [("a", Role::User), ("b", Role::Moderator), ("C", Role::SuperAdmin)] {
        db.user().create(user::create().email(email).role(role)).await.unwrap();
    }
    let by_email = ordered(db, [user::email.asc()]).await;
    assert_eq!(by_email, if TEXT_ORDER_IS_BINARY { "Cab" } else { "abC" });
    let first = db.user().find_first().order_by(user::role.asc()).await.unwrap().unwrap();
    // Enums that are text in the database are ordered by it, others by their declaration.
    assert_eq!(first.role, if ENUMS_ARE_TEXT { Role::SuperAdmin } else { Role::User });
}

#[tokio::test]
async fn distinct() {
    let db = &*fresh!(world());
    let by_age = || db.user().find_many().distinct([user::age]).order_by(user::id.asc());
    let emails = |users: Vec<User>| users.into_iter().map(|u| u.email).collect::<String>();
    assert_eq!(emails(by_age().await.unwrap()), "abc", "NULL is a value of its own");
    assert_eq!(emails(by_age().take(2).await.unwrap()), "ab");
    assert_eq!(emails(by_age().skip(1).await.unwrap()), "bc");
    assert_eq!(emails(by_age().skip(1).take(1).await.unwrap()), "b");
    assert_eq!(emails(by_age().take(-1).await.unwrap()), "c");
    assert_eq!(emails(by_age().filter(user::email.ne("b")).await.unwrap()), "acd");
    let last = db.user().find_many().distinct([user::age]).order_by(user::id.desc());
    assert_eq!(emails(last.await.unwrap()), "dca");
    let two = db.user().find_many().distinct([user::name]).distinct([user::age]).order_by(user::id.asc());
    assert_eq!(emails(two.await.unwrap()), "abcd", "the combination counts");
    let tuple = db.user().find_many().distinct((user::name, user::age)).order_by(user::id.asc());
    assert_eq!(emails(tuple.await.unwrap()), "abcd");
    let one = db.user().find_many().distinct(user::age).order_by([user::id.asc()]);
    assert_eq!(emails(one.await.unwrap()), "abc");
    let name = db.user().find_many().distinct([user::name]).order_by(user::name.asc().nulls_first());
    assert_eq!(emails(name.order_by(user::id.asc()).await.unwrap()), "bca");
    let after = by_age().cursor(user::email.eq("b"));
    assert_eq!(emails(after.await.unwrap()), "bc");
    let first = db.user().find_first().distinct([user::age]).order_by(user::age.desc().nulls_last()).skip(1);
    assert_eq!(first.await.unwrap().unwrap().age, Some(20));
}
