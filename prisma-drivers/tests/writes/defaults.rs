//! Values that the client makes.

use prisma_core::Value;
use prisma_core::tree::{Columns, ScalarChange, Selection};

use crate::bed::{Bed, model, select, text};

#[tokio::test]
async fn every_kind_of_default() {
    let bed = Bed::new().await;
    let defaults = model("Defaults");
    bed.run(defaults.create(defaults.record([]))).await.unwrap();
    let made = bed.rows(r#"SELECT id, v7, cuid, cuid2, ulid, nano FROM "Defaults""#).await;
    let made: Vec<_> = made[0].split('|').collect();
    assert_eq!(made.iter().map(|v| v.len()).collect::<Vec<_>>(), [36, 36, 25, 24, 26, 10]);
    assert_eq!((made[0].as_bytes()[14], made[1].as_bytes()[14]), (b'4', b'7'));
    assert!(made[2].starts_with('c'));
    assert_eq!(
        bed.rows(
            r#"SELECT text, number, big, float, flag, CAST(decimal AS TEXT), CAST(bytes AS TEXT), db FROM "Defaults""#
        )
        .await,
        ["plain|42|9007199254740993|1.5|true|0.1|hi|7"]
    );
    assert_eq!(bed.rows(r#"SELECT json ->> 'a' FROM "Defaults""#).await, ["1"]);
    assert_eq!(bed.rows(r#"SELECT made = changed FROM "Defaults""#).await, ["1"]);
}

#[tokio::test]
async fn the_time_is_one_for_all_records_of_an_operation() {
    let bed = Bed::new().await;
    let defaults = model("Defaults");
    let records = (0..50).map(|_| defaults.values([])).collect();
    assert_eq!(bed.count(defaults.create_many(records, false)).await.unwrap(), 50);
    assert_eq!(
        bed.rows(r#"SELECT COUNT(*), COUNT(DISTINCT made), COUNT(DISTINCT id) FROM "Defaults""#).await,
        ["50|1|50"]
    );
}

#[tokio::test]
async fn updated_at_moves_with_every_change_of_a_column() {
    let bed = Bed::new().await;
    let defaults = model("Defaults");
    bed.run(defaults.create(defaults.record([("id", text("a"))]))).await.unwrap();
    let read = r#"SELECT made < changed, CAST(changed AS TEXT) FROM "Defaults""#;
    let before = bed.rows(read).await;
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let unique = || defaults.unique("id", text("a"));
    bed.run(defaults.update(unique(), defaults.change([]))).await.unwrap();
    assert_eq!(bed.rows(read).await, before);
    bed.run(defaults.update(unique(), defaults.set([("text", text("new"))]))).await.unwrap();
    assert!(bed.rows(read).await[0].starts_with("1|"));
    let given = chrono::DateTime::from_timestamp(0, 0).unwrap();
    let mut change = defaults.set([("changed", Value::DateTime(given))]);
    change.scalars.push((defaults.field("number"), ScalarChange::Increment(Value::Int(1))));
    let selection = Selection { columns: Columns::Fields(vec![defaults.field("number")]), ..Selection::default() };
    assert_eq!(bed.run(select(defaults.update(unique(), change), selection)).await.unwrap(), ["43"]);
    assert!(bed.rows(read).await[0].starts_with("0|"));
}
