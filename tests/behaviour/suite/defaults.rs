//! What a record gets where nothing is said.

use std::collections::HashSet;

use bigdecimal::BigDecimal;
use chrono::{TimeDelta, Utc};
use serde_json::json;

use super::*;

#[tokio::test]
async fn literals() {
    let db = fresh!();
    let made = db.everything().create(everything::create()).await.unwrap();
    assert_eq!((made.string.as_str(), made.boolean, made.int, made.big_int), ("text", true, -1, 9_007_199_254_740_993));
    assert_eq!((made.float, made.decimal.clone()), (1.5, "1.25".parse::<BigDecimal>().unwrap()));
    assert_eq!(
        (made.json.clone(), made.bytes.clone(), made.role),
        (json!({ "a": [1, null] }), vec![1, 2, 3], Role::SuperAdmin)
    );
    assert_eq!((&made.string_opt, made.boolean_opt, made.int_opt, made.big_int_opt), (&None, None, None, None));
    assert_eq!((made.float_opt, &made.decimal_opt, made.date_time_opt), (None, &None, None));
    assert_eq!((&made.json_opt, &made.bytes_opt, made.role_opt), (&None, &None, None));
    let read = db.everything().find_unique_or_error(everything::id.eq(&made.id)).await.unwrap();
    assert_eq!(read, made, "what a create answers is what is there");
}

#[tokio::test]
async fn times() {
    let db = fresh!();
    let before = Utc::now() - TimeDelta::milliseconds(1);
    let made = db.everything().create(everything::create()).await.unwrap();
    let after = Utc::now() + TimeDelta::milliseconds(1);
    assert!(before <= made.date_time && made.date_time <= after, "{before} {} {after}", made.date_time);
    assert_eq!(made.date_time, made.updated_at, "one moment for one record");
    let many = db.everything().create_many_and_return([everything::create(), everything::create()]).await.unwrap();
    assert_eq!(many[0].date_time, many[1].date_time, "one moment for one statement");
    let given: chrono::DateTime<chrono::Utc> = "2001-02-03T04:05:06Z".parse().unwrap();
    let made = db.everything().create(everything::create().date_time(given).updated_at(given)).await.unwrap();
    assert_eq!((made.date_time, made.updated_at), (given, given));
}

#[tokio::test]
async fn generated_texts() {
    let db = fresh!();
    let made = db.everything().create_many_and_return((0..20).map(|_| everything::create())).await.unwrap();
    assert_eq!(made.len(), 20);
    let all = |text: &str, chars: fn(char) -> bool| text.chars().all(chars);
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    for record in &made {
        assert!(record.id.len() == 25 && record.id.starts_with('c') && all(&record.id, lower), "cuid {}", record.id);
        let uuid: prisma_client::uuid::Uuid = record.uuid7.parse().unwrap();
        assert_eq!((uuid.get_version_num(), uuid.to_string()), (7, record.uuid7.clone()));
        assert!(
            record.cuid2.len() == 24 && record.cuid2.starts_with(|c: char| c.is_ascii_lowercase()),
            "cuid2 {}",
            record.cuid2
        );
        assert!(all(&record.cuid2, lower), "cuid2 {}", record.cuid2);
        let crockford = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() && !"ILOU".contains(c);
        assert!(record.ulid.len() == 26 && all(&record.ulid, crockford), "ulid {}", record.ulid);
        let url = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(record.nanoid.len() == 10 && all(&record.nanoid, url), "nanoid {}", record.nanoid);
    }
    let different = |of: fn(&Everything) -> &str| made.iter().map(of).collect::<HashSet<_>>().len();
    assert_eq!([different(|e| &e.id), different(|e| &e.uuid7), different(|e| &e.cuid2)], [20; 3]);
    assert_eq!([different(|e| &e.ulid), different(|e| &e.nanoid)], [20; 2]);
    let booking = db.booking().create(booking::create().guest("Ann")).await.unwrap();
    let uuid: prisma_client::uuid::Uuid = booking.id.parse().unwrap();
    assert_eq!(uuid.get_version_num(), 4);
}

#[tokio::test]
async fn autoincrement() {
    let db = fresh!();
    let ids = db.tag().create_many_and_return(["a", "b", "c"].map(|n| tag::create().name(n))).await.unwrap();
    assert_eq!(ids.iter().map(|t| t.id).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(db.tag().create(tag::create().id(50).name("d")).await.unwrap().id, 50);
    db.tag().delete(tag::id.eq(3)).await.unwrap();
    assert_eq!(db.tag().create(tag::create().name("e")).await.unwrap().id, AFTER_FIFTY);
}

#[tokio::test]
async fn enums_and_defaults_of_other_models() {
    let db = fresh!();
    let made = user_named(&db, "a").await;
    assert_eq!((made.role, made.version, made.name, made.age), (Role::User, 1, None, None));
    let made = db.user().create(user::create().email("b").role(Role::Moderator).version(7)).await.unwrap();
    assert_eq!((made.role, made.version), (Role::Moderator, 7));
    let post = db.post().create(post::create().title("t")).await.unwrap();
    assert_eq!((post.published, post.views, post.likes, post.author_id), (false, 0, 0, None));
}
