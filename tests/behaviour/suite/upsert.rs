//! `upsert`.

use super::*;

#[tokio::test]
async fn by_a_key_that_is_created_too() {
    let db = fresh!();
    let upsert = |email: &str| {
        db.user().upsert(
            user::email.eq(email),
            user::create().email(email).age(1),
            (user::age.increment(10), user::name.set("N")),
        )
    };
    let made = upsert("a").await.unwrap();
    assert_eq!((made.id, made.age, made.name, made.version), (1, Some(1), None, 1));
    let changed = upsert("a").await.unwrap();
    assert_eq!((changed.id, changed.age, changed.name.as_deref()), (1, Some(11), Some("N")));
    assert_eq!(upsert("b").await.unwrap().age, Some(1));
    assert_eq!(db.user().count().await.unwrap(), 2);
}

#[tokio::test]
async fn by_another_key() {
    let db = fresh!();
    let upsert = |id, email: &str| db.user().upsert(user::id.eq(id), user::create().email(email), user::name.set("N"));
    assert_eq!(upsert(1, "a").await.unwrap().name, None);
    assert_eq!(upsert(1, "unused").await.unwrap().name.as_deref(), Some("N"));
    assert_eq!(code(upsert(7, "a").await), "P2002", "the key is not there, but the email is");
    assert_eq!(db.user().count().await.unwrap(), 1);
}

#[tokio::test]
async fn by_compound_keys() {
    let db = fresh!();
    let seat = |note: &str| {
        db.seat().upsert(
            seat::row_number.eq((1, 2)),
            seat::create().row(1).number(2).note("made"),
            seat::note.set(note),
        )
    };
    assert_eq!(seat("x").await.unwrap().note.as_deref(), Some("made"));
    assert_eq!(seat("x").await.unwrap().note.as_deref(), Some("x"));
    user_named(&db, "a").await;
    let post = || {
        let create = post::create().title("t").author_id(1);
        db.post().upsert(post::author_id_title.eq((1, "t")), create, post::views.increment(1))
    };
    assert_eq!([post().await.unwrap().views, post().await.unwrap().views, post().await.unwrap().views], [0, 1, 2]);
}

#[tokio::test]
async fn with_nothing_to_change() {
    let db = fresh!();
    let upsert = || db.tag().upsert(tag::name.eq("t"), tag::create().name("t"), ());
    let (first, second) = (upsert().await.unwrap(), upsert().await.unwrap());
    assert_eq!(first, second);
    assert_eq!(db.tag().count().await.unwrap(), 1);
}

#[tokio::test]
async fn with_relations() {
    let db = fresh!();
    let upsert = || {
        let create = user::create().email("a").posts([post::create().title("made")]).team(team::create().name("t1"));
        let update = (user::posts.create(post::create().title("added")), user::team.create(team::create().name("t2")));
        db.user()
            .upsert(user::email.eq("a"), create, update)
            .include(user::posts.order_by(post::id.asc()))
            .include(user::team)
    };
    let made = upsert().await.unwrap();
    assert_eq!((made.posts.len(), made.team.unwrap().name.as_str()), (1, "t1"));
    let changed = upsert().await.unwrap();
    assert_eq!(changed.posts.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(), ["made", "added"]);
    assert_eq!(changed.team.unwrap().name, "t2");
    assert_eq!(db.team().count().await.unwrap(), 2, "nothing of the other half was done");
    assert_eq!(code(upsert().await), "P2002");
    assert_eq!(db.team().count().await.unwrap(), 2);
}

#[tokio::test]
async fn further_conditions() {
    let db = fresh!();
    user_named(&db, "a").await;
    let upsert = |version| {
        db.user()
            .upsert(user::email.eq("a"), user::create().email("a"), user::version.increment(1))
            .filter(user::version.eq(version))
    };
    assert_eq!(upsert(1).await.unwrap().version, 2);
    // The record does not meet the condition, so one is created: and its email is taken.
    assert_eq!(code(upsert(1).await), "P2002");
}

#[tokio::test]
async fn updated_at_moves() {
    let db = fresh!();
    let upsert =
        || db.everything().upsert(everything::id.eq("x"), everything::create().id("x"), everything::int.increment(1));
    let made = upsert().await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let changed = upsert().await.unwrap();
    assert!(changed.updated_at > made.updated_at && changed.date_time == made.date_time && changed.int == 0);
}

/// Nobody fails, and nothing is lost, if many do it at once.
#[tokio::test(flavor = "multi_thread")]
async fn at_once() {
    let db = fresh!();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let db = PrismaClient::clone(&db);
            tokio::spawn(async move {
                db.user().upsert(user::email.eq("a"), user::create().email("a").age(1), user::age.increment(1)).await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(db.user().find_unique_or_error(user::email.eq("a")).await.unwrap().age, Some(20));
    assert_eq!(db.user().count().await.unwrap(), 1);
}
