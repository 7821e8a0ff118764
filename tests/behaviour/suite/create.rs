//! `create`: setters, and what the database refuses.

use super::*;

#[tokio::test]
async fn setters_take_what_the_field_is() {
    let db = fresh!();
    let made = db.user().create(user::create().email("a").name("A").age(3)).await.unwrap();
    assert_eq!((made.name.as_deref(), made.age), (Some("A"), Some(3)));
    let made = db.user().create(user::create().email(String::from("b")).name(None).age(Some(4))).await.unwrap();
    assert_eq!((made.name, made.age), (None, Some(4)));
    let email = String::from("c");
    let made = db.user().create(user::create().email(&email).name(Some("x".to_owned()))).await.unwrap();
    assert_eq!(made.email, email);
    assert_eq!(made.name.as_deref(), Some("x"));
    assert_eq!(db.user().count().await.unwrap(), 3);
}

#[tokio::test]
async fn a_field_that_is_set_twice() {
    let db = fresh!();
    let error = db.user().create(user::create().email("a").email("b")).await.unwrap_err();
    assert!(error.code() == Some("P2009") && error.to_string().contains("set twice"), "{error}");
    assert!(error.to_string().contains("User.email"), "{error}");
    assert_eq!(db.user().count().await.unwrap(), 0);
}

#[tokio::test]
async fn unique_keys_that_are_taken() {
    let db = fresh!();
    user_named(&db, "a").await;
    let error = db.user().create(user::create().email("a")).await.unwrap_err();
    assert_eq!(error.code(), Some("P2002"));
    let ErrorKind::UniqueConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("User"), &["email".to_owned()][..]));
    let error = db.user().create(user::create().id(1).email("b")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UniqueConstraint { fields, .. } if fields == &["id"]), "{error:?}");

    // A column of another name in the database: the field's name in the schema is told.
    db.post().create(post::create().title("t").author_id(1)).await.unwrap();
    let error = db.post().create(post::create().title("t").author_id(1)).await.unwrap_err();
    let ErrorKind::UniqueConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("Post"), &["authorId".to_owned(), "title".to_owned()][..]));
    assert!(error.to_string().contains("`authorId`, `title`"), "{error}");
    for _ in 0..2 {
        db.post().create(post::create().title("t")).await.unwrap();
    }
    assert_eq!(db.post().count().await.unwrap(), 3, "NULL is never taken");
}

#[tokio::test]
async fn references_to_nothing() {
    let db = fresh!();
    let error = db.post().create(post::create().title("t").author_id(9)).await.unwrap_err();
    assert_eq!(error.code(), Some("P2003"));
    assert!(matches!(error.kind(), ErrorKind::ForeignKey { model: Some(m), .. } if m == "Post"), "{error:?}");
    assert_eq!(code(db.profile().create(profile::create().bio("b").user_id(9)).await), "P2003");
    assert_eq!(code(db.booking().create(booking::create().guest("g").seat_row(1).seat_number(1)).await), "P2003");
    assert_eq!(db.post().count().await.unwrap(), 0);
    // Half of a compound key refers to nothing, so it may be anything.
    let half = db.booking().create(booking::create().guest("g").seat_row(1)).await.unwrap();
    assert_eq!((half.seat_row, half.seat_number), (Some(1), None));
}

#[tokio::test]
async fn a_column_and_its_relation_at_once() {
    let db = fresh!();
    user_named(&db, "a").await;
    let both = post::create().title("t").author_id(1).author(user::email.eq("a"));
    let error = db.post().create(both).await.unwrap_err();
    assert_eq!(error.code(), Some("P2009"));
    assert!(error.to_string().contains("`authorId`") && error.to_string().contains("`author`"), "{error}");
}

#[tokio::test]
async fn compound_foreign_keys() {
    let db = fresh!();
    let made = db
        .booking()
        .create(booking::create().guest("Ann").seat(seat::create().row(3).number(4).note("window")))
        .include(booking::seat)
        .await
        .unwrap();
    assert_eq!((made.seat_row, made.seat_number), (Some(3), Some(4)));
    assert_eq!(made.seat.unwrap().note.as_deref(), Some("window"));
    let again = booking::create().guest("Ben");
    let made = db.booking().create(again.seat(seat::row_number.eq((3, 4)))).await.unwrap();
    assert_eq!((made.seat_row, made.seat_number), (Some(3), Some(4)));
    let seat =
        seat::create().row(5).number(6).bookings([booking::create().guest("Cas"), booking::create().guest("Dan")]);
    let made = db.seat().create(seat).include(seat::bookings.order_by(booking::guest.asc())).await.unwrap();
    let keys: Vec<_> = made.bookings.iter().map(|b| (&b.guest[..], b.seat_row, b.seat_number)).collect();
    assert_eq!(keys, [("Cas", Some(5), Some(6)), ("Dan", Some(5), Some(6))]);
    assert_eq!(
        code(db.booking().create(booking::create().guest("Eve").seat(seat::row_number.eq((9, 9)))).await),
        "P2025"
    );
    assert_eq!(db.booking().count().await.unwrap(), 4);
}
