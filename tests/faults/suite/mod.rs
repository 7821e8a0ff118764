//! What both servers share: compiled once for each, whose module is `super`.

use std::future::IntoFuture;
use std::time::Duration;

use prisma_client::{Error, RawSql};
use test_servers::{Database, PrivateServer, Settings};

use super::*;

mod cancelling;
mod conflicts;
mod connecting;
mod distance;
mod stopping;

/// Longer than anything takes here that does not hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// What comes of a future, which must not hang.
async fn in_time<F: IntoFuture>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future.into_future()).await.expect("it hangs")
}

#[track_caller]
fn check(error: &Error, code: &str, parts: &[&str]) {
    let text = error.to_string();
    assert_eq!(error.code(), Some(code), "{text}");
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

async fn connect(url: &str) -> PrismaClient {
    PrismaClient::builder().url(url).connect().await.unwrap()
}

/// The error of a client's first query.
async fn refused(url: &str) -> Error {
    in_time(connect(url).await.account().count()).await.expect_err(url)
}

fn start(settings: &Settings) -> PrivateServer {
    PrivateServer::start(SERVER, settings).unwrap_or_else(|e| panic!("{e}"))
}

/// Runs scripts.
async fn run(url: &str, scripts: &[&str]) {
    let db = connect(url).await;
    for script in scripts {
        db.driver().acquire().await.unwrap().execute_script(script).await.unwrap();
    }
    db.disconnect().await;
}

/// Waits until a condition holds, which it must soon.
async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let start = std::time::Instant::now();
    while !condition().await {
        assert!(start.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// All connections of the pool come back, and each of them can be used.
async fn pool_is_whole(db: &PrismaClient, connections: u32) {
    until("a connection does not come back", async || db.pool().size() as usize == db.pool().num_idle()).await;
    assert!(db.pool().size() <= connections, "{} connections", db.pool().size());
    let mut all = Vec::new();
    for _ in 0..connections {
        all.push(in_time(db.begin()).await.unwrap());
    }
    for (i, tx) in all.iter().enumerate() {
        let sql = format!("SELECT {i} + 1000");
        assert_eq!(in_time(tx.query_raw::<i64>(RawSql::verbatim(sql))).await.unwrap(), [i as i64 + 1000]);
    }
}
