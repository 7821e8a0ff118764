//! Every type there and back, to its ends.

use bigdecimal::BigDecimal;
use chrono::{DateTime, TimeZone, Utc};
use prisma_client::Load;
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Writes a value into a column by `create`, `update` and `create_many`, reads it back, and finds the record by it.
macro_rules! round_trip {
    ($db:expr, $field:ident, $optional:ident, $value:expr) => {{
        let value = || $value;
        let made = $db.everything().create(everything::create().$field(value()).$optional(value())).await.unwrap();
        assert_eq!((&made.$field, made.$optional.as_ref()), (&value(), Some(&value())), "create");
        let id = || everything::id.eq(&made.id);
        let read = $db.everything().find_unique_or_error(id()).await.unwrap();
        assert_eq!((&read.$field, read.$optional.as_ref()), (&value(), Some(&value())), "read");
        let cleared = $db.everything().update(id(), everything::$optional.set(None)).await.unwrap();
        assert_eq!(cleared.$optional, None);
        let changed = $db.everything().update(id(), everything::$optional.set(value())).await.unwrap();
        assert_eq!(changed.$optional.as_ref(), Some(&value()), "update");
        $db.everything().update(id(), everything::copy_of.connect(id())).await.unwrap();
        let joined = $db.everything().find_unique_or_error(id()).include(everything::copies).load(Load::Join);
        let copy = joined.await.unwrap().copies.remove(0);
        assert_eq!((&copy.$field, copy.$optional.as_ref()), (&value(), Some(&value())), "joined");
        let by_value =
            $db.everything().find_many().filter(everything::$field.eq(value()) & everything::$optional.eq(value()));
        let found = by_value.filter(id()).await.unwrap();
        assert_eq!(found.len(), 1, "found by {:?}", value());
        let twice = (0..2).map(|_| everything::create().$field(value()).$optional(Some(value())));
        let many = $db.everything().create_many_and_return(twice).await.unwrap();
        assert!(many.iter().all(|e| e.$field == value() && e.$optional == Some(value())), "create_many");
    }};
}

#[tokio::test]
async fn strings() {
    let db = fresh!();
    let long = "ö".repeat(100_000);
    let texts = [
        "",
        " ",
        "\n\t\r",
        "it's",
        "\"",
        "\\",
        "%_",
        "NULL",
        "0",
        "1e5",
        "日本語 🦀 e\u{301}",
        "\u{feff}x",
        "a\u{1}b",
        &long,
    ];
    for text in texts {
        round_trip!(db, string, string_opt, text.to_owned());
    }
}

#[tokio::test]
async fn booleans_and_enums() {
    let db = fresh!();
    for value in [true, false] {
        round_trip!(db, boolean, boolean_opt, value);
    }
    for value in [Role::User, Role::SuperAdmin, Role::Moderator] {
        round_trip!(db, role, role_opt, value);
    }
}

#[tokio::test]
async fn integers() {
    let db = fresh!();
    for value in [i32::MIN, -1, 0, 1, i32::MAX] {
        round_trip!(db, int, int_opt, value);
    }
    for value in [i64::MIN, i64::from(i32::MIN) - 1, -1, 0, (1 << 53) + 1, i64::MAX] {
        round_trip!(db, big_int, big_int_opt, value);
    }
}

#[tokio::test]
async fn floats() {
    let db = fresh!();
    let values = [
        f64::MIN,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        f64::EPSILON,
        0.1,
        1.0 / 3.0,
        -0.0,
        0.0,
        1e15 + 0.3,
        9_007_199_254_740_993.0,
        1e300,
    ];
    for value in values {
        round_trip!(db, float, float_opt, value);
    }
}

#[tokio::test]
async fn decimals() {
    let db = fresh!();
    let fits = DECIMAL_DIGITS;
    let texts = ["0", "1", "-1", "1.5", "-0.25", "123456789.12345", "1000000", "0.000001", "99999999999999.9", "1e10"];
    for text in texts.into_iter().filter(|t| t.chars().filter(char::is_ascii_digit).count() <= fits) {
        round_trip!(db, decimal, decimal_opt, text.parse::<BigDecimal>().unwrap());
    }
}

#[tokio::test]
async fn times() {
    let db = fresh!();
    let texts = [
        "2024-02-29T23:59:59.999Z",
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "2038-01-19T03:14:08Z",
        "2020-06-01T12:00:00.123Z",
    ];
    for text in texts {
        round_trip!(db, date_time, date_time_opt, text.parse::<DateTime<Utc>>().unwrap());
    }
    for micros in [1, 999, 1_577_836_800_123_456, *MICROSECONDS.start(), *MICROSECONDS.end()] {
        round_trip!(db, date_time, date_time_opt, Utc.timestamp_micros(micros).unwrap());
    }
}

/// Times are in order whatever they are made of.
#[tokio::test]
async fn times_in_order() {
    let db = fresh!();
    let millis = Utc.timestamp_millis_opt(1_577_836_800_123).unwrap();
    let times = [-1, 0, 1, 500, 1_000].map(|micros| millis + chrono::TimeDelta::microseconds(micros));
    for (i, time) in times.into_iter().enumerate().rev() {
        db.everything().create(everything::create().int(i as i32).date_time(time)).await.unwrap();
    }
    let found = db.everything().find_many().order_by(everything::date_time.asc()).await.unwrap();
    assert_eq!(found.iter().map(|e| (e.int, e.date_time)).collect::<Vec<_>>(), (0..).zip(times).collect::<Vec<_>>());
    assert_eq!(db.everything().count().filter(everything::date_time.gt(millis)).await.unwrap(), 3);
}

#[tokio::test]
async fn bytes() {
    let db = fresh!();
    let all: Vec<u8> = (0..=255).collect();
    for value in [vec![], vec![0], vec![0, 0, 1, 0], b"it's".to_vec(), vec![0xff, 0xfe], all.repeat(1000)] {
        round_trip!(db, bytes, bytes_opt, value.clone());
    }
}

#[tokio::test]
async fn jsons() {
    let db = fresh!();
    let values = [
        json!({}),
        json!([]),
        json!("text"),
        json!(""),
        json!("null"),
        json!("1"),
        json!("it's \"\\ 🦀"),
        json!(true),
        json!(false),
        json!({ "a": { "b": [1, 2.5, "x", null, { "c": [] }] }, "ü": "日本" }),
        json!([[[]], [1, [2, [3]]]]),
        json!(1),
        json!(-7),
        json!(1.5),
        json!([i64::MAX, i64::MIN, 0.1, 1e100]),
    ];
    for value in values {
        round_trip!(db, json, json_opt, value.clone());
    }
}

/// JSON's own null is not the database's.
#[tokio::test]
async fn json_null() {
    let db = fresh!();
    let made = db.everything().create(everything::create().json(json!(null)).json_opt(json!(null))).await.unwrap();
    assert_eq!((&made.json, made.json_opt.as_ref()), (&json!(null), Some(&json!(null))));
    let read = db.everything().find_unique_or_error(everything::id.eq(&made.id)).await.unwrap();
    assert_eq!(read, made);
    let id = || everything::id.eq(&made.id);
    db.everything().update(id(), everything::copy_of.connect(id())).await.unwrap();
    let joined = db.everything().find_unique_or_error(id()).include(everything::copies).load(Load::Join).await.unwrap();
    assert_eq!((&joined.copies[0].json, joined.copies[0].json_opt.as_ref()), (&json!(null), Some(&json!(null))));
    assert_eq!(db.everything().count().filter(everything::json_opt.is_null()).await.unwrap(), 0);
    assert_eq!(db.everything().count().filter(everything::json_opt.eq(json!(null))).await.unwrap(), 1);
    db.everything().update(everything::id.eq(&made.id), everything::json_opt.set(None)).await.unwrap();
    assert_eq!(db.everything().count().filter(everything::json_opt.is_null()).await.unwrap(), 1);
}

/// What a column cannot hold is refused, and nothing is written.
#[tokio::test]
async fn what_cannot_be_stored() {
    let db = fresh!();
    if !FLOAT_HOLDS_NAN {
        let error = db.everything().create(everything::create().float(f64::NAN)).await.unwrap_err();
        assert_eq!(error.code(), Some("P2006"), "{error}");
        assert_eq!(db.everything().count().await.unwrap(), 0);
    }
}

fn run(test: impl AsyncFn(&PrismaClient)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { test(&*fresh!()).await });
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<String>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Many records in one statement, each with whatever its type allows.
    #[test]
    fn whatever_there_is(
        rows in prop::collection::vec(
            (
                "[^\0]*", any::<i32>(), any::<i64>(), prop::num::f64::NORMAL | prop::num::f64::ZERO,
                prop::collection::vec(any::<u8>(), 0..20),
                any_json(),
                prop_oneof![MICROSECONDS, (-62_135_596_800_000i64..253_402_300_800_000).prop_map(|millis| millis * 1000)],
                -999_999_999_999_999i64..=999_999_999_999_999, 0i64..12,
            ),
            1..20,
        ),
    ) {
        run(async |db| {
            let records = rows.iter().enumerate().map(|(i, (text, int, big, float, bytes, json, micros, digits, scale))| {
                everything::create().id(format!("{i:03}")).copy_of_id(format!("{i:03}")).string(text).int(*int).big_int(*big).float(*float).bytes(bytes)
                    .json(serde_json::json!([json])).date_time(Utc.timestamp_micros(*micros).unwrap())
                    .decimal(BigDecimal::new((*digits).into(), *scale))
            });
            assert_eq!(db.everything().create_many(records).await.unwrap(), rows.len() as u64);
            let ordered = || db.everything().find_many().order_by(everything::id.asc());
            let found = ordered().await.unwrap();
            let joined = ordered().include(everything::copies).load(Load::Join).await.unwrap();
            let copies: Vec<_> = joined.into_iter().flat_map(|e| e.copies).collect();
            assert_eq!(copies, found, "whatever is joined");
            for (found, (text, int, big, float, bytes, json, micros, digits, scale)) in found.iter().zip(&rows) {
                assert_eq!((&found.string, found.int, found.big_int, found.float), (text, *int, *big, *float));
                assert_eq!((&found.bytes, &found.json), (bytes, &serde_json::json!([json])));
                assert_eq!(found.date_time.timestamp_micros(), *micros);
                assert_eq!(found.decimal, BigDecimal::new((*digits).into(), *scale));
            }
        });
    }

    /// What is looked for is what is found.
    #[test]
    fn text_is_found(texts in prop::collection::vec("[a-c%_\\\\'🦀]{0,6}", 1..12), part in "[a-c%_\\\\'🦀]{0,3}") {
        run(async |db| {
            db.post().create_many(texts.iter().map(|t| post::create().title(t))).await.unwrap();
            let expected = |test: fn(&str, &str) -> bool| -> Vec<String> {
                texts.iter().filter(|t| test(t, &part)).cloned().collect()
            };
            assert_eq!(titles(db, post::title.contains(&part)).await, expected(|t, p| t.contains(p)));
            assert_eq!(titles(db, post::title.starts_with(&part)).await, expected(|t, p| t.starts_with(p)));
            assert_eq!(titles(db, post::title.ends_with(&part)).await, expected(|t, p| t.ends_with(p)));
            assert_eq!(titles(db, post::title.eq(&part)).await, expected(|t, p| t == p));
            assert_eq!(titles(db, !post::title.contains(&part)).await, expected(|t, p| !t.contains(p)));
        });
    }
}
