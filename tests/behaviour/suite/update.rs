//! `update` of columns.

use std::time::Duration;

use bigdecimal::BigDecimal;

use super::*;

fn decimal(text: &str) -> BigDecimal {
    text.parse().unwrap()
}

async fn one() -> TestDb {
    let db = fresh().await;
    let record = everything::create().id("x").int(10).big_int(1i64 << 40).float(2.5).decimal(decimal("1.5")).int_opt(4);
    db.everything().create(record).await.unwrap();
    db
}

async fn change<const N: usize>(db: &PrismaClient, changes: [Change<Everything>; N]) -> Everything {
    db.everything().update(everything::id.eq("x"), changes).await.unwrap()
}

#[tokio::test]
async fn set() {
    let db = fresh!(one());
    let changed = change(
        &db,
        [everything::string.set("s"), everything::boolean.set(false), everything::role.set(Role::Moderator)],
    )
    .await;
    assert_eq!(
        (changed.string.as_str(), changed.boolean, changed.role, changed.int),
        ("s", false, Role::Moderator, 10)
    );
    let changed =
        change(&db, [everything::string_opt.set("o"), everything::bytes.set(vec![9u8]), everything::int_opt.set(None)])
            .await;
    assert_eq!((changed.string_opt.as_deref(), changed.bytes, changed.int_opt), (Some("o"), vec![9], None));
    let read = db.everything().find_unique_or_error(everything::id.eq("x")).await.unwrap();
    assert_eq!((read.string.as_str(), read.string_opt.as_deref(), read.role), ("s", Some("o"), Role::Moderator));
}

#[tokio::test]
async fn arithmetic_of_int() {
    let db = fresh!(one());
    assert_eq!(change(&db, [everything::int.increment(5)]).await.int, 15);
    assert_eq!(change(&db, [everything::int.decrement(1)]).await.int, 14);
    assert_eq!(change(&db, [everything::int.multiply(3)]).await.int, 42);
    assert_eq!(change(&db, [everything::int.divide(4)]).await.int, 10);
    assert_eq!(change(&db, [everything::int.multiply(-1)]).await.int, -10);
    assert_eq!(change(&db, [everything::int_opt.increment(2), everything::int.increment(1)]).await.int_opt, Some(6));
}

#[tokio::test]
async fn arithmetic_of_the_other_numbers() {
    let db = fresh!(one());
    let big = 1i64 << 40;
    assert_eq!(change(&db, [everything::big_int.increment(1)]).await.big_int, big + 1);
    assert_eq!(change(&db, [everything::big_int.multiply(1000)]).await.big_int, (big + 1) * 1000);
    assert_eq!(change(&db, [everything::big_int.divide(1000i64)]).await.big_int, big + 1);
    assert_eq!(change(&db, [everything::big_int.decrement(big)]).await.big_int, 1);
    assert_eq!(change(&db, [everything::float.increment(0.25)]).await.float, 2.75);
    assert_eq!(change(&db, [everything::float.multiply(2)]).await.float, 5.5);
    assert_eq!(change(&db, [everything::float.divide(4.0)]).await.float, 1.375);
    assert_eq!(change(&db, [everything::float.decrement(1.0)]).await.float, 0.375);
    assert_eq!(change(&db, [everything::decimal.increment(decimal("0.25"))]).await.decimal, decimal("1.75"));
    assert_eq!(change(&db, [everything::decimal.multiply(2)]).await.decimal, decimal("3.5"));
    assert_eq!(change(&db, [everything::decimal.decrement(decimal("0.5"))]).await.decimal, decimal("3"));
    assert_eq!(change(&db, [everything::decimal.divide(2)]).await.decimal, decimal("1.5"));
}

#[tokio::test]
async fn null_stays_null() {
    let db = fresh!(one());
    let changes = [
        everything::big_int_opt.increment(1),
        everything::float_opt.multiply(2.0),
        everything::decimal_opt.decrement(1),
        everything::int_opt.unset_null(),
    ];
    let changed = change(&db, changes).await;
    assert_eq!(
        (changed.big_int_opt, changed.float_opt, changed.decimal_opt, changed.int_opt),
        (None, None, None, None)
    );
    assert_eq!(change(&db, [everything::int_opt.increment(1)]).await.int_opt, None);
    assert_eq!(change(&db, [everything::int_opt.set(1)]).await.int_opt, Some(1));
}

#[tokio::test]
async fn out_of_the_field_s_range() {
    let db = fresh!(one());
    let result = db.everything().update(everything::id.eq("x"), everything::int.set(i32::MAX)).await.unwrap();
    assert_eq!(result.int, i32::MAX);
    // The database may refuse it, or hold more than the field: then reading it is refused. It never wraps around.
    let error = db.everything().update(everything::id.eq("x"), everything::int.increment(1)).await.unwrap_err();
    assert!(matches!(error.code(), Some("P2020" | "P2023")), "{error}");
}

#[tokio::test]
async fn updated_at_moves() {
    let db = fresh!(one());
    let first = db.everything().find_unique_or_error(everything::id.eq("x")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    let second = change(&db, [everything::int.increment(1)]).await;
    assert!(second.updated_at > first.updated_at, "{} {}", first.updated_at, second.updated_at);
    assert_eq!(second.date_time, first.date_time, "the default is for creating alone");
    let given: chrono::DateTime<chrono::Utc> = "2001-02-03T04:05:06Z".parse().unwrap();
    assert_eq!(change(&db, [everything::updated_at.set(given)]).await.updated_at, given);
    assert_eq!(change(&db, []).await.updated_at, given, "nothing was changed");
    let n = db.everything().update_many(everything::int.set(0)).all().await.unwrap();
    let third = db.everything().find_unique_or_error(everything::id.eq("x")).await.unwrap();
    assert!(n == 1 && third.updated_at >= second.updated_at);
    // As a related record too.
    db.everything().create(everything::create().id("y").copy_of_id("x")).await.unwrap();
    let y = || everything::id.eq("y");
    for changes in [
        everything::copies.update(y(), everything::int.set(1)),
        everything::copies.update_many(None, everything::int.set(2)),
        everything::copies.upsert(y(), everything::create(), everything::int.set(3)),
    ] {
        db.everything().update(y(), everything::updated_at.set(given)).await.unwrap();
        let parent = change(&db, [changes]).await;
        assert!(db.everything().find_unique_or_error(y()).await.unwrap().updated_at > given);
        assert_eq!(parent.updated_at, third.updated_at, "the record itself is not changed");
    }
}

#[tokio::test]
async fn shapes_of_changes() {
    let db = fresh!(one());
    let update = || everything::id.eq("x");
    assert_eq!(db.everything().update(update(), everything::int.set(1)).await.unwrap().int, 1);
    let two = (everything::int.set(2), everything::string.set("t"));
    assert_eq!(db.everything().update(update(), two).await.unwrap().string, "t");
    assert_eq!(db.everything().update(update(), vec![everything::int.set(3)]).await.unwrap().int, 3);
    assert_eq!(db.everything().update(update(), Some(everything::int.set(4))).await.unwrap().int, 4);
    assert_eq!(db.everything().update(update(), None::<Change<Everything>>).await.unwrap().int, 4);
    assert_eq!(db.everything().update(update(), ()).await.unwrap().int, 4);
    let mixed = ([everything::int.set(5)], Some(everything::string.set("u")), vec![everything::float.set(0.5)]);
    let changed = db.everything().update(update(), mixed).await.unwrap();
    assert_eq!((changed.int, changed.string.as_str(), changed.float), (5, "u", 0.5));
    let twice = [everything::int.set(1), everything::int.increment(1)];
    let error = db.everything().update(update(), twice).await.unwrap_err();
    assert!(error.code() == Some("P2009") && error.to_string().contains("changed twice"), "{error}");
}

#[tokio::test]
async fn what_is_not_there() {
    let db = fresh!(one());
    let error = db.everything().update(everything::id.eq("y"), everything::int.set(1)).await.unwrap_err();
    let ErrorKind::RecordNotFound { model, cause } = error.kind() else { panic!("{error:?}") };
    assert!(model == "Everything" && cause.contains("id = \"y\""), "{cause}");
    assert_eq!(code(db.everything().update(everything::id.eq("y"), ()).await), "P2025");
}

/// A version that must be the one that was read.
#[tokio::test]
async fn further_conditions() {
    let db = fresh!();
    user_named(&db, "a").await;
    let save = |version| {
        let changes = (user::name.set("N"), user::version.increment(1));
        db.user().update(user::email.eq("a"), changes).filter(user::version.eq(version))
    };
    assert_eq!(save(1).await.unwrap().version, 2);
    assert_eq!(code(save(1).await), "P2025");
    assert_eq!(save(2).await.unwrap().version, 3);
}

#[tokio::test]
async fn keys() {
    let db = fresh!();
    user_named(&db, "a").await;
    user_named(&db, "b").await;
    assert_eq!(db.user().update(user::email.eq("a"), user::email.set("c")).await.unwrap().id, 1);
    assert_eq!(db.user().find_unique(user::email.eq("a")).await.unwrap(), None);
    let error = db.user().update(user::email.eq("c"), user::email.set("b")).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UniqueConstraint { model: Some(m), fields } if m == "User" && fields == &["email"]),
        "{error:?}"
    );

    // A changed primary key: related records follow, as the schema says.
    db.post().create(post::create().title("t").author_id(1)).await.unwrap();
    let moved = db.user().update(user::id.eq(1), user::id.set(70)).include(user::posts).await.unwrap();
    assert_eq!((moved.id, moved.posts.len(), moved.posts[0].author_id), (70, 1, Some(70)));
    let moved = db.user().update(user::id.eq(70), (user::id.set(71), user::posts.create(post::create().title("u"))));
    let moved = moved.include(user::posts).await.unwrap();
    assert_eq!((moved.id, moved.posts.len()), (71, 2));

    db.seat().create(seat::create().row(1).number(1).bookings(booking::create().guest("Ann"))).await.unwrap();
    let changes = (seat::row.set(2), seat::number.increment(8));
    let moved = db.seat().update(seat::row_number.eq((1, 1)), changes).include(seat::bookings).await.unwrap();
    assert_eq!(
        (moved.row, moved.number, moved.bookings[0].seat_row, moved.bookings[0].seat_number),
        (2, 9, Some(2), Some(9))
    );
}

#[tokio::test]
async fn foreign_keys_as_columns() {
    let db = fresh!();
    user_named(&db, "a").await;
    let made = db.post().create(post::create().title("t")).await.unwrap();
    let update = |change: Change<Post>| db.post().update(post::id.eq(made.id), change);
    assert_eq!(update(post::author_id.set(1)).await.unwrap().author_id, Some(1));
    assert_eq!(code(update(post::author_id.set(9)).await), "P2003");
    assert_eq!(update(post::author_id.set(None)).await.unwrap().author_id, None);
    let both = [post::author_id.set(1), post::author.connect(user::id.eq(1))];
    assert_eq!(code(db.post().update(post::id.eq(made.id), both).await), "P2009");
}
