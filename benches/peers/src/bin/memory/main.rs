//! How much memory a million rows take: read one after the other, and all at once.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin memory`

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// How many rows there are.
const ROWS: usize = 1_000_000;

/// What one way of reading took.
struct Peak {
    /// How many records came, and their bytes: the structs and the text that they own.
    records: usize,
    bytes: usize,
    /// Bytes that were allocated at most, beyond what was allocated before.
    peak: usize,
}

/// Runs something that tells how many records, and how many bytes they were.
async fn watch(read: impl AsyncFnOnce() -> (usize, usize)) -> Peak {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let (records, bytes) = read().await;
    Peak { records, bytes, peak: ALLOCATED.peak_usage().saturating_sub(before) }
}

/// A provider's client, and what is measured with it.
macro_rules! provider {
    ($name:ident, $series:literal, $($datasource:tt)*) => {
        mod $name {
            use prisma_client::RawSql;

            prisma_client::prisma_schema! {
                $($datasource)*

                model User {
                    id    Int     @id @default(autoincrement())
                    email String  @unique
                    name  String?
                    age   Int

                    @@map("users")
                }
            }

            fn size(user: &User) -> usize {
                size_of::<User>() + user.email.capacity() + user.name.as_ref().map_or(0, String::capacity)
            }

            /// The first rows and all of them as a stream, then all at once.
            pub(super) async fn run(url: &str) -> [super::Peak; 3] {
                let db = PrismaClient::builder().url(url).max_connections(5).connect().await.unwrap();
                db.push_schema().await.unwrap();
                db.execute_raw(RawSql::verbatim($series)).await.unwrap();
                let stream = async |rows: usize| {
                    let mut users = db.user().find_many().take(rows as i64).stream();
                    let (mut count, mut bytes) = (0, 0);
                    while let Some(user) = users.next().await {
                        count += 1;
                        bytes += size(&user.unwrap());
                    }
                    (count, bytes)
                };
                // What is kept for good.
                stream(10).await;
                let all = async || {
                    let users = db.user().find_many().await.unwrap();
                    (users.len(), users.iter().map(size).sum())
                };
                [
                    super::watch(async || stream(super::ROWS / 100).await).await,
                    super::watch(async || stream(super::ROWS).await).await,
                    super::watch(all).await,
                ]
            }
        }
    };
}

provider!(
    sqlite,
    "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
     INSERT INTO users (email, name, age) SELECT 'user' || i || '@example.com', 'User ' || i, i % 90 FROM n",
    datasource db {
        provider = "sqlite"
    }
);
provider!(
    postgresql,
    "INSERT INTO users (email, name, age) SELECT 'user' || i || '@example.com', 'User ' || i, i % 90
     FROM generate_series(1, 1000000) i",
    datasource db {
        provider = "postgresql"
    }
);
provider!(
    mysql,
    "INSERT INTO users (email, name, age) SELECT concat('user', seq, '@example.com'), concat('User ', seq), seq % 90
     FROM seq_1_to_1000000",
    datasource db {
        provider = "mysql"
    }
);

#[tokio::main]
async fn main() {
    use test_servers::{Database, Server};
    println!("| database | records | stream of 1 %, KiB | stream, KiB | all at once, MiB | their size, MiB | ratio |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let directory = tempfile::tempdir().unwrap();
    row("SQLite", sqlite::run(&format!("file:{}/memory.db", directory.path().display())).await);
    let database = Database::create(Server::Postgresql);
    row("PostgreSQL", postgresql::run(&database.url("")).await);
    let database = Database::create(Server::Mysql);
    row("MariaDB", mysql::run(&database.url("")).await);
}

fn row(database: &str, [few, stream, all]: [Peak; 3]) {
    assert_eq!((few.records, stream.records, all.records), (ROWS / 100, ROWS, ROWS));
    let (kib, mib) = (|bytes: usize| bytes as f64 / 1024.0, |bytes: usize| bytes as f64 / 1024.0 / 1024.0);
    println!(
        "| {database} | {ROWS} | {:.0} | {:.0} | {:.1} | {:.1} | {:.2} |",
        kib(few.peak),
        kib(stream.peak),
        mib(all.peak),
        mib(all.bytes),
        all.peak as f64 / all.bytes as f64
    );
}
