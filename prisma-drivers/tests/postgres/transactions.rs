use std::time::Duration;
use test_servers::Server;

use prisma_core::driver::{Driver, DriverError, IsolationLevel, QueryError, Row};
use prisma_core::{Error, ErrorKind, Value};

use crate::{Scratch, count, rows, run, statement};

const TABLE: &str = "CREATE TABLE t (id SERIAL PRIMARY KEY)";
const NUMBERS: &str = "SELECT generate_series(1, 100000)::int";

#[tokio::test]
async fn a_transaction_dropped_is_rolled_back() {
    test_servers::needs!(Server::Postgresql);
    for parameters in
        ["connection_limit=1", "connection_limit=1&pgbouncer=true", "connection_limit=1&statement_cache_size=0"]
    {
        let scratch = Scratch::new();
        let driver = scratch.create(parameters, TABLE).await;
        for _ in 0..5 {
            let mut connection = driver.acquire().await.unwrap();
            assert_eq!(count(&mut *connection, "t").await, 0, "{parameters}");
            connection.begin(None).await.unwrap();
            run(&mut *connection, "INSERT INTO t DEFAULT VALUES").await.unwrap();
            connection.begin(None).await.unwrap();
            run(&mut *connection, "INSERT INTO t DEFAULT VALUES").await.unwrap();
        }
        let mut connection = driver.acquire().await.unwrap();
        connection.begin(None).await.unwrap();
        run(&mut *connection, "INSERT INTO t DEFAULT VALUES").await.unwrap();
        connection.commit().await.unwrap();
        assert_eq!(count(&mut *connection, "t").await, 1, "{parameters}");
    }
}

#[tokio::test]
async fn savepoints_nest() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("", TABLE).await;
    let mut c = driver.acquire().await.unwrap();
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
    assert_eq!(count(&mut *c, "t").await, 2);
}

/// After a failure the server takes nothing but a rollback; that of a savepoint is enough.
#[tokio::test]
async fn a_statement_that_fails() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("connection_limit=1", TABLE).await;
    let mut c = driver.acquire().await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    c.begin(None).await.unwrap();
    assert!(matches!(run(&mut *c, "INSERT INTO t VALUES (1)").await, Err(DriverError::UniqueViolation { .. })));
    c.rollback().await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (2)").await.unwrap();
    c.commit().await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 2);

    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (3)").await.unwrap();
    assert!(run(&mut *c, "INSERT INTO t VALUES (1)").await.is_err());
    let refused = run(&mut *c, "INSERT INTO t VALUES (4)").await;
    assert!(
        matches!(&refused, Err(DriverError::Database { code, .. }) if code.as_deref() == Some("25P02")),
        "{refused:?}"
    );
    // The server would take the COMMIT without a word, and roll back.
    let lost = c.commit().await;
    assert!(matches!(&lost, Err(DriverError::Database { code, .. }) if code.as_deref() == Some("25P02")), "{lost:?}");
    assert!(lost.unwrap_err().to_string().contains("a savepoint"));
    assert_eq!(count(&mut *c, "t").await, 2, "and the connection goes on");
}

#[tokio::test]
async fn a_constraint_that_is_checked_at_the_end() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let tables = "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int CONSTRAINT u_fk REFERENCES t DEFERRABLE INITIALLY DEFERRED)";
    let driver = scratch.create("connection_limit=1", tables).await;
    let mut c = driver.acquire().await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO u VALUES (1)").await.unwrap();
    assert!(matches!(c.commit().await, Err(DriverError::ForeignKeyViolation { .. })));
    assert_eq!(count(&mut *c, "u").await, 0);
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    c.commit().await.unwrap();
    assert!(matches!(run(&mut *c, "INSERT INTO u VALUES (2)").await, Err(DriverError::ForeignKeyViolation { .. })));
    assert_eq!(count(&mut *c, "t").await, 1);
}

#[tokio::test]
async fn isolation() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("", TABLE).await;
    let mut c = driver.acquire().await.unwrap();
    for (level, expected) in [
        (None, "read committed"),
        (Some(IsolationLevel::ReadUncommitted), "read uncommitted"),
        (Some(IsolationLevel::RepeatableRead), "repeatable read"),
        (Some(IsolationLevel::Serializable), "serializable"),
    ] {
        c.begin(level).await.unwrap();
        let found = rows(&mut *c, statement("SHOW transaction_isolation", []), |r| {
            Ok(r.text(0).unwrap().unwrap().into_owned())
        });
        assert_eq!(found.await.unwrap(), [expected]);
        c.rollback().await.unwrap();
    }
    let refused = c.begin(Some(IsolationLevel::Snapshot)).await;
    assert!(matches!(refused, Err(DriverError::Unsupported { .. })), "{refused:?}");
    run(&mut *c, "INSERT INTO t DEFAULT VALUES").await.unwrap();
}

#[tokio::test]
async fn a_visitor_that_refuses_leaves_the_connection_usable() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("connection_limit=1", TABLE).await;
    let mut c = driver.acquire().await.unwrap();
    c.begin(None).await.unwrap();
    let mut seen = 0;
    let mut visitor = |_: &dyn Row| {
        seen += 1;
        if seen == 3 { Err(Error::new(ErrorKind::Transaction { message: "enough".into() })) } else { Ok(()) }
    };
    let stopped = c.query(statement(NUMBERS, []), &mut visitor).await;
    assert!(matches!(stopped, Err(QueryError::Visitor(_))));
    assert_eq!(seen, 3);
    let again = rows(&mut *c, statement(NUMBERS, []), |r| Ok(r.integer(0).unwrap().unwrap())).await.unwrap();
    assert_eq!((again.len(), again[0]), (100_000, 1));
    run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    c.commit().await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 1);
}

/// Wherever a future is dropped, nothing of its transaction stays, and the next one gets a connection that is sound.
#[tokio::test(flavor = "multi_thread")]
async fn a_future_dropped_in_the_middle_leaves_nothing() {
    test_servers::needs!(Server::Postgresql);
    for parameters in ["connection_limit=1", "connection_limit=1&pgbouncer=true"] {
        let scratch = Scratch::new();
        let driver = scratch.create(parameters, TABLE).await;
        for micros in [0, 50, 200, 500, 1_000, 2_000, 4_000, 8_000, 20_000] {
            let work = async {
                let mut c = driver.acquire().await.unwrap();
                c.begin(None).await.unwrap();
                run(&mut *c, "INSERT INTO t SELECT generate_series(1, 1000)").await.unwrap();
                c.begin(None).await.unwrap();
                run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap_err();
                c.rollback().await.unwrap();
                run(&mut *c, "SELECT pg_sleep(10)").await.unwrap();
                c.commit().await.unwrap();
            };
            let ended = tokio::time::timeout(Duration::from_micros(micros), work).await;
            assert!(ended.is_err(), "too fast to be interrupted");
            let mut c = driver.acquire().await.unwrap();
            assert_eq!(count(&mut *c, "t").await, 0, "{micros}");
            let echo = statement("SELECT $1::int", [Value::Int(7)]);
            assert_eq!(rows(&mut *c, echo, |r| Ok(r.integer(0).unwrap())).await.unwrap(), [Some(7)]);
        }
    }
}

/// A statement given up within a transaction does not spoil what comes after it in the same transaction.
#[tokio::test]
async fn a_statement_given_up_within_a_transaction() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("connection_limit=1", TABLE).await;
    let mut c = driver.acquire().await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    let slow = tokio::time::timeout(Duration::from_millis(20), run(&mut *c, "SELECT pg_sleep(0.2)")).await;
    assert!(slow.is_err());
    run(&mut *c, "INSERT INTO t VALUES (2)").await.unwrap();
    c.begin(None).await.unwrap();
    let fails =
        tokio::time::timeout(Duration::from_millis(20), run(&mut *c, "SELECT pg_sleep(0.1), 1 / (id - 1) FROM t"))
            .await;
    assert!(fails.is_err());
    c.rollback().await.unwrap();
    c.commit().await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 2);
}

/// What changed the session ends with it.
#[tokio::test]
async fn a_session_that_was_changed_goes() {
    test_servers::needs!(Server::Postgresql);
    let scratch = Scratch::new();
    let driver = scratch.create("connection_limit=1", TABLE).await;
    for (change, is_script) in
        [("SET search_path TO pg_catalog", true), ("SET TIME ZONE 'Asia/Tokyo'", false), ("BEGIN", false)]
    {
        {
            let mut c = driver.acquire().await.unwrap();
            match is_script {
                true => c.execute_script(change).await.unwrap(),
                false => {
                    let raw = prisma_core::driver::Statement { persistent: false, ..statement(change, []) };
                    c.execute(raw).await.map(drop).unwrap();
                }
            }
        }
        let mut c = driver.acquire().await.unwrap();
        let ask = statement("SELECT current_schema::text || current_setting('TimeZone')", []);
        let found = rows(&mut *c, ask, |r| Ok(r.text(0).unwrap().unwrap().into_owned())).await.unwrap();
        assert_eq!(found, [format!("{}UTC", scratch.schema)], "{change}");
        run(&mut *c, "INSERT INTO t DEFAULT VALUES").await.unwrap();
        drop(c);
        let mut c = driver.acquire().await.unwrap();
        assert!(count(&mut *c, "t").await > 0);
    }
}
