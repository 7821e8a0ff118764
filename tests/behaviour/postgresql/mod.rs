//! PostgreSQL: the server of the variable `TEST_POSTGRESQL_URL`, or the one of this machine.

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
mod native_types;
mod scalar_lists;
mod schemas;

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex};

use prisma_client::__private::driver::{Connection, Row, Statement};

const DATABASE: &str = "prisma_behaviour_tests";

/// The URL of a database schema of the tests' database.
fn url(schema: &str) -> String {
    let server = std::env::var("TEST_POSTGRESQL_URL");
    let server = server.unwrap_or_else(|_| "postgresql://postgres@127.0.0.1:5432".to_owned());
    format!(
        "{server}/{DATABASE}?schema={schema}&application_name={schema}&connection_limit=4&sslmode=disable&options=-c%20jit%3Doff%20-c%20synchronous_commit%3Doff"
    )
}

/// A database schema that one test has at a time, which finds its tables empty. They stay for the next test, since making them
/// takes longer than the test itself.
pub struct TestDb {
    db: PrismaClient,
    /// Holds the lock on the schema.
    _guard: Box<dyn Connection>,
}

impl std::ops::Deref for TestDb {
    type Target = PrismaClient;
    fn deref(&self) -> &PrismaClient {
        &self.db
    }
}

async fn run_script(connection: &mut dyn Connection, script: &str) {
    connection.execute_script(script).await.unwrap_or_else(|e| panic!("{e}: {script}"));
}

/// The first column of the first row.
async fn ask(connection: &mut dyn Connection, sql: &str) -> prisma_client::Value {
    let mut found = prisma_client::Value::Null;
    let mut read = |row: &dyn Row| {
        found = row.dynamic(0).unwrap();
        Ok(())
    };
    let statement = Statement { sql: sql.into(), values: Vec::new(), persistent: false };
    connection.query(statement, &mut read).await.unwrap();
    found
}

pub async fn fresh() -> TestDb {
    let keeper = PrismaClient::builder().url(url("public")).max_connections(1).connect().await.unwrap();
    keeper.driver().create_database().await.unwrap();
    let mut guard = keeper.driver().acquire().await.unwrap();
    let mut number = 0;
    let schema = loop {
        let schema = format!("test{number}");
        let lock = format!("SELECT pg_try_advisory_lock(hashtext('{schema}'))");
        if ask(&mut *guard, &lock).await == prisma_client::Value::Boolean(true) {
            break schema;
        }
        number += 1;
    };
    // What a test of before has left running.
    let others =
        format!("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{schema}'");
    while ask(&mut *guard, &others).await != prisma_client::Value::BigInt(0) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let db = PrismaClient::builder().url(url(&schema)).connect().await.unwrap();
    if is_made(&schema) {
        run_script(&mut *guard, &format!("SET search_path TO {schema}; {EMPTY}; SET search_path TO public")).await;
    } else {
        run_script(&mut *guard, &format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")).await;
        db.push_schema().await.unwrap();
        MADE.lock().unwrap().insert(schema);
    }
    TestDb { db, _guard: guard }
}

/// The database schemas that this run has made.
static MADE: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

fn is_made(schema: &str) -> bool {
    MADE.lock().unwrap().contains(schema)
}

/// Empties all tables of the schema, and sets its sequences back.
const EMPTY: &str = "
DO $$
DECLARE it record;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR it IN SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = current_schema LOOP
    EXECUTE 'DELETE FROM ' || it.name;
  END LOOP;
  FOR it IN SELECT format('%I', sequencename) AS name FROM pg_sequences WHERE schemaname = current_schema LOOP
    PERFORM setval(it.name, 1, false);
  END LOOP;
END
$$";

#[path = "../suite/mod.rs"]
mod suite;
