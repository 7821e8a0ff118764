//! Many tasks on a pool that is much smaller.

use std::future::IntoFuture;
use std::time::Duration;

use prisma_client::{Error, IsolationLevel};

use super::*;

const TASKS: i32 = 200;
const CONNECTIONS: u32 = 10;
const ACCOUNTS: i32 = 20;
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a task so many times, all at once.
async fn all<T, Fut>(db: &PrismaClient, task: impl Fn(PrismaClient, i32) -> Fut) -> Vec<T>
where
    T: Send + 'static,
    Fut: Future<Output = Result<T, Error>> + Send + 'static,
{
    let tasks: Vec<_> = (0..TASKS).map(|i| tokio::spawn(task(db.clone(), i))).collect();
    let mut done = Vec::new();
    for task in tasks {
        done.push(tokio::time::timeout(PATIENCE, task).await.expect("it hangs").unwrap().unwrap());
    }
    done
}

/// Tries again while another transaction is in the way.
async fn patiently<T, Q: IntoFuture<Output = Result<T, Error>>>(query: impl Fn() -> Q) -> Result<T, Error> {
    loop {
        match query().await {
            Err(error) if error.code() == Some("P2034") => {}
            result => return result,
        }
    }
}

/// What the process has of the machine's memory, in KiB, where the system tells it.
fn resident() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_nothing_leaks() {
    if !is_asked_for() {
        return;
    }
    let (_database, url) = fresh();
    let db = PrismaClient::builder().url(url).max_connections(CONNECTIONS);
    let db = db.acquire_timeout(PATIENCE).connect().await.unwrap();
    db.push_schema().await.unwrap();
    db.account().create_many((1..=ACCOUNTS).map(|i| account::create().id(i).name(i.to_string()))).await.unwrap();

    let (mut rounds, mut first) = (0, None);
    for round in 0..3 {
        // Read, computed by the program, written.
        all(&db, |db, i| async move {
            let id = 1 + i % ACCOUNTS;
            db.transaction(async |tx| {
                let balance = tx.account().find_unique_or_error(account::id.eq(id)).await?.balance;
                tokio::task::yield_now().await;
                tx.account().update(account::id.eq(id), account::balance.set(balance + 1)).await
            })
            .isolation(IsolationLevel::Serializable)
            .max_wait(PATIENCE)
            .timeout(PATIENCE)
            .retries(1000)
            .await
        })
        .await;
        // Added by the database, with a record beside it and one read.
        let read = all(&db, |db, i| async move {
            let id = 1 + i % ACCOUNTS;
            patiently(|| db.account().update(account::id.eq(id), account::balance.increment(1))).await?;
            patiently(|| db.entry().create(entry::create().text(format!("{round} {i}")).account_id(id))).await?;
            db.account().find_unique_or_error(account::id.eq(id)).include(account::entries.take(5)).await
        })
        .await;
        assert!(read.iter().all(|account| !account.entries.is_empty()));
        rounds += 1;
        first = first.or_else(resident);
    }
    let accounts = db.account().find_many().include(account::entries).await.unwrap();
    let each = TASKS / ACCOUNTS * rounds;
    assert_eq!(accounts.len(), ACCOUNTS as usize);
    for account in &accounts {
        assert_eq!((account.balance, account.entries.len()), (2 * each, each as usize), "{}", account.id);
    }
    if let (Some(first), Some(last)) = (first, resident()) {
        assert!(last - first < 32 * 1024, "{first} KiB after the first round, {last} KiB after the last");
    }
    let start = std::time::Instant::now();
    while db.pool().num_idle() != db.pool().size() as usize {
        assert!(start.elapsed() < PATIENCE, "{} of {} are back", db.pool().num_idle(), db.pool().size());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(db.pool().size() <= CONNECTIONS);
    let mut all = Vec::new();
    for _ in 0..CONNECTIONS {
        all.push(tokio::time::timeout(PATIENCE, db.pool().acquire()).await.expect("it hangs").unwrap());
    }
}
