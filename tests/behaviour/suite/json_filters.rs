//! Conditions on what is in a Json field.

use serde_json::json;

use super::*;

async fn documents() -> TestDb {
    let db = fresh().await;
    let documents = [
        Some(json!({ "name": "Ada", "age": 36, "tags": ["x", "y"], "at": { "city": "Oslo 100%" }, "none": null })),
        Some(json!({ "name": "ada", "age": 7.5, "tags": [], "at": [{ "city": "Rome" }, 2] })),
        Some(json!({ "name": 5, "age": "old", "tags": "x", "odd \"name\"": true })),
        Some(json!(null)),
        None,
        Some(json!("Ada")),
        Some(json!([1, 2, [3]])),
    ];
    for (document, id) in documents.into_iter().zip('1'..) {
        let record = everything::create().id(id.to_string()).json_opt(document);
        db.everything().create(record).await.unwrap();
    }
    db
}

async fn ids(db: &PrismaClient, filter: Filter<Everything>) -> String {
    let found = db.everything().find_many().filter(filter).order_by(everything::id.asc()).await.unwrap();
    found.into_iter().map(|e| e.id).collect()
}

#[tokio::test]
async fn equality() {
    let db = &*fresh!(documents());
    let json = everything::json_opt;
    assert_eq!(ids(db, json.path(["name"]).eq(json!("Ada"))).await, "1", "case counts");
    assert_eq!(ids(db, json.path(["name"]).ne(json!("Ada"))).await, "23");
    assert_eq!(ids(db, !json.path(["name"]).eq(json!("Ada"))).await, "23", "what is not there is neither");
    assert_eq!(ids(db, json.path(["age"]).eq(json!(36))).await, "1");
    assert_eq!(ids(db, json.path(["tags"]).eq(json!(["x", "y"]))).await, "1");
    assert_eq!(ids(db, json.path(["tags"]).eq(json!(["y", "x"]))).await, "", "the order counts");
    assert_eq!(ids(db, json.path(["at"]).eq(json!({ "city": "Oslo 100%" }))).await, "1");
    assert_eq!(ids(db, json.path(["odd \"name\""]).eq(json!(true))).await, "3");
    assert_eq!(ids(db, json.path(("at", 0, "city")).eq(json!("Rome"))).await, "2");
    assert_eq!(ids(db, json.path((2, 0)).eq(json!(3))).await, "7");
    assert_eq!(ids(db, json.path(()).eq(json!("Ada"))).await, "6");
    assert_eq!(ids(db, json.eq(json!("Ada"))).await, "6");
    assert_eq!(ids(db, json.ne(json!("Ada"))).await, "12347");
    assert_eq!(ids(db, json.path(["name", "more"]).eq(json!(1))).await, "");
    assert_eq!(ids(db, json.path(["x' OR 1=1 --"]).eq(json!("' OR 1=1 --"))).await, "");
}

#[tokio::test]
async fn nulls() {
    let db = &*fresh!(documents());
    let json = everything::json_opt;
    assert_eq!(ids(db, json.is_null()).await, "5", "the database's");
    assert_eq!(ids(db, json.is_not_null()).await, "123467");
    assert_eq!(ids(db, json.eq(json!(null))).await, "4", "JSON's own");
    assert_eq!(ids(db, json.is_any_null()).await, "45");
    assert_eq!(ids(db, !json.is_any_null()).await, "12367");
    assert_eq!(ids(db, json.path(["none"]).eq(json!(null))).await, "1");
    assert_eq!(ids(db, json.path(["none"]).is_null()).await, "234567");
    assert_eq!(ids(db, json.path(["none"]).is_not_null()).await, "1");
    assert_eq!(ids(db, json.path(["name"]).is_not_null()).await, "123");
    // Each can be written.
    let one = || everything::id.eq("1");
    db.everything().update(one(), json.set(json!(null))).await.unwrap();
    assert_eq!(ids(db, json.eq(json!(null))).await, "14");
    db.everything().update(one(), json.set(None)).await.unwrap();
    assert_eq!(ids(db, json.is_null()).await, "15");
}

#[tokio::test]
async fn text() {
    let db = &*fresh!(documents());
    let json = everything::json_opt;
    assert_eq!(ids(db, json.path(["name"]).string_contains("d")).await, "12");
    assert_eq!(ids(db, json.path(["name"]).string_ends_with("da")).await, "12");
    assert_eq!(ids(db, json.path(["name"]).string_ends_with("5")).await, "", "a number is no text");
    let starts = ids(db, json.path(["name"]).string_starts_with("a")).await;
    assert!(starts == "2" || starts == "12", "{starts}");
    assert_eq!(ids(db, json.path(["at", "city"]).string_contains("100%")).await, "1");
    assert_eq!(ids(db, json.path(["at", "city"]).string_contains("_")).await, "", "no wild cards");
    assert_eq!(ids(db, json.path(()).string_contains("da")).await, "6", "the value itself");
    assert_eq!(ids(db, !json.path(["name"]).string_contains("d")).await, "3");
    assert_eq!(ids(db, json.path(["age"]).string_contains("o")).await, "3");
}

#[tokio::test]
async fn order() {
    let db = &*fresh!(documents());
    let json = everything::json_opt;
    assert_eq!(ids(db, json.path(["age"]).gt(7)).await, "12");
    assert_eq!(ids(db, json.path(["age"]).gt(7.5)).await, "1");
    assert_eq!(ids(db, json.path(["age"]).gte(7.5)).await, "12");
    assert_eq!(ids(db, json.path(["age"]).lt(36)).await, "2");
    assert_eq!(ids(db, json.path(["age"]).lte(36)).await, "12");
    assert_eq!(ids(db, json.path(["age"]).lt(100)).await, "12", "by their worth, not as text");
    assert_eq!(ids(db, json.path(["age"]).gt("o")).await, "3", "text among text");
    assert_eq!(ids(db, json.path(["age"]).lt("o")).await, "");
    assert_eq!(ids(db, json.path((1,)).gte(2)).await, "7");
}

#[tokio::test]
async fn arrays() {
    let db = &*fresh!(documents());
    let json = everything::json_opt;
    assert_eq!(ids(db, json.path(["tags"]).array_starts_with("x")).await, "1", "text is no array");
    assert_eq!(ids(db, json.path(["tags"]).array_ends_with("y")).await, "1");
    assert_eq!(ids(db, json.path(["tags"]).array_ends_with("x")).await, "");
    assert_eq!(ids(db, json.path(["at"]).array_starts_with(json!({ "city": "Rome" }))).await, "2");
    assert_eq!(ids(db, json.path(()).array_starts_with(1)).await, "7");
    assert_eq!(ids(db, json.path(()).array_ends_with(json!([3]))).await, "7");
}

/// Beside other conditions, under relations, in every kind of statement.
#[tokio::test]
async fn everywhere() {
    let db = &*fresh!(documents());
    let json = everything::json_opt;
    let adult = || json.path(["age"]).gt(18);
    assert_eq!(ids(db, adult() | json.path(["name"]).eq(json!(5))).await, "13");
    assert_eq!(ids(db, adult() & everything::id.ne("1")).await, "");
    assert_eq!(db.everything().count().filter(adult()).await.unwrap(), 1);
    assert_eq!(db.everything().update_many(everything::int.set(9)).filter(adult()).await.unwrap(), 1);
    assert_eq!(db.everything().delete_many().filter(adult()).await.unwrap(), 1);
    assert_eq!(ids(db, adult()).await, "");
    let sql = |path: &str| db.everything().find_many().filter(json.path([path]).gt(1)).to_sql().unwrap();
    assert_eq!(sql("a").text(), sql("b'").text(), "paths are bound");
}
