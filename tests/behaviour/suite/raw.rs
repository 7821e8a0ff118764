//! SQL of one's own.

use std::collections::HashMap;

use prisma_client::{FromRow, RawSql, Value, serde_json, sql};

use super::*;

async fn people() -> TestDb {
    let db = fresh().await;
    let ada = user::create().email("ada").name("Ada").role(Role::SuperAdmin).age(36);
    db.user().create(ada).await.unwrap();
    db.user().create(user::create().email("bob").role(Role::Moderator).age(41)).await.unwrap();
    db.user().create(user::create().email("it's; \"quoted\" -- {no}")).await.unwrap();
    db
}

#[tokio::test]
async fn records_by_the_names_of_their_columns() {
    let db = fresh!(people());
    let id = 1;
    let users: Vec<User> = db.query_raw(sql!("SELECT * FROM users WHERE id = {id}")).await.unwrap();
    assert_eq!(users, db.user().find_many().filter(user::id.eq(1)).await.unwrap());
    // In another order than the schema's, with a column that is none of its own.
    let all = db.user().find_many().order_by(user::id.desc()).await.unwrap();
    let users = sql!("SELECT 1 AS more, age, role, u.* FROM users u ORDER BY u.id DESC");
    assert_eq!(db.query_raw::<User>(users).await.unwrap(), all);
    let error = db.query_raw::<User>(sql!("SELECT id, name FROM users")).await.unwrap_err();
    assert_eq!(error.code(), Some("P2010"));
    assert!(error.to_string().contains("`User` needs the column `email`"), "{error}");
    assert!(db.query_raw::<User>(sql!("SELECT id FROM users WHERE id = {-1}")).await.unwrap().is_empty());
}

#[tokio::test]
async fn tuples_and_single_values() {
    let db = fresh!(people());
    let rows: Vec<(String, Role, Option<i32>)> =
        db.query_raw(sql!("SELECT email, role, age FROM users ORDER BY id")).await.unwrap();
    assert_eq!(rows[0], ("ada".to_owned(), Role::SuperAdmin, Some(36)));
    assert_eq!((rows[1].1, rows[2].2), (Role::Moderator, None));
    let count: Vec<i64> = db.query_raw(sql!("SELECT COUNT(*) FROM users")).await.unwrap();
    assert_eq!(count, [3]);
    let ages: Vec<Option<i32>> = db.query_raw(sql!("SELECT age FROM users ORDER BY id")).await.unwrap();
    assert_eq!(ages, [Some(36), Some(41), None]);
    let error = db.query_raw::<i32>(sql!("SELECT id, email FROM users")).await.unwrap_err();
    assert!(
        error.to_string().contains("read as 1 column, and the statement answers 2 columns: `id`, `email`"),
        "{error}"
    );
    let error = db.query_raw::<(i32, i32)>(sql!("SELECT id, age FROM users ORDER BY id")).await.unwrap_err();
    assert!(error.code() == Some("P2010") && error.to_string().contains("`age`"), "{error}");
}

#[tokio::test]
async fn rows_of_unknown_columns() {
    let db = fresh!(people());
    let rows: Vec<serde_json::Value> =
        db.query_raw(sql!("SELECT id, email, name FROM users ORDER BY id")).await.unwrap();
    assert_eq!(rows[0], serde_json::json!({ "id": 1, "email": "ada", "name": "Ada" }));
    assert_eq!(rows[1]["name"], serde_json::Value::Null);
    let rows: Vec<HashMap<String, Value>> =
        db.query_raw(sql!("SELECT email, age FROM users WHERE id = 1")).await.unwrap();
    assert_eq!(rows[0]["email"], Value::String("ada".to_owned()));
    assert_eq!(rows[0]["age"], Value::Int(36));
}

#[derive(Debug, PartialEq, FromRow)]
struct Person {
    #[prisma(column = "age")]
    years: Option<i32>,
    role: Role,
    email: String,
}

#[tokio::test]
async fn structs() {
    let db = fresh!(people());
    let people: Vec<Person> = db.query_raw(sql!("SELECT * FROM users ORDER BY id")).await.unwrap();
    assert_eq!(people[0], Person { years: Some(36), role: Role::SuperAdmin, email: "ada".to_owned() });
    let error = db.query_raw::<Person>(sql!("SELECT email, role FROM users")).await.unwrap_err();
    assert!(error.to_string().contains("`Person` needs the column `age`"), "{error}");
}

#[tokio::test]
async fn values_are_bound() {
    let db = fresh!(people());
    let email = "it's; \"quoted\" -- {no}".to_owned();
    let found: Vec<String> = db.query_raw(sql!("SELECT email FROM users WHERE email = {email}")).await.unwrap();
    assert_eq!(found, [email.as_str()], "and it is there still");
    let (role, age): (_, Option<i32>) = (Role::Moderator, None);
    let sql = sql!("SELECT email FROM users WHERE role = {role} AND name IS NULL AND age > {age.unwrap_or(40)}");
    assert_eq!(db.query_raw::<String>(sql).await.unwrap(), ["bob"]);
    let braces: Vec<String> = db.query_raw(sql!("SELECT '{{}}'")).await.unwrap();
    assert_eq!(braces, ["{}"]);
}

#[tokio::test]
async fn lists() {
    let db = fresh!(people());
    let emails = async |sql: RawSql| db.query_raw::<String>(sql).await.unwrap();
    let names = vec!["ada", "bob", "nobody"];
    assert_eq!(emails(sql!("SELECT email FROM users WHERE email IN ({names}) ORDER BY id")).await, ["ada", "bob"]);
    let ids = [1, 3];
    assert_eq!(emails(sql!("SELECT email FROM users WHERE id NOT IN ({ids}) AND email <> {names[0]}")).await, ["bob"]);
    let none: &[i32] = &[];
    assert!(emails(sql!("SELECT email FROM users WHERE id IN ({none})")).await.is_empty());
    assert_eq!(emails(sql!("SELECT email FROM users WHERE id NOT IN ( {none} )")).await.len(), 3);
    let roles = vec![Role::Moderator, Role::User];
    assert_eq!(emails(sql!("SELECT email FROM users WHERE role IN ({roles}) AND age > 1")).await, ["bob"]);
}

#[tokio::test]
async fn parts_put_together() {
    let db = fresh!(people());
    let (least, name) = (Some(40), None::<&str>);
    let mut conditions = vec![sql!("id > {0}")];
    conditions.extend(least.map(|least| sql!("age >= {least}")));
    conditions.extend(name.map(|name| sql!("name = {name}")));
    let condition = RawSql::join(conditions, " AND ");
    let order = RawSql::verbatim(if least.is_some() { "age" } else { "id" });
    let users: Vec<(i32, String)> =
        db.query_raw(sql!("SELECT id, email FROM users WHERE {condition} ORDER BY {order} DESC")).await.unwrap();
    assert_eq!(users, [(2, "bob".to_owned())]);
    assert_eq!(db.query_raw::<i64>(sql!("SELECT COUNT(*) FROM users {RawSql::empty()}")).await.unwrap(), [3]);
}

#[tokio::test]
async fn changes_in_transactions_and_batches() {
    let db = fresh!(people());
    let name = "Bob";
    assert_eq!(db.execute_raw(sql!("UPDATE users SET name = {name} WHERE email IN ('bob', 'cyd')")).await.unwrap(), 1);
    let tx = db.begin().await.unwrap();
    assert_eq!(tx.execute_raw(sql!("DELETE FROM users")).await.unwrap(), 3);
    assert_eq!(tx.query_raw::<i64>(sql!("SELECT COUNT(*) FROM users")).await.unwrap(), [0]);
    tx.rollback().await.unwrap();
    let update = db.execute_raw(sql!("UPDATE users SET age = 1 WHERE id = 3"));
    let (changed, ages, users) = db
        .batch((update, db.query_raw::<Option<i32>>(sql!("SELECT age FROM users WHERE id = 3")), db.user().count()))
        .await
        .unwrap();
    assert_eq!((changed, ages, users), (1, vec![Some(1)], 3));
}

#[tokio::test]
async fn what_the_database_refuses() {
    let db = fresh!(people());
    let error = db.query_raw::<User>(sql!("SELEC * FROM users")).await.unwrap_err();
    assert_eq!(error.code(), Some("P2010"));
    assert!(matches!(error.kind(), ErrorKind::RawQuery { .. }));
    let error = db.execute_raw(sql!("INSERT INTO users (email) VALUES ({\"ada\"})")).await.unwrap_err();
    assert_eq!(error.code(), Some("P2002"));
}
