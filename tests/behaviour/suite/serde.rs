//! Records as JSON.

use serde_json::json;

use super::*;

#[tokio::test]
async fn names_of_the_schema_and_no_relation_that_was_not_read() {
    let db = fresh!();
    let create = user::create()
        .email("a")
        .role(Role::Moderator)
        .team(team::create().name("t"))
        .posts([post::create().title("x")]);
    let plain = db.user().create(create).await.unwrap();
    let scalars = json!({
        "id": 1, "email": "a", "name": null, "role": "MODERATOR", "age": null, "version": 1, "teamId": 1, "cityName": null, "managerId": null
    });
    assert_eq!(serde_json::to_value(&plain).unwrap(), scalars);

    let with = db
        .user()
        .find_first_or_error()
        .include(user::posts.include(post::tags))
        .include(user::team)
        .include(user::profile);
    let with = with.await.unwrap();
    let mut expected = scalars;
    expected["posts"] = json!([{
        "id": 1, "title": "x", "content": null, "published": false, "views": 0, "likes": 0, "dislikes": 0,
        "authorId": 1, "reviewerId": null, "tags": []
    }]);
    expected["team"] = json!({ "id": 1, "name": "t" });
    expected["profile"] = json!(null);
    assert_eq!(serde_json::to_value(&with).unwrap(), expected);
}

#[tokio::test]
async fn and_back() {
    let db = fresh!();
    let create =
        user::create().email("a").role(Role::SuperAdmin).posts([post::create().title("x"), post::create().title("y")]);
    let with = db.user().create(create).include(user::posts.include(post::tags)).include(user::team).await.unwrap();
    let text = serde_json::to_string(&with).unwrap();
    let back: User<Vec<Post<NotIncluded, NotIncluded, Vec<Tag>>>, NotIncluded, NotIncluded, Option<Team>> =
        serde_json::from_str(&text).unwrap();
    assert_eq!(back, with);
    // What was not asked for is passed over.
    let plain: User = serde_json::from_str(&text).unwrap();
    assert_eq!(plain.email, "a");
    let missing = serde_json::from_str::<User>(r#"{"id": 1}"#).unwrap_err().to_string();
    assert!(missing.contains("email"), "{missing}");
    let unknown = serde_json::from_value::<Role>(json!("NOBODY")).unwrap_err().to_string();
    assert!(unknown.contains("NOBODY") && unknown.contains("SUPER_ADMIN"), "{unknown}");
}

#[tokio::test]
async fn every_type() {
    let db = fresh!();
    let everything = everything::create()
        .big_int(i64::MAX)
        .decimal("12345.678".parse::<bigdecimal::BigDecimal>().unwrap())
        .date_time("2020-01-02T03:04:05.678Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap())
        .json(json!({ "deep": [1, "two", null] }))
        .bytes(vec![0u8, 255]);
    let made = db.everything().create(everything).await.unwrap();
    let value = serde_json::to_value(&made).unwrap();
    assert_eq!(value["bigInt"], json!(i64::MAX));
    assert_eq!(value["dateTime"], json!("2020-01-02T03:04:05.678Z"));
    assert_eq!(value["json"], json!({ "deep": [1, "two", null] }));
    assert_eq!(value["intOpt"], json!(null));
    let back: Everything = serde_json::from_value(value).unwrap();
    assert_eq!(back, made);
}
