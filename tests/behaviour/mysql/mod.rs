//! MySQL and MariaDB: the server of the variable `TEST_MYSQL_URL`, or the one of this machine.

use std::sync::Arc;

use prisma_client::__private::driver::{Driver, Row, Statement};

prisma_client::prisma_schema!("tests/behaviour/mysql.prisma");

// What this provider does in its own way.
/// The collation does not tell upper from lower case.
const LIKE_IGNORES_ASCII_CASE: bool = true;
/// `eq` tells upper from lower case, and one spelling of a letter from another.
const EQUALITY_IS_EXACT: bool = false;
/// INSERT, UPDATE and DELETE answer the rows that they write.
const WRITES_ANSWER: bool = false;
/// Transactions that write different rows may still be in each other's way.
const WRITERS_COLLIDE: bool = true;
/// An order puts NULL before everything else if nothing is said.
const NULLS_ARE_LEAST: bool = true;
/// Text is in the order of the collation.
const TEXT_ORDER_IS_BINARY: bool = false;
/// Enums are in the order of their declaration.
const ENUMS_ARE_TEXT: bool = false;

/// The next autoincremented number once 50 was given by hand.
const AFTER_FIFTY: i32 = 51;

/// A transaction may go on after a statement of it has failed.
const GOES_ON_AFTER_ERRORS: bool = true;

/// How many digits of a `Decimal` are kept behind the point; before it there are more.
const DECIMAL_DIGITS: usize = 30;
/// The times, in microseconds since 1970, that are kept to the microsecond.
const MICROSECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;
/// A `Float` may be no number.
const FLOAT_HOLDS_NAN: bool = false;

mod documents;
mod errors;
mod native_types;

/// A database of its own for one test.
pub struct TestDb {
    db: PrismaClient,
    _scratch: Scratch,
}

impl std::ops::Deref for TestDb {
    type Target = PrismaClient;
    fn deref(&self) -> &PrismaClient {
        &self.db
    }
}

/// The name of a database, which is dropped at the end.
struct Scratch(String);

impl Scratch {
    fn new() -> Self {
        Self(format!("prisma_test_{}", prisma_client::uuid::Uuid::new_v4().simple()))
    }

    fn url(&self) -> String {
        url(&self.0)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // From a thread of its own: the test's runtime may be the one that runs this, or be gone.
        let database = self.0.clone();
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                // What the test left open would stand against it, since nothing rolls it back while this is waited for.
                cut_connections(&database).await;
                as_root(&format!("DROP DATABASE IF EXISTS `{database}`")).await;
            });
        });
        if !std::thread::panicking() {
            dropped.join().unwrap();
        }
    }
}

/// The URL of a database on the server.
fn url(database: &str) -> String {
    let server = std::env::var("TEST_MYSQL_URL").unwrap_or_else(|_| "mysql://root@127.0.0.1:3306".to_owned());
    format!("{}/{database}", server.trim_end_matches('/'))
}

/// The server itself, beside the tests' databases.
async fn root() -> Arc<dyn Driver> {
    let options = prisma_drivers::ConnectOptions { max_connections: Some(1), ..Default::default() };
    prisma_drivers::connect(prisma_schema::Provider::Mysql, &url("mysql"), &options).await.unwrap()
}

/// Runs a script on a connection of its own.
async fn as_root(sql: &str) {
    root().await.acquire().await.unwrap().execute_script(sql).await.unwrap();
}

/// Ends all connections to a database, as a server may at any time; answers how many.
async fn cut_connections(database: &str) -> usize {
    let mut ids = Vec::new();
    let mut visit = |row: &dyn Row| {
        ids.extend(row.integer(0).unwrap());
        Ok(())
    };
    let sql = format!("SELECT id FROM information_schema.processlist WHERE db = '{database}'");
    let statement = Statement { sql: sql.into(), values: Vec::new(), persistent: false };
    let root = root().await;
    root.acquire().await.unwrap().query(statement, &mut visit).await.unwrap();
    for id in &ids {
        // It may have ended by itself.
        let _ = root.acquire().await.unwrap().execute_script(&format!("KILL {id}")).await;
    }
    ids.len()
}

pub async fn fresh() -> TestDb {
    let scratch = Scratch::new();
    let db = PrismaClient::builder().url(scratch.url()).max_connections(5).connect().await.unwrap();
    db.push_schema().await.unwrap();
    TestDb { db, _scratch: scratch }
}

#[path = "../suite/mod.rs"]
mod suite;
