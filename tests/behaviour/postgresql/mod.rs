//! PostgreSQL.

prisma_client::prisma_schema!("tests/behaviour/postgresql.prisma");

// What this provider does in its own way.
/// `LIKE` tells upper from lower case.
const LIKE_IGNORES_ASCII_CASE: bool = false;
/// `eq` tells upper from lower case, and one spelling of a letter from another.
const EQUALITY_IS_EXACT: bool = true;
/// INSERT, UPDATE and DELETE answer the rows that they write.
const WRITES_ANSWER: bool = true;
/// Transactions that write different rows may still be in each other's way.
const WRITERS_COLLIDE: bool = false;
/// An order puts NULL behind everything else if nothing is said.
const NULLS_ARE_LEAST: bool = false;
/// Text is ordered by its bytes: so the tests' database is made.
const TEXT_ORDER_IS_BINARY: bool = true;
/// Enums are types of their own in the database.
const ENUMS_ARE_TEXT: bool = false;

/// The next autoincremented number once 50 was given by hand: a sequence does not know of it.
const AFTER_FIFTY: i32 = 4;

/// A transaction may not go on after a statement of it has failed.
const GOES_ON_AFTER_ERRORS: bool = false;

/// How many digits of a `Decimal` are kept.
const DECIMAL_DIGITS: usize = 65;
/// The times, in microseconds since 1970, that are kept to the microsecond; others are kept to the millisecond.
const MICROSECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;
/// A `Float` may be no number.
const FLOAT_HOLDS_NAN: bool = true;

#[cfg(feature = "cockroachdb")]
mod cockroachdb;
mod errors;
#[path = "../locks.rs"]
mod locks;
mod native_types;
mod scalar_lists;
mod schemas;

use test_servers::{Reused, Server};

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
    Server::Postgresql.is_asked_for()
}

impl TestDb {
    /// The tables are changed from here on: no other test is to get them.
    fn spoil(&self) {
        self.database.spoil();
    }
}

pub async fn fresh() -> TestDb {
    let database = Reused::take(Server::Postgresql, "suite");
    let url = database.url("connection_limit=4&options=-c%20jit%3Doff%20-c%20synchronous_commit%3Doff");
    let db = PrismaClient::builder().url(url).connect().await.unwrap();
    if database.is_new() {
        db.push_schema().await.unwrap();
    }
    TestDb { db, database }
}

#[path = "../suite/mod.rs"]
mod suite;
