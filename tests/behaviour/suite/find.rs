//! `find_unique`, `find_first`, `find_many` and their `_or_error` kin, `count`, `exists`.

use super::*;

async fn filled() -> TestDb {
    let db = fresh().await;
    let users = [("a", Some("Ada"), Some(36)), ("b", Some("Bob"), None), ("c", None, Some(20))];
    for (email, name, age) in users {
        db.user().create(user::create().email(email).name(name.map(str::to_owned)).age(age)).await.unwrap();
    }
    db
}

#[tokio::test]
async fn unique() {
    let db = fresh!(filled());
    let found = db.user().find_unique(user::email.eq("b")).await.unwrap().unwrap();
    assert_eq!((found.id, found.name.as_deref(), found.age, found.role), (2, Some("Bob"), None, Role::User));
    assert_eq!(db.user().find_unique(user::id.eq(3)).await.unwrap().unwrap().email, "c");
    let other_case = db.user().find_unique(user::email.eq("B")).await.unwrap();
    assert_eq!(other_case.is_none(), EQUALITY_IS_EXACT);
    assert_eq!(db.user().find_unique(user::id.eq(0)).await.unwrap(), None);
}

#[tokio::test]
async fn unique_or_error() {
    let db = fresh!(filled());
    assert_eq!(db.user().find_unique_or_error(user::id.eq(1)).await.unwrap().email, "a");
    let error = db.user().find_unique_or_error(user::email.eq("z")).await.unwrap_err();
    assert_eq!(error.code(), Some("P2025"));
    let ErrorKind::RecordNotFound { model, cause } = error.kind() else { panic!("{error:?}") };
    assert_eq!(model, "User");
    assert!(cause.contains("find_unique_or_error"), "{cause}");
}

#[tokio::test]
async fn unique_with_further_conditions() {
    let db = fresh!(filled());
    let by_id = || db.user().find_unique(user::id.eq(1));
    assert_eq!(by_id().filter(user::version.eq(1)).await.unwrap().unwrap().email, "a");
    assert_eq!(by_id().filter(user::version.eq(2)).await.unwrap(), None);
    assert_eq!(by_id().filter(None).await.unwrap().unwrap().email, "a");
    assert_eq!(by_id().filter(user::age.gt(30)).filter(user::name.eq("Bob")).await.unwrap(), None);
    assert_eq!(by_id().filter(user::posts.none(None)).await.unwrap().unwrap().id, 1);
    assert_eq!(code(db.user().find_unique_or_error(user::id.eq(1)).filter(user::version.eq(2)).await), "P2025");
}

#[tokio::test]
async fn compound_keys() {
    let db = fresh!();
    for (row, number) in [(1, 1), (1, 2), (2, 1)] {
        db.seat().create(seat::create().row(row).number(number).note(format!("{row}/{number}"))).await.unwrap();
    }
    let found = db.seat().find_unique(seat::row_number.eq((1, 2))).await.unwrap().unwrap();
    assert_eq!((found.row, found.number, found.note.as_deref()), (1, 2, Some("1/2")));
    assert_eq!(db.seat().find_unique(seat::row_number.eq((2, 2))).await.unwrap(), None);
    assert_eq!(code(db.seat().find_unique_or_error(seat::row_number.eq((2, 2))).await), "P2025");

    let booked = db.booking().create(booking::create().guest("Ann").seat(seat::row_number.eq((2, 1)))).await.unwrap();
    let found = db.booking().find_unique(booking::guest_in_row.eq(("Ann", 2))).await.unwrap().unwrap();
    assert_eq!((found.id, found.seat_number), (booked.id, Some(1)));
    assert_eq!(db.booking().find_unique(booking::guest_in_row.eq(("Ann", 1))).await.unwrap(), None);
}

#[tokio::test]
async fn first() {
    let db = fresh!(filled());
    let first = db.user().find_first().order_by(user::id.desc()).await.unwrap().unwrap();
    assert_eq!(first.email, "c");
    let first = db.user().find_first().filter(user::age.is_not_null()).order_by(user::age.asc()).await.unwrap();
    assert_eq!(first.unwrap().email, "c");
    let second = db.user().find_first().order_by(user::id.asc()).skip(1).await.unwrap().unwrap();
    assert_eq!(second.email, "b");
    let last = db.user().find_first().order_by(user::id.asc()).take(-1).await.unwrap().unwrap();
    assert_eq!(last.email, "c");
    assert_eq!(db.user().find_first().filter(user::email.eq("z")).await.unwrap(), None);
    assert_eq!(db.user().find_first().order_by(user::id.asc()).skip(3).await.unwrap(), None);
    let after = db.user().find_first().order_by(user::id.asc()).cursor(user::id.eq(2)).skip(1).await.unwrap();
    assert_eq!(after.unwrap().email, "c");
}

#[tokio::test]
async fn first_or_error() {
    let db = fresh!(filled());
    let first = db.user().find_first_or_error().filter(user::name.is_null()).await.unwrap();
    assert_eq!(first.email, "c");
    let error = db.user().find_first_or_error().filter(user::age.gt(99)).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RecordNotFound { model, .. } if model == "User"), "{error:?}");
    assert!(error.to_string().starts_with("P2025"), "{error}");
}

#[tokio::test]
async fn many() {
    let db = fresh!(filled());
    assert_eq!(emails(&db, None).await, ["a", "b", "c"]);
    assert_eq!(emails(&db, user::id.eq(2)).await, ["b"]);
    assert_eq!(emails(&db, user::id.eq(2) | user::email.eq("a")).await, ["a", "b"]);
    assert_eq!(emails(&db, user::id.gt(3)).await, [""; 0]);
    let several = db.user().find_many().filter(user::id.gt(1)).filter(None).filter(user::id.lt(3)).await.unwrap();
    assert_eq!(several.len(), 1);
    assert_eq!(several[0].email, "b");
}

#[tokio::test]
async fn count_and_exists() {
    let db = fresh!(filled());
    assert_eq!(db.user().count().await.unwrap(), 3);
    assert_eq!(db.user().count().filter(user::age.is_not_null()).await.unwrap(), 2);
    assert_eq!(db.user().count().filter(user::email.eq("z")).await.unwrap(), 0);
    assert_eq!(db.user().count().order_by(user::id.asc()).skip(1).take(5).await.unwrap(), 2);
    assert_eq!(db.user().count().take(2).await.unwrap(), 2);
    assert_eq!(db.user().count().order_by(user::id.asc()).cursor(user::id.eq(2)).await.unwrap(), 2);
    assert_eq!(db.user().count().distinct([user::version]).await.unwrap(), 1);
    assert!(db.user().exists().await.unwrap());
    assert!(db.user().exists().filter(user::name.eq("Bob")).filter(user::id.eq(2)).await.unwrap());
    assert!(!db.user().exists().filter(user::name.eq("Bob")).filter(user::id.eq(1)).await.unwrap());
    assert!(!db.post().exists().await.unwrap());
}

#[tokio::test]
async fn empty_tables() {
    let db = fresh!();
    assert_eq!(db.user().find_many().await.unwrap(), []);
    assert_eq!(db.user().find_first().await.unwrap(), None);
    assert_eq!(code(db.user().find_first_or_error().await), "P2025");
    assert_eq!(db.user().count().await.unwrap(), 0);
    assert_eq!(db.user().find_many().include(user::posts).include(user::profile).await.unwrap().len(), 0);
}

/// Generic code over models, and names that Rust has taken.
#[tokio::test]
async fn names() {
    let db = fresh!();
    db.keyword().create(keyword::create().id(1).r#type("t").r#match(2).self_(3)).await.unwrap();
    let found = db.model::<Keyword>().find_unique(keyword::id.eq(1)).await.unwrap().unwrap();
    assert_eq!((found.r#type.as_str(), found.r#match, found.self_), ("t", Some(2), Some(3)));
    assert_eq!(db.keyword().count().filter(keyword::r#match.eq(2) & keyword::self_.gt(2)).await.unwrap(), 1);
}
