//! Transactions round a closure and by hand, batches, and what happens when several meet.

use std::time::Duration;

use prisma_client::{IsolationLevel, Queries};

use super::*;

#[tokio::test]
async fn a_closure_that_answers_ok() {
    let db = fresh!();
    let name = String::from("a");
    let id = db
        .transaction(async |tx| {
            let made = tx.user().create(user::create().email(&name)).await?;
            tx.post().create(post::create().title("t").author_id(made.id)).await?;
            assert_eq!(tx.post().count().await?, 1, "it sees what it did");
            Ok(made.id)
        })
        .isolation(IsolationLevel::Serializable)
        .await
        .unwrap();
    assert_eq!(db.post().count().filter(post::author_id.eq(id)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_closure_that_answers_an_error() {
    let db = fresh!();
    let result: Result<(), Error> = db
        .transaction(async |tx| {
            tx.user().create(user::create().email("a")).await?;
            tx.user().create(user::create().email("a")).await?;
            Ok(())
        })
        .await;
    assert_eq!(code(result), "P2002");
    let own: Result<(), Error> = db
        .transaction(async |tx| {
            tx.user().create(user::create().email("a")).await?;
            Err(ErrorKind::Configuration { message: "changed my mind".to_owned() }.into())
        })
        .await;
    assert_eq!(own.unwrap_err().to_string(), "changed my mind");
    assert_eq!(db.user().count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_closure_that_panics() {
    let db = fresh!();
    let inner = PrismaClient::clone(&db);
    let task = tokio::spawn(async move {
        let call = inner.transaction(async |tx| {
            tx.user().create(user::create().email("a")).await?;
            if tx.user().count().await? == 1 {
                panic!("in the middle");
            }
            Ok(())
        });
        call.await
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(db.user().count().await.unwrap(), 0);
    user_named(&db, "a").await;
}

#[tokio::test]
async fn by_hand() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    tx.user().create(user::create().email("kept")).await.unwrap();
    assert_eq!(db.user().count().await.unwrap(), 0, "nobody else sees it yet");
    tx.commit().await.unwrap();
    assert_eq!(emails(&db, None).await, ["kept"]);

    let tx = db.begin().await.unwrap();
    tx.user().delete_many().all().await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(emails(&db, None).await, ["kept"]);

    let tx = db.begin().await.unwrap();
    tx.user().create(user::create().email("dropped")).await.unwrap();
    drop(tx);
    assert_eq!(emails(&db, None).await, ["kept"]);
    user_named(&db, "the lock is free").await;
}

#[tokio::test]
async fn several_queries_of_one_transaction_at_once() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    let create = |email: &str| tx.user().create(user::create().email(email)).into_future();
    let (a, b, c) = tokio::join!(create("a"), create("b"), create("c"));
    let mut ids = [a.unwrap().id, b.unwrap().id, c.unwrap().id];
    ids.sort_unstable();
    assert_eq!(ids, [1, 2, 3]);
    tx.commit().await.unwrap();
    assert_eq!(db.user().count().await.unwrap(), 3);
}

/// A failed statement does not end the transaction where the database can go on.
#[tokio::test]
async fn after_a_failed_statement() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    tx.user().create(user::create().email("a")).await.unwrap();
    assert_eq!(code(tx.user().create(user::create().email("a")).await), "P2002");
    if GOES_ON_AFTER_ERRORS {
        tx.user().create(user::create().email("b")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(emails(&db, None).await, ["a", "b"]);
    } else {
        tx.rollback().await.unwrap();
        assert_eq!(db.user().count().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn too_slow() {
    let db = fresh!();
    let started = std::time::Instant::now();
    let error = db
        .transaction(async |tx| {
            tx.user().create(user::create().email("a")).await?;
            tokio::time::sleep(Duration::from_secs(30)).await;
            Ok(())
        })
        .timeout(Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(error.code(), Some("P2028"));
    assert!(error.to_string().contains("50 ms") && error.to_string().contains(".timeout("), "{error}");
    assert_eq!(db.user().count().await.unwrap(), 0);
    user_named(&db, "a").await;
}

/// A transaction that escapes its closure is over with it.
#[tokio::test]
async fn after_its_end() {
    let db = fresh!();
    let mut kept = None;
    db.transaction(async |tx| {
        kept = Some(tx);
        Ok(())
    })
    .await
    .unwrap();
    let tx = kept.unwrap();
    let error = tx.user().create(user::create().email("late")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Transaction { .. }), "{error:?}");
    assert_eq!(code(tx.user().find_many().await), "P2028");
    assert_eq!(code(tx.batch((tx.user().count(),)).await), "P2028");
    assert_eq!(code(tx.begin().await), "P2028");
    assert_eq!(code(tx.commit().await), "P2028");
    assert_eq!(db.user().count().await.unwrap(), 0);
}

#[tokio::test]
async fn batches() {
    let db = fresh!();
    let (made, n, found, there) = db
        .batch((
            db.user().create(user::create().email("a")),
            db.post().create_many([post::create().title("x"), post::create().title("y")]),
            db.post().find_many().order_by(post::id.asc()),
            db.user().exists(),
        ))
        .await
        .unwrap();
    assert_eq!((made.email.as_str(), n, found.len(), there), ("a", 2, 2, true));
    let failing = (
        db.user().create(user::create().email("b")),
        db.post().update_many(post::views.set(1)).all(),
        db.user().create(user::create().email("a")),
        db.user().create(user::create().email("c")),
    );
    assert_eq!(code(db.batch(failing).await), "P2002");
    assert_eq!((emails(&db, None).await.len(), db.post().count().filter(post::views.eq(1)).await.unwrap()), (1, 0));

    let views = [3, 4].map(|v| db.post().update(post::id.eq(v - 2), post::views.set(v)));
    let changed = db.batch(Vec::from(views)).await.unwrap();
    assert_eq!(changed.iter().map(|p| p.views).collect::<Vec<_>>(), [3, 4]);
    let ids = [1, 99, 2].map(|id| db.post().delete(post::id.eq(id)));
    assert_eq!(code(db.batch(Vec::from(ids)).await), "P2025");
    assert_eq!(db.post().count().await.unwrap(), 2);
    let none: Vec<prisma_client::__private::typed::Count<'_, Post>> = Vec::new();
    assert!(db.batch(none).await.unwrap().is_empty());
}

/// Read and write in a transaction of twenty tasks: none of them is lost.
#[tokio::test(flavor = "multi_thread")]
async fn no_update_is_lost() {
    let db = fresh!();
    user_named(&db, "a").await;
    twenty_at_once!(db => db.transaction(async |tx| {
        let version = tx.user().find_unique_or_error(user::email.eq("a")).await?.version;
        tokio::task::yield_now().await;
        tx.user().update(user::email.eq("a"), user::version.set(version + 1)).await
    }));
    assert_eq!(db.user().find_unique_or_error(user::email.eq("a")).await.unwrap().version, 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn increments_need_no_transaction() {
    let db = fresh!();
    user_named(&db, "a").await;
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let db = PrismaClient::clone(&db);
            tokio::spawn(async move { db.user().update(user::email.eq("a"), user::version.increment(1)).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(db.user().find_unique_or_error(user::email.eq("a")).await.unwrap().version, 41);
}

/// Nested writes of many tasks wait for each other; none fails, and none is mixed up with another.
#[tokio::test(flavor = "multi_thread")]
async fn many_writers() {
    let db = fresh!();
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let db = PrismaClient::clone(&db);
            tokio::spawn(async move {
                let create = || {
                    let post =
                        |i: i32| post::create().title(i.to_string()).tags(tag::create().name(format!("{n} {i}")));
                    let create = user::create().email(n.to_string()).posts((0..5).map(post).collect::<Vec<_>>());
                    db.user().create(create).include(user::posts.include(post::tags)).into_future()
                };
                let made = patiently(create).await?;
                let views = post::views.set(n + 1);
                let change = || db.post().update_many(views.clone()).filter(post::author_id.eq(made.id)).into_future();
                patiently(change).await?;
                Ok::<_, Error>(made)
            })
        })
        .collect();
    for (n, task) in tasks.into_iter().enumerate() {
        let made = task.await.unwrap().unwrap();
        assert_eq!((made.email, made.posts.len()), (n.to_string(), 5));
        assert!(made.posts.iter().all(|p| p.tags.len() == 1 && p.tags[0].name.starts_with(&format!("{n} "))));
        assert_eq!(db.post().count().filter(post::views.eq(n as i32 + 1)).await.unwrap(), 5);
    }
}

/// Runs a query again while another one is in its way, where that happens.
async fn patiently<T, F: Future<Output = Result<T, Error>>>(query: impl Fn() -> F) -> Result<T, Error> {
    loop {
        match query().await {
            Err(error) if WRITERS_COLLIDE && error.code() == Some("P2034") => {}
            result => return result,
        }
    }
}

/// What the closure reports as a conflict is run again, as often as was said and no more.
#[tokio::test]
async fn retries() {
    let db = fresh!();
    let conflict = || Error::from(ErrorKind::WriteConflict { message: "made up".to_owned() });
    let tries = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let run = |succeeds_at: u32, retries: u32| {
        tries.store(0, std::sync::atomic::Ordering::SeqCst);
        let counter = std::sync::Arc::clone(&tries);
        db.transaction(move |tx| {
            let n = counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            async move {
                tx.user().create(user::create().email(format!("{succeeds_at} {n}"))).await?;
                if n < succeeds_at { Err(conflict()) } else { Ok(n) }
            }
        })
        .retries(retries)
        .into_future()
    };
    assert_eq!(run(3, 5).await.unwrap(), 3);
    assert_eq!(emails(&db, None).await, ["3 3"], "what failed left nothing");
    assert_eq!(code(run(9, 2).await), "P2034");
    assert_eq!(tries.load(std::sync::atomic::Ordering::SeqCst), 3);
    assert_eq!(code(run(2, 0).await), "P2034");
    assert_eq!(tries.load(std::sync::atomic::Ordering::SeqCst), 1);
    assert_eq!(emails(&db, None).await, ["3 3"]);
}

/// A future that is dropped, wherever it stands, leaves nothing half done and nothing locked.
#[tokio::test]
async fn dropped_in_the_middle() {
    let db = fresh!();
    let write = |n: usize| {
        let posts: Vec<_> = (0..20)
            .map(|i| post::create().title(i.to_string()).tags([tag::create().name(format!("{n} {i}"))]))
            .collect();
        db.user().create(user::create().email(n.to_string()).posts(posts))
    };
    for n in 0..60 {
        let _ = given_up(n, write(n).into_future()).await;
    }
    for n in 60..80 {
        let limit = Duration::from_millis(n as u64 - 60);
        let _ = tokio::time::timeout(limit, write(n).into_future()).await;
    }
    let users = db.user().count().await.unwrap();
    assert!(users < 80, "the first were dropped before they began: {users}");
    assert_eq!(db.post().count().await.unwrap(), 20 * users);
    assert_eq!(db.tag().count().await.unwrap(), 20 * users);
    write(99).await.unwrap();
    assert_eq!(db.user().count().await.unwrap(), users + 1);
}

/// What takes `&Queries` is called with a client and with a transaction.
#[tokio::test]
async fn functions_over_both() {
    async fn add(db: &Queries<PrismaClientModels>, email: &str) -> Result<i64, Error> {
        db.user().create(user::create().email(email)).await?;
        db.batch((db.user().count(), db.model::<User>().count())).await.map(|(n, _)| n)
    }
    let db = fresh!();
    assert_eq!(add(&db, "a").await.unwrap(), 1);
    let tx = db.begin().await.unwrap();
    assert_eq!(add(&tx, "b").await.unwrap(), 2);
    tx.rollback().await.unwrap();
    assert_eq!(db.user().count().await.unwrap(), 1);
}
