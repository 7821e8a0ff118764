//! Transactions in each other's way, and values that do not fit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use prisma_client::{ErrorKind, IsolationLevel};
use tokio::sync::Barrier;

use super::*;

/// A client, with two accounts.
async fn accounts() -> (Database, PrismaClient) {
    let scratch = Database::create(SERVER);
    let db = connect(&scratch.url("connection_limit=3")).await;
    db.push_schema().await.unwrap();
    db.account().create_many(["1", "2"].map(|name| account::create().name(name).balance(100))).await.unwrap();
    (scratch, db)
}

/// What came of two transactions that ran at once, and how often they were tried together.
struct Outcome {
    results: [Result<(), Error>; 2],
    tries: u32,
}

impl Outcome {
    /// Runs something twice at once; it is told which of the two it is, how often it was tried before, and where to wait for the other.
    async fn of<F, Fut>(db: &PrismaClient, run: F) -> Self
    where
        F: Fn(PrismaClient, i32, Arc<AtomicU32>, Arc<Barrier>) -> Fut,
        Fut: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let barrier = Arc::new(Barrier::new(2));
        let start = |which| {
            let tries = Arc::new(AtomicU32::new(0));
            (tokio::spawn(run(db.clone(), which, Arc::clone(&tries), Arc::clone(&barrier))), tries)
        };
        let ((one, tries_one), (two, tries_two)) = (start(1), start(2));
        let results = [in_time(one).await.unwrap(), in_time(two).await.unwrap()];
        Self { results, tries: tries_one.load(Ordering::SeqCst) + tries_two.load(Ordering::SeqCst) }
    }

    /// One of the two is the victim.
    #[track_caller]
    fn has_one_victim(&self) {
        let errors: Vec<&Error> = self.results.iter().filter_map(|r| r.as_ref().err()).collect();
        assert_eq!(errors.len(), 1, "{errors:?}");
        check(errors[0], "P2034", &["another transaction was in the way, try again"]);
        assert_eq!(self.tries, 2);
    }
}

/// Each takes what the other has.
async fn deadlock(db: &PrismaClient, retries: u32) -> Outcome {
    Outcome::of(db, move |db, which, tries, barrier| async move {
        let add = |id| account::id.eq(id);
        db.transaction(async |tx| {
            tx.account().update(add(which), account::balance.increment(which)).await?;
            if tries.fetch_add(1, Ordering::SeqCst) == 0 {
                barrier.wait().await;
            }
            tx.account().update(add(3 - which), account::balance.increment(which)).await.map(drop)
        })
        .timeout(PATIENCE)
        .retries(retries)
        .await
    })
    .await
}

/// Each takes 150 from its own account, if there is as much in both together.
async fn overdraw(db: &PrismaClient, retries: u32) -> Outcome {
    Outcome::of(db, move |db, which, tries, barrier| async move {
        db.transaction(async |tx| {
            let all: i32 = tx.account().find_many().await?.iter().map(|a| a.balance).sum();
            if tries.fetch_add(1, Ordering::SeqCst) == 0 {
                barrier.wait().await;
            }
            if all >= 150 {
                tx.account().update(account::id.eq(which), account::balance.decrement(150)).await?;
            }
            Ok(())
        })
        .isolation(IsolationLevel::Serializable)
        .timeout(PATIENCE)
        .retries(retries)
        .await
    })
    .await
}

async fn balances(db: &PrismaClient) -> Vec<i32> {
    let accounts = in_time(db.account().find_many().order_by(account::id.asc())).await.unwrap();
    accounts.into_iter().map(|a| a.balance).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlocks() {
    test_servers::needs!(SERVER);
    let (_scratch, db) = accounts().await;
    let outcome = deadlock(&db, 0).await;
    outcome.has_one_victim();
    let winner = 1 + i32::from(outcome.results[0].is_err());
    assert_eq!(balances(&db).await, [100 + winner; 2], "all of the winner, nothing of the victim");
    let outcome = deadlock(&db, 3).await;
    assert!(outcome.results.iter().all(Result::is_ok), "{:?}", outcome.results);
    assert!(outcome.tries > 2, "they were not in each other's way");
    assert_eq!(balances(&db).await, [103 + winner; 2]);
    pool_is_whole(&db, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn serialisation_failures() {
    test_servers::needs!(SERVER);
    let (_scratch, db) = accounts().await;
    overdraw(&db, 0).await.has_one_victim();
    assert_eq!(balances(&db).await.iter().sum::<i32>(), 50);
    db.account().update_many(account::balance.set(100)).all().await.unwrap();
    let outcome = overdraw(&db, 3).await;
    assert!(outcome.results.iter().all(Result::is_ok), "{:?}", outcome.results);
    assert!(outcome.tries > 2, "they were not in each other's way");
    assert_eq!(balances(&db).await.iter().sum::<i32>(), 50, "the second saw that there was not enough any more");
    pool_is_whole(&db, 3).await;
}

#[tokio::test]
async fn values_and_keys() {
    test_servers::needs!(SERVER);
    let (_scratch, db) = accounts().await;
    db.account().update(account::id.eq(1), account::balance.set(i32::MAX)).await.unwrap();
    let error = db.account().update(account::id.eq(1), account::balance.increment(1)).await.unwrap_err();
    check(&error, "P2020", &["out of range"]);
    assert_eq!(balances(&db).await, [i32::MAX, 100]);
    let error = db.account().create_many(["3", "2"].map(|n| account::create().name(n))).await.unwrap_err();
    let ErrorKind::UniqueConstraint { model, fields } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), &fields[..]), (Some("Account"), &["name".to_owned()][..]));
    let error = db.entry().create(entry::create().text("t").account_id(9)).await.unwrap_err();
    let ErrorKind::ForeignKey { model, constraint } = error.kind() else { panic!("{error:?}") };
    assert_eq!((model.as_deref(), constraint.as_deref()), (Some("Entry"), Some("accountId")));
    db.entry().create(entry::create().text("t").account_id(1)).await.unwrap();
    check(&db.account().delete(account::id.eq(1)).await.unwrap_err(), "P2003", &["`Entry`"]);
    assert_eq!(db.account().count().await.unwrap(), 2, "nothing of what failed is there");
}
