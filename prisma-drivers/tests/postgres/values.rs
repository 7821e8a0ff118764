//! Values there and back, in each type.

use std::str::FromStr;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::*;

/// Writes a value into a column of this type, and reads it back.
async fn there_and_back<T: Send>(
    connection: &mut dyn Connection,
    column: &str,
    value: Value,
    read: impl Fn(&dyn Row) -> T + Send + Sync,
) -> T {
    run(connection, "DROP TABLE IF EXISTS t").await.unwrap();
    run(connection, &format!("CREATE TABLE t (v {column})")).await.unwrap();
    let insert = Statement { persistent: false, ..statement("INSERT INTO t VALUES ($1)", [value.clone()]) };
    let inserted = connection.execute(insert).await;
    assert_eq!(inserted.unwrap_or_else(|e| panic!("{column} {value:?}: {e}")), 1);
    let mut found = rows(connection, statement("SELECT v FROM t", []), |row| Ok(read(row))).await.unwrap();
    found.pop().unwrap()
}

#[tokio::test]
async fn dynamic_values() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("", "CREATE TYPE mood AS ENUM ('happy', 'so so')").await;
    let mut connection = driver.acquire().await.unwrap();
    let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    let date_time: DateTime<Utc> = date.and_time(time).and_utc();
    let decimal = |text: &str| Value::Decimal(BigDecimal::from_str(text).unwrap());
    let text = |text: &str| Value::String(text.to_owned());
    for (column, value) in [
        ("boolean", Value::Boolean(true)),
        ("smallint", Value::Int(i16::MIN.into())),
        ("integer", Value::Int(i32::MAX)),
        ("bigint", Value::BigInt(i64::MIN)),
        ("oid", Value::BigInt(u32::MAX.into())),
        ("real", Value::Float(1.1)),
        ("double precision", Value::Float(f64::MAX)),
        ("numeric", decimal("-12345678901234567890.000000000123456789")),
        ("numeric(65,30)", decimal("99999999999999999999999999999999999.999999999999999999999999999999")),
        ("money", decimal("-92233720368547758.08")),
        ("text", text("Zoë 🦀 'quoted'")),
        ("varchar(10)", text("")),
        ("char(3)", text("ab ")),
        ("name", text("n")),
        ("\"char\"", text("x")),
        ("xml", text("<a>b</a>")),
        ("mood", text("so so")),
        ("bytea", Value::Bytes(vec![0, 255, 0])),
        ("timestamp(6)", Value::DateTime(date_time)),
        ("timestamptz(6)", Value::DateTime(date_time)),
        ("date", Value::Date(date)),
        ("time(6)", Value::Time(time)),
        ("timetz(6)", Value::Time(time)),
        ("json", Value::Json(json!({"a": [1, null, "x"]}))),
        ("jsonb", Value::Json(serde_json::Value::Null)),
        ("uuid", Value::Uuid(Uuid::max())),
        ("inet", text("192.168.0.1")),
        ("inet", text("10.0.0.1/8")),
        ("inet", text("::1")),
        ("cidr", text("10.0.0.0/8")),
        ("cidr", text("2001:db8::/32")),
        ("bit(10)", text("1010101010")),
        ("varbit", text("")),
        ("varbit(9)", text("111")),
        ("integer[]", Value::List(vec![Value::Int(1), Value::Null, Value::Int(-1)])),
        ("mood[]", Value::List(vec![text("happy")])),
        ("text[]", Value::List(vec![])),
        ("text[]", Value::List(vec![text(""), text("a,b\"{}")])),
        ("jsonb[]", Value::List(vec![Value::Json(json!(null)), Value::Json(json!({}))])),
        ("integer", Value::Null),
        ("text[]", Value::Null),
    ] {
        let found = there_and_back(&mut *connection, column, value.clone(), |row| row.dynamic(0).unwrap()).await;
        assert_eq!(found, value, "{column}");
    }
}
