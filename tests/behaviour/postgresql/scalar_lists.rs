//! Lists of scalars: written, read, changed, filtered.

use std::str::FromStr;

use bigdecimal::BigDecimal;
use chrono::{DateTime, Utc};
use prisma_client::{Filter, Load};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::json;
use uuid::Uuid;

use super::*;
use prisma_client::uuid;

/// Writes a list by `create`, reads it back, finds the record by it, sets it to nothing and back, and pushes to it.
macro_rules! round_trip {
    ($db:expr, $field:ident, $values:expr) => {{
        let values = $values;
        let made = $db.lists().create(lists::create().$field(values.clone())).await.unwrap();
        assert_eq!(made.$field, values, "create");
        let id = || lists::id.eq(made.id);
        assert_eq!($db.lists().find_unique_or_error(id()).await.unwrap().$field, values, "read");
        $db.lists().update(id(), lists::part.connect(id())).await.unwrap();
        for load in [Load::Query, Load::Join] {
            let read = $db.lists().find_unique_or_error(id()).include(lists::part).include(lists::parts).load(load);
            let read = read.await.unwrap();
            assert_eq!((&read.part.unwrap().$field, &read.parts[0].$field), (&values, &values), "related: {load:?}");
        }
        let same = $db.lists().find_many().filter(lists::$field.eq(values.clone())).filter(id()).await.unwrap();
        assert_eq!(same.len(), 1, "found by {values:?}");
        let emptied = $db.lists().update(id(), lists::$field.set(vec![])).await.unwrap();
        assert!(emptied.$field.is_empty());
        assert_eq!($db.lists().count().filter(id()).filter(lists::$field.is_empty()).await.unwrap(), 1);
        let pushed = $db.lists().update(id(), lists::$field.push(values.clone())).await.unwrap();
        assert_eq!(pushed.$field, values, "push");
        for value in values.clone() {
            assert_eq!($db.lists().count().filter(id()).filter(lists::$field.has(value)).await.unwrap(), 1, "has");
        }
        let every = $db.lists().count().filter(id()).filter(lists::$field.has_every(values.clone()));
        assert_eq!(every.await.unwrap(), 1, "has_every");
        let some = $db.lists().count().filter(id()).filter(lists::$field.has_some(values.clone())).await.unwrap();
        assert_eq!(some, i64::from(!values.is_empty()), "has_some");
    }};
}

#[tokio::test]
async fn every_type() {
    let db = fresh!();
    let texts = ["", "a,b", "\"", "\\", "{}", "NULL", "null", " ", "ö 🦀"].map(str::to_owned).to_vec();
    round_trip!(db, strings, texts);
    round_trip!(db, booleans, vec![true, false, true]);
    round_trip!(db, ints, vec![i32::MIN, 0, i32::MAX]);
    round_trip!(db, big_ints, vec![i64::MIN, 0, i64::MAX]);
    round_trip!(db, floats, vec![f64::MIN, -0.5, 0.1, f64::MAX]);
    let decimals = ["-0.000000000000000000000000000001", "0", "12345678901234567890.5"];
    round_trip!(db, decimals, decimals.map(|d| BigDecimal::from_str(d).unwrap()).to_vec());
    let times = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"];
    round_trip!(db, date_times, times.map(|t| t.parse::<DateTime<Utc>>().unwrap()).to_vec());
    round_trip!(db, bytes, vec![vec![], vec![0, 255, 0], b"text".to_vec()]);
    round_trip!(db, roles, vec![Role::Moderator, Role::User, Role::Moderator]);
    round_trip!(db, uuids, vec![Uuid::nil(), Uuid::max()]);
    round_trip!(db, jsons, vec![json!({"a": [1, null]}), json!(null), json!("x"), json!(1.5)]);
    round_trip!(db, strings, Vec::<String>::new());
}

#[tokio::test]
async fn defaults_and_what_is_left_out() {
    let db = fresh!();
    let made = db.lists().create(lists::create()).await.unwrap();
    assert_eq!((made.ints, made.roles), (vec![1, 2], vec![Role::User, Role::Moderator]));
    assert_eq!((made.strings, made.jsons), (vec![], vec![]), "a list that is not given has no elements");
    assert_eq!(db.lists().count().filter(lists::strings.is_empty()).await.unwrap(), 1);
    assert_eq!(db.lists().count().filter(!lists::ints.is_empty()).await.unwrap(), 1);
    let pushed = db.lists().update(lists::id.eq(made.id), lists::strings.push("x")).await.unwrap();
    assert_eq!(pushed.strings, ["x"], "something is pushed to nothing");
}

#[tokio::test]
async fn filters() {
    let db = fresh!();
    let made = [
        lists::create().strings(["a", "b"]).string("a").ints([1, 2]).others([2, 1]).int(2),
        lists::create().strings(["b", "c"]).string("x").ints([1, 2, 3]).others([1]).int(9),
        lists::create().strings(vec![]).ints(vec![]).others(vec![]),
    ];
    db.lists().create_many(made).await.unwrap();
    let ids = async |filter: Filter<Lists>| {
        let found = db.lists().find_many().filter(filter).order_by(lists::id.asc()).await.unwrap();
        found.into_iter().map(|l| l.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(lists::strings.has("b")).await, [1, 2]);
    assert_eq!(ids(lists::strings.has_every(["a", "b"])).await, [1]);
    assert_eq!(ids(lists::strings.has_every(vec![])).await, [1, 2, 3]);
    assert_eq!(ids(lists::strings.has_some(["a", "c"])).await, [1, 2]);
    assert_eq!(ids(lists::strings.has_some(vec![])).await, [0; 0]);
    assert_eq!(ids(lists::strings.is_empty()).await, [3]);
    assert_eq!(ids(lists::strings.eq(["b", "c"])).await, [2]);
    assert_eq!(ids(lists::strings.ne(["b", "c"])).await, [1, 3]);
    assert_eq!(ids(lists::strings.eq(["c", "b"])).await, [0; 0], "the order counts");
    // Other fields.
    assert_eq!(ids(lists::strings.has(lists::string)).await, [1]);
    assert_eq!(ids(lists::ints.has(lists::int)).await, [1]);
    assert_eq!(ids(lists::ints.has_every(lists::others)).await, [1, 2, 3]);
    assert_eq!(ids(lists::ints.has_some(lists::others)).await, [1, 2]);
    assert_eq!(ids(lists::ints.eq(lists::others)).await, [3]);
}

#[tokio::test]
async fn changes() {
    let db = fresh!();
    let made = db.lists().create(lists::create().ints([1])).await.unwrap();
    let id = || lists::id.eq(made.id);
    let pushed = db.lists().update(id(), (lists::ints.push(2), lists::strings.push(["a", "b"]))).await.unwrap();
    assert_eq!((pushed.ints, pushed.strings), (vec![1, 2], vec!["a".to_owned(), "b".to_owned()]));
    let pushed = db.lists().update(id(), lists::roles.push(Role::SuperAdmin)).await.unwrap();
    assert_eq!(pushed.roles, [Role::User, Role::Moderator, Role::SuperAdmin]);
    db.lists().update_many(lists::ints.push([3, 4])).all().await.unwrap();
    let many = db.lists().update_many_and_return(lists::ints.set([9])).all().await.unwrap();
    assert_eq!(many[0].ints, [9]);
}

#[tokio::test]
async fn whatever_there_is() {
    let db = fresh!();
    let handle = tokio::runtime::Handle::current();
    let strings = prop::collection::vec("[^\0]{0,8}", 0..5);
    let decimals = prop::collection::vec(("[1-9][0-9]{0,30}", 0..30_u32, any::<bool>()), 0..4);
    let run = move || {
        let mut runner = TestRunner::new(ProptestConfig { cases: 40, failure_persistence: None, ..Default::default() });
        let values =
            (strings, prop::collection::vec(any::<i64>(), 0..5), prop::collection::vec(any::<f64>(), 0..5), decimals);
        runner
            .run(&values, |(strings, big_ints, floats, decimals)| {
                let decimals: Vec<BigDecimal> = decimals
                    .into_iter()
                    .map(|(digits, scale, negative)| {
                        let sign = if negative { "-" } else { "" };
                        BigDecimal::from_str(&format!("{sign}{digits}e-{scale}")).unwrap()
                    })
                    .collect();
                let create = lists::create()
                    .strings(strings.clone())
                    .big_ints(big_ints.clone())
                    .floats(floats.clone())
                    .decimals(decimals.clone());
                let made = handle.block_on(async { db.lists().create(create).await.unwrap() });
                prop_assert_eq!(made.strings, strings);
                prop_assert_eq!(made.big_ints, big_ints);
                prop_assert_eq!(made.floats, floats);
                prop_assert_eq!(made.decimals, decimals);
                Ok(())
            })
            .unwrap();
    };
    tokio::task::spawn_blocking(run).await.unwrap();
}
