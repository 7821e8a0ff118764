//! Connections, transactions, and what is left of them.

use std::future::Future;
use std::task::Poll;
use std::time::Duration;

use prisma_core::driver::IsolationLevel;

use super::*;

const TABLE: &str =
    "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL DEFAULT 0); INSERT INTO t VALUES (1, 0), (2, 0)";

/// Gives a future up when it has had to wait so many times.
async fn given_up<F: Future>(after: usize, future: F) -> Option<F::Output> {
    let (mut future, mut left) = (std::pin::pin!(future), after);
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

async fn id(connection: &mut dyn Connection) -> i64 {
    number(connection, "SELECT CONNECTION_ID()").await
}

async fn kill(id: i64) {
    as_root(&format!("KILL {id}")).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test]
async fn the_session() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new("").await;
    let c = &mut *scratch.connection().await;
    assert_eq!(number(c, "SELECT @@time_zone = '+00:00'").await, 1);
    assert_eq!(number(c, "SELECT @@character_set_client = 'utf8mb4'").await, 1);
    assert_eq!(number(c, "SELECT @@sql_mode LIKE '%STRICT_TRANS_TABLES%'").await, 1);
    assert_eq!(number(c, "SELECT @@sql_mode LIKE '%NO_BACKSLASH_ESCAPES%'").await, 0);
    assert!(!scratch.driver.create_database().await.unwrap(), "it is there");
}

#[tokio::test]
async fn transactions_and_savepoints() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new(TABLE).await;
    let c = &mut *scratch.connection().await;
    c.begin(Some(IsolationLevel::Serializable)).await.unwrap();
    run(c, "UPDATE t SET n = 1").await.unwrap();
    c.begin(None).await.unwrap();
    run(c, "UPDATE t SET n = 2").await.unwrap();
    c.rollback().await.unwrap();
    c.begin(None).await.unwrap();
    run(c, "UPDATE t SET n = n + 10 WHERE id = 1").await.unwrap();
    c.commit().await.unwrap();
    let other = &mut *scratch.connection().await;
    other.begin(Some(IsolationLevel::ReadUncommitted)).await.unwrap();
    assert_eq!(number(other, "SELECT SUM(n) FROM t").await, 12, "seen before it is committed");
    other.rollback().await.unwrap();
    assert_eq!(number(other, "SELECT SUM(n) FROM t").await, 0);
    c.commit().await.unwrap();
    assert_eq!(number(other, "SELECT SUM(n) FROM t").await, 12);
    let error = c.begin(Some(IsolationLevel::Snapshot)).await.unwrap_err();
    assert!(error.to_string().contains("Snapshot"), "{error}");
    assert_eq!(run(c, "UPDATE t SET n = 11 WHERE id = 1").await.unwrap(), 1, "rows found, not rows changed");
}

#[tokio::test]
async fn what_is_left_open_is_rolled_back() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::with("connection_limit=1", TABLE).await;
    let mut c = scratch.connection().await;
    c.begin(None).await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "UPDATE t SET n = 1").await.unwrap();
    let first = id(&mut *c).await;
    drop(c);
    let mut c = scratch.connection().await;
    assert_eq!(number(&mut *c, "SELECT SUM(n) FROM t").await, 0);
    assert_eq!(id(&mut *c).await, first, "the same connection");
    // What may have changed the session is not handed on.
    c.execute(Statement { persistent: false, ..statement("SET @x = 1", []) }).await.unwrap();
    drop(c);
    let mut c = scratch.connection().await;
    assert_ne!(id(&mut *c).await, first);
    assert_eq!(number(&mut *c, "SELECT @x IS NULL").await, 1);
}

/// However far a future got before it is dropped, the next statement is answered right.
#[tokio::test]
async fn dropped_futures() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::with("connection_limit=1&statement_cache_size=3", TABLE).await;
    let mut c = scratch.connection().await;
    for after in 0..6 {
        for round in 0..4 {
            let sql = format!("SELECT n, {round} FROM t WHERE id > ? UNION SELECT 5, {after} ORDER BY 1");
            let select = statement(&sql, [Value::Int(0)]);
            given_up(after, rows(&mut *c, select, |row| Ok(row.integer(0).unwrap()))).await;
            assert_eq!(number(&mut *c, &format!("SELECT {after} * 10 + {round}")).await, after as i64 * 10 + round);
        }
        // A savepoint that nobody knows to have begun is none.
        c.begin(None).await.unwrap();
        run(&mut *c, "UPDATE t SET n = n + 1 WHERE id = 1").await.unwrap();
        let begun = given_up(after, c.begin(None)).await;
        run(&mut *c, "UPDATE t SET n = n + 1 WHERE id = 2").await.unwrap();
        if begun.is_some() {
            c.rollback().await.unwrap();
        }
        c.rollback().await.unwrap();
        assert_eq!(number(&mut *c, "SELECT SUM(n) FROM t").await, 0, "after {after}");
        // Nor is a transaction.
        given_up(after, c.begin(None)).await;
        drop(c);
        c = scratch.connection().await;
        run(&mut *c, "UPDATE t SET n = 1 WHERE id = 1").await.unwrap();
        drop(c);
        c = scratch.connection().await;
        assert_eq!(number(&mut *c, "SELECT SUM(n) FROM t").await, 1, "it was no part of a transaction");
        run(&mut *c, "UPDATE t SET n = 0").await.unwrap();
    }
}

/// The whole transaction is gone: the rest of it must not run by itself.
#[tokio::test]
async fn deadlocks() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new(TABLE).await;
    let (mut a, mut b) = (scratch.connection().await, scratch.connection().await);
    a.begin(None).await.unwrap();
    b.begin(None).await.unwrap();
    run(&mut *a, "UPDATE t SET n = 1 WHERE id = 1").await.unwrap();
    run(&mut *b, "UPDATE t SET n = 2 WHERE id = 2").await.unwrap();
    b.begin(None).await.unwrap();
    a.begin(None).await.unwrap();
    let (of_a, of_b) =
        tokio::join!(run(&mut *a, "UPDATE t SET n = 1 WHERE id = 2"), run(&mut *b, "UPDATE t SET n = 2 WHERE id = 1"));
    let (mut victim, mut winner) = match (&of_a, &of_b) {
        (Err(DriverError::WriteConflict { .. }), Ok(_)) => (a, b),
        (Ok(_), Err(DriverError::WriteConflict { .. })) => (b, a),
        other => panic!("{other:?}"),
    };
    let error = run(&mut *victim, "INSERT INTO t (id) VALUES (3)").await.unwrap_err();
    assert!(matches!(&error, DriverError::WriteConflict { message } if message.contains("rolled back")), "{error}");
    assert!(victim.rollback().await.is_err(), "the savepoint is not there any more");
    assert!(victim.commit().await.is_err());
    winner.commit().await.unwrap();
    winner.commit().await.unwrap();
    drop(victim);
    let c = &mut *scratch.connection().await;
    assert_eq!(number(c, "SELECT COUNT(*) FROM t").await, 2);
    assert_eq!(number(c, "SELECT COUNT(DISTINCT n) FROM t").await, 1);
}

#[tokio::test]
async fn locks_that_are_held_too_long() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new(TABLE).await;
    let (mut a, mut b) = (scratch.connection().await, scratch.connection().await);
    a.begin(None).await.unwrap();
    run(&mut *a, "UPDATE t SET n = 1").await.unwrap();
    b.execute(Statement { persistent: false, ..statement("SET innodb_lock_wait_timeout = 1", []) }).await.unwrap();
    assert!(matches!(run(&mut *b, "UPDATE t SET n = 2").await, Err(DriverError::WriteConflict { .. })));
    a.rollback().await.unwrap();
    run(&mut *b, "UPDATE t SET n = 3").await.unwrap();
}

#[tokio::test]
async fn connections_that_the_server_cuts() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::with("connection_limit=2", TABLE).await;
    // In use.
    let mut c = scratch.connection().await;
    c.begin(None).await.unwrap();
    run(&mut *c, "UPDATE t SET n = 1").await.unwrap();
    kill(id(&mut *c).await).await;
    let error = run(&mut *c, "UPDATE t SET n = 2").await.unwrap_err();
    assert!(matches!(error, DriverError::ConnectionClosed { .. }), "{error:?}");
    assert!(c.commit().await.is_err());
    drop(c);
    // While it waits.
    let (mut one, mut two) = (scratch.connection().await, scratch.connection().await);
    assert_eq!(number(&mut *one, "SELECT SUM(n) FROM t").await, 0);
    let ids = [id(&mut *one).await, id(&mut *two).await];
    let sleeping = tokio::spawn(async move { run(&mut *one, "SELECT SLEEP(20)").await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    kill(ids[0]).await;
    assert!(matches!(
        sleeping.await.unwrap(),
        Err(DriverError::ConnectionClosed { .. } | DriverError::Database { .. })
    ));
    // In the pool.
    drop(two);
    tokio::time::sleep(Duration::from_millis(600)).await;
    kill(ids[1]).await;
    for _ in 0..4 {
        let (mut one, mut two) = (scratch.connection().await, scratch.connection().await);
        assert_eq!(number(&mut *one, "SELECT SUM(n) FROM t").await, 0);
        assert_eq!(number(&mut *two, "SELECT SUM(n) FROM t").await, 0);
    }
}

#[tokio::test]
async fn a_pool_with_none_to_spare() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::with("connection_limit=1&pool_timeout=1", "").await;
    let held = scratch.connection().await;
    match scratch.driver.acquire().await.err().unwrap() {
        DriverError::PoolTimeout { seconds, limit } => assert_eq!((seconds, limit), (1, 1)),
        other => panic!("{other:?}"),
    }
    drop(held);
    drop(scratch.connection().await);
    scratch.driver.close().await;
    assert!(matches!(scratch.driver.acquire().await.err().unwrap(), DriverError::PoolClosed));
}

#[tokio::test]
async fn answers_that_do_not_come() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::with("connection_limit=1&socket_timeout=1", TABLE).await;
    let mut c = scratch.connection().await;
    let slow = id(&mut *c).await;
    c.begin(None).await.unwrap();
    run(&mut *c, "UPDATE t SET n = 1").await.unwrap();
    let before = std::time::Instant::now();
    let error = run(&mut *c, "SELECT SLEEP(30)").await.unwrap_err();
    assert!(matches!(&error, DriverError::Timeout { message } if message.contains("socket_timeout")), "{error:?}");
    assert!(before.elapsed() < Duration::from_secs(5));
    drop(c);
    let mut c = scratch.connection().await;
    assert_ne!(id(&mut *c).await, slow, "nobody else gets that connection");
    kill(slow).await;
    assert_eq!(number(&mut *c, "SELECT SUM(n) FROM t").await, 0);
}

#[tokio::test]
async fn sockets_and_names() {
    test_servers::needs!(Server::Mysql);
    let scratch = Scratch::new("").await;
    let socket = "/run/mysqld/mysqld.sock";
    if std::path::Path::new(socket).exists() && Server::Mysql.url("").contains("127.0.0.1:3306") {
        let driver = open(&scratch.url(&format!("socket={socket}"))).unwrap();
        assert_eq!(number(&mut *driver.acquire().await.unwrap(), "SELECT 1").await, 1);
        driver.close().await;
    }
    let name = scratch.database.name();
    let odd = open(&Server::Mysql.url(&format!("{name}%60%20x"))).unwrap();
    assert!(odd.create_database().await.unwrap());
    let mut c = odd.acquire().await.unwrap();
    assert_eq!(number(&mut *c, &format!("SELECT DATABASE() = '{name}` x'")).await, 1);
    c.execute_script(&format!("DROP DATABASE `{name}`` x`")).await.unwrap();
}
