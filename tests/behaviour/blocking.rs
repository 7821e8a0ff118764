//! Programs without async.

use prisma_client::blocking::{Run, iter};
use prisma_client::sql;

prisma_client::prisma_schema!("tests/behaviour/design.prisma");

#[test]
fn everything_that_can_be_awaited_runs() {
    let db = PrismaClient::in_memory().run().unwrap();
    db.user().create(user::create().email("ada").posts([post::create().title("p")])).run().unwrap();
    let user = db.user().find_unique(user::email.eq("ada")).include(user::posts).run().unwrap();
    assert_eq!(user.unwrap().posts[0].title, "p");
    let tx = db.begin().run().unwrap();
    tx.user().create(user::create().email("bob")).run().unwrap();
    tx.rollback().run().unwrap();
    db.transaction(async |tx| tx.user().create(user::create().email("cyd")).await).run().unwrap();
    let refused = db.try_transaction(async |tx| {
        tx.user().delete_many().all().await?;
        Err::<(), Box<dyn std::error::Error + Send + Sync>>("changed my mind".into())
    });
    assert_eq!(refused.run().unwrap_err().to_string(), "changed my mind");
    let (count, emails) =
        db.batch((db.user().count(), db.query_raw::<String>(sql!("SELECT email FROM User")))).run().unwrap();
    assert_eq!((count, emails.len()), (2, 2));
    let emails: Vec<_> =
        iter(db.user().find_many().order_by(user::id.asc()).stream()).map(|u| u.unwrap().email).collect();
    assert_eq!(emails, ["ada", "cyd"]);
    assert_eq!(db.user().find_unique_or_error(user::id.eq(99)).run().unwrap_err().code(), Some("P2025"));
}

#[test]
fn from_threads_at_once() {
    let db = PrismaClient::in_memory().run().unwrap();
    std::thread::scope(|scope| {
        for i in 0..4 {
            let db = &db;
            scope.spawn(move || db.user().create(user::create().email(format!("{i}"))).run().unwrap());
        }
    });
    assert_eq!(db.user().count().run().unwrap(), 4);
}

#[tokio::test]
async fn not_from_async_code() {
    let db = PrismaClient::in_memory().await.unwrap();
    let error = db.user().count().run().unwrap_err();
    assert!(error.to_string().contains("use `.await` there"), "{error}");
    let first = iter(db.user().find_many().stream()).next().unwrap();
    assert!(first.is_err());
}
