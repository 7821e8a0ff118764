//! Futures that are dropped before they are done.

use std::task::Poll;

use prisma_client::IsolationLevel;

use super::*;

/// Gives a future up when it has had to wait so many times; it is dropped while what it waits for is under way.
async fn given_up<F: IntoFuture>(after: usize, future: F) -> Option<F::Output> {
    let (mut future, mut left) = (Box::pin(future.into_future()), after);
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// A client with so many connections, and 2000 entries of one account.
async fn entries(connections: u32) -> (Database, PrismaClient) {
    let scratch = Database::create(SERVER);
    let db = connect(&scratch.url(&format!("connection_limit={connections}"))).await;
    db.push_schema().await.unwrap();
    db.account().create(account::create().name("a")).await.unwrap();
    let entries = (0..2000).map(|i| entry::create().text(format!("{i:0100}")).account_id(1));
    db.entry().create_many(entries).await.unwrap();
    (scratch, db)
}

/// The next one on the connection sees no row of the query that was given up, wherever that stood.
#[tokio::test]
async fn in_the_middle_of_a_query() {
    test_servers::needs!(SERVER);
    let (_scratch, db) = entries(1).await;
    for after in 0..12 {
        for round in 0..3 {
            let query = db.account().find_many().include(account::entries);
            given_up(after, query).await;
            let marker = after as i64 * 10 + round;
            let found = db.query_raw::<i64>(RawSql::verbatim(format!("SELECT {marker} + 0")));
            assert_eq!(in_time(found).await.unwrap(), [marker], "after {after}");
            let found = in_time(db.entry().find_many().filter(entry::text.ends_with("1999"))).await.unwrap();
            assert_eq!(found.len(), 1, "after {after}");
        }
    }
    // By time, in the midst of rows, and in a query that goes on for long.
    for micros in [0, 100, 300, 1_000, 3_000, 10_000] {
        let limit = Duration::from_micros(micros);
        let _ = tokio::time::timeout(limit, db.entry().find_many().into_future()).await;
        assert_eq!(in_time(db.entry().count()).await.unwrap(), 2000, "{micros}");
    }
    let _ =
        tokio::time::timeout(Duration::from_millis(50), db.execute_raw(RawSql::verbatim(SLEEP)).into_future()).await;
    assert_eq!(in_time(db.entry().count()).await.unwrap(), 2000, "it does not wait until the server is done");
    pool_is_whole(&db, 1).await;
}

#[tokio::test]
async fn in_the_middle_of_a_transaction() {
    test_servers::needs!(SERVER);
    let (_scratch, db) = entries(1).await;
    let work = |isolation: Option<IsolationLevel>| {
        let call = db.transaction(async |tx| {
            tx.account().update(account::id.eq(1), account::balance.increment(1)).await?;
            tx.transaction(async |tx| {
                let entries = [1, 2].map(|i| entry::create().text(i.to_string()));
                tx.account().create(account::create().name("b").entries(entries)).await
            })
            .await?;
            tx.account().update(account::id.eq(1), account::balance.increment(1)).await
        });
        match isolation {
            Some(level) => call.isolation(level),
            None => call,
        }
    };
    let mut done = 0;
    for isolation in [None, Some(IsolationLevel::Serializable)] {
        for after in 0..60 {
            let outcome = given_up(after, work(isolation)).await;
            let (a, others, entries) = in_time(db.batch((
                db.account().find_unique_or_error(account::id.eq(1)),
                db.account().count(),
                db.entry().count(),
            )))
            .await
            .unwrap();
            // Given up while the commit was under way, it may be done.
            done += usize::from(a.balance != 0);
            match a.balance {
                0 => assert_eq!((others, entries), (1, 2000), "half done, after {after}"),
                _ => assert_eq!((a.balance, others, entries), (2, 2, 2002), "half done, after {after}"),
            }
            assert!(outcome.is_none() || a.balance == 2, "{outcome:?}");
            db.entry().delete_many().filter(entry::account_id.ne(1)).await.unwrap();
            db.account().delete_many().filter(account::id.ne(1)).await.unwrap();
            db.account().update_many(account::balance.set(0)).all().await.unwrap();
        }
    }
    assert!(done > 0, "none was left alone");
    // While a statement of it runs.
    for _ in 0..3 {
        let call = db.transaction(async |tx| {
            tx.account().create(account::create().name("b")).await?;
            tx.execute_raw(RawSql::verbatim(SLEEP)).await
        });
        assert!(tokio::time::timeout(Duration::from_millis(100), call.into_future()).await.is_err());
        assert_eq!(in_time(db.account().count()).await.unwrap(), 1);
    }
    pool_is_whole(&db, 1).await;
}

/// Many at once, given up at any time.
#[tokio::test(flavor = "multi_thread")]
async fn many_at_once() {
    test_servers::needs!(SERVER);
    let (_scratch, db) = entries(4).await;
    let tasks: Vec<_> = (0..200)
        .map(|i: i32| {
            let db = db.clone();
            tokio::spawn(async move {
                let limit = Duration::from_micros(u64::try_from(i).unwrap() * 37 % 6_000);
                let work = async {
                    let tx = db.begin().await?;
                    tx.account().create(account::create().name(format!("n{i}"))).await?;
                    tx.entry().find_many().take(i64::from(i) % 50).await?;
                    tx.account().delete(account::name.eq(format!("n{i}"))).await?;
                    tx.commit().await
                };
                if let Ok(Err(error)) = tokio::time::timeout(limit, work).await {
                    assert_eq!(error.code(), Some("P2034"), "{error}");
                }
            })
        })
        .collect();
    for task in tasks {
        in_time(task).await.unwrap();
    }
    pool_is_whole(&db, 4).await;
    assert_eq!(in_time(db.account().count()).await.unwrap(), 1, "nothing is left of any");
}
