//! The tasks on SQLite that are measured against rusqlite by hand.

use std::cell::Cell;

use tokio::runtime::Runtime;

use crate::by_hand::with_rusqlite;
use crate::{Database, post, user};

/// Runs `see` for each task with its name, what the library does and what is written by hand.
pub fn each(mut see: impl FnMut(&str, &mut dyn FnMut(), &mut dyn FnMut())) {
    let runtime = Runtime::new().unwrap();
    let of = |users, posts| runtime.block_on(Database::filled(users, posts));
    let (many, related, empty) = (of(10_000, 0), of(1_000, 10), of(0, 0));
    let rusqlite = many.rusqlite();
    let db = &many.db;
    see(
        "find by id",
        &mut || drop(runtime.block_on(async { db.user().find_unique(user::id.eq(5_000)).await.unwrap() })),
        &mut || drop(with_rusqlite::find_by_id(&rusqlite, 5_000)),
    );
    for rows in [10, 1_000, 10_000] {
        see(
            &format!("find many, {rows} rows"),
            &mut || {
                drop(
                    runtime
                        .block_on(async { db.user().find_many().order_by(user::id.asc()).take(rows).await.unwrap() }),
                )
            },
            &mut || drop(with_rusqlite::find_many(&rusqlite, rows)),
        );
    }
    let (db, rusqlite) = (&related.db, related.rusqlite());
    see(
        "1000 users with their 10 posts",
        &mut || drop(runtime.block_on(async { db.user().find_many().include(user::posts).await.unwrap() })),
        &mut || drop(with_rusqlite::users_with_posts(&rusqlite)),
    );
    let (db, rusqlite) = (&empty.db, empty.rusqlite());
    let next = Cell::new(0_u64);
    let email = || format!("new{}@example.com", next.replace(next.get() + 1));
    see(
        "create",
        &mut || {
            drop(runtime.block_on(async {
                db.user().create(user::create().email(email()).name("Name").age(30)).await.unwrap()
            }))
        },
        &mut || drop(with_rusqlite::create(&rusqlite, &email())),
    );
    see(
        "create a user with 10 posts",
        &mut || {
            drop(runtime.block_on(async {
                let posts: Vec<_> =
                    (0..10).map(|i| post::create().title(format!("Post {i}")).content("Lorem ipsum")).collect();
                db.user().create(user::create().email(email()).name("Name").age(30).posts(posts)).await.unwrap()
            }));
        },
        &mut || drop(with_rusqlite::create_with_posts(&rusqlite, &email())),
    );
}
