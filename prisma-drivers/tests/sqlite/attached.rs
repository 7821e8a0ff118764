//! Databases that the program attaches to its connections.

use std::sync::mpsc;
use std::time::Duration;

use prisma_core::driver::{Driver, DriverError};

use crate::{File, count, memory, rows, run, statement};

const LONG: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT COUNT(*) FROM n, s.t";

/// What `work` makes, which may hang the thread that it runs on.
fn in_time<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        done.send(runtime.block_on(work)).unwrap();
    });
    wait.recv_timeout(Duration::from_secs(120)).expect("it hangs")
}

/// SQLite holds a mutex of a shared cache while it calls back; nobody on the same thread may meet with it there.
#[test]
fn a_cache_that_is_shared_hangs_nobody() {
    let name = format!("file:shared{}?mode=memory&cache=shared", std::process::id());
    for file in ["file:{}/s.db?cache=shared", &name, "{}/s.db", "file:{}/s.db?cache=private&cache=shared"] {
        let file = file.to_owned();
        in_time(async move {
            let directory = File::new();
            let driver = directory.create("CREATE TABLE t (id INTEGER)").await;
            std::fs::write(directory.directory.path().join("s.db"), "").unwrap();
            let attach = format!("ATTACH '{}' AS s", file.replace("{}", directory.directory.path().to_str().unwrap()));
            let (mut one, mut two) = (driver.acquire().await.unwrap(), driver.acquire().await.unwrap());
            for c in [&mut one, &mut two] {
                run(&mut **c, &attach).await.unwrap();
                // There already where it is shared.
                run(&mut **c, "CREATE TABLE IF NOT EXISTS s.t (id INTEGER PRIMARY KEY)").await.unwrap();
                run(&mut **c, "INSERT OR IGNORE INTO s.t VALUES (1), (2)").await.unwrap();
            }
            let long = |c| rows(c, statement(LONG, []), |r| Ok(r.integer(0).unwrap().unwrap()));
            let (one, two) = tokio::join!(long(&mut *one), long(&mut *two));
            assert_eq!((one.unwrap(), two.unwrap()), (vec![400_000], vec![400_000]), "{file}");
        });
    }
}

/// A lock is waited for in the call where that cannot be left, and not for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locks_are_waited_for_beside_a_shared_cache() {
    let file = File::new();
    let driver = file.create("CREATE TABLE t (id INTEGER)").await;
    let other = file.open("?busy_timeout=300").await.unwrap();
    let mut holder = driver.acquire().await.unwrap();
    holder.begin(None).await.unwrap();
    let mut c = other.acquire().await.unwrap();
    run(&mut *c, "ATTACH ':memory:' AS s").await.unwrap();
    let error = run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap_err();
    assert!(matches!(error, DriverError::Timeout { .. }), "{error:?}");
    holder.commit().await.unwrap();
    assert_eq!(run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap(), 1);
    assert_eq!(count(&mut *c, "t").await, 1);
}

/// Text of a database in UTF-16 is converted where it lies, and stays there when it is asked for again.
#[tokio::test]
async fn text_in_utf_16_is_borrowed_too() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    run(&mut *c, "PRAGMA encoding = 'UTF-16le'").await.unwrap();
    run(&mut *c, "CREATE TABLE t (a TEXT, b TEXT, c BLOB)").await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES ('größer als alles andere', 'ž', zeroblob(70000))").await.unwrap();
    let found = rows(&mut *c, statement("SELECT a, b, c FROM t", []), |row| {
        let (a, b) = (row.text(0).unwrap().unwrap(), row.text(1).unwrap().unwrap());
        let c = row.bytes(2).unwrap().unwrap();
        assert_eq!(
            (row.text(0).unwrap().unwrap().as_ptr(), row.bytes(2).unwrap().unwrap().as_ptr()),
            (a.as_ptr(), c.as_ptr())
        );
        assert_eq!((&*a, &*b, c.len()), ("größer als alles andere", "ž", 70_000));
        Ok(row.column_name(0).to_owned())
    });
    assert_eq!(found.await.unwrap(), ["a"]);
}
