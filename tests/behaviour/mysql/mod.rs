//! MySQL and MariaDB.

use test_servers::{Database, Reused, Server};

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
#[path = "../locks.rs"]
mod locks;
mod native_types;

/// A database that one test has at a time, which finds its tables empty.
pub struct TestDb {
    db: PrismaClient,
    database: Reused,
}

impl std::ops::Deref for TestDb {
    type Target = PrismaClient;
    fn deref(&self) -> &PrismaClient {
        &self.db
    }
}

fn is_asked_for() -> bool {
    Server::Mysql.is_asked_for()
}

impl TestDb {
    /// The tables are changed from here on: no other test is to get them.
    fn spoil(&self) {
        self.database.spoil();
    }
}

pub async fn fresh() -> TestDb {
    let database = Reused::take(Server::Mysql, "suite");
    let db = PrismaClient::builder().url(database.url("")).max_connections(5).connect().await.unwrap();
    if database.is_new() {
        db.push_schema().await.unwrap();
    }
    TestDb { db, database }
}

#[path = "../suite/mod.rs"]
mod suite;
