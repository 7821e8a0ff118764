//! Locks on the rows that a query reads, for providers that have them.

use super::*;
use prisma_client::Error;

async fn posts() -> TestDb {
    let db = fresh().await;
    db.post().create_many((1..=3).map(|n| post::create().title(format!("t{n}")))).await.unwrap();
    db
}

#[tokio::test]
async fn a_queue() {
    let db = fresh!(posts());
    let next = async |tx: &prisma_client::Queries<PrismaClientModels>| {
        let free = tx.post().find_first().filter(post::published.eq(false)).order_by(post::id.asc());
        free.for_update().skip_locked().await.unwrap().map(|p| p.id)
    };
    let (one, two) = (db.begin().await.unwrap(), db.begin().await.unwrap());
    assert_eq!((next(&one).await, next(&two).await), (Some(1), Some(2)), "what is taken is passed over");
    one.post().update(post::id.eq(1), post::published.set(true)).await.unwrap();
    one.commit().await.unwrap();
    two.rollback().await.unwrap();
    let three = db.begin().await.unwrap();
    assert_eq!(next(&three).await, Some(2), "done is done, and what was given back is free");
    three.rollback().await.unwrap();
}

#[tokio::test]
async fn no_wait() {
    let db = fresh!(posts());
    let (one, two) = (db.begin().await.unwrap(), db.begin().await.unwrap());
    one.post().find_unique(post::id.eq(1)).for_update().await.unwrap();
    let error = two.post().find_unique(post::id.eq(1)).no_wait().await.unwrap_err();
    assert_eq!(error.code(), Some("P2034"), "{error}");
    two.rollback().await.unwrap();
    one.rollback().await.unwrap();
}

#[tokio::test]
async fn shared() {
    let db = fresh!(posts());
    let (one, two) = (db.begin().await.unwrap(), db.begin().await.unwrap());
    let read = async |tx: &prisma_client::Queries<PrismaClientModels>| -> Result<usize, Error> {
        Ok(tx.post().find_many().filter(post::id.lte(2)).for_share().no_wait().await?.len())
    };
    assert_eq!(
        (read(&one).await.unwrap(), read(&two).await.unwrap()),
        (2, 2),
        "readers do not stand in each other's way"
    );
    let writer = db.begin().await.unwrap();
    let free = writer.post().find_many().for_update().skip_locked().await.unwrap();
    assert_eq!(free.into_iter().map(|p| p.id).collect::<Vec<_>>(), [3], "a writer finds them locked");
    for tx in [one, two, writer] {
        tx.rollback().await.unwrap();
    }
}

/// What is read along is not locked, nor does it stand against the lock.
#[tokio::test]
async fn with_orders_and_relations() {
    let db = fresh!(posts());
    db.post().update(post::id.eq(1), post::author.create(user::create().email("ada"))).await.unwrap();
    let tx = db.begin().await.unwrap();
    let query = || {
        let posts = tx.post().find_many().order_by(post::author.order(user::email.asc().nulls_last()));
        posts.order_by(post::id.asc()).include(post::author).for_update()
    };
    for load in [prisma_client::Load::Query, prisma_client::Load::Join] {
        let posts = query().load(load).await.unwrap();
        assert_eq!(posts.iter().map(|p| p.author.is_some()).collect::<Vec<_>>(), [true, false, false]);
    }
    let changed = db.user().update(user::email.eq("ada"), user::name.set("Ada"));
    assert_eq!(changed.await.unwrap().name.as_deref(), Some("Ada"));
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn outside_of_a_transaction() {
    let db = fresh!(posts());
    let error = db.post().find_many().for_update().await.unwrap_err();
    assert_eq!(error.code(), Some("P2028"));
    assert!(error.to_string().contains("db.transaction"), "{error}");
    let tx = db.begin().await.unwrap();
    let error = tx.post().find_many().distinct([post::views]).for_update().await.unwrap_err();
    assert_eq!(error.code(), Some("P2009"), "{error}");
    tx.rollback().await.unwrap();
}
