use std::time::Duration;

use prisma_core::driver::{Driver, DriverError, IsolationLevel, QueryError, Row};
use prisma_core::{Error, ErrorKind};

use crate::{File, count, memory, rows, run, statement};

const TABLE: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY)";

#[tokio::test]
async fn a_transaction_dropped_is_rolled_back() {
    let file = File::new();
    let driver = file.create(TABLE).await;
    {
        let mut connection = driver.acquire().await.unwrap();
        connection.begin(None).await.unwrap();
        run(&mut *connection, "INSERT INTO t VALUES (1)").await.unwrap();
        connection.begin(None).await.unwrap();
        run(&mut *connection, "INSERT INTO t VALUES (2)").await.unwrap();
    }
    // One connection would do; two show that the lock is free too.
    let mut first = driver.acquire().await.unwrap();
    let mut second = driver.acquire().await.unwrap();
    assert_eq!(count(&mut *first, "t").await, 0);
    for connection in [&mut first, &mut second] {
        connection.begin(None).await.unwrap();
        run(&mut **connection, "INSERT INTO t DEFAULT VALUES").await.unwrap();
        connection.commit().await.unwrap();
    }
    assert_eq!(count(&mut *first, "t").await, 2);
}

#[tokio::test]
async fn the_one_connection_of_a_pool_survives_many_rollbacks() {
    let file = File::new();
    drop(file.create(TABLE).await);
    let driver = file.open("?connection_limit=1").await.unwrap();
    for _ in 0..20 {
        let mut connection = driver.acquire().await.unwrap();
        assert_eq!(count(&mut *connection, "t").await, 0);
        connection.begin(None).await.unwrap();
        run(&mut *connection, "INSERT INTO t DEFAULT VALUES").await.unwrap();
    }
}

#[tokio::test]
async fn savepoints_nest() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    run(&mut *c, TABLE).await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (2)").await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (3)").await.unwrap();
    c.rollback().await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 2);
    c.commit().await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (4)").await.unwrap();
    c.rollback().await.unwrap();
    c.commit().await.unwrap();
    drop(c);
    let mut c = driver.acquire().await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 2);
}

#[tokio::test]
async fn isolation_is_serializable_only() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    c.begin(Some(IsolationLevel::Serializable)).await.unwrap();
    c.rollback().await.unwrap();
    let refused = c.begin(Some(IsolationLevel::ReadCommitted)).await;
    assert!(matches!(refused, Err(DriverError::Unsupported { .. })), "{refused:?}");
    run(&mut *c, TABLE).await.unwrap();
}

#[tokio::test]
async fn a_visitor_that_refuses_leaves_the_connection_usable() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, TABLE).await.unwrap();
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n";
    let mut seen = 0;
    let mut visitor = |_: &dyn Row| {
        seen += 1;
        if seen == 3 { Err(Error::new(ErrorKind::Transaction { message: "enough".into() })) } else { Ok(()) }
    };
    let stopped = c.query(statement(many, []), &mut visitor).await;
    assert!(matches!(stopped, Err(QueryError::Visitor(_))));
    assert_eq!(seen, 3);
    // The same statement, from the cache, starts at its beginning.
    let again = rows(&mut *c, statement(many, []), |r| Ok(r.integer(0).unwrap().unwrap())).await.unwrap();
    assert_eq!((again.len(), again[0]), (100_000, 1));
    run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    c.commit().await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_future_dropped_in_the_middle_of_a_statement_leaves_nothing() {
    let file = File::new();
    drop(file.create(TABLE).await);
    let driver = file.open("?connection_limit=1").await.unwrap();
    // The insert takes long, yet ends: it makes a row of each of 300 000 numbers.
    let long = "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i FROM n";
    for wait in [0, 1, 20] {
        let work = async {
            let mut c = driver.acquire().await.unwrap();
            c.begin(None).await.unwrap();
            run(&mut *c, "INSERT INTO t VALUES (-1)").await.unwrap();
            run(&mut *c, long).await.unwrap();
            c.commit().await.unwrap();
        };
        let ended = tokio::time::timeout(Duration::from_millis(wait), work).await;
        assert!(ended.is_err(), "too fast to be interrupted");
        let mut c = driver.acquire().await.unwrap();
        assert_eq!(count(&mut *c, "t").await, 0, "after {wait} ms");
    }
}

/// Drops the futures of begin, insert and commit after every number of polls, so that each point of suspension is hit.
#[tokio::test]
async fn a_future_dropped_at_any_point_leaves_all_or_nothing() {
    let file = File::new();
    drop(file.create(TABLE).await);
    let driver = file.open("?connection_limit=1").await.unwrap();
    let mut committed = 0;
    for polls in 1..60 {
        let work = async {
            let mut c = driver.acquire().await.unwrap();
            c.begin(None).await.unwrap();
            run(&mut *c, "INSERT INTO t DEFAULT VALUES").await.unwrap();
            c.begin(None).await.unwrap();
            run(&mut *c, "INSERT INTO t DEFAULT VALUES").await.unwrap();
            c.commit().await.unwrap();
            c.commit().await.unwrap();
        };
        let done = drop_after(work, polls).await;
        let mut c = driver.acquire().await.unwrap();
        let found = count(&mut *c, "t").await;
        assert!(found == committed || found == committed + 2, "{polls} polls: {found} rows instead of {committed}");
        assert!(!done || found == committed + 2, "{polls} polls: committed, yet not there");
        committed = found;
        // Nothing is open any more: a transaction can begin and be rolled back.
        c.begin(None).await.unwrap();
        run(&mut *c, "INSERT INTO t DEFAULT VALUES").await.unwrap();
        drop(c);
        let mut c = driver.acquire().await.unwrap();
        assert_eq!(count(&mut *c, "t").await, committed, "{polls} polls: a later rollback was lost");
    }
    assert!(committed > 0, "no run got to its end");
}

/// Polls a future so many times and drops it. Whether it was done.
async fn drop_after(work: impl Future<Output = ()>, mut polls: u32) -> bool {
    let mut work = Box::pin(work);
    std::future::poll_fn(move |context| {
        polls -= 1;
        match work.as_mut().poll(context) {
            std::task::Poll::Ready(()) => std::task::Poll::Ready(true),
            std::task::Poll::Pending if polls == 0 => std::task::Poll::Ready(false),
            std::task::Poll::Pending => std::task::Poll::Pending,
        }
    })
    .await
}

/// A full disk makes SQLite roll back by itself.
#[tokio::test]
async fn a_transaction_that_the_database_ended_is_over() {
    let file = File::new();
    drop(file.create(TABLE).await);
    let driver = file.open("?connection_limit=1").await.unwrap();
    let mut c = driver.acquire().await.unwrap();
    run(&mut *c, "PRAGMA max_page_count = 10").await.unwrap();
    for _ in 0..2 {
        c.begin(None).await.unwrap();
        run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
        let many = "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
        let error = run(&mut *c, many).await.unwrap_err();
        assert!(error.to_string().contains("there is no room left"), "{error}");
        c.rollback().await.unwrap();
        drop(c);
        c = driver.acquire().await.unwrap();
        assert_eq!(count(&mut *c, "t").await, 0);
        run(&mut *c, "PRAGMA max_page_count = 10").await.unwrap();
    }
}

#[tokio::test]
async fn a_script_leaves_nothing_behind_in_the_pool() {
    let file = File::new();
    drop(file.create(TABLE).await);
    let driver = file.open("?connection_limit=1").await.unwrap();
    let mut c = driver.acquire().await.unwrap();
    c.execute_script("PRAGMA foreign_keys = OFF; BEGIN; INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)")
        .await
        .unwrap();
    drop(c);
    let mut c = driver.acquire().await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 0);
    let on = rows(&mut *c, statement("PRAGMA foreign_keys", []), |r| Ok(r.integer(0).unwrap())).await.unwrap();
    assert_eq!(on, [Some(1)]);
}

#[tokio::test]
async fn raw_sql_that_begins_a_transaction_leaves_nothing_behind() {
    let driver = memory().await;
    run(&mut *driver.acquire().await.unwrap(), TABLE).await.unwrap();
    for begin in ["BEGIN", " /* why */ begin immediate;", "SELECT 1; SAVEPOINT x"] {
        let mut c = driver.acquire().await.unwrap();
        for sql in [begin, "INSERT INTO t VALUES (1)"] {
            let mut raw = statement(sql, []);
            raw.persistent = false;
            c.execute(raw).await.unwrap();
        }
        drop(c);
        let mut c = driver.acquire().await.unwrap();
        assert_eq!(count(&mut *c, "t").await, 0, "{begin}; and the database in memory is still there");
    }
}

#[tokio::test]
async fn databases_in_memory_are_shared_by_the_pool_and_by_nobody_else() {
    let (one, other) = (memory().await, memory().await);
    {
        let mut c = one.acquire().await.unwrap();
        c.execute_script(TABLE).await.unwrap();
        run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    }
    let mut c = one.acquire().await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 1);
    let mut c = other.acquire().await.unwrap();
    assert!(matches!(run(&mut *c, "DELETE FROM t").await, Err(DriverError::TableNotFound { .. })));
}

#[test]
fn connections_can_be_dropped_outside_the_runtime() {
    let file = File::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(1).build().unwrap();
    let driver = runtime.block_on(file.create(TABLE));
    let mut c = runtime.block_on(driver.acquire()).unwrap();
    runtime.block_on(c.begin(None)).unwrap();
    runtime.block_on(run(&mut *c, "INSERT INTO t VALUES (1)")).unwrap();
    drop(c);
    let mut c = runtime.block_on(driver.acquire()).unwrap();
    assert_eq!(runtime.block_on(count(&mut *c, "t")), 0);
    let late = runtime.block_on(driver.acquire()).unwrap();
    drop(runtime);
    drop((c, late));
}

/// It waited for the lock, and gets it when nobody wants it any more.
#[tokio::test]
async fn a_transaction_whose_begin_was_dropped_is_not_begun() {
    let file = File::new();
    let driver = file.create(TABLE).await;
    let (mut holder, mut c) = (driver.acquire().await.unwrap(), driver.acquire().await.unwrap());
    for round in 1..=3 {
        if round == 3 {
            // After that, the connection is not to be kept.
            c.execute_script("PRAGMA foreign_keys = ON").await.unwrap();
        }
        holder.begin(None).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(5), c.begin(None)).await.is_err());
        holder.rollback().await.unwrap();
        assert_eq!(run(&mut *c, "INSERT INTO t DEFAULT VALUES").await.unwrap(), 1);
        assert_eq!(count(&mut *holder, "t").await, round);
    }
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t DEFAULT VALUES").await.unwrap();
    c.commit().await.unwrap();
    assert_eq!(count(&mut *holder, "t").await, 4);
}
