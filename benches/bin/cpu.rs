//! Processor time of the calling thread for each task, as ratios to rusqlite by hand: for a machine that does other work too (Linux).
#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use benches::by_hand::with_rusqlite;
use benches::processor::used;
use benches::{Database, post, user};
use std::cell::Cell;
use tokio::runtime::Runtime;

fn main() {
    let runtime = Runtime::new().unwrap();
    let of = |users, posts| runtime.block_on(Database::filled(users, posts));
    let (many, related, empty) = (of(10_000, 0), of(1_000, 10), of(0, 0));
    println!("| task | µs | rusqlite, µs | ratio |\n|---|--:|--:|--:|");
    let rusqlite = many.rusqlite();
    let db = &many.db;
    row(
        "find by id",
        || drop(runtime.block_on(async { db.user().find_unique(user::id.eq(5_000)).await.unwrap() })),
        || drop(with_rusqlite::find_by_id(&rusqlite, 5_000)),
    );
    for rows in [10, 1_000, 10_000] {
        row(
            &format!("find many, {rows} rows"),
            || {
                drop(
                    runtime
                        .block_on(async { db.user().find_many().order_by(user::id.asc()).take(rows).await.unwrap() }),
                )
            },
            || drop(with_rusqlite::find_many(&rusqlite, rows)),
        );
    }
    let (db, rusqlite) = (&related.db, related.rusqlite());
    row(
        "1000 users with their 10 posts",
        || drop(runtime.block_on(async { db.user().find_many().include(user::posts).await.unwrap() })),
        || drop(with_rusqlite::users_with_posts(&rusqlite)),
    );
    let (db, rusqlite) = (&empty.db, empty.rusqlite());
    let next = Cell::new(0_u64);
    let email = || format!("new{}@example.com", next.replace(next.get() + 1));
    row(
        "create",
        || {
            drop(runtime.block_on(async {
                db.user().create(user::create().email(email()).name("Name").age(30)).await.unwrap()
            }))
        },
        || drop(with_rusqlite::create(&rusqlite, &email())),
    );
    row(
        "create a user with 10 posts",
        || {
            drop(runtime.block_on(async {
                let posts: Vec<_> =
                    (0..10).map(|i| post::create().title(format!("Post {i}")).content("Lorem ipsum")).collect();
                db.user().create(user::create().email(email()).name("Name").age(30).posts(posts)).await.unwrap()
            }));
        },
        || drop(with_rusqlite::create_with_posts(&rusqlite, &email())),
    );
}

/// Medians of interleaved rounds.
fn row(task: &str, mut ours: impl FnMut(), mut theirs: impl FnMut()) {
    let (mut a, mut b): (Vec<f64>, Vec<f64>) = (0..15).map(|_| (round(&mut ours), round(&mut theirs))).unzip();
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    println!("| {task} | {:.2} | {:.2} | {:.2} |", a[7], b[7], a[7] / b[7]);
}

fn round(work: &mut impl FnMut()) -> f64 {
    let (begun, before, mut count) = (Instant::now(), used(), 0_u32);
    while begun.elapsed() < Duration::from_millis(80) || count < 5 {
        for _ in 0..5 {
            work();
        }
        count += 5;
    }
    (used() - before) / f64::from(count)
}
