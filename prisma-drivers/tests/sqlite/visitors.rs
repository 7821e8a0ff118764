//! Visitors that end, or panic, in the middle of the rows.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use prisma_core::driver::{Connection, Driver, DriverError, QueryError, Row, RowVisitor, Statement};
use prisma_core::{Error, ErrorKind, Value};

use crate::{File, count, memory, rows, run, statement};

/// Rows at once, as many as are seen in one slice of time and more.
const MANY: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i, ?1 || i FROM n";
/// Rows after so long that the statement is set aside between them.
const SPARSE: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) \
    SELECT (i + 99999) / 100000, ?1 || ((i + 99999) / 100000) FROM n WHERE i % 100000 = 1";
const RETURNING: &str = "INSERT INTO t (v) VALUES (?1 || 1), (?1 || 2), (?1 || 3) RETURNING id, v";

/// What a visitor does at its last row.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Panic,
    Error,
}

/// Ends at a row; may have enough after each before that.
struct Ending {
    at: usize,
    end: End,
    is_full: bool,
    seen: Vec<String>,
}

impl RowVisitor for Ending {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        let text = row.text(1).unwrap().unwrap();
        self.seen.push(text.clone().into_owned());
        match self.end {
            _ if self.seen.len() < self.at => Ok(()),
            End::Error => Err(Error::new(ErrorKind::Transaction { message: text.into_owned() })),
            End::Panic => panic!("at {text}"),
        }
    }

    fn is_full(&self) -> bool {
        self.is_full
    }
}

fn named(sql: &Statement, name: &str) -> Statement {
    Statement { values: vec![Value::String(name.to_owned())], ..sql.clone() }
}

/// Runs a statement until its visitor ends, and sees that its end is told.
async fn end(c: &mut dyn Connection, sql: &Statement, name: &str, mut visitor: Ending) {
    let sql = named(sql, name);
    let ended = AssertUnwindSafe(async { c.query(sql, &mut visitor).await }).catch_unwind().await;
    let last = format!("{name}{}", visitor.at);
    match (visitor.end, ended) {
        (End::Panic, Err(panic)) => assert_eq!(*panic.downcast::<String>().unwrap(), format!("at {last}")),
        (End::Error, Ok(Err(QueryError::Visitor(error)))) => assert!(error.to_string().contains(&last), "{error}"),
        (end, ended) => panic!("{end:?} became {ended:?}"),
    }
    let expected: Vec<_> = (1..=visitor.at).map(|i| format!("{name}{i}")).collect();
    assert_eq!(visitor.seen, expected);
}

/// On SQLite's stack and outside, with a statement that is new and one that is kept.
#[tokio::test]
async fn a_connection_works_after_a_visitor_that_ends() {
    let driver = memory().await;
    let mut c = driver.acquire().await.unwrap();
    for (sql, at, all) in [(MANY, 150, 1000), (MANY, 1, 1000), (SPARSE, 2, 3)] {
        let sql = statement(sql, []);
        for kind in [End::Panic, End::Error] {
            for (is_full, name) in [(false, "ä"), (true, "another"), (false, "")] {
                end(&mut *c, &sql, name, Ending { at, end: kind, is_full, seen: Vec::new() }).await;
            }
        }
        let found = rows(&mut *c, named(&sql, "x"), |r| Ok(r.text(1).unwrap().unwrap().into_owned())).await.unwrap();
        assert_eq!((found.len(), &*found[0], &*found[2]), (all, "x1", "x3"));
    }
}

/// It neither reads on nor holds a lock.
#[tokio::test]
async fn a_statement_is_over_when_its_visitor_ends() {
    let file = File::new();
    let driver = file.create("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").await;
    let mut inserted = 0;
    for end in [End::Panic, End::Error] {
        for sql in [MANY, RETURNING] {
            let mut c = driver.acquire().await.unwrap();
            let sql = statement(sql, []);
            for _ in 0..2 {
                self::end(&mut *c, &sql, "v", Ending { at: 2, end, is_full: false, seen: Vec::new() }).await;
            }
            drop(c);
            inserted += if &*sql.sql == RETURNING { 6 } else { 0 };
            let mut other = driver.acquire().await.unwrap();
            assert_eq!(count(&mut *other, "t").await, inserted);
            let checkpoint = statement("PRAGMA wal_checkpoint(TRUNCATE)", []);
            let busy = rows(&mut *other, checkpoint, |r| Ok(r.integer(0).unwrap())).await.unwrap();
            assert_eq!(busy, [Some(0)], "{end:?} {}", sql.sql);
        }
    }
}

/// Whoever catches the panic may go on, take back or end the transaction.
#[tokio::test]
async fn a_transaction_outlives_a_visitor_that_panics() {
    let file = File::new();
    let driver = file.create("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").await;
    let mut c = driver.acquire().await.unwrap();
    let ending = || Ending { at: 2, end: End::Panic, is_full: false, seen: Vec::new() };
    let sql = statement(RETURNING, []);
    for (commits, expected) in [(false, 0), (true, 6), (false, 6)] {
        c.begin(None).await.unwrap();
        end(&mut *c, &sql, "outer", ending()).await;
        c.begin(None).await.unwrap();
        end(&mut *c, &sql, "inner", ending()).await;
        match commits {
            true => c.commit().await.unwrap(),
            false => c.rollback().await.unwrap(),
        }
        assert_eq!(count(&mut *c, "t").await, if commits { expected } else { expected + 3 });
        match commits {
            true => c.commit().await.unwrap(),
            false => c.rollback().await.unwrap(),
        }
        assert_eq!(count(&mut *c, "t").await, expected);
    }
}

/// A task dies of the panic, and its transaction with it; the one connection of the pool does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_panics_among_rows_is_rolled_back() {
    let file = File::new();
    drop(file.create("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").await);
    let driver = std::sync::Arc::new(file.open("?connection_limit=1").await.unwrap());
    for sql in [MANY, SPARSE, RETURNING] {
        let sql = statement(sql, []);
        for round in 0..4 {
            let (driver, sql) = (driver.clone(), sql.clone());
            let task = tokio::spawn(async move {
                let mut c = driver.acquire().await.unwrap();
                if round % 2 == 1 {
                    c.begin(None).await.unwrap();
                    run(&mut *c, "INSERT INTO t (v) VALUES ('x')").await.unwrap();
                }
                let mut visitor = Ending { at: 3, end: End::Panic, is_full: false, seen: Vec::new() };
                c.query(named(&sql, "v"), &mut visitor).await.unwrap();
            });
            assert!(task.await.unwrap_err().is_panic());
        }
        let mut c = driver.acquire().await.unwrap();
        // What was not in a transaction is written.
        assert_eq!(count(&mut *c, "t").await, if &*sql.sql == RETURNING { 6 } else { 0 });
        let refused: Result<u64, DriverError> = run(&mut *c, "INSERT INTO t VALUES (1, 'y'), (1, 'z')").await;
        assert!(refused.is_err());
    }
}
