//! The tasks, for the provider whose module is `super`.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prisma_client::Load;
use sqlx::{FromRow, Row as _};

use super::*;
use crate::{network, ratio};

const USERS: i32 = 1_000;
const POSTS: i32 = 10;

/// Read by hand.
pub(crate) struct HandUser {
    id: i32,
    email: String,
    name: Option<String>,
    age: i32,
}

#[derive(serde::Deserialize)]
pub(crate) struct HandPost {
    id: i32,
    title: String,
    content: Option<String>,
    views: i32,
    author_id: i32,
}

impl FromRow<'_, Row> for HandUser {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { id: row.try_get(0)?, email: row.try_get(1)?, name: row.try_get(2)?, age: row.try_get(3)? })
    }
}

impl FromRow<'_, Row> for HandPost {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get(0)?,
            title: row.try_get(1)?,
            content: row.try_get(2)?,
            views: row.try_get(3)?,
            author_id: row.try_get(4)?,
        })
    }
}

type Grouped = Vec<(HandUser, Vec<HandPost>)>;

async fn by_id(pool: &Pool, id: i32) -> Option<HandUser> {
    sqlx::query_as(BY_ID).bind(id).fetch_optional(pool).await.unwrap()
}

async fn find_many(pool: &Pool, limit: i64) -> Vec<HandUser> {
    sqlx::query_as(FIRST).bind(limit).fetch_all(pool).await.unwrap()
}

/// Two statements, children grouped by their key.
async fn in_two(pool: &Pool, limit: i64) -> Grouped {
    let mut connection = pool.acquire().await.unwrap();
    let users: Vec<HandUser> = sqlx::query_as(FIRST).bind(limit).fetch_all(&mut *connection).await.unwrap();
    let posts = posts_of(&mut connection, users.iter().map(|u| u.id).collect()).await;
    let places: HashMap<i32, usize> = users.iter().enumerate().map(|(i, u)| (u.id, i)).collect();
    let mut grouped: Grouped = users.into_iter().map(|u| (u, Vec::new())).collect();
    for post in posts {
        grouped[places[&post.author_id]].1.push(post);
    }
    grouped
}

/// One statement, in which the children of a record are one JSON value.
async fn in_one(pool: &Pool, limit: i64) -> Grouped {
    let rows = sqlx::query(AGGREGATED).bind(limit).fetch_all(pool).await.unwrap();
    let read = |row: &Row| {
        let posts: Option<&str> = row.try_get_unchecked(4).unwrap();
        let posts = posts.map_or_else(Vec::new, |posts| serde_json::from_str(posts).unwrap());
        (HandUser::from_row(row).unwrap(), posts)
    };
    rows.iter().map(read).collect()
}

/// The answer of a task, used up to its last field.
fn use_up(grouped: Grouped, users: i64) {
    assert_eq!(grouped.len(), usize::try_from(users).unwrap());
    for (user, posts) in grouped {
        black_box((user.id, user.email, user.name, user.age));
        assert_eq!(posts.len(), POSTS as usize);
        for post in posts {
            black_box((post.id, post.title, post.content, post.views, post.author_id));
        }
    }
}

/// One INSERT with a row of parameters for each record.
async fn create_posts(pool: &Pool, count: usize) -> u64 {
    let mut query = sqlx::QueryBuilder::<Db>::new(INSERT_POSTS);
    query.push_values(0..count, |mut row, i| {
        row.push_bind(format!("Post {i}")).push_bind("Lorem ipsum dolor sit amet").push_bind(0).push_bind(1);
    });
    query.build().execute(pool).await.unwrap().rows_affected()
}

/// A database with users and their posts.
async fn filled() -> (test_servers::Database, PrismaClient) {
    let scratch = test_servers::Database::create(SERVER);
    let db = PrismaClient::builder().url(scratch.url("")).max_connections(5).connect().await.unwrap();
    db.push_schema().await.unwrap();
    let user = |i: i32| user::create().email(format!("user{i}@example.com")).name(format!("User {i}")).age(i % 90);
    db.user().create_many((0..USERS).map(user)).await.unwrap();
    for author in 1..=USERS {
        let post =
            |i: i32| post::create().title(format!("Post {i}")).content("Lorem ipsum dolor sit amet").author_id(author);
        db.post().create_many((0..POSTS).map(post)).await.unwrap();
    }
    db.execute_raw(prisma_client::RawSql::verbatim(ANALYSE)).await.unwrap();
    (scratch, db)
}

/// How long users with their posts take in one statement, by the time that one for each relation takes, with the server so far away.
pub(crate) async fn join_from(round_trip: Duration) -> Vec<(String, f64)> {
    let (scratch, _) = filled().await;
    let url = scratch.url("");
    let address = url.split(['@', '/']).nth(3).unwrap().to_owned();
    let port = network::far_away(address.clone(), round_trip);
    let url = url.replace(&address, &format!("127.0.0.1:{port}"));
    let db = PrismaClient::builder().url(url).max_connections(5).connect().await.unwrap();
    let mut ratios = Vec::new();
    for users in [1, 10, 100, 1_000] {
        let one = async |load: Load| {
            let query = db.user().find_many().order_by(user::id.asc()).take(users).include(user::posts);
            drop(black_box(query.load(load).await.unwrap()));
        };
        ratios.push((
            format!("{users} users, their posts"),
            ratio(async || one(Load::Join).await, async || one(Load::Query).await).await,
        ));
        let two = async |load: Load| {
            let posts = user::posts.include(post::author);
            let query = db.user().find_many().order_by(user::id.asc()).take(users).include(posts);
            drop(black_box(query.load(load).await.unwrap()));
        };
        ratios.push((
            format!("{users} users, their posts, whose author"),
            ratio(async || two(Load::Join).await, async || two(Load::Query).await).await,
        ));
    }
    ratios
}

/// Each task with what it is compared to, and the ratio.
pub(crate) async fn run() -> Vec<(String, &'static str, f64)> {
    let (_scratch, db) = filled().await;
    let (db, pool) = (&db, db.pool());
    let next = AtomicU64::new(0);
    let email = || format!("new{}@example.com", next.fetch_add(1, Ordering::Relaxed));

    let mut ratios = Vec::new();
    let mut add = |task: &str, of: &'static str, ratio: f64| ratios.push((task.to_owned(), of, ratio));
    add(
        "find by id",
        "by hand",
        ratio(
            async || drop(black_box(db.user().find_unique(user::id.eq(500)).await.unwrap())),
            async || drop(black_box(by_id(pool, 500).await)),
        )
        .await,
    );
    add(
        "find many, 1,000 rows",
        "by hand",
        ratio(
            async || drop(black_box(db.user().find_many().order_by(user::id.asc()).take(1_000).await.unwrap())),
            async || drop(black_box(find_many(pool, 1_000).await)),
        )
        .await,
    );
    for users in [10, 1_000] {
        add(
            &format!("{users} users with their {POSTS} posts"),
            "two statements by hand",
            ratio(
                async || {
                    let query = db.user().find_many().order_by(user::id.asc()).take(users).include(user::posts);
                    drop(black_box(query.await.unwrap()));
                },
                async || use_up(in_two(pool, users).await, users),
            )
            .await,
        );
    }
    for users in [1, 10, 100, 1_000] {
        add(
            &format!("{users} users with their {POSTS} posts, one statement by hand"),
            "two statements by hand",
            ratio(async || use_up(in_one(pool, users).await, users), async || use_up(in_two(pool, users).await, users))
                .await,
        );
    }
    add(
        "create",
        "by hand",
        ratio(
            async || {
                let create = user::create().email(email()).name("Name").age(30);
                drop(black_box(db.user().create(create).await.unwrap()));
            },
            async || drop(black_box(create(pool, &email()).await)),
        )
        .await,
    );
    for posts in [10, 1_000, 10_000] {
        add(
            &format!("create many, {posts} rows"),
            "one row of parameters each, by hand",
            ratio(
                async || {
                    let post = |i| {
                        post::create().title(format!("Post {i}")).content("Lorem ipsum dolor sit amet").author_id(1)
                    };
                    black_box(db.post().create_many((0..posts).map(post)).await.unwrap());
                },
                async || drop(black_box(create_posts(pool, posts).await)),
            )
            .await,
        );
    }
    ratios
}
