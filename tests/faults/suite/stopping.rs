//! Servers that stop or crash, and come back.

use super::*;

const LIMIT: u32 = 4;

/// A server without encryption, with the tables in a database, and its URL.
async fn server() -> (PrivateServer, String) {
    let server = start(&Settings::default());
    let url = server.url("fragile", &format!("connection_limit={LIMIT}"));
    connect(&url).await.push_schema().await.unwrap();
    (server, url)
}

#[tokio::test]
async fn a_server_without_encryption() {
    test_servers::needs!(SERVER);
    let (server, url) = server().await;
    for parameters in ["sslmode=require", "sslaccept=strict", "sslmode=verify-full"] {
        check(&refused(&format!("{url}&{parameters}")).await, "P1011", &["TLS"]);
    }
    assert_eq!(connect(&format!("{url}&sslmode=prefer")).await.account().count().await.unwrap(), 0);
    drop(server);
}

/// What is under way when the server goes ends with an error, and does not hang; what was not committed is gone. When the server is back,
/// the same client goes on as if nothing had been.
async fn goes_and_comes_back(goes: impl Fn(&PrivateServer) -> Result<(), String>) {
    let (server, url) = server().await;
    let db = connect(&url).await;
    for round in 0..2 {
        // Statements of all kinds are prepared on connections that lie in the pool.
        let warm: Vec<_> = (0..LIMIT)
            .map(|i| {
                let db = db.clone();
                tokio::spawn(async move {
                    let made = account::create().name(format!("{round} {i}"));
                    let id = db.account().create(made).await?.id;
                    db.transaction(async |tx| {
                        tx.account().update(account::id.eq(id), account::balance.increment(1)).await
                    })
                    .await
                })
            })
            .collect();
        for task in warm {
            in_time(task).await.unwrap().unwrap();
        }
        let before = db.account().count().await.unwrap();

        let tx = db.begin().await.unwrap();
        tx.account().create(account::create().name("lost")).await.unwrap();
        let asleep = {
            let db = db.clone();
            tokio::spawn(async move { db.execute_raw(RawSql::verbatim(SLEEP)).await })
        };
        let asleep_within = {
            let db = db.clone();
            tokio::spawn(async move {
                db.transaction(async |tx| {
                    tx.account().create(account::create().name("lost too")).await?;
                    tx.execute_raw(RawSql::verbatim(SLEEP)).await
                })
                .timeout(Duration::from_secs(60))
                .await
            })
        };
        tokio::time::sleep(Duration::from_millis(300)).await;
        tokio::task::block_in_place(|| goes(&server)).unwrap();

        // Whoever was in the middle of a statement; or could have had another connection, since the server tells that nothing was done.
        let of_asleep = in_time(asleep).await.unwrap().unwrap_err();
        assert!(matches!(of_asleep.code(), Some("P1017" | "P1001")), "{of_asleep}");
        check(&in_time(asleep_within).await.unwrap().unwrap_err(), "P1017", &[]);
        let of_tx = in_time(tx.account().create(account::create().name("late"))).await.unwrap_err();
        check(&of_tx, "P1017", &[]);
        let of_commit = in_time(tx.commit()).await.unwrap_err();
        assert!(matches!(of_commit.code(), Some("P1017" | "P2028")), "{of_commit}");

        // Nobody there.
        let place = format!("127.0.0.1:{}", server.port());
        check(&in_time(db.account().count()).await.unwrap_err(), "P1001", &[&place]);
        check(&in_time(db.account().create(account::create().name("x"))).await.unwrap_err(), "P1001", &[]);
        check(&in_time(db.begin()).await.unwrap_err(), "P1001", &[]);

        tokio::task::block_in_place(|| server.restart()).unwrap();
        assert_eq!(in_time(db.account().count()).await.unwrap(), before);
        let change = db.account().update_many(account::balance.increment(1)).filter(account::name.starts_with("0"));
        assert_eq!(in_time(change).await.unwrap(), u64::from(LIMIT));
        pool_is_whole(&db, LIMIT).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops() {
    test_servers::needs!(SERVER);
    goes_and_comes_back(PrivateServer::stop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_crashes() {
    test_servers::needs!(SERVER);
    goes_and_comes_back(PrivateServer::crash).await;
}

/// Connections that died in the pool are replaced without a word, for a read, for a transaction, and for a write: however short a time they
/// were there.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_died_in_the_pool() {
    test_servers::needs!(SERVER);
    let (server, url) = server().await;
    let db = connect(&url).await;
    for round in 0..3 {
        let held: Vec<_> = futures(LIMIT, || db.begin()).await;
        for (i, tx) in held.into_iter().enumerate() {
            tx.account().create(account::create().name(format!("{round} {i}"))).await.unwrap();
            tx.account().count().await.unwrap();
            tx.commit().await.unwrap();
        }
        let before = db.account().count().await.unwrap();
        tokio::task::block_in_place(|| server.stop().and_then(|()| server.restart())).unwrap();
        match round {
            0 => assert_eq!(in_time(db.account().count()).await.unwrap(), before),
            1 => {
                let add = account::balance.increment(1);
                let changed = db.transaction(async |tx| tx.account().update_many(add).all().await);
                assert_eq!(in_time(changed).await.unwrap(), before as u64);
            }
            _ => drop(in_time(db.account().create(account::create().name("new"))).await.unwrap()),
        }
        pool_is_whole(&db, LIMIT).await;
    }
}

/// So many answers of a query, all under way at once.
async fn futures<T, F: Future<Output = Result<T, Error>>>(count: u32, query: impl Fn() -> F) -> Vec<T> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(in_time(query()).await.unwrap());
    }
    all
}
