//! Conditions on related records.

use super::*;

/// ada: posts one (published, 5 views, tags rust and sql, comment "good"), two (draft). bob: post three (tag rust). cyd: none.
/// cyd manages ada, ada manages bob. ada is a friend of bob and of cyd.
async fn world() -> TestDb {
    let db = fresh().await;
    db.user()
        .create(user::create().email("cyd").city(city::name.eq("Oslo").or_create(city::create().name("Oslo"))))
        .await
        .unwrap();
    db.user()
        .create(
            user::create()
                .email("ada")
                .manager(user::email.eq("cyd"))
                .team(team::create().name("core"))
                .profile(profile::create().bio("first"))
                .posts([
                    post::create()
                        .title("one")
                        .published(true)
                        .views(5)
                        .tags([tag::create().name("rust"), tag::create().name("sql")])
                        .comments(comment::create().text("good")),
                    post::create().title("two").content("c"),
                ]),
        )
        .await
        .unwrap();
    db.user()
        .create(
            user::create()
                .email("bob")
                .manager(user::email.eq("ada"))
                .profile(profile::create().bio("second"))
                .posts(post::create().title("three").tags(tag::name.eq("rust"))),
        )
        .await
        .unwrap();
    let friends = [user::friends.connect(user::email.eq("bob")), user::friends.connect(user::email.eq("cyd"))];
    db.user().update(user::email.eq("ada"), friends).await.unwrap();
    db.post().create(post::create().title("four").reviewer(user::email.eq("bob"))).await.unwrap();
    db
}

#[tokio::test]
async fn some() {
    let db = &*fresh!(world());
    assert_eq!(emails(db, user::posts.some(post::published.eq(true))).await, ["ada"]);
    assert_eq!(emails(db, user::posts.some(post::views.gte(0))).await, ["ada", "bob"]);
    assert_eq!(emails(db, user::posts.some(None)).await, ["ada", "bob"]);
    assert_eq!(emails(db, user::posts.some(post::title.eq("zero"))).await, [""; 0]);
    assert_eq!(emails(db, !user::posts.some(None)).await, ["cyd"]);
    assert_eq!(emails(db, user::reviews.some(post::title.eq("four"))).await, ["bob"]);
}

#[tokio::test]
async fn every() {
    let db = &*fresh!(world());
    assert_eq!(emails(db, user::posts.every(post::published.eq(true))).await, ["cyd"], "of none, all are");
    assert_eq!(emails(db, user::posts.every(post::published.eq(false))).await, ["cyd", "bob"]);
    assert_eq!(emails(db, user::posts.every(None)).await, ["cyd", "ada", "bob"]);
    assert_eq!(emails(db, user::posts.every(post::views.lt(0))).await, ["cyd"]);
    assert_eq!(emails(db, user::posts.every(post::views.gte(0)) & user::posts.some(None)).await, ["ada", "bob"]);
}

#[tokio::test]
async fn none() {
    let db = &*fresh!(world());
    assert_eq!(emails(db, user::posts.none(post::published.eq(true))).await, ["cyd", "bob"]);
    assert_eq!(emails(db, user::posts.none(None)).await, ["cyd"]);
    assert_eq!(emails(db, user::posts.none(post::title.eq("zero"))).await, ["cyd", "ada", "bob"]);
    assert_eq!(emails(db, user::posts.none(Filter::any(Vec::<Filter<Post>>::new()))).await, ["cyd", "ada", "bob"]);
}

#[tokio::test]
async fn to_one_with_the_key_here() {
    let db = &*fresh!(world());
    assert_eq!(titles(db, post::author.is(user::email.eq("ada"))).await, ["one", "two"]);
    assert_eq!(titles(db, post::author.is_not(user::email.eq("ada"))).await, ["three", "four"], "nor if there is none");
    assert_eq!(titles(db, post::author.is_null()).await, ["four"]);
    assert_eq!(titles(db, post::author.is_not_null()).await, ["one", "two", "three"]);
    assert_eq!(titles(db, !post::author.is(user::email.eq("ada"))).await, ["three", "four"]);
    assert_eq!(titles(db, post::author.is(None)).await, ["one", "two", "three"]);
    assert_eq!(titles(db, post::author.is(user::name.is_null())).await, ["one", "two", "three"]);
    assert_eq!(titles(db, post::author.is_null() & post::reviewer.is_not_null()).await, ["four"]);
}

#[tokio::test]
async fn to_one_with_the_key_there() {
    let db = &*fresh!(world());
    assert_eq!(emails(db, user::profile.is(profile::bio.eq("first"))).await, ["ada"]);
    assert_eq!(emails(db, user::profile.is_not(profile::bio.eq("first"))).await, ["cyd", "bob"]);
    assert_eq!(emails(db, user::profile.is_null()).await, ["cyd"]);
    assert_eq!(emails(db, user::profile.is_not_null()).await, ["ada", "bob"]);
}

#[tokio::test]
async fn required_to_one() {
    let db = &*fresh!(world());
    let of = async |filter| {
        let found = db.profile().find_many().filter(filter).order_by(profile::id.asc()).await.unwrap();
        found.into_iter().map(|p| p.bio).collect::<Vec<_>>()
    };
    assert_eq!(of(profile::user.is(user::email.eq("bob"))).await, ["second"]);
    assert_eq!(of(profile::user.is_not(user::email.eq("bob"))).await, ["first"]);
    assert_eq!(of(profile::user.is(user::posts.some(post::published.eq(true)))).await, ["first"]);
}

#[tokio::test]
async fn many_to_many() {
    let db = &*fresh!(world());
    assert_eq!(titles(db, post::tags.some(tag::name.eq("rust"))).await, ["one", "three"]);
    assert_eq!(titles(db, post::tags.some(tag::name.eq("sql"))).await, ["one"]);
    assert_eq!(titles(db, post::tags.every(tag::name.eq("rust"))).await, ["two", "three", "four"]);
    assert_eq!(titles(db, post::tags.none(tag::name.eq("sql"))).await, ["two", "three", "four"]);
    assert_eq!(titles(db, post::tags.none(None)).await, ["two", "four"]);
    let both = post::tags.some(tag::name.eq("rust")) & post::tags.some(tag::name.eq("sql"));
    assert_eq!(titles(db, both).await, ["one"]);
    assert_eq!(db.tag().count().filter(tag::posts.some(post::published.eq(false))).await.unwrap(), 1);
}

#[tokio::test]
async fn a_model_related_to_itself() {
    let db = &*fresh!(world());
    assert_eq!(emails(db, user::manager.is(user::email.eq("cyd"))).await, ["ada"]);
    assert_eq!(emails(db, user::manager.is_null()).await, ["cyd"]);
    assert_eq!(emails(db, user::reports.some(user::email.eq("bob"))).await, ["ada"]);
    assert_eq!(emails(db, user::reports.none(None)).await, ["bob"]);
    assert_eq!(emails(db, user::manager.is(user::manager.is(user::email.eq("cyd")))).await, ["bob"]);
    assert_eq!(emails(db, user::reports.some(user::reports.some(user::email.eq("bob")))).await, ["cyd"]);
    assert_eq!(emails(db, user::friends.some(user::email.eq("bob"))).await, ["ada"]);
    assert_eq!(emails(db, user::friend_of.some(user::email.eq("ada"))).await, ["cyd", "bob"]);
    assert_eq!(emails(db, user::friend_of.some(user::email.eq("bob"))).await, [""; 0]);
}

#[tokio::test]
async fn three_levels() {
    let db = &*fresh!(world());
    let deep = user::reports.some(user::posts.some(post::tags.some(tag::name.eq("sql"))));
    assert_eq!(emails(db, deep).await, ["cyd"]);
    let deep = user::manager.is(user::posts.some(post::comments.every(comment::text.eq("good")) & post::views.gt(1)));
    assert_eq!(emails(db, deep).await, ["bob"]);
    let deep = user::posts.none(post::tags.some(tag::posts.some(post::author.is(user::email.eq("bob")))));
    assert_eq!(emails(db, deep).await, ["cyd"]);
    let same_model_thrice = post::author.is(user::posts.some(post::author.is(user::posts.some(post::title.eq("two")))));
    assert_eq!(titles(db, same_model_thrice).await, ["one", "two"]);
}

#[tokio::test]
async fn combined_with_columns_and_other_relations() {
    let db = &*fresh!(world());
    let either = user::posts.some(post::title.eq("three")) | user::team.is(team::name.eq("core"));
    assert_eq!(emails(db, either).await, ["ada", "bob"]);
    assert_eq!(emails(db, user::city.is(city::name.eq("Oslo")) & user::id.eq(1)).await, ["cyd"]);
    assert_eq!(emails(db, !(user::team.is_null() | user::posts.none(None))).await, ["ada"]);
    let n =
        db.team().count().filter(team::members.some(user::profile.is(profile::bio.starts_with("f")))).await.unwrap();
    assert_eq!(n, 1);
}

#[tokio::test]
async fn compound_foreign_key() {
    let db = &*fresh!();
    for number in 1..=3 {
        db.seat().create(seat::create().row(1).number(number)).await.unwrap();
    }
    let guests = [("Ann", Some((1, 1))), ("Ben", Some((1, 2))), ("Cas", None)];
    for (guest, seat) in guests {
        let record = booking::create().guest(guest);
        let record = match seat {
            Some(key) => record.seat(seat::row_number.eq(key)),
            None => record,
        };
        db.booking().create(record).await.unwrap();
    }
    // Half of a key points to nothing.
    db.booking().create(booking::create().guest("Dan").seat_row(1)).await.unwrap();
    let guests = async |filter| {
        let found = db.booking().find_many().filter(filter).order_by(booking::guest.asc()).await.unwrap();
        found.into_iter().map(|b| b.guest).collect::<Vec<_>>()
    };
    assert_eq!(guests(booking::seat.is(seat::number.eq(2))).await, ["Ben"]);
    assert_eq!(guests(booking::seat.is_null()).await, ["Cas", "Dan"]);
    assert_eq!(guests(booking::seat.is_not_null()).await, ["Ann", "Ben"]);
    assert_eq!(guests(booking::seat.is_not(seat::number.eq(2))).await, ["Ann", "Cas", "Dan"]);
    let numbers = async |filter| {
        let found = db.seat().find_many().filter(filter).order_by(seat::number.asc()).await.unwrap();
        found.into_iter().map(|s| s.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(seat::bookings.some(booking::guest.eq("Ann"))).await, [1]);
    assert_eq!(numbers(seat::bookings.none(None)).await, [3]);
    assert_eq!(numbers(seat::bookings.every(booking::guest.eq("Ann"))).await, [1, 3]);
}
