//! PostgreSQL: one database, and those who read and write it.

use std::sync::Arc;

use prisma_client::Load;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::POOL;
use crate::by_sea_orm::SeaOrm;
use crate::by_toasty::Toasty;
use crate::data::{AUTHORS, COMMENTS, Comment, DISCUSSED, POSTS, Post, USERS, User, WithPosts};
use crate::measure::Entry;

mod by_tokio_postgres;
mod diesel;
mod sqlx_queries;
mod us;

/// A filled database. The server must be there.
pub struct Postgres {
    pub url: String,
    entries: Vec<Entry>,
    floor: by_tokio_postgres::TokioPostgres,
    pool: sqlx::PgPool,
    _database: test_servers::Database,
}

impl Postgres {
    pub async fn open() -> Self {
        let database = test_servers::Database::create(test_servers::Server::Postgresql);
        let url = database.url("");
        let name = database.name();
        // The time that the disk takes is the same for all, and would hide them.
        test_servers::Server::Postgresql.run(&format!("ALTER DATABASE {name} SET synchronous_commit = off"));
        us::Us::connect(&url, None).await.db.push_schema().await.unwrap();
        let pool = pool(&url).await;
        fill(&pool).await;
        let floor = by_tokio_postgres::TokioPostgres::connect(&url);
        Self { entries: entries(&url).await, url, floor, pool, _database: database }
    }

    pub async fn version(&self) -> String {
        sqlx::query_scalar("SHOW server_version").fetch_one(&self.pool).await.unwrap()
    }
}

impl crate::Database for Postgres {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    async fn written(&self, email: &str) -> Option<WithPosts> {
        self.floor.written(email).await
    }

    async fn restore(&self) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(crate::sql::restore())).execute(&self.pool).await.unwrap();
    }
}

/// All who know PostgreSQL, connected.
pub async fn entries(url: &str) -> Vec<Entry> {
    vec![
        Entry { name: "prisma-client", contestant: Arc::new(us::Us::connect(url, None).await) },
        Entry { name: "tokio-postgres", contestant: Arc::new(by_tokio_postgres::TokioPostgres::connect(url)) },
        Entry { name: "sqlx", contestant: Arc::new(sqlx_queries::Sqlx(pool(url).await)) },
        Entry { name: "diesel-async", contestant: Arc::new(diesel::connect(url)) },
        Entry { name: "SeaORM", contestant: Arc::new(SeaOrm::connect(url.to_owned()).await) },
        Entry { name: "Toasty", contestant: Arc::new(Toasty::connect(url, &[]).await) },
        Entry {
            name: "prisma-client, `Load::Join`",
            contestant: Arc::new(us::Us::connect(url, Some(Load::Join)).await),
        },
    ]
}

async fn pool(url: &str) -> sqlx::PgPool {
    let pool = PgPoolOptions::new().max_connections(POOL as u32).test_before_acquire(false).idle_timeout(None);
    pool.connect_with(url.parse::<PgConnectOptions>().unwrap().disable_statement_logging()).await.unwrap()
}

async fn fill(pool: &sqlx::PgPool) {
    let run = async |sql: &'static str| _ = sqlx::raw_sql(sql).execute(pool).await.unwrap();
    let (mut ids, mut emails, mut names, mut ages) = (vec![], vec![], vec![], vec![]);
    for User { id, email, name, age } in (1..=USERS).map(User::seed) {
        (ids.push(id), emails.push(email), names.push(name), ages.push(age));
    }
    let insert = sqlx::query(
        "INSERT INTO users (id, email, name, age) SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::int[])",
    );
    insert.bind(ids).bind(emails).bind(names).bind(ages).execute(pool).await.unwrap();
    let posts: Vec<Post> = (1..=AUTHORS * POSTS).map(Post::seed).collect();
    let insert = sqlx::query(
        "INSERT INTO posts (id, title, content, views, author_id)
         SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::int[])",
    );
    let column = |read: fn(&Post) -> i32| posts.iter().map(read).collect::<Vec<_>>();
    let insert = insert.bind(column(|p| p.id)).bind(posts.iter().map(|p| p.title.clone()).collect::<Vec<_>>());
    let insert = insert.bind(posts.iter().map(|p| p.content.clone()).collect::<Vec<_>>());
    insert.bind(column(|p| p.views)).bind(column(|p| p.author_id)).execute(pool).await.unwrap();
    let comments: Vec<Comment> = (1..=DISCUSSED * COMMENTS).map(Comment::seed).collect();
    let insert =
        sqlx::query("INSERT INTO comments (id, body, post_id) SELECT * FROM unnest($1::int[], $2::text[], $3::int[])");
    let insert = insert.bind(comments.iter().map(|c| c.id).collect::<Vec<_>>());
    let insert = insert.bind(comments.iter().map(|c| c.body.clone()).collect::<Vec<_>>());
    insert.bind(comments.iter().map(|c| c.post_id).collect::<Vec<_>>()).execute(pool).await.unwrap();
    run("SELECT setval('users_id_seq', (SELECT max(id) FROM users)), setval('posts_id_seq', (SELECT max(id) FROM posts))").await;
    run("VACUUM ANALYZE").await;
}
