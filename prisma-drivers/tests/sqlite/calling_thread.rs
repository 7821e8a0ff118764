//! Statements run on the calling thread, and hold up nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use prisma_core::Value;
use prisma_core::driver::{Connection, Driver, Row, RowVisitor, Statement};

use crate::{File, count, memory, rows, run, statement};

const TABLE: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY)";
/// Never comes to a row.
const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
/// Comes to a row every now and then, for ever.
const SPARSE: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i % 200000 = 1";
/// Comes to a row at once, for ever.
const DENSE: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
const ENDLESS_WRITE: &str =
    "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0";

/// How late a ticker of 1 ms is at most while `work` runs for so long on the same thread.
async fn lateness(work: impl Future, duration: Duration) -> Duration {
    let work = tokio::time::timeout(duration, work);
    let mut ticker = tokio::time::interval(Duration::from_millis(1));
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut worst = Duration::ZERO;
    let tick = async {
        ticker.tick().await;
        loop {
            let (due, before) = (Instant::now() + Duration::from_millis(1), queued());
            ticker.tick().await;
            worst = worst.max(due.elapsed().saturating_sub(queued() - before));
        }
    };
    tokio::select! {
        biased;
        () = tick => {}
        _ = work => {}
    }
    worst
}

/// How long this thread was ready to run in all, while the machine ran something else (where Linux tells it).
fn queued() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').nth(1).and_then(|n| n.parse().ok()).unwrap_or(0))
}

/// How late is too late: 10 ms, or more where a statement of well below a millisecond takes long, as under valgrind. Whoever does hold up
/// the runtime does so for ever.
async fn too_late() -> Duration {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    let short = ENDLESS.replace(" FROM n)", " FROM n WHERE i < 500)");
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let since = Instant::now();
        rows(&mut *c, statement(&short, []), |_| Ok(())).await.unwrap();
        best = best.min(since.elapsed());
    }
    Duration::from_millis(10).max(20 * best)
}

/// The machine may do something else at the moment: then it is tried again.
async fn holds_up_nobody(what: &str, mut work: impl AsyncFnMut()) {
    let (too_late, mut worst) = (too_late().await, Vec::new());
    for _ in 0..5 {
        worst.push(lateness(work(), Duration::from_secs(1)).await);
        if worst.last() < Some(&too_late) {
            return;
        }
    }
    panic!("{what} held up the runtime for more than {too_late:?} each time: {worst:?}");
}

#[tokio::test]
async fn long_statements_hold_up_nobody() {
    let file = File::new();
    drop(file.create(TABLE).await);
    let driver = file.open("?connection_limit=1").await.unwrap();
    for sql in [ENDLESS, SPARSE, DENSE] {
        holds_up_nobody(sql, async || {
            let mut c = driver.acquire().await.unwrap();
            let _ = c.query(statement(sql, []), &mut |_: &dyn Row| Ok(())).await;
        })
        .await;
    }
    holds_up_nobody("a write in a transaction", async || {
        let mut c = driver.acquire().await.unwrap();
        c.begin(None).await.unwrap();
        run(&mut *c, ENDLESS_WRITE).await.unwrap();
    })
    .await;
    let mut c = driver.acquire().await.unwrap();
    c.begin(None).await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 0);
}

#[tokio::test]
async fn waiting_for_a_lock_holds_up_nobody() {
    let file = File::new();
    let driver = file.create(TABLE).await;
    let mut holder = driver.acquire().await.unwrap();
    holder.begin(None).await.unwrap();
    let other = file.open("").await.unwrap();
    holds_up_nobody("BEGIN IMMEDIATE", async || other.acquire().await.unwrap().begin(None).await.unwrap()).await;
    holds_up_nobody("INSERT", async || {
        run(&mut *other.acquire().await.unwrap(), "INSERT INTO t VALUES (1)").await.unwrap();
    })
    .await;
    // It gets the lock as soon as it is free.
    let mut c = other.acquire().await.unwrap();
    let (written, ()) = tokio::join!(run(&mut *c, "INSERT INTO t VALUES (1)"), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        holder.commit().await.unwrap();
    });
    assert_eq!(written.unwrap(), 1);
}

/// A transaction outlives a statement whose future was dropped: a read is broken off, a write runs to its end.
#[tokio::test]
async fn a_transaction_goes_on_after_a_dropped_statement() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    run(&mut *c, TABLE).await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (-1)").await.unwrap();
    for sql in [ENDLESS, SPARSE, DENSE] {
        let mut unseen = |_: &dyn Row| Ok(());
        let dropped = tokio::time::timeout(Duration::from_millis(50), c.query(statement(sql, []), &mut unseen));
        assert!(dropped.await.is_err(), "{sql} ended");
        assert_eq!(count(&mut *c, "t").await, 1);
    }
    let long = "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i FROM n";
    for (wait, expected) in [(0, 300_001), (20, 600_001)] {
        let long = long.replace("SELECT i FROM", &format!("SELECT i + {wait} * 1000000 FROM"));
        let dropped = tokio::time::timeout(Duration::from_millis(wait), run(&mut *c, &long)).await;
        assert!(dropped.is_err(), "too fast to be dropped");
        assert_eq!(count(&mut *c, "t").await, expected, "after {wait} ms");
    }
    c.commit().await.unwrap();
    drop(c);
    assert_eq!(count(&mut *driver.acquire().await.unwrap(), "t").await, 600_001);
}

/// What is read no more holds no snapshot, which would keep the log from being cut; what was written is written.
#[tokio::test]
async fn a_statement_dropped_among_its_rows_is_over() {
    let file = File::new();
    let driver = file.create(TABLE).await;
    for sql in [DENSE, "INSERT INTO t VALUES (11), (12), (13) RETURNING id"] {
        let mut c = driver.acquire().await.unwrap();
        let mut seen = Seen(0);
        assert!(drop_at_the_first_pause(c.query(statement(sql, []), &mut seen)).await, "{sql} ended");
        assert_eq!(seen.0, 1, "{sql}");
        drop(c);
        let mut other = driver.acquire().await.unwrap();
        run(&mut *other, "INSERT INTO t DEFAULT VALUES").await.unwrap();
        let checkpoint = statement("PRAGMA wal_checkpoint(TRUNCATE)", []);
        let busy = rows(&mut *other, checkpoint, |r| Ok(r.integer(0).unwrap())).await.unwrap();
        assert_eq!(busy, [Some(0)], "{sql}");
    }
    assert_eq!(count(&mut *file.open("").await.unwrap().acquire().await.unwrap(), "t").await, 5);
}

/// Has enough after each row.
struct Seen(u32);

impl RowVisitor for Seen {
    fn row(&mut self, _: &dyn Row) -> Result<(), prisma_core::Error> {
        self.0 += 1;
        Ok(())
    }

    fn is_full(&self) -> bool {
        true
    }
}

/// Whether a future was not done when it was polled once.
async fn drop_at_the_first_pause(future: impl Future) -> bool {
    let mut future = Box::pin(future);
    std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

#[tokio::test]
async fn parameters_by_number_and_in_order() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    let values = [Value::Int(1), Value::Int(2)];
    for (sql, expected) in [
        ("SELECT ? * 10 + ?", 12),
        ("SELECT ?2 * 10 + ?1", 21),
        ("SELECT $2 * 10 + $1", 21),
        ("SELECT ?1 * 10 + ?1", 11),
        ("SELECT ? * 10 + COALESCE(?4, 7)", 17),
        ("/* none */ ; SELECT ? ; -- end", 1),
    ] {
        for _ in 0..2 {
            let found = rows(&mut *c, statement(sql, values.clone()), |r| Ok(r.integer(0).unwrap().unwrap())).await;
            assert_eq!(found.unwrap(), [expected], "{sql}");
        }
    }
    // Each statement of a text takes its own.
    let found = rows(&mut *c, statement("SELECT ?; SELECT ?", values.clone()), |r| Ok(r.integer(0).unwrap().unwrap()));
    assert_eq!(found.await.unwrap(), [1, 2]);
    let error = rows(&mut *c, statement("SELECT :name", values), |_| Ok(())).await.unwrap_err();
    assert!(format!("{error:?}").contains("`:name` has no number"), "{error:?}");
}

#[tokio::test]
async fn rows_changed_are_those_of_the_statement() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    run(&mut *c, TABLE).await.unwrap();
    assert_eq!(run(&mut *c, "INSERT INTO t VALUES (1), (2), (3)").await.unwrap(), 3);
    assert_eq!(run(&mut *c, "SELECT * FROM t").await.unwrap(), 0, "not those of the statement before");
    assert_eq!(run(&mut *c, "DELETE FROM t WHERE id < 2; DELETE FROM t").await.unwrap(), 3);
    assert_eq!(run(&mut *c, "DELETE FROM t").await.unwrap(), 0);
}

#[tokio::test]
async fn statements_are_kept_as_the_url_says_and_follow_the_schema() {
    let file = File::new();
    drop(file.create(TABLE).await);
    for size in [0, 1, 2, 500] {
        let driver = file.open(&format!("?connection_limit=1&statement_cache_size={size}")).await.unwrap();
        let mut c = driver.acquire().await.unwrap();
        for round in 0..3 {
            for number in 0..4 {
                let sql = format!("SELECT {number}, * FROM (SELECT 1)");
                let found = rows(&mut *c, statement(&sql, []), |r| Ok(r.integer(0).unwrap().unwrap())).await;
                assert_eq!(found.unwrap(), [number], "{size} in round {round}");
            }
        }
    }
    let driver = file.open("").await.unwrap();
    let mut c = driver.acquire().await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    let mut columns = Vec::new();
    for change in ["SELECT 1", "ALTER TABLE t ADD COLUMN more TEXT DEFAULT 'x'"] {
        run(&mut *driver.acquire().await.unwrap(), change).await.unwrap();
        columns.extend(rows(&mut *c, statement("SELECT * FROM t", []), |r| Ok(r.len())).await.unwrap());
    }
    assert_eq!(columns, [1, 2]);
}

/// As deep as SQLite itself allows.
#[tokio::test]
async fn deep_expressions_have_stack_enough() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    let sql = format!("SELECT {}1{}", "(1 + ".repeat(900), ")".repeat(900));
    let found = rows(&mut *c, statement(&sql, []), |r| Ok(r.integer(0).unwrap().unwrap())).await.unwrap();
    assert_eq!(found, [901]);
    let json = format!("SELECT json_extract('{}1{}', '$[0][0]')", "[".repeat(900), "]".repeat(900));
    rows(&mut *c, statement(&json, []), |_| Ok(())).await.unwrap();
}

#[tokio::test]
async fn the_program_gets_its_turn_in_the_pool() {
    let file = File::new();
    drop(file.create(TABLE).await);
    let driver = Arc::new(file.open("?connection_limit=1").await.unwrap());
    let pool = driver.pool().clone();
    let insert = async || sqlx_insert(&pool).await;
    // One after the other on the one connection.
    for round in 1..=5 {
        run(&mut *driver.acquire().await.unwrap(), "INSERT INTO t DEFAULT VALUES").await.unwrap();
        insert().await;
        assert_eq!(count(&mut *driver.acquire().await.unwrap(), "t").await, 2 * round);
    }
    // While the engine is never idle.
    let is_over = Arc::new(AtomicBool::new(false));
    let busy = tokio::spawn({
        let (driver, is_over) = (Arc::clone(&driver), Arc::clone(&is_over));
        async move {
            while !is_over.load(Ordering::Relaxed) {
                count(&mut *driver.acquire().await.unwrap(), "t").await;
                tokio::task::yield_now().await;
            }
        }
    });
    for _ in 0..5 {
        tokio::time::timeout(Duration::from_secs(5), insert()).await.expect("a turn");
    }
    is_over.store(true, Ordering::Relaxed);
    busy.await.unwrap();
    // It may close the pool: nothing that lies idle holds it up.
    tokio::time::timeout(Duration::from_secs(5), pool.close()).await.expect("closed");
    assert!(driver.acquire().await.is_err());
}

/// What the engine leaves in the pool is as sqlx made it: no transaction, and a busy time-out that sleeps.
#[tokio::test]
async fn sqlx_gets_connections_back_as_they_were() {
    let file = File::new();
    drop(file.create(TABLE).await);
    let driver = file.open("?connection_limit=1&busy_timeout=300").await.unwrap();
    {
        let mut c = driver.acquire().await.unwrap();
        c.begin(None).await.unwrap();
        run(&mut *c, "INSERT INTO t VALUES (1)").await.unwrap();
    }
    let pool = driver.pool();
    let found: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM t").fetch_one(pool).await.unwrap();
    assert_eq!(found, 0);
    let busy: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(pool).await.unwrap();
    assert_eq!(busy, 300);
    let mut transaction = pool.begin().await.unwrap();
    sqlx::query("INSERT INTO t VALUES (2)").execute(&mut *transaction).await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(count(&mut *driver.acquire().await.unwrap(), "t").await, 0);
    // A transaction that the program began behind sqlx's back goes with its connection.
    sqlx::query("BEGIN").execute(pool).await.unwrap();
    let mut c = driver.acquire().await.unwrap();
    c.begin(None).await.unwrap();
    run(&mut *c, "INSERT INTO t VALUES (3)").await.unwrap();
    c.commit().await.unwrap();
    assert_eq!(count(&mut *c, "t").await, 1);
}

async fn sqlx_insert(pool: &sqlx::SqlitePool) {
    sqlx::query("INSERT INTO t DEFAULT VALUES").execute(pool).await.unwrap();
}

/// Threads, tasks, cancellations and a pool that is closed in the midst of it: whoever was told "written" finds it written.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stress() {
    let scale: u64 = std::env::var("PRISMA_CLIENT_STRESS").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    for round in 0..3 * scale {
        let file = File::new();
        drop(file.create("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").await);
        let driver = Arc::new(file.open("?connection_limit=3&statement_cache_size=4").await.unwrap());
        let (told, tried) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let tasks: Vec<_> = (0..12_u64)
            .map(|task| {
                let (driver, told, tried) = (Arc::clone(&driver), Arc::clone(&told), Arc::clone(&tried));
                tokio::spawn(async move {
                    for turn in 0..25_u64 {
                        let wait = Duration::from_micros((task * 37 + turn * 101 + round * 13) % 3000);
                        let work = async {
                            if task % 4 == 3 {
                                return use_pool(&driver, &told, &tried).await;
                            }
                            let Ok(mut c) = driver.acquire().await else { return };
                            use_connection(&mut *c, turn, &told, &tried).await;
                        };
                        // Some are dropped on the way, wherever they stand.
                        match turn % 3 {
                            0 => drop(tokio::time::timeout(wait, work).await),
                            _ => work.await,
                        }
                    }
                })
            })
            .collect();
        if round % 3 == 2 {
            tokio::time::sleep(Duration::from_millis(30)).await;
            driver.close().await;
        }
        for task in tasks {
            tokio::time::timeout(Duration::from_secs(60), task).await.expect("none hangs").unwrap();
        }
        driver.close().await;
        let driver = file.open("").await.unwrap();
        let mut c = driver.acquire().await.unwrap();
        let found = u64::try_from(count(&mut *c, "t").await).unwrap();
        let (told, tried) = (told.load(Ordering::SeqCst), tried.load(Ordering::SeqCst));
        assert!((told..=tried).contains(&found), "round {round}: {found} rows, {told} told, {tried} tried");
        let intact =
            rows(&mut *c, statement("PRAGMA integrity_check", []), |r| Ok(r.text(0).unwrap() == Some("ok".into())));
        assert_eq!(intact.await.unwrap(), [true]);
    }
}

async fn use_connection(c: &mut dyn Connection, turn: u64, told: &AtomicU64, tried: &AtomicU64) {
    let insert = |v: String| Statement {
        sql: Arc::from("INSERT INTO t (v) VALUES (?)"),
        values: vec![Value::String(v)],
        persistent: true,
    };
    match turn % 4 {
        0 => {
            let sql = format!("SELECT v, {turn} FROM t");
            let _ = rows(c, statement(&sql, []), |r| Ok(r.text(0).unwrap().map(|t| t.len()))).await;
        }
        1 => {
            tried.fetch_add(1, Ordering::SeqCst);
            if c.execute(insert(format!("row {turn}"))).await.is_ok() {
                told.fetch_add(1, Ordering::SeqCst);
            }
        }
        2 => {
            if c.begin(None).await.is_err() {
                return;
            }
            tried.fetch_add(2, Ordering::SeqCst);
            let one = c.execute(insert("one".into())).await;
            let inner = c.begin(None).await;
            let two = c.execute(insert("two".into())).await;
            let inner = inner.is_ok() && c.commit().await.is_ok();
            if one.is_ok() && two.is_ok() && inner && c.commit().await.is_ok() {
                told.fetch_add(2, Ordering::SeqCst);
            }
        }
        _ => {
            let long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n WHERE i % 500 = 0";
            let _ = rows(c, statement(long, []), |r| Ok(r.integer(0).unwrap())).await;
        }
    }
}

/// The same in the program's own way.
async fn use_pool(driver: &prisma_drivers::sqlite::SqliteDriver, told: &AtomicU64, tried: &AtomicU64) {
    let Ok(mut transaction) = driver.pool().begin_with("BEGIN IMMEDIATE").await else { return };
    tried.fetch_add(1, Ordering::SeqCst);
    let written = sqlx::query("INSERT INTO t (v) VALUES ('sqlx')").execute(&mut *transaction).await;
    if written.is_ok() && transaction.commit().await.is_ok() {
        told.fetch_add(1, Ordering::SeqCst);
    }
}
