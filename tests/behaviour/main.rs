//! Behaviour: written once, run for every provider.
//!
//! Each provider has its own schema file and its own client; the suites under `suite/` are compiled once for each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]
// The suites, once for each provider.
#![allow(clippy::duplicate_mod)]

/// A database of one's own for one test, with the tables of the provider's schema; or what a function makes that begins with such a
/// database. Ends the test, as passed, if the run leaves the provider out.
macro_rules! fresh {
    () => {
        fresh!(fresh())
    };
    ($made:expr) => {{
        if !is_asked_for() {
            return;
        }
        $made.await
    }};
}

/// Runs a transaction in twenty tasks at once, serializable, as often as it takes.
macro_rules! twenty_at_once {
    ($db:ident => $transaction:expr) => {
        let task = || {
            let $db = PrismaClient::clone(&$db);
            tokio::spawn(async move {
                let run = $transaction.isolation(IsolationLevel::Serializable).retries(50);
                run.max_wait(Duration::from_secs(20)).timeout(Duration::from_secs(20)).await
            })
        };
        for task in (0..20).map(|_| task()).collect::<Vec<_>>() {
            task.await.unwrap().unwrap();
        }
    };
}

/// An error has this code, and all of these in its text.
#[track_caller]
fn check(error: &prisma_client::Error, code: impl Into<Option<&'static str>>, parts: &[&str]) {
    assert_eq!(error.code(), code.into(), "{error}");
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

#[cfg(feature = "blocking")]
mod blocking;
mod code_first;
mod design;
mod dynamic;
mod inline;
mod json;
mod migrations;
#[cfg(feature = "postgres")]
mod postgresql;

mod sqlite {
    prisma_client::prisma_schema!("tests/behaviour/sqlite.prisma");

    // What this provider does in its own way.
    /// `LIKE` does not tell upper from lower case, within ASCII.
    const LIKE_IGNORES_ASCII_CASE: bool = true;
    /// `eq` tells upper from lower case, and one spelling of a letter from another.
    const EQUALITY_IS_EXACT: bool = true;
    /// INSERT, UPDATE and DELETE answer the rows that they write.
    const WRITES_ANSWER: bool = true;
    /// Transactions that write different rows may still be in each other's way.
    const WRITERS_COLLIDE: bool = false;
    /// An order puts NULL before everything else if nothing is said.
    const NULLS_ARE_LEAST: bool = true;
    /// Text is ordered by its bytes.
    const TEXT_ORDER_IS_BINARY: bool = true;
    /// Enums are text in the database.
    const ENUMS_ARE_TEXT: bool = true;

    /// The next autoincremented number once 50 was given by hand.
    const AFTER_FIFTY: i32 = 51;

    /// A transaction may go on after a statement of it has failed.
    const GOES_ON_AFTER_ERRORS: bool = true;

    /// How many digits of a `Decimal` are kept.
    const DECIMAL_DIGITS: usize = 15;
    /// The times, in microseconds since 1970, that are kept to the microsecond; others are kept to the millisecond.
    const MICROSECONDS: std::ops::RangeInclusive<i64> = -8_700_000_000_000_000..=8_700_000_000_000_000;
    /// A `Float` may be no number.
    const FLOAT_HOLDS_NAN: bool = false;

    /// A database of its own for one test: a file, so that the pool has several connections.
    pub struct TestDb {
        db: PrismaClient,
        _directory: tempfile::TempDir,
    }

    impl std::ops::Deref for TestDb {
        type Target = PrismaClient;
        fn deref(&self) -> &PrismaClient {
            &self.db
        }
    }

    fn is_asked_for() -> bool {
        true
    }

    impl TestDb {
        /// Tables may be changed: no other test has them.
        fn spoil(&self) {}
    }

    pub async fn fresh() -> TestDb {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("file:{}", directory.path().join("test.db").display());
        let db = PrismaClient::builder().url(url).connect().await.unwrap();
        db.push_schema().await.unwrap();
        TestDb { db, _directory: directory }
    }

    #[path = "../suite/mod.rs"]
    mod suite;

    mod builder;
    mod errors;
}

#[cfg(feature = "mysql")]
mod mysql;
