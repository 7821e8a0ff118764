//! What the benchmarks share: the schema, databases filled the same way, and the same tasks by hand.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod by_hand;
pub mod many_models;
pub mod processor;
pub mod tasks;

prisma_client::prisma_schema!("schema.prisma");

/// A database file with its client; it goes when this is dropped.
pub struct Database {
    pub db: PrismaClient,
    pub path: std::path::PathBuf,
    _directory: tempfile::TempDir,
}

impl Database {
    /// A new database with so many users, each with so many posts.
    pub async fn filled(users: usize, posts: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("bench.db");
        let db =
            PrismaClient::builder().url(format!("file:{}", path.display())).max_connections(5).connect().await.unwrap();
        db.push_schema().await.unwrap();
        let user = |i: usize| {
            user::create().email(format!("user{i}@example.com")).name(format!("User {i}")).age(i as i32 % 90)
        };
        db.user().create_many((0..users).map(user)).await.unwrap();
        let post = |i: usize| {
            let author = (i / posts.max(1)) as i32 + 1;
            post::create().title(format!("Post {i}")).content("Lorem ipsum dolor sit amet").author_id(author)
        };
        for chunk in (0..users * posts).collect::<Vec<_>>().chunks(1000) {
            db.post().create_many(chunk.iter().map(|&i| post(i))).await.unwrap();
        }
        Self { db, path, _directory: directory }
    }

    /// The client's own pool, for what is written by hand.
    pub fn pool(&self) -> sqlx::SqlitePool {
        let driver = self.db.driver().as_any().downcast_ref::<prisma_drivers::sqlite::SqliteDriver>();
        driver.expect("SQLite").pool().clone()
    }

    /// A connection of rusqlite to the same file, with the same settings.
    pub fn rusqlite(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(&self.path).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL;").unwrap();
        connection.set_prepared_statement_cache_capacity(500);
        connection
    }
}
