use std::borrow::Cow;
use std::str::FromStr;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use prisma_core::Value;
use prisma_core::driver::{ColumnError, Driver, DriverError, ElementType, QueryError, Row};
use serde_json::json;
use uuid::Uuid;

use crate::{memory, rows, statement};

/// Stores a value in a column of a type that Prisma gives it, and reads it back.
async fn store<T: Send>(
    column: &str,
    value: Value,
    read: impl Fn(&dyn Row) -> Result<T, ColumnError> + Send + Sync,
) -> Result<T, String> {
    let driver = memory().await;
    let mut connection = driver.acquire().await.unwrap();
    connection.execute(statement(&format!("CREATE TABLE t (v {column})"), [])).await.unwrap();
    connection.execute(statement("INSERT INTO t (v) VALUES (?)", [value])).await.map_err(|e| e.to_string())?;
    let mut found = rows(&mut *connection, statement("SELECT v FROM t", []), |row| Ok(read(row)))
        .await
        .map_err(|e| format!("{e:?}"))?;
    found.remove(0).map_err(|e| e.to_string())
}

#[tokio::test]
async fn numbers_at_the_ends_of_their_ranges() {
    for v in [i32::MIN, -1, 0, i32::MAX] {
        assert_eq!(store("INTEGER", Value::Int(v), |r| r.integer(0)).await, Ok(Some(v.into())));
    }
    for v in [i64::MIN, i64::MAX] {
        assert_eq!(store("BIGINT", Value::BigInt(v), |r| r.integer(0)).await, Ok(Some(v)));
    }
    for v in [f64::MIN, f64::MIN_POSITIVE, 0.1 + 0.2, 5.0, f64::MAX, f64::INFINITY] {
        assert_eq!(store("REAL", Value::Float(v), |r| r.float(0)).await, Ok(Some(v)));
    }
    for v in [true, false] {
        assert_eq!(store("BOOLEAN", Value::Boolean(v), |r| r.boolean(0)).await, Ok(Some(v)));
    }
    let nan = store("REAL", Value::Float(f64::NAN), |r| r.float(0)).await.unwrap_err();
    assert!(nan.contains("NaN"), "{nan}");
}

#[tokio::test]
async fn decimals_within_the_digits_that_sqlite_keeps() {
    for text in ["0", "0.1", "-12.345", "1.50", "123456789.123456", "9223372036854775807", "1e20", "1e-20", "-1e300"] {
        let v = BigDecimal::from_str(text).unwrap();
        assert_eq!(store("DECIMAL", Value::Decimal(v.clone()), |r| r.decimal(0)).await, Ok(Some(v)), "{text}");
    }
    for text in ["1e999", "-1e999999999"] {
        let v = BigDecimal::from_str(text).unwrap();
        let error = store("DECIMAL", Value::Decimal(v), |r| r.decimal(0)).await.unwrap_err();
        assert!(error.contains("beyond the range"), "{error}");
    }
    let tiny = BigDecimal::from_str("1e-999999999").unwrap();
    assert_eq!(
        store("DECIMAL", Value::Decimal(tiny), |r| r.decimal(0)).await,
        Ok(Some(0.into())),
        "rounded, and quickly"
    );
}

#[tokio::test]
async fn decimals_compare_as_numbers() {
    let driver = memory().await;
    let mut connection = driver.acquire().await.unwrap();
    connection.execute_script("CREATE TABLE t (v DECIMAL); INSERT INTO t VALUES (9), (10.5), (100)").await.unwrap();
    let limit = Value::Decimal(BigDecimal::from_str("10.5").unwrap());
    for (sql, expected) in [("SELECT COUNT(*) FROM t WHERE v >= ?", 2), ("SELECT COUNT(*) FROM t WHERE v + 0 > ?", 1)] {
        let found =
            rows(&mut *connection, statement(sql, [limit.clone()]), |r| Ok(r.integer(0).unwrap())).await.unwrap();
        assert_eq!(found, [Some(expected)], "{sql}");
    }
}

#[tokio::test]
async fn text_and_bytes() {
    let long = "ä".repeat(100_000);
    for v in ["", "plain", "it's \"quoted\" \\ %_", "😀 \u{0}after nul", &long] {
        let read = store("TEXT", Value::String(v.into()), |r| r.text(0).map(|t| t.map(Cow::into_owned))).await;
        assert_eq!(read, Ok(Some(v.to_owned())));
    }
    for v in [vec![], vec![0, 255, 128], vec![7; 1_000_000]] {
        let read = store("BLOB", Value::Bytes(v.clone()), |r| r.bytes(0).map(|t| t.map(Cow::into_owned))).await;
        assert_eq!(read, Ok(Some(v)));
    }
    let read = store("TEXT", Value::Enum("ADMIN".into()), |r| r.text(0).map(|t| t.map(Cow::into_owned))).await;
    assert_eq!(read, Ok(Some("ADMIN".into())));
    let uuid = Uuid::from_u128(u128::MAX - 5);
    assert_eq!(store("TEXT", Value::Uuid(uuid), |r| r.uuid(0)).await, Ok(Some(uuid)));
}

#[tokio::test]
async fn text_is_borrowed_from_the_row() {
    let driver = memory().await;
    let mut connection = driver.acquire().await.unwrap();
    let borrowed = rows(&mut *connection, statement("SELECT 'text', x'0102'", []), |row| {
        Ok((
            matches!(row.text(0).unwrap(), Some(Cow::Borrowed("text"))),
            matches!(row.bytes(1).unwrap(), Some(Cow::Borrowed([1, 2]))),
        ))
    });
    assert_eq!(borrowed.await.unwrap(), [(true, true)]);
}

#[tokio::test]
async fn dates_and_times() {
    let micros: DateTime<Utc> = "2024-02-29T23:59:59.123456Z".parse().unwrap();
    let millis: DateTime<Utc> = "1969-12-31T23:59:59.999Z".parse().unwrap();
    let far = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC]
        .map(|v| DateTime::from_timestamp_millis(v.timestamp_millis()).unwrap());
    for v in [micros, millis, far[0], far[1]] {
        assert_eq!(store("DATETIME", Value::DateTime(v), |r| r.date_time(0)).await, Ok(Some(v)));
    }
    let nanos = micros + TimeDelta::nanoseconds(900);
    assert_eq!(store("DATETIME", Value::DateTime(nanos), |r| r.date_time(0)).await, Ok(Some(micros)));
    // Milliseconds are stored as Prisma does it.
    assert_eq!(store("DATETIME", Value::DateTime(millis), |r| r.integer(0)).await, Ok(Some(-1)));

    for (text, expected) in [
        ("2024-02-29T23:59:59.123456+02:00", "2024-02-29T21:59:59.123456Z"),
        ("2024-02-29 23:59:59", "2024-02-29T23:59:59Z"),
        ("2024-02-29 23:59:59.5", "2024-02-29T23:59:59.5Z"),
        ("2024-02-29", "2024-02-29T00:00:00Z"),
    ] {
        let expected: DateTime<Utc> = expected.parse().unwrap();
        assert_eq!(
            store("DATETIME", Value::String(text.into()), |r| r.date_time(0)).await,
            Ok(Some(expected)),
            "{text}"
        );
    }

    let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    assert_eq!(store("DATETIME", Value::Date(date), |r| r.date(0)).await, Ok(Some(date)));
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    assert_eq!(store("DATETIME", Value::Time(time), |r| r.time(0)).await, Ok(Some(time)));
}

#[tokio::test]
async fn date_times_compare_as_numbers() {
    let driver = memory().await;
    let mut connection = driver.acquire().await.unwrap();
    connection.execute_script("CREATE TABLE t (v DATETIME)").await.unwrap();
    let at = |text: &str| Value::DateTime(text.parse().unwrap());
    for v in ["2024-01-01T00:00:00.001Z", "2024-01-01T00:00:00.001500Z", "2024-01-01T00:00:00.002Z"] {
        connection.execute(statement("INSERT INTO t VALUES (?)", [at(v)])).await.unwrap();
    }
    let later = statement("SELECT COUNT(*) FROM t WHERE v > ?", [at("2024-01-01T00:00:00.001Z")]);
    assert_eq!(rows(&mut *connection, later, |r| Ok(r.integer(0).unwrap())).await.unwrap(), [Some(2)]);
}

#[tokio::test]
async fn json() {
    for v in [json!(null), json!(true), json!(12), json!(1.5), json!("12"), json!({"a": [1, {"b": null}], "ü": "😀"})]
    {
        assert_eq!(store("JSONB", Value::Json(v.clone()), |r| r.json(0)).await, Ok(Some(v)));
    }
}

#[tokio::test]
async fn null_is_none_in_every_type() {
    let none = store("TEXT", Value::Null, |r| {
        Ok(r.boolean(0)?.is_none()
            && r.integer(0)?.is_none()
            && r.float(0)?.is_none()
            && r.decimal(0)?.is_none()
            && r.text(0)?.is_none()
            && r.bytes(0)?.is_none()
            && r.date_time(0)?.is_none()
            && r.date(0)?.is_none()
            && r.time(0)?.is_none()
            && r.json(0)?.is_none()
            && r.uuid(0)?.is_none()
            && r.list(0, ElementType::Int)?.is_none()
            && r.dynamic(0)?.is_null())
    });
    assert_eq!(none.await, Ok(true));
}

#[tokio::test]
async fn lists_serve_json_each_and_come_back() {
    let driver = memory().await;
    let mut connection = driver.acquire().await.unwrap();
    connection
        .execute_script("CREATE TABLE t (a TEXT, b DATETIME); INSERT INTO t VALUES ('x', 5), ('y', 6)")
        .await
        .unwrap();
    for (column, list) in [
        ("a", vec![Value::String("x".into()), Value::String("z".into())]),
        ("b", vec![Value::DateTime(DateTime::from_timestamp_millis(6).unwrap())]),
    ] {
        let sql = format!("SELECT COUNT(*) FROM t WHERE {column} IN (SELECT value FROM json_each(?))");
        let found = rows(&mut *connection, statement(&sql, [Value::List(list)]), |r| Ok(r.integer(0).unwrap())).await;
        assert_eq!(found.unwrap(), [Some(1)], "{column}");
    }
    drop(connection);

    for (element, list) in [
        (ElementType::Int, vec![Value::Int(1), Value::Int(i32::MIN)]),
        (ElementType::String, vec![Value::String("a\"b".into()), Value::Null]),
        (ElementType::Float, vec![Value::Float(1.5), Value::Float(2.0)]),
        (ElementType::Uuid, vec![Value::Uuid(Uuid::from_u128(3))]),
    ] {
        assert_eq!(store("TEXT", Value::List(list.clone()), move |r| r.list(0, element)).await, Ok(Some(list)));
    }
    let bytes = store("TEXT", Value::List(vec![Value::Bytes(vec![1])]), |r| r.list(0, ElementType::Bytes)).await;
    assert!(bytes.unwrap_err().contains("cannot hold bytes"));
}

#[tokio::test]
async fn raw_queries_go_by_the_declared_type() {
    let driver = memory().await;
    let mut connection = driver.acquire().await.unwrap();
    connection
        .execute_script(
            "CREATE TABLE t (a BOOLEAN, b DATETIME, c INTEGER, d BIGINT, e REAL, f TEXT, g BLOB);
             INSERT INTO t VALUES (1, 5, 1, 5000000000, 1.5, 'x', x'00')",
        )
        .await
        .unwrap();
    let found = rows(&mut *connection, statement("SELECT *, NULL AS n FROM t", []), |row| {
        let names: Vec<_> = (0..row.len()).map(|i| row.column_name(i).to_owned()).collect();
        assert_eq!(names, ["a", "b", "c", "d", "e", "f", "g", "n"]);
        Ok((0..row.len()).map(|i| row.dynamic(i).unwrap()).collect::<Vec<_>>())
    });
    let expected = vec![
        Value::Boolean(true),
        Value::DateTime(DateTime::from_timestamp_millis(5).unwrap()),
        Value::Int(1),
        Value::BigInt(5_000_000_000),
        Value::Float(1.5),
        Value::String("x".into()),
        Value::Bytes(vec![0]),
        Value::Null,
    ];
    assert_eq!(found.await.unwrap(), [expected]);
}

#[tokio::test]
async fn a_value_of_another_type_is_told() {
    let text = || Value::String("hello".into());
    for (error, part) in [
        (store("TEXT", text(), |r| r.integer(0)).await.unwrap_err(), "expected an integer, found the text \"hello\""),
        (
            store("INTEGER", Value::Int(2), |r| r.boolean(0)).await.unwrap_err(),
            "expected a boolean (0 or 1), found the integer 2",
        ),
        (store("DATETIME", text(), |r| r.date_time(0)).await.unwrap_err(), "expected a date and time"),
        (store("DATETIME", Value::BigInt(i64::MAX), |r| r.date_time(0)).await.unwrap_err(), "9223372036854775807"),
        (store("DATETIME", Value::Float(1e300), |r| r.date_time(0)).await.unwrap_err(), "expected a date and time"),
        (store("TEXT", text(), |r| r.uuid(0)).await.unwrap_err(), "expected a UUID"),
        (store("JSONB", text(), |r| r.json(0)).await.unwrap_err(), "expected JSON"),
        (store("REAL", text(), |r| r.float(0)).await.unwrap_err(), "expected a number"),
        (store("DECIMAL", text(), |r| r.decimal(0)).await.unwrap_err(), "expected a decimal number"),
        (store("REAL", Value::Float(f64::INFINITY), |r| r.decimal(0)).await.unwrap_err(), "found the real number inf"),
        (
            store("BLOB", Value::Bytes(vec![1, 2]), |r| r.text(0).map(|_| ())).await.unwrap_err(),
            "expected text, found 2 bytes",
        ),
        (store("TEXT", text(), |r| r.integer(7)).await.unwrap_err(), "expected a column"),
    ] {
        assert!(error.contains(part), "{error}");
    }
    let long = store("TEXT", Value::String("é".repeat(500)), |r| r.integer(0)).await.unwrap_err();
    assert!(long.chars().count() < 100, "{long}");

    let driver = memory().await;
    let mut connection = driver.acquire().await.unwrap();
    let invalid =
        rows(&mut *connection, statement("SELECT CAST(x'ff' AS TEXT)", []), |r| Ok(r.text(0).map(|_| ()).unwrap_err()));
    assert_eq!(invalid.await.unwrap()[0].expected, "text in UTF-8");
}

#[tokio::test]
async fn encode_errors_come_back_before_anything_runs() {
    let driver = memory().await;
    let mut connection = driver.acquire().await.unwrap();
    let mut none = |_: &dyn Row| Ok(());
    let refused = connection.query(statement("SELECT ?", [Value::Float(f64::NAN)]), &mut none).await;
    assert!(matches!(refused, Err(QueryError::Driver(DriverError::Encode { .. }))), "{refused:?}");
}
