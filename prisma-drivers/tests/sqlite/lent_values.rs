//! Texts and bytes that are bound lie in the statement's values, and SQLite only points at them.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use prisma_core::Value;
use prisma_core::driver::{Connection, Driver, Row, Statement};

use crate::{File, memory, rows, run, statement};

fn text(text: impl Into<String>) -> Value {
    Value::String(text.into())
}

/// The same statement with other values, found again by its text.
fn with(sql: &Statement, values: impl Into<Vec<Value>>) -> Statement {
    Statement { values: values.into(), ..sql.clone() }
}

async fn texts(c: &mut dyn Connection, statement: Statement) -> Vec<String> {
    rows(c, statement, |r| Ok(r.text(0).unwrap().unwrap().into_owned())).await.unwrap()
}

#[tokio::test]
async fn a_statement_returns_the_text_that_it_is_run_with() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    let one = statement("SELECT ?1, ?2, ?1", []);
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT ?1, i, ?1 FROM n";
    let many = statement(many, []);
    for length in (0..40).chain([255, 4096, 70_000]) {
        for value in ["x".repeat(length), "ž\0".repeat(length)] {
            let read = |row: &dyn Row| {
                let (first, again) = (row.text(0).unwrap().unwrap(), row.text(0).unwrap().unwrap());
                assert_eq!(first.as_ptr(), again.as_ptr());
                Ok((first == value, row.text(2).unwrap().unwrap() == value))
            };
            let bytes = value.clone().into_bytes();
            let found = rows(&mut *c, with(&one, [text(&*value), Value::Bytes(bytes.clone())]), |row| {
                assert_eq!(row.bytes(1).unwrap().unwrap(), bytes);
                read(row)
            });
            assert_eq!(found.await.unwrap(), [(true, true)], "{length}");
            let found = rows(&mut *c, with(&many, [text(&*value)]), read).await.unwrap();
            assert_eq!(found, [(true, true); 100], "{length}");
        }
    }
}

/// Of the values of the run before nothing is left.
#[tokio::test]
async fn a_value_of_another_type_or_none_takes_the_place_of_a_text() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    let sql = statement("SELECT typeof(?1) || coalesce(hex(?1), '') || typeof(?2)", []);
    for _ in 0..3 {
        for (values, expected) in [
            (vec![text("ab"), text("cd")], "text6162text"),
            (vec![Value::Bytes(vec![1, 2]), text("cd")], "blob0102text"),
            (vec![Value::Int(7)], "integer37null"),
            (vec![Value::Enum("E".into()), Value::Null], "text45null"),
            (vec![Value::Json("j".into()), text("")], "text226A22text"),
            (vec![], "nullnull"),
        ] {
            assert_eq!(texts(&mut *c, with(&sql, values)).await, [expected]);
        }
        // The first is bound already.
        let refused = c.execute(with(&sql, [text("lent"), Value::Float(f64::NAN)])).await;
        assert!(refused.is_err());
    }
}

#[tokio::test]
async fn texts_and_bytes_may_be_empty() {
    for encoding in ["UTF-8", "UTF-16le"] {
        let driver = memory().await;
        let mut c = driver.acquire().await.unwrap();
        run(&mut *c, &format!("PRAGMA encoding = '{encoding}'")).await.unwrap();
        run(&mut *c, "CREATE TABLE t (a TEXT, b BLOB)").await.unwrap();
        let read = |row: &dyn Row| {
            let (a, b) = (row.text(0).unwrap().unwrap(), row.bytes(1).unwrap().unwrap());
            Ok((a.len(), b.len(), row.text(2).unwrap().unwrap().into_owned()))
        };
        let expected = [(0, 0, "text0blob0".to_owned())];
        let insert = statement("INSERT INTO t VALUES (?1, ?2)", []);
        let select = statement("SELECT ?1, ?2, typeof(?1) || length(?1) || typeof(?2) || length(?2)", []);
        for _ in 0..2 {
            let values = [text(""), Value::Bytes(Vec::new())];
            assert_eq!(rows(&mut *c, with(&select, values.clone()), read).await.unwrap(), expected, "{encoding}");
            assert_eq!(c.execute(with(&insert, values)).await.unwrap(), 1);
            let stored = "SELECT DISTINCT a, b, typeof(a) || length(a) || typeof(b) || length(b) FROM t";
            assert_eq!(rows(&mut *c, statement(stored, []), read).await.unwrap(), expected, "{encoding}");
        }
    }
}

/// Looks at its text all the time.
const SLOW: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) \
    SELECT MAX(?1 || '-' || (i % 10)) FROM n WHERE instr(?1, ?3) = 0";

/// Polls a future so many times and drops it.
async fn give_up<T>(future: impl Future<Output = T>, polls: usize) {
    let (mut future, mut left) = (Box::pin(future), polls);
    poll_fn(|context| {
        if left > 0 {
            left -= 1;
            assert!(future.as_mut().poll(context).is_pending(), "too fast to be dropped");
        }
        if left == 0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Set aside when it is asked for, when it is polled, or on its way in the background.
#[tokio::test]
async fn a_statement_dropped_half_way_takes_other_texts() {
    let file = File::new();
    drop(file.create("CREATE TABLE t (id INTEGER)").await);
    let driver = file.open("?connection_limit=1").await.unwrap();
    let sql = statement(SLOW, []);
    let values = |value: &str, rows| [text(value), Value::BigInt(rows), text(format!("none of {value}"))];
    for in_transaction in [true, false] {
        for round in 0..12 {
            let mut c = driver.acquire().await.unwrap();
            if in_transaction {
                c.begin(None).await.unwrap();
            }
            let mut unseen = |_: &dyn Row| Ok(());
            give_up(c.query(with(&sql, values(&"long".repeat(100), i64::MAX)), &mut unseen), round % 3).await;
            if round % 2 == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            if !in_transaction && round % 4 < 2 {
                drop(c);
                c = driver.acquire().await.unwrap();
            }
            let short = format!("short{round}");
            for rows in [2, 50_000] {
                let found = texts(&mut *c, with(&sql, values(&short, rows))).await;
                assert_eq!(found, [format!("{short}-{}", rows.min(9))], "round {round}");
            }
        }
    }
}

/// A write runs to its end, with the texts that it was begun with.
#[tokio::test]
async fn a_write_dropped_half_way_writes_its_own_texts() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    run(&mut *c, "CREATE TABLE t (v TEXT)").await.unwrap();
    let sql =
        "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) SELECT ?1 FROM n";
    let sql = statement(sql, []);
    let short = || with(&sql, [text("short"), Value::Int(2)]);
    c.begin(None).await.unwrap();
    assert_eq!(c.execute(short()).await.unwrap(), 2);
    for polls in [0, 1, 2] {
        run(&mut *c, "DELETE FROM t").await.unwrap();
        let name = format!("long{polls}").repeat(10);
        give_up(c.execute(with(&sql, [text(&*name), Value::Int(300_000)])), polls).await;
        assert_eq!(c.execute(short()).await.unwrap(), 2);
        let found = texts(&mut *c, statement("SELECT v || ' ' || COUNT(*) FROM t GROUP BY v ORDER BY v", [])).await;
        assert_eq!(found, [format!("{name} 300000"), "short 2".to_owned()]);
    }
    c.commit().await.unwrap();
}

/// The same while it waits for a lock.
#[tokio::test]
async fn a_write_dropped_before_it_has_the_lock_takes_other_texts() {
    let file = File::new();
    let driver = file.create("CREATE TABLE t (v TEXT)").await;
    let (mut holder, mut c) = (driver.acquire().await.unwrap(), driver.acquire().await.unwrap());
    let insert = statement("INSERT INTO t VALUES (?1)", []);
    for round in 0..6 {
        holder.begin(None).await.unwrap();
        give_up(c.execute(with(&insert, [text("waits".repeat(50))])), round % 3).await;
        holder.rollback().await.unwrap();
        // What was given up may have been written.
        run(&mut *c, "DELETE FROM t").await.unwrap();
        assert_eq!(c.execute(with(&insert, [text(format!("has {round}"))])).await.unwrap(), 1);
        assert_eq!(texts(&mut *c, statement("SELECT v FROM t", [])).await, [format!("has {round}")]);
    }
}

/// SQLite prepares a statement again by itself, and moves what is bound to the new one.
#[tokio::test]
async fn texts_outlive_a_change_of_the_schema() {
    let file = File::new();
    let driver = file.create("CREATE TABLE t (v TEXT); INSERT INTO t VALUES ('0'), ('1'), ('2'), ('3')").await;
    let (mut c, mut other) = (driver.acquire().await.unwrap(), driver.acquire().await.unwrap());
    let select = statement("SELECT ?1 || v || ?3, * FROM t WHERE v = ?2", []);
    let insert = statement("INSERT INTO t (v) VALUES (?1) RETURNING v", []);
    let changes = [
        "ALTER TABLE t ADD COLUMN more TEXT DEFAULT 'x'",
        "CREATE INDEX i ON t (v)",
        "DROP INDEX i",
        "ALTER TABLE t DROP COLUMN more",
    ];
    for (round, change) in changes.iter().cycle().take(12).enumerate() {
        let (name, key) = (format!("round {round}: "), format!("{}", round % 4));
        let found = texts(&mut *c, with(&select, [text(&*name), text(&*key), text("!")])).await;
        assert_eq!(found, [format!("{name}{key}!")]);
        assert_eq!(texts(&mut *c, with(&insert, [text(&*name)])).await, [name]);
        run(&mut *other, change).await.unwrap();
    }
    // One that cannot be prepared again keeps nothing either.
    run(&mut *other, "ALTER TABLE t RENAME TO u").await.unwrap();
    for _ in 0..2 {
        let failed = c.execute(with(&insert, [text("nowhere".repeat(9))])).await.unwrap_err();
        assert!(failed.to_string().contains("does not exist"), "{failed}");
    }
    run(&mut *other, "ALTER TABLE u RENAME TO t").await.unwrap();
    assert_eq!(texts(&mut *c, with(&insert, [text("again")])).await, ["again"]);
}

/// A pattern makes the plan: with each, the statement is prepared again.
#[tokio::test]
async fn texts_outlive_a_plan_of_their_own() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    run(&mut *c, "CREATE TABLE t (v TEXT COLLATE NOCASE)").await.unwrap();
    run(&mut *c, "CREATE INDEX i ON t (v); CREATE INDEX j ON t (v COLLATE BINARY)").await.unwrap();
    let insert = statement("INSERT INTO t VALUES (?1)", []);
    for i in 0..50 {
        c.execute(with(&insert, [text(format!("value {i}"))])).await.unwrap();
    }
    run(&mut *c, "ANALYZE").await.unwrap();
    let like = statement("SELECT ?2 || v FROM t WHERE v LIKE ?1 ORDER BY v", []);
    let glob = statement("SELECT ?2 || v FROM t WHERE v COLLATE BINARY GLOB ?1", []);
    for i in (0..50).chain(0..10) {
        for (sql, pattern) in [(&like, format!("VALUE {i}%")), (&glob, format!("value {i}*"))] {
            let found = texts(&mut *c, with(sql, [text(pattern), text(format!("{i}: "))])).await;
            assert_eq!(found.len(), if (1..5).contains(&i) { 11 } else { 1 });
            assert_eq!(found[0], format!("{i}: value {i}"));
        }
    }
    assert!(texts(&mut *c, with(&like, [text("%none"), text("")])).await.is_empty());
}

/// Those that are not kept are finalized before their values go.
#[tokio::test]
async fn statements_that_are_not_kept_have_their_texts() {
    let file = File::new();
    drop(file.create("CREATE TABLE t (v TEXT)").await);
    for size in [0, 1, 2] {
        let driver = file.open(&format!("?connection_limit=1&statement_cache_size={size}")).await.unwrap();
        let mut c = driver.acquire().await.unwrap();
        let statements: Vec<_> = (0..4).map(|i| statement(&format!("SELECT {i} || ?1"), [])).collect();
        for round in 0..3 {
            for (i, sql) in statements.iter().enumerate() {
                let found = texts(&mut *c, with(sql, [text(format!(" in {round}"))])).await;
                assert_eq!(found, [format!("{i} in {round}")]);
            }
        }
        let several = statement("SELECT ?1; SELECT ?2 || ?1; SELECT ?3", [text("a"), text("b"), text("c")]);
        for _ in 0..2 {
            assert_eq!(texts(&mut *c, several.clone()).await, ["a", "ba", "c"]);
            let once = Statement { persistent: false, ..several.clone() };
            assert_eq!(texts(&mut *c, once).await, ["a", "ba", "c"]);
        }
    }
}
