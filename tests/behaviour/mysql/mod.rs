//! MySQL and MariaDB: a server at `MYSQL_URL`, or on this machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use prisma_client::__private::driver::Driver;

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

/// A database of its own for one test.
pub struct TestDb {
    db: PrismaClient,
    name: String,
}

impl std::ops::Deref for TestDb {
    type Target = PrismaClient;
    fn deref(&self) -> &PrismaClient {
        &self.db
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        // From a thread of its own: the test's runtime may be the one that runs this, or be gone.
        let sql = format!("DROP DATABASE IF EXISTS `{}`", self.name);
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let server = server("mysql").await;
                server.acquire().await.unwrap().execute_script(&sql).await.unwrap();
            });
        });
        if !std::thread::panicking() {
            dropped.join().unwrap();
        }
    }
}

/// The URL of a database on the server.
fn url(database: &str) -> String {
    let server = std::env::var("MYSQL_URL").unwrap_or_else(|_| "mysql://root@127.0.0.1:3306".to_owned());
    format!("{}/{database}", server.trim_end_matches('/'))
}

async fn server(database: &str) -> Arc<dyn Driver> {
    let options = prisma_drivers::ConnectOptions { max_connections: Some(1), ..Default::default() };
    prisma_drivers::connect(prisma_schema::Provider::Mysql, &url(database), &options).await.unwrap()
}

pub async fn fresh() -> TestDb {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("prisma_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let db = PrismaClient::builder().url(url(&name)).max_connections(5).connect().await.unwrap();
    let db = TestDb { db, name };
    db.push_schema().await.unwrap();
    db
}

#[path = "../suite/mod.rs"]
mod suite;
