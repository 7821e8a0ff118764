//! SQLite: this library against the same task by hand, with sqlx on the same pool and with rusqlite on the same file.
//!
//! `cargo bench -p benches`, then `cargo run --release -p benches --bin ratios` prints the ratios.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::atomic::{AtomicU64, Ordering};

use benches::by_hand::{with_rusqlite, with_sqlx};
use benches::{Database, post, user};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;

static NEXT: AtomicU64 = AtomicU64::new(0);

fn email() -> String {
    format!("new{}@example.com", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn reads(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let database = runtime.block_on(Database::filled(10_000, 0));
    let (db, pool, connection) = (&database.db, database.pool(), database.rusqlite());

    let mut group = c.benchmark_group("find by id");
    group.bench_function("prisma-client", |b| {
        b.to_async(&runtime).iter(|| async { db.user().find_unique(user::id.eq(5_000)).await.unwrap() });
    });
    group.bench_function("sqlx", |b| b.to_async(&runtime).iter(|| with_sqlx::find_by_id(&pool, 5_000)));
    group.bench_function("rusqlite", |b| b.iter(|| with_rusqlite::find_by_id(&connection, 5_000)));
    group.finish();

    let mut group = c.benchmark_group("find many");
    for rows in [10, 1_000, 10_000] {
        group.bench_with_input(BenchmarkId::new("prisma-client", rows), &rows, |b, &rows| {
            b.to_async(&runtime)
                .iter(|| async { db.user().find_many().order_by(user::id.asc()).take(rows).await.unwrap() });
        });
        group.bench_with_input(BenchmarkId::new("sqlx", rows), &rows, |b, &rows| {
            b.to_async(&runtime).iter(|| with_sqlx::find_many(&pool, rows));
        });
        group.bench_with_input(BenchmarkId::new("rusqlite", rows), &rows, |b, &rows| {
            b.iter(|| with_rusqlite::find_many(&connection, rows));
        });
    }
    group.finish();
}

fn includes(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let database = runtime.block_on(Database::filled(1_000, 10));
    let (db, pool, connection) = (&database.db, database.pool(), database.rusqlite());

    let mut group = c.benchmark_group("1000 users with their 10 posts");
    group.bench_function("prisma-client", |b| {
        b.to_async(&runtime).iter(|| async { db.user().find_many().include(user::posts).await.unwrap() });
    });
    group.bench_function("sqlx", |b| b.to_async(&runtime).iter(|| with_sqlx::users_with_posts(&pool)));
    group.bench_function("rusqlite", |b| b.iter(|| with_rusqlite::users_with_posts(&connection)));
    group.finish();
}

fn writes(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let database = runtime.block_on(Database::filled(0, 0));
    let (db, pool, connection) = (&database.db, database.pool(), database.rusqlite());

    let mut group = c.benchmark_group("create");
    group.bench_function("prisma-client", |b| {
        b.to_async(&runtime)
            .iter(|| async { db.user().create(user::create().email(email()).name("Name").age(30)).await.unwrap() });
    });
    group.bench_function("sqlx", |b| {
        b.to_async(&runtime).iter(|| async { with_sqlx::create(&pool, &email()).await });
    });
    group.bench_function("rusqlite", |b| b.iter(|| with_rusqlite::create(&connection, &email())));
    group.finish();

    let mut group = c.benchmark_group("create a user with 10 posts");
    group.bench_function("prisma-client", |b| {
        b.to_async(&runtime).iter(|| async {
            let posts: Vec<_> =
                (0..10).map(|i| post::create().title(format!("Post {i}")).content("Lorem ipsum")).collect();
            db.user().create(user::create().email(email()).name("Name").age(30).posts(posts)).await.unwrap()
        });
    });
    group.bench_function("sqlx", |b| {
        b.to_async(&runtime).iter(|| async { with_sqlx::create_with_posts(&pool, &email()).await });
    });
    group.bench_function("rusqlite", |b| b.iter(|| with_rusqlite::create_with_posts(&connection, &email())));
    group.finish();
}

criterion_group!(benches_, reads, includes, writes);
criterion_main!(benches_);
