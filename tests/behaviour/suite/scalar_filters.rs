//! Every operator on every type that has it.

use bigdecimal::BigDecimal;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn decimal(text: &str) -> BigDecimal {
    text.parse().unwrap()
}

/// Three records, `1`, `2` and `3`, that ascend in each type; the optional columns of the third are NULL.
async fn three() -> TestDb {
    let db = fresh().await;
    for n in 1..=3i32 {
        let (int, big, float) = (n - 2, i64::from(n) << 40, f64::from(n) / 2.0);
        let number = decimal(&format!("{n}.25"));
        let time = at(&format!("2020-01-0{n}T00:00:00Z"));
        let role = [Role::User, Role::SuperAdmin, Role::Moderator][n as usize - 1];
        let record = everything::create()
            .id(n.to_string())
            .string(["alpha", "beta", "gamma"][n as usize - 1])
            .boolean(n == 2)
            .int(int)
            .big_int(big)
            .float(float)
            .decimal(number.clone())
            .date_time(time)
            .json(json!({ "n": n }))
            .bytes(vec![0, n as u8])
            .role(role);
        let record = match n {
            3 => record,
            _ => record
                .string_opt(format!("opt{n}"))
                .boolean_opt(n == 2)
                .int_opt(int)
                .big_int_opt(big)
                .float_opt(float)
                .decimal_opt(number)
                .date_time_opt(time)
                .json_opt(json!([n]))
                .bytes_opt(vec![n as u8])
                .role_opt(role),
        };
        db.everything().create(record).await.unwrap();
    }
    db
}

async fn ids(db: &PrismaClient, filter: Filter<Everything>) -> String {
    let found = db.everything().find_many().filter(filter).order_by(everything::id.asc()).await.unwrap();
    found.into_iter().map(|e| e.id).collect()
}

macro_rules! ordered {
    ($db:expr, $field:ident, $first:expr, $second:expr) => {{
        let (first, second) = (|| $first, || $second);
        assert_eq!(ids($db, everything::$field.eq(second())).await, "2", "eq");
        assert_eq!(ids($db, everything::$field.ne(second())).await, "13", "ne");
        assert_eq!(ids($db, everything::$field.lt(second())).await, "1", "lt");
        assert_eq!(ids($db, everything::$field.lte(second())).await, "12", "lte");
        assert_eq!(ids($db, everything::$field.gt(second())).await, "3", "gt");
        assert_eq!(ids($db, everything::$field.gte(second())).await, "23", "gte");
        listed!($db, $field, first(), second());
    }};
}

macro_rules! listed {
    ($db:expr, $field:ident, $first:expr, $second:expr) => {{
        let (first, second) = (|| $first, || $second);
        assert_eq!(ids($db, everything::$field.is_in([first(), second()])).await, "12", "is_in");
        assert_eq!(ids($db, everything::$field.is_in([second()])).await, "2", "is_in one");
        assert_eq!(ids($db, everything::$field.is_in(Vec::from([first()]).drain(..0))).await, "", "is_in none");
        assert_eq!(ids($db, everything::$field.not_in([first(), second()])).await, "3", "not_in");
        assert_eq!(ids($db, everything::$field.not_in([first()])).await, "23", "not_in one");
        assert_eq!(ids($db, everything::$field.not_in(Vec::from([first()]).drain(..0))).await, "123", "not_in none");
        assert_eq!(ids($db, !everything::$field.eq(first())).await, "23", "not");
    }};
}

#[tokio::test]
async fn types_with_an_order() {
    let db = &*fresh!(three());
    ordered!(db, string, "alpha", "beta");
    ordered!(db, int, -1, 0);
    ordered!(db, big_int, 1i64 << 40, 2i64 << 40);
    ordered!(db, float, 0.5, 1.0);
    ordered!(db, decimal, decimal("1.25"), decimal("2.25"));
    ordered!(db, date_time, at("2020-01-01T00:00:00Z"), at("2020-01-02T00:00:00Z"));
}

#[tokio::test]
async fn types_without_an_order() {
    let db = &*fresh!(three());
    assert_eq!(ids(db, everything::boolean.eq(true)).await, "2");
    assert_eq!(ids(db, everything::boolean.ne(true)).await, "13");
    assert_eq!(ids(db, everything::boolean.is_in([true, false])).await, "123");
    assert_eq!(ids(db, everything::role.eq(Role::Moderator)).await, "3");
    assert_eq!(ids(db, everything::role.ne(Role::Moderator)).await, "12");
    listed!(db, role, Role::User, Role::SuperAdmin);
    assert_eq!(ids(db, everything::bytes.eq(vec![0u8, 2])).await, "2");
    assert_eq!(ids(db, everything::bytes.ne(&[0u8, 2])).await, "13");
    listed!(db, bytes, vec![0u8, 1], vec![0u8, 2]);
    assert_eq!(ids(db, everything::json.eq(json!({ "n": 2 }))).await, "2");
    assert_eq!(ids(db, everything::json.ne(json!({ "n": 2 }))).await, "13");
}

/// The same values by other Rust types.
#[tokio::test]
async fn kindred_types() {
    let db = &*fresh!(three());
    assert_eq!(ids(db, everything::big_int.gt(0i32)).await, "123");
    assert_eq!(ids(db, everything::float.eq(1i32)).await, "2");
    assert_eq!(ids(db, everything::decimal.gt(2i64)).await, "23");
    let (number, text) = (decimal("2.3"), String::from("beta"));
    assert_eq!(ids(db, everything::decimal.lt(&number)).await, "12");
    assert_eq!(ids(db, everything::decimal.gt(&number)).await, "3");
    assert_eq!(ids(db, everything::string.eq(&text)).await, "2");
    assert_eq!(ids(db, everything::string.eq(text)).await, "2");
    assert_eq!(ids(db, everything::string.starts_with('b')).await, "2");
    let offset = DateTime::parse_from_rfc3339("2020-01-02T02:00:00+02:00").unwrap();
    assert_eq!(ids(db, everything::date_time.eq(offset)).await, "2");
}

#[tokio::test]
async fn optional_columns() {
    let db = &*fresh!(three());
    assert_eq!(ids(db, everything::string_opt.eq("opt2")).await, "2");
    assert_eq!(ids(db, everything::int_opt.gte(-1)).await, "12");
    assert_eq!(ids(db, everything::big_int_opt.lt(2i64 << 40)).await, "1");
    assert_eq!(ids(db, everything::float_opt.gt(0.5)).await, "2");
    assert_eq!(ids(db, everything::decimal_opt.lte(decimal("2.25"))).await, "12");
    assert_eq!(ids(db, everything::date_time_opt.gt(at("2020-01-01T00:00:00Z"))).await, "2");
    assert_eq!(ids(db, everything::role_opt.eq(Role::User)).await, "1");
    assert_eq!(ids(db, everything::boolean_opt.eq(false)).await, "1");
    assert_eq!(ids(db, everything::bytes_opt.eq(&[2u8])).await, "2");
    assert_eq!(ids(db, everything::json_opt.eq(json!([1]))).await, "1");
}

#[tokio::test]
async fn fields_of_the_same_record() {
    let db = &*fresh!(three());
    assert_eq!(ids(db, everything::int.eq(everything::int_opt)).await, "12");
    assert_eq!(ids(db, everything::int.ne(everything::int_opt)).await, "", "NULL neither equals nor differs");
    assert_eq!(ids(db, everything::string.lt(everything::string_opt)).await, "12");
    assert_eq!(ids(db, everything::string.gt(everything::id)).await, "123");
    assert_eq!(ids(db, everything::string_opt.ends_with(everything::id)).await, "12");
    assert_eq!(ids(db, !everything::int.eq(everything::int_opt)).await, "");
    db.everything()
        .update(everything::id.eq("1"), (everything::string.set("50% off"), everything::string_opt.set("0% o")))
        .await
        .unwrap();
    db.everything()
        .update(everything::id.eq("2"), (everything::string.set("50x off"), everything::string_opt.set("0% o")))
        .await
        .unwrap();
    assert_eq!(ids(db, everything::string.contains(everything::string_opt)).await, "1");
}

#[tokio::test]
async fn logic() {
    let db = &*fresh!(three());
    let (one, two) = (|| everything::int.eq(-1), || everything::int.eq(0));
    assert_eq!(ids(db, one() | two()).await, "12");
    assert_eq!(ids(db, one() & two()).await, "");
    assert_eq!(ids(db, !(one() | two())).await, "3");
    assert_eq!(ids(db, !(one() & two())).await, "123");
    assert_eq!(ids(db, !!one()).await, "1");
    assert_eq!(ids(db, (one() | two()) & !one()).await, "2");
    assert_eq!(ids(db, one() | two() & !one()).await, "12");
    assert_eq!(ids(db, everything::id.eq("1") | everything::id.eq("3")).await, "13");
    assert_eq!(ids(db, !everything::id.eq("1")).await, "23");
    assert_eq!(ids(db, one() & None).await, "1");
    assert_eq!(ids(db, one() | None).await, "1");
}

#[tokio::test]
async fn lists_of_filters() {
    let db = &*fresh!(three());
    let none = || Vec::<Filter<Everything>>::new();
    assert_eq!(ids(db, Filter::all(none())).await, "123");
    assert_eq!(ids(db, Filter::any(none())).await, "");
    assert_eq!(ids(db, !Filter::all(none())).await, "");
    assert_eq!(ids(db, !Filter::any(none())).await, "123");
    assert_eq!(ids(db, Filter::all([everything::int.gt(-1), everything::int.lt(1)])).await, "2");
    assert_eq!(ids(db, Filter::any([everything::int.gt(0), everything::int.lt(0)])).await, "13");
    assert_eq!(ids(db, Filter::all([None, Some(everything::int.eq(0))])).await, "2");
    let deep = (0..300).fold(everything::int.eq(0), |filter, i| !(filter & everything::int.ne(i + 1000)));
    assert_eq!(ids(db, deep).await, "2");
    let wide = Filter::any((0..2000).map(|i| everything::int.eq(i * 3)));
    assert_eq!(ids(db, wide).await, "2");
}

#[tokio::test]
async fn long_lists() {
    let db = &*fresh!(three());
    let ints = 0..5_000;
    assert_eq!(ids(db, everything::int.is_in(ints.clone())).await, "23");
    assert_eq!(ids(db, everything::int.not_in(ints)).await, "1");
    assert_eq!(ids(db, everything::int.is_in([0, 0, 0])).await, "2");
    // More than a statement can have parameters.
    assert_eq!(ids(db, everything::int.is_in(0..70_000)).await, "23");
    assert_eq!(ids(db, everything::int.not_in(0..70_000)).await, "1");
    let texts = (0..40_000).map(|n| n.to_string()).chain(["beta".to_owned()]);
    assert_eq!(ids(db, everything::string.is_in(texts) & everything::int.eq(0)).await, "2");
}

#[tokio::test]
async fn unique_columns() {
    let db = &*fresh!(three());
    assert_eq!(ids(db, everything::id.is_in(["1", "3"])).await, "13");
    assert_eq!(ids(db, everything::id.ne("1")).await, "23");
    assert_eq!(ids(db, everything::id.not_in(["1", "2"])).await, "3");
    assert_eq!(ids(db, everything::id.gt("1") & everything::id.lte("2")).await, "2");
}
