//! Transactions within transactions.

use super::*;

async fn add(tx: &Tx, email: &str) {
    tx.user().create(user::create().email(email)).await.unwrap();
}

type Tx = prisma_client::Transaction<PrismaClientModels>;

#[tokio::test]
async fn commit_and_rollback() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    add(&tx, "a").await;
    let inner = tx.begin().await.unwrap();
    add(&inner, "b").await;
    inner.commit().await.unwrap();
    let inner = tx.begin().await.unwrap();
    add(&inner, "c").await;
    assert_eq!(inner.user().count().await.unwrap(), 3);
    inner.rollback().await.unwrap();
    add(&tx, "d").await;
    assert_eq!(tx.user().count().await.unwrap(), 3);
    tx.commit().await.unwrap();
    assert_eq!(emails(&db, None).await, ["a", "b", "d"]);
}

#[tokio::test]
async fn dropped() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    add(&tx, "a").await;
    let inner = tx.begin().await.unwrap();
    add(&inner, "b").await;
    drop(inner);
    add(&tx, "c").await;
    tx.commit().await.unwrap();
    assert_eq!(emails(&db, None).await, ["a", "c"]);
}

#[tokio::test]
async fn of_a_transaction_that_is_rolled_back() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    let inner = tx.begin().await.unwrap();
    add(&inner, "a").await;
    inner.commit().await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(db.user().count().await.unwrap(), 0);
}

#[tokio::test]
async fn closures() {
    let db = fresh!();
    db.transaction(async |tx| {
        tx.user().create(user::create().email("a")).await?;
        let failed = tx
            .transaction(async |tx| {
                tx.user().create(user::create().email("b")).await?;
                tx.transaction(async |tx| tx.user().create(user::create().email("deepest")).await).await?;
                tx.user().create(user::create().email("a")).await
            })
            .await;
        assert_eq!(code(failed), "P2002");
        tx.transaction(async |tx| {
            tx.user().create(user::create().email("c")).await?;
            tx.transaction(async |tx| tx.user().create(user::create().email("d")).await).await
        })
        .await
    })
    .await
    .unwrap();
    assert_eq!(emails(&db, None).await, ["a", "c", "d"]);
}

/// A nested write that fails takes itself back, not what the transaction did before.
#[tokio::test]
async fn nested_writes_and_batches() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    add(&tx, "a").await;
    let posts = [post::create().title("x"), post::create().title("x")];
    assert_eq!(code(tx.user().create(user::create().email("b").posts(posts)).await), "P2002");
    let batch = (tx.user().create(user::create().email("c")), tx.user().create(user::create().email("a")));
    assert_eq!(code(tx.batch(batch).await), "P2002");
    let (one, two) = tx.batch((tx.user().create(user::create().email("d")), tx.user().count())).await.unwrap();
    assert_eq!((one.email.as_str(), two), ("d", 2));
    tx.commit().await.unwrap();
    assert_eq!((emails(&db, None).await, db.post().count().await.unwrap()), (vec!["a".into(), "d".into()], 0));
}

#[tokio::test]
async fn the_outer_one_ends_first() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    let inner = tx.begin().await.unwrap();
    add(&inner, "a").await;
    tx.commit().await.unwrap();
    assert_eq!(db.user().count().await.unwrap(), 0, "what was not committed is rolled back");
    assert_eq!(code(inner.user().count().await), "P2028");
    assert_eq!(code(inner.commit().await), "P2028");
}

/// Wherever a query is given up, nothing of it stays, and the transaction goes on.
#[tokio::test]
async fn given_up_at_every_point() {
    let db = fresh!();
    let tx = db.begin().await.unwrap();
    let posts = |n: usize| {
        let post = move |i: usize| post::create().title(i.to_string()).tags(tag::create().name(format!("{n} {i}")));
        [post(0), post(1)]
    };
    let mut done = 0;
    for n in 0..40 {
        let write = tx.user().create(user::create().email(format!("write {n}")).posts(posts(n)));
        let end = given_up(n, write.into_future()).await;
        let least = done + i64::from(end.is_some_and(|r| r.is_ok()));
        done = tx.user().count().await.unwrap();
        // Given up while it is committed, it may be done.
        assert!(done == least || done == least + 1, "given up after {n}: {done}, not {least}");
        assert_eq!(tx.post().count().await.unwrap(), done * 2, "given up after {n}");
    }
    // How many depends on the machine: where the answer is there at once, nothing can be given up.
    assert!(done >= 10, "{done}");
    let mut inner_done = 0;
    for n in 0..40 {
        let write = async {
            let inner = tx.begin().await?;
            inner.user().create(user::create().email(format!("inner {n}")).posts(posts(100 + n))).await?;
            inner.commit().await
        };
        let end = given_up(n, write).await;
        let least = inner_done + i64::from(end.is_some_and(|r| r.is_ok()));
        inner_done = tx.user().count().await.unwrap() - done;
        assert!(inner_done == least || inner_done == least + 1, "given up after {n}: {inner_done}, not {least}");
        assert_eq!(tx.post().count().await.unwrap(), (done + inner_done) * 2, "given up after {n}");
    }
    assert!(inner_done >= 5, "{inner_done}");
    done += inner_done;
    assert_eq!((tx.post().count().await.unwrap(), tx.tag().count().await.unwrap()), (done * 2, done * 2));
    tx.commit().await.unwrap();
    assert_eq!((db.user().count().await.unwrap(), db.tag().count().await.unwrap()), (done, done * 2));
}
