//! Records one after the other.

use prisma_client::{select, sql};

use super::*;

/// 1000 users, of whom every hundredth has posts.
async fn crowd() -> TestDb {
    let db = fresh().await;
    let users = (1..=1000).map(|i| user::create().id(i).email(format!("u{i}")).age(i % 7));
    db.user().create_many(users).await.unwrap();
    let posts = (1..=1000)
        .step_by(100)
        .flat_map(|i| (0..3).map(move |n| post::create().title(format!("{i}-{n}")).author_id(i)));
    db.post().create_many(posts).await.unwrap();
    db
}

#[tokio::test]
async fn all_records_in_their_order() {
    let db = fresh!(crowd());
    let mut stream = db.user().find_many().filter(user::id.lte(900)).order_by(user::id.desc()).stream();
    let mut ids = Vec::new();
    while let Some(user) = stream.next().await {
        ids.push(user.unwrap().id);
    }
    assert!(ids.iter().copied().eq((1..=900).rev()));
    assert!(stream.next().await.is_none(), "and again");
    let mut last = db.user().find_many().order_by(user::id.asc()).take(-2).stream();
    assert_eq!(last.next().await.unwrap().unwrap().id, 999);
    assert_eq!(last.next().await.unwrap().unwrap().id, 1000);
    assert!(last.next().await.is_none());
}

/// The ages repeat: each page must begin where the last one ended, within the same age.
#[tokio::test]
async fn relations_come_along_page_by_page() {
    let db = fresh!(crowd());
    let expected = db.user().find_many().include(user::posts).order_by(user::age.desc()).order_by(user::id.asc());
    let expected = expected.await.unwrap();
    let query = db.user().find_many().include(user::posts).order_by(user::age.desc());
    let mut stream = query.order_by(user::id.asc()).stream();
    let mut count = 0;
    while let Some(user) = stream.next().await {
        assert_eq!(user.unwrap(), expected[count]);
        count += 1;
    }
    assert_eq!(count, 1000);
    // With a selection that has not the key, from a cursor on, and to an end.
    let query = db.user().find_many().order_by(user::age.asc()).cursor(user::id.eq(7)).skip(1).take(600);
    let mut stream = query.select(select!(user { email, age, _count { posts }, posts { title } })).stream();
    let mut emails = std::collections::HashSet::new();
    while let Some(row) = stream.next().await {
        let row = row.unwrap();
        assert_eq!(row._count.posts, row.posts.len() as i64);
        assert!(emails.insert(row.email));
    }
    assert_eq!(emails.len(), 600);
}

#[tokio::test]
async fn within_a_transaction_others_run_between() {
    let db = fresh!(crowd());
    let tx = db.begin().await.unwrap();
    let mut stream = tx.user().find_many().order_by(user::id.asc()).stream();
    let mut count = 0;
    while let Some(user) = stream.next().await {
        let user = user.unwrap();
        if user.id % 100 == 0 {
            tx.user().update(user::id.eq(user.id), user::age.set(99)).await.unwrap();
        }
        count += 1;
    }
    drop(stream);
    assert_eq!(count, 1000);
    assert_eq!(tx.user().count().filter(user::age.eq(99)).await.unwrap(), 10);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn dropped_early_it_leaves_nothing_behind() {
    let db = fresh!(crowd());
    for _ in 0..30 {
        let mut stream = db.user().find_many().stream();
        assert!(stream.next().await.unwrap().is_ok());
    }
    assert_eq!(db.user().count().await.unwrap(), 1000);
    let tx = db.begin().await.unwrap();
    let mut stream = tx.user().find_many().stream();
    assert!(stream.next().await.unwrap().is_ok());
    drop(stream);
    assert_eq!(tx.user().count().await.unwrap(), 1000);
    tx.rollback().await.unwrap();
    drop(db.user().find_many().stream());
}

#[tokio::test]
async fn an_error_is_the_last_item() {
    let db = fresh!(crowd());
    assert!(db.keyword().find_many().stream().next().await.is_none());
    db.spoil();
    db.execute_raw(sql!("ALTER TABLE users RENAME TO people")).await.unwrap();
    let mut stream = db.user().find_many().stream();
    assert_eq!(code(stream.next().await.unwrap()), "P2021");
    assert!(stream.next().await.is_none());
}
