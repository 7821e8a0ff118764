//! SQLite: one file, and those who read and write it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use prisma_client::Load;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::POOL;
use crate::by_sea_orm::SeaOrm;
use crate::by_toasty::Toasty;
use crate::data::{AUTHORS, COMMENTS, Comment, DISCUSSED, POSTS, Post, USERS, User, WithPosts};
use crate::measure::Entry;

mod by_rusqlite;
mod diesel;
mod sqlx_queries;
mod us;

/// What this library sets, and all others are given.
const PRAGMAS: &str =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";

/// The same for sqlx, and SeaORM on it.
pub fn settings(options: SqliteConnectOptions) -> SqliteConnectOptions {
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
    options.foreign_keys(true).busy_timeout(Duration::from_secs(5)).disable_statement_logging()
}

/// A filled database, and who is connected to it.
pub struct Sqlite {
    pub entries: Vec<Entry>,
    floor: Arc<by_rusqlite::Rusqlite>,
    connection: rusqlite::Connection,
    _directory: tempfile::TempDir,
}

impl Sqlite {
    pub async fn open() -> Self {
        // In memory, where there is such a place: the time that the disk takes is the same for all, and would hide them.
        let memory = Path::new("/dev/shm");
        let directory = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let path = directory.path().join("peers.db");
        let url = format!("file:{}", path.display());
        let us = us::Us::connect(&url, None).await;
        us.db.push_schema().await.unwrap();
        let mut connection = rusqlite::Connection::open(&path).unwrap();
        connection.execute_batch(PRAGMAS).unwrap();
        fill(&mut connection);
        let floor = Arc::new(by_rusqlite::Rusqlite::open(&path));
        let entries = vec![
            Entry { name: "prisma-client", contestant: Arc::new(us) },
            Entry { name: "rusqlite", contestant: floor.clone() },
            Entry { name: "sqlx", contestant: Arc::new(sqlx_queries::Sqlx(pool(&path).await)) },
            Entry { name: "Diesel", contestant: Arc::new(diesel::connect(&path)) },
            Entry {
                name: "SeaORM",
                contestant: Arc::new(SeaOrm::connect(format!("sqlite://{}", path.display())).await),
            },
            Entry { name: "Toasty", contestant: Arc::new(toasty(&path).await) },
            Entry {
                name: "prisma-client, `Load::Join`",
                contestant: Arc::new(us::Us::connect(&url, Some(Load::Join)).await),
            },
        ];
        Self { entries, floor, connection, _directory: directory }
    }
}

impl crate::Database for Sqlite {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    async fn written(&self, email: &str) -> Option<WithPosts> {
        self.floor.written(email)
    }

    async fn restore(&self) {
        self.connection.execute_batch(&crate::sql::restore()).unwrap();
    }
}

async fn pool(path: &Path) -> sqlx::SqlitePool {
    let pool = SqlitePoolOptions::new().max_connections(POOL as u32).test_before_acquire(false).idle_timeout(None);
    pool.connect_with(settings(SqliteConnectOptions::new().filename(path))).await.unwrap()
}

/// Its connections have the file's WAL, foreign keys by the way that SQLite is built, and rusqlite's five seconds.
async fn toasty(path: &Path) -> Toasty {
    Toasty::connect(&format!("sqlite:{}", path.display()), &["PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON"])
        .await
}

fn fill(connection: &mut rusqlite::Connection) {
    let tx = connection.transaction().unwrap();
    let insert = |sql: &str, row: &dyn Fn(&mut rusqlite::CachedStatement<'_>) -> rusqlite::Result<usize>| {
        row(&mut tx.prepare_cached(sql).unwrap()).unwrap();
    };
    for User { id, email, name, age } in (1..=USERS).map(User::seed) {
        insert("INSERT INTO users (id, email, name, age) VALUES (?, ?, ?, ?)", &|s| {
            s.execute((id, &email, &name, age))
        });
    }
    for Post { id, title, content, views, author_id } in (1..=AUTHORS * POSTS).map(Post::seed) {
        let sql = "INSERT INTO posts (id, title, content, views, author_id) VALUES (?, ?, ?, ?, ?)";
        insert(sql, &|s| s.execute((id, &title, &content, views, author_id)));
    }
    for Comment { id, body, post_id } in (1..=DISCUSSED * COMMENTS).map(Comment::seed) {
        insert("INSERT INTO comments (id, body, post_id) VALUES (?, ?, ?)", &|s| s.execute((id, &body, post_id)));
    }
    tx.commit().unwrap();
    connection.execute_batch("ANALYZE").unwrap();
}
