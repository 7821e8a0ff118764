//! Each native type, to the ends of its range.

use std::str::FromStr;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use prisma_client::Load;
use prisma_client::uuid::Uuid;
use serde_json::json;

use super::*;

/// A record as what is related to it, both ways and with each way of reading relations: it is made its own part.
async fn related(db: &PrismaClient, id: i32) -> Vec<Native> {
    let id = || native::id.eq(id);
    db.native().update(id(), native::part.connect(id())).await.unwrap();
    let mut found = Vec::new();
    for load in [Load::Query, Load::Join] {
        let read = db.native().find_unique_or_error(id()).include(native::part).include(native::parts).load(load);
        let read = read.await.unwrap_or_else(|e| panic!("{load:?}: {e}"));
        found.extend(read.part.into_iter().chain(read.parts));
    }
    assert_eq!(found.len(), 4);
    found
}

/// Writes a value, reads it back, also as one of a related record, and finds the record by it.
macro_rules! round_trip {
    ($db:expr, $field:ident, $value:expr) => {
        round_trip!($db, $field, $value => $value, true)
    };
    ($db:expr, $field:ident, $value:expr => $read:expr, $found:expr) => {{
        let value = || $value;
        let made = $db.native().create(native::create().$field(value())).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(made.$field, Some($read), "{:?}", value());
        let id = || native::id.eq(made.id);
        let read = $db.native().find_unique_or_error(id()).await.unwrap();
        assert_eq!(read.$field, Some($read));
        for related in related(&$db, made.id).await {
            assert_eq!(related.$field, Some($read), "related");
        }
        if $found {
            let found = $db.native().count().filter(native::$field.eq(value())).filter(id()).await.unwrap();
            assert_eq!(found, 1, "found by {:?}", value());
            let found = $db.native().count().filter(native::$field.is_in([value(), value()])).filter(id()).await.unwrap();
            assert_eq!(found, 1, "found among {:?}", value());
        }
        let cleared = $db.native().update(id(), native::$field.set(None)).await.unwrap();
        assert_eq!(cleared.$field, None);
    }};
}

#[tokio::test]
async fn numbers() {
    let db = fresh!();
    for value in [i32::from(i16::MIN), -1, 0, i32::from(i16::MAX)] {
        round_trip!(db, small_int, value);
    }
    for value in [i32::MIN, 0, i32::MAX] {
        round_trip!(db, integer, value);
    }
    for value in [0, 1, i32::MAX] {
        round_trip!(db, oid, value);
    }
    for value in [i64::MIN, -1, i64::MAX] {
        round_trip!(db, big_int, value);
    }
    let number = |text: &str| BigDecimal::from_str(text).unwrap();
    let most = "9".repeat(35) + "." + &"9".repeat(30);
    for text in [&most, &format!("-{most}"), "0", "0.000000000000000000000000000001", "1e34", "-0.5"] {
        round_trip!(db, decimal, number(text));
    }
    round_trip!(db, cents, number("1.005") => number("1.01"), false);
    for text in ["92233720368547758.07", "-92233720368547758.08", "0", "-0.01", "1234567.8"] {
        round_trip!(db, money, number(text));
    }
    for value in [0.1, -1.5, f64::from(f32::MAX), f64::from(f32::MIN_POSITIVE)] {
        round_trip!(db, real, value => value.to_string().parse::<f32>().unwrap().to_string().parse::<f64>().unwrap(), true);
    }
    for value in [0.1, f64::MAX, f64::MIN_POSITIVE, 5e-324, f64::INFINITY] {
        round_trip!(db, double_precision, value);
    }
}

#[tokio::test]
async fn text() {
    let db = fresh!();
    for text in ["", "0123456789", "äöü🦀"] {
        round_trip!(db, var_char, text.to_owned());
        round_trip!(db, text, text.to_owned());
    }
    round_trip!(db, char, "ab".to_owned() => "ab  ".to_owned(), true);
    for text in ["192.168.0.1", "10.0.0.1/8", "0.0.0.0/0", "::1", "2001:db8::/32", "255.255.255.255"] {
        round_trip!(db, inet, text.to_owned());
    }
    for text in ["0000", "1111", "1010"] {
        round_trip!(db, bit, text.to_owned());
    }
    for text in ["", "1", "101010101", &"01".repeat(100)] {
        round_trip!(db, var_bit, text.to_owned());
    }
    for uuid in [Uuid::nil(), Uuid::max(), Uuid::from_u128(0x1234_5678_9abc_def0)] {
        round_trip!(db, uuid, uuid);
    }
    // XML has no equality.
    round_trip!(db, xml, "<a b=\"c\">ä</a>".to_owned() => "<a b=\"c\">ä</a>".to_owned(), false);
}

#[tokio::test]
async fn times() {
    let db = fresh!();
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for text in ["0001-01-01T00:00:00Z", "1999-12-31T23:59:59.999Z", "2000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"]
    {
        round_trip!(db, timestamp, at(text));
    }
    round_trip!(db, timestamp, at("2020-01-01T00:00:00.123456Z") => at("2020-01-01T00:00:00.123Z"), false);
    for text in ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "2024-02-29T12:00:00.000001Z"] {
        round_trip!(db, timestamptz, at(text));
    }
    for (year, month, day) in [(1, 1, 1), (-4712, 1, 1), (1999, 12, 31), (2000, 1, 1), (2024, 2, 29), (100_000, 12, 31)]
    {
        round_trip!(db, date, NaiveDate::from_ymd_opt(year, month, day).unwrap());
    }
    for (hour, minute, second, micro) in [(0, 0, 0, 0), (23, 59, 59, 999_999), (12, 30, 0, 1)] {
        let time = NaiveTime::from_hms_micro_opt(hour, minute, second, micro).unwrap();
        round_trip!(db, time, time);
        round_trip!(db, timetz, time);
    }
}

#[tokio::test]
async fn others() {
    let db = fresh!();
    for value in [true, false] {
        round_trip!(db, boolean, value);
    }
    for bytes in [vec![], vec![0], vec![0, 1, 255], vec![7; 100_000]] {
        round_trip!(db, byte_a, bytes.clone());
    }
    for value in [json!({"a": [1, null, "x"]}), json!([]), json!("text"), json!(1.5), json!(null)] {
        round_trip!(db, json_b, value.clone());
        // The type `json` has no equality.
        round_trip!(db, json, value.clone() => value.clone(), false);
    }
    // NULL of JSON is not NULL of the database.
    let made = db.native().create(native::create().json_b(json!(null))).await.unwrap();
    assert_eq!(made.json_b, Some(json!(null)));
    assert_eq!(
        db.native().count().filter(native::json_b.is_not_null()).filter(native::id.eq(made.id)).await.unwrap(),
        1
    );
}

/// What other programs have written with other zones, and what the server itself makes.
#[tokio::test]
async fn other_programs() {
    let db = fresh!();
    let insert = "INSERT INTO \"Native\" (timestamptz, timetz, time, cents, money, inet) VALUES \
                  ('2020-01-01 12:00:00.5+05:30', '01:00:00+02', '00:00:00.000001', 10, 5, '::ffff:1.2.3.4')";
    db.driver().acquire().await.unwrap().execute_script(insert).await.unwrap();
    let row = db.native().find_first().await.unwrap().unwrap();
    assert_eq!(row.timestamptz, Some("2020-01-01T06:30:00.5Z".parse().unwrap()));
    assert_eq!(row.timetz, NaiveTime::from_hms_opt(23, 0, 0));
    assert_eq!(row.time, NaiveTime::from_hms_micro_opt(0, 0, 0, 1));
    assert_eq!((row.cents, row.money), (Some(10.into()), Some(5.into())));
    assert_eq!(row.inet.as_deref(), Some("::ffff:1.2.3.4"));
    // Values that no Rust type holds are told, with the field.
    for (set, part) in [
        ("timestamptz = 'infinity'", "`Native.timestamptz` holds a value of another type"),
        ("date = '-infinity'", "-infinity"),
        ("decimal = NULL, cents = 'NaN'", "found NaN"),
        ("time = '24:00'", "found 24:00:00"),
    ] {
        let update =
            format!("UPDATE \"Native\" SET timestamptz = NULL, date = NULL, cents = NULL; UPDATE \"Native\" SET {set}");
        db.driver().acquire().await.unwrap().execute_script(&update).await.unwrap();
        let error = db.native().find_first().await.unwrap_err();
        assert_eq!(error.code(), Some("P2023"), "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

/// What does not fit is refused, and the connection goes on.
#[tokio::test]
async fn what_does_not_fit() {
    let db = fresh!();
    let number = |text: &str| BigDecimal::from_str(text).unwrap();
    let cases = [
        (native::create().small_int(40_000), "P2020", "40000 is beyond the type `int2`"),
        (native::create().oid(-1), "P2020", "-1 is beyond the type `oid`"),
        (native::create().real(1e300), "P2020", "beyond the type `float4`"),
        (native::create().cents(number("1e8")), "P2020", "numeric field overflow"),
        (native::create().money(number("1e17")), "P2020", "beyond the type `money`"),
        (native::create().var_char("01234567890"), "P2000", "value too long"),
        (native::create().bit("01"), "P2000", "bit string length 2 does not match type bit(4)"),
        (native::create().bit("0a11"), "P2006", "the text \"0a11\" cannot become the type `bit`"),
        (native::create().inet("1.2.3"), "P2006", "cannot become the type `inet`"),
        (native::create().inet("1.2.3.4/33"), "P2006", "cannot become the type `inet`"),
        (native::create().text("a\0b"), "P2006", "cannot store the character U+0000"),
        (native::create().xml("<a>"), "P2007", "invalid XML content"),
        (native::create().json_b(json!("\0")), "P2007", "cannot be converted to text"),
    ];
    for (create, code, part) in cases {
        let error = db.native().create(create).await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{error}");
        assert!(error.to_string().contains(part), "`{part}`: {error}");
    }
    assert_eq!(db.native().count().await.unwrap(), 0);
}

/// Arrays without a column have no length.
#[tokio::test]
async fn rows_that_the_database_makes_alone() {
    let db = fresh!();
    assert_eq!(db.native().create_many((0..3).map(|_| native::create())).await.unwrap(), 3);
    let made = db.native().create_many_and_return((0..2).map(|_| native::create())).await.unwrap();
    assert_eq!((made.len(), db.native().count().await.unwrap()), (2, 5));
}
