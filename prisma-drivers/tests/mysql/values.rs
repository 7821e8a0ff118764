//! Values there and back, in each type, to its ends.

use std::str::FromStr;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;
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
    run(connection, "DROP TEMPORARY TABLE IF EXISTS t").await.unwrap();
    run(connection, &format!("CREATE TEMPORARY TABLE t (v {column})")).await.unwrap();
    let insert = Statement { persistent: false, ..statement("INSERT INTO t VALUES (?)", [value.clone()]) };
    let inserted = connection.execute(insert).await;
    assert_eq!(inserted.unwrap_or_else(|e| panic!("{column} {value:?}: {e}")), 1);
    let select = Statement { persistent: false, ..statement("SELECT v FROM t", []) };
    let mut found = rows(connection, select, |row| Ok(read(row))).await.unwrap();
    found.pop().unwrap()
}

fn decimal(text: &str) -> Value {
    Value::Decimal(BigDecimal::from_str(text).unwrap())
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// By the type that the server tells.
#[tokio::test]
async fn dynamic_values() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new("").await;
    let mut connection = scratch.connection().await;
    let date = |y, m, d| Value::Date(NaiveDate::from_ymd_opt(y, m, d).unwrap());
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    for (column, value) in [
        ("BOOLEAN", Value::Boolean(true)),
        ("TINYINT(1)", Value::Int(-128)),
        ("TINYINT", Value::Int(-128)),
        ("TINYINT UNSIGNED", Value::Int(255)),
        ("SMALLINT", Value::Int(i16::MIN.into())),
        ("SMALLINT UNSIGNED", Value::Int(u16::MAX.into())),
        ("MEDIUMINT", Value::Int(-8_388_608)),
        ("MEDIUMINT UNSIGNED", Value::Int(16_777_215)),
        ("INT", Value::Int(i32::MIN)),
        ("INT UNSIGNED", Value::BigInt(u32::MAX.into())),
        ("BIGINT", Value::BigInt(i64::MIN)),
        ("BIGINT UNSIGNED", Value::BigInt(i64::MAX)),
        ("YEAR", Value::Int(2155)),
        ("FLOAT", Value::Float(0.1)),
        ("DOUBLE", Value::Float(f64::MIN)),
        ("DOUBLE", Value::Float(5e-324)),
        ("DECIMAL(65, 30)", decimal("99999999999999999999999999999999999.999999999999999999999999999999")),
        ("DECIMAL(65, 0)", decimal("-99999999999999999999999999999999999999999999999999999999999999999")),
        ("DECIMAL(30, 30)", decimal("0.000000000000000000000000000001")),
        ("DECIMAL(20, 2)", decimal("1e10")),
        ("DATE", date(1000, 1, 1)),
        ("DATE", date(9999, 12, 31)),
        ("TIME(6)", Value::Time(time)),
        ("TIME", Value::Time(NaiveTime::MIN)),
        ("DATETIME(6)", Value::DateTime(at("1000-01-01T00:00:00Z"))),
        ("DATETIME(6)", Value::DateTime(at("9999-12-31T23:59:59.999999Z"))),
        ("DATETIME(3)", Value::DateTime(at("1969-12-31T23:59:59.999Z"))),
        ("DATETIME", Value::DateTime(at("2024-02-29T12:00:00Z"))),
        ("TIMESTAMP(6)", Value::DateTime(at("1970-01-01T00:00:01Z"))),
        ("TIMESTAMP(6)", Value::DateTime(at("2038-01-19T03:14:07.999999Z"))),
        ("CHAR(3)", text("ab")),
        ("VARCHAR(20)", text("Zoë 🦀 'quoted' \\")),
        ("VARCHAR(20)", text("")),
        ("TINYTEXT", text("\u{1}\u{10ffff}")),
        ("TEXT", text("a\0b")),
        ("MEDIUMTEXT", text("x")),
        ("LONGTEXT CHARACTER SET latin1", text("Grüße")),
        ("ENUM('a', 'so so')", text("so so")),
        ("SET('a', 'b')", text("a,b")),
        ("VARBINARY(3)", Value::Bytes(vec![0, 255, 0])),
        ("BINARY(2)", Value::Bytes(vec![0, 1])),
        ("TINYBLOB", Value::Bytes(vec![])),
        ("LONGBLOB", Value::Bytes(b"it's".to_vec())),
        ("BIT(16)", Value::Bytes(vec![1, 0])),
        ("INT", Value::Null),
        ("DATETIME", Value::Null),
    ] {
        let found = there_and_back(&mut *connection, column, value.clone(), |row| row.dynamic(0).unwrap()).await;
        assert_eq!(found, value, "{column}");
    }
}

/// As the schema says.
#[tokio::test]
async fn typed_values() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new("").await;
    let c = &mut *scratch.connection().await;
    for value in [json!(null), json!({ "a": [1, 2.5, "ü 🦀 \" \\", null] }), json!("x"), json!(i64::MAX)] {
        let found = there_and_back(c, "JSON", Value::Json(value.clone()), |row| row.json(0).unwrap()).await;
        assert_eq!(found, Some(value));
    }
    assert_eq!(there_and_back(c, "JSON", Value::Null, |row| row.json(0).unwrap()).await, None);
    let id = Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
    assert_eq!(there_and_back(c, "CHAR(36)", Value::Uuid(id), |row| row.uuid(0).unwrap()).await, Some(id));
    let bytes = Value::Bytes(id.as_bytes().to_vec());
    assert_eq!(there_and_back(c, "BINARY(16)", bytes, |row| row.uuid(0).unwrap()).await, Some(id));
    for (column, value, expected) in [
        ("BIT(1)", Value::Boolean(true), true),
        ("BIT(1)", Value::Boolean(false), false),
        ("TINYINT UNSIGNED", Value::Boolean(true), true),
        ("TINYINT(1)", Value::Int(7), true),
    ] {
        let found = there_and_back(c, column, value, |row| row.boolean(0).unwrap()).await;
        assert_eq!(found, Some(expected), "{column}");
    }
    let bits = there_and_back(c, "BIT(64)", Value::BigInt(1 << 40), |row| row.integer(0).unwrap()).await;
    assert_eq!(bits, Some(1 << 40));
    let day = there_and_back(c, "DATE", Value::Date(NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()), |row| {
        row.date_time(0).unwrap()
    })
    .await;
    assert_eq!(day, Some(at("2024-01-01T00:00:00Z")));
    let text = there_and_back(c, "VARCHAR(9) COLLATE utf8mb4_bin", text("ü"), |row| {
        row.text(0).unwrap().map(std::borrow::Cow::into_owned)
    });
    assert_eq!(text.await.as_deref(), Some("ü"));
}

/// What a column holds that its field cannot be.
#[tokio::test]
async fn values_that_do_not_fit_the_field() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new("CREATE TABLE t (big BIGINT UNSIGNED, span TIME, word VARCHAR(9), day DATE)").await;
    let c = &mut *scratch.connection().await;
    run(c, "INSERT INTO t VALUES (18446744073709551615, '-25:00:00', 'x', '2024-01-01')").await.unwrap();
    let all = statement("SELECT * FROM t", []);
    let found = rows(c, all, |row| {
        assert_eq!(row.dynamic(0).unwrap(), decimal("18446744073709551615"));
        assert_eq!(row.decimal(0).unwrap(), Some(BigDecimal::from(u64::MAX)));
        let failures = [
            row.integer(0).unwrap_err(),
            row.time(1).unwrap_err(),
            row.integer(2).unwrap_err(),
            row.text(3).unwrap_err(),
            row.json(2).unwrap_err(),
            row.uuid(2).unwrap_err(),
            row.boolean(2).unwrap_err(),
            row.list(2, prisma_core::driver::ElementType::Int).unwrap_err(),
        ];
        Ok(failures.map(|e| e.to_string()))
    });
    let found = found.await.unwrap().remove(0);
    assert_eq!(found[0], "expected an integer of 64 bits, found the integer 18446744073709551615");
    assert!(found[1].starts_with("expected a time of day, found "), "{}", found[1]);
    assert_eq!(found[2], "expected an integer of 64 bits, found the text \"x\"");
    assert_eq!(found[3], "expected text in UTF-8, found the date 2024-01-01");
}

#[tokio::test]
async fn values_that_cannot_be_bound() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new("").await;
    let c = &mut *scratch.connection().await;
    for value in [
        Value::Float(f64::NAN),
        Value::Float(f64::INFINITY),
        decimal("1e66"),
        Value::Decimal(BigDecimal::new(1.into(), 90)),
        decimal(&"9".repeat(66)),
        Value::List(vec![text("x")]),
    ] {
        let error = c.execute(statement("SELECT ?", [value.clone()])).await.unwrap_err();
        assert!(matches!(error, DriverError::Encode { .. }), "{value:?}: {error}");
    }
    assert_eq!(number(c, "SELECT 1").await, 1, "nothing was sent");
}

fn check<T: Send + PartialEq + std::fmt::Debug>(
    column: &str,
    values: Vec<Value>,
    expected: Vec<T>,
    read: impl Fn(&dyn Row) -> T + Send + Sync,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let scratch = Scratch::new("").await;
        let c = &mut *scratch.connection().await;
        let table = "t";
        let create = format!("CREATE TEMPORARY TABLE {table} (n INT PRIMARY KEY AUTO_INCREMENT, v {column})");
        c.execute_script(&create).await.unwrap();
        let places = vec!["(?)"; values.len()].join(", ");
        c.execute(statement(&format!("INSERT INTO {table} (v) VALUES {places}"), values)).await.unwrap();
        let all = statement(&format!("SELECT v FROM {table} ORDER BY n"), []);
        assert_eq!(rows(c, all, |row| Ok(read(row))).await.unwrap(), expected, "{column}");
    });
}

fn some<T>(values: impl IntoIterator<Item = T>) -> Vec<Option<T>> {
    values.into_iter().map(Some).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_numbers(values in prop::collection::vec(any::<i64>(), 1..50)) {
        let bind = || values.iter().copied().map(Value::BigInt).collect();
        check("BIGINT", bind(), some(values.clone()), |row| row.integer(0).unwrap());
        let positive: Vec<i64> = values.iter().map(|v| v & i64::MAX).collect();
        let bind = positive.iter().copied().map(Value::BigInt).collect();
        check("BIGINT UNSIGNED", bind, some(positive), |row| row.integer(0).unwrap());
    }

    #[test]
    fn floats(values in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO, 1..50)) {
        let bind = values.iter().copied().map(Value::Float).collect();
        check("DOUBLE", bind, some(values), |row| row.float(0).unwrap());
    }

    #[test]
    fn decimals(values in prop::collection::vec("-?[1-9][0-9]{0,34}(\\.[0-9]{1,30})?", 1..50)) {
        let values: Vec<BigDecimal> = values.iter().map(|v| v.parse().unwrap()).collect();
        let bind = values.iter().cloned().map(Value::Decimal).collect();
        check("DECIMAL(65, 30)", bind, some(values), |row| row.decimal(0).unwrap());
    }

    #[test]
    fn texts(values in prop::collection::vec(any::<String>(), 1..50)) {
        let bind = values.iter().cloned().map(Value::String).collect();
        check("LONGTEXT", bind, some(values), |row| row.text(0).unwrap().map(std::borrow::Cow::into_owned));
    }

    #[test]
    fn bytes(values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..50)) {
        let bind = values.iter().cloned().map(Value::Bytes).collect();
        check("LONGBLOB", bind, some(values), |row| row.bytes(0).unwrap().map(std::borrow::Cow::into_owned));
    }

    #[test]
    fn times(micros in prop::collection::vec(-30_610_224_000_000_000i64..253_402_300_800_000_000, 1..50)) {
        let values: Vec<DateTime<Utc>> = micros.iter().map(|&m| DateTime::from_timestamp_micros(m).unwrap()).collect();
        let bind = || values.iter().copied().map(Value::DateTime).collect();
        check("DATETIME(6)", bind(), some(values.clone()), |row| row.date_time(0).unwrap());
        let days: Vec<NaiveDate> = values.iter().map(|v| v.date_naive()).collect();
        check("DATE", days.iter().copied().map(Value::Date).collect(), some(days), |row| row.date(0).unwrap());
        let hours: Vec<NaiveTime> = values.iter().map(|v| v.time()).collect();
        check("TIME(6)", hours.iter().copied().map(Value::Time).collect(), some(hours), |row| row.time(0).unwrap());
        let first = at("1970-01-01T00:00:01Z");
        let stamps: Vec<_> = micros.iter().map(|m| first + TimeDelta::microseconds(m.rem_euclid(2_147_483_646_000_000))).collect();
        check("TIMESTAMP(6)", stamps.iter().copied().map(Value::DateTime).collect(), some(stamps), |row| row.date_time(0).unwrap());
    }
}
