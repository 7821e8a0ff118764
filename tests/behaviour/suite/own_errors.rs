//! Transactions round closures that have errors of their own.

use std::error::Error as StdError;

use prisma_client::IsolationLevel;

use super::*;

/// What goes wrong in a shop. It tells nothing of what the database had to say.
#[derive(Debug, PartialEq)]
enum ShopError {
    Database(Option<&'static str>),
    SoldOut,
}

impl From<Error> for ShopError {
    fn from(error: Error) -> Self {
        Self::Database(error.code())
    }
}

#[tokio::test]
async fn its_error_is_the_answer() {
    let db = fresh!();
    let buy = |version: i32| {
        db.try_transaction(async move |tx| {
            let user = tx.user().create(user::create().email("a").version(version)).await?;
            if user.version > 1 { Err(ShopError::SoldOut) } else { Ok(user.id) }
        })
        .isolation(IsolationLevel::Serializable)
        .into_future()
    };
    assert_eq!(buy(2).await, Err(ShopError::SoldOut));
    assert_eq!(db.user().count().await.unwrap(), 0, "it was rolled back");
    assert!(buy(1).await.is_ok());
    assert_eq!(buy(1).await, Err(ShopError::Database(Some("P2002"))), "`?` turns the database's into it");
    assert_eq!(emails(&db, None).await, ["a"]);
}

#[tokio::test]
async fn of_any_type() {
    let db = fresh!();
    let number = |text: &'static str| {
        db.try_transaction(async move |tx| -> Result<_, Box<dyn StdError + Send + Sync>> {
            let version: i32 = text.parse()?;
            Ok(tx.user().create(user::create().email("a").version(version)).await?.version)
        })
        .into_future()
    };
    assert!(number("x").await.unwrap_err().is::<std::num::ParseIntError>());
    assert_eq!(number("7").await.unwrap(), 7);
    assert_eq!(number("7").await.unwrap_err().downcast::<Error>().unwrap().code(), Some("P2002"));
    let named = db.try_transaction::<ShopError, _, _, _>(async |tx| Ok(tx.user().count().await?)).await;
    assert_eq!(named, Ok(1));
}

#[tokio::test]
async fn the_limits_hold() {
    let db = fresh!();
    let slow = db.try_transaction(async |tx| {
        tx.user().create(user::create().email("a")).await?;
        tokio::time::sleep(Duration::from_secs(30)).await;
        Ok::<_, ShopError>(())
    });
    assert_eq!(slow.timeout(Duration::from_millis(50)).retries(3).await, Err(ShopError::Database(Some("P2028"))));
    assert_eq!(db.user().count().await.unwrap(), 0);
}

#[tokio::test]
async fn savepoints() {
    let db = fresh!();
    let outer = db.try_transaction(async |tx| {
        tx.user().create(user::create().email("kept")).await?;
        let inner = tx.try_transaction(async |tx| {
            tx.user().create(user::create().email("lost")).await?;
            Err::<(), _>(ShopError::SoldOut)
        });
        assert_eq!(inner.await, Err(ShopError::SoldOut));
        // Within one of the other kind, too.
        let inner = tx.transaction(async |tx| tx.user().create(user::create().email("kept")).await);
        assert_eq!(code(inner.await), "P2002");
        Ok::<_, ShopError>(tx.user().count().await?)
    });
    assert_eq!(outer.await, Ok(1));
    assert_eq!(emails(&db, None).await, ["kept"]);
}

/// Read and write in a transaction of twenty tasks, whose error does not tell that it lost.
#[tokio::test(flavor = "multi_thread")]
async fn no_update_is_lost() {
    let db = fresh!();
    user_named(&db, "a").await;
    twenty_at_once!(db => db.try_transaction(async |tx| {
        let sold_out = |_| ShopError::SoldOut;
        let found = tx.user().find_unique_or_error(user::email.eq("a")).await.map_err(sold_out)?;
        tokio::task::yield_now().await;
        tx.user().update(user::email.eq("a"), user::version.set(found.version + 1)).await.map_err(sold_out)
    }));
    assert_eq!(db.user().find_unique_or_error(user::email.eq("a")).await.unwrap().version, 21);
}
