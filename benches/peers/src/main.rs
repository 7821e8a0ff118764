//! This library beside others for the same databases: the same tasks, on the same data, by turns, in one process.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml` prints the tables; `benches/README.md` says how it is kept fair.

use std::future::Future;
use std::time::Duration;

use clap::Parser;

use crate::data::WithPosts;
use crate::measure::{Entry, measure};
use crate::report::Report;
use crate::task::{Answer, Task};

/// This library's client for a provider.
macro_rules! client {
    ($($datasource:tt)*) => {
        prisma_client::prisma_schema! {
            $($datasource)*

            model User {
                id    Int     @id @default(autoincrement())
                email String  @unique
                name  String?
                age   Int
                posts Post[]

                @@map("users")
            }

            model Post {
                id       Int       @id @default(autoincrement())
                title    String
                content  String?
                views    Int       @default(0)
                author   User      @relation(fields: [authorId], references: [id])
                authorId Int       @map("author_id")
                comments Comment[]

                @@index([authorId])
                @@map("posts")
            }

            model Comment {
                id     Int    @id @default(autoincrement())
                body   String
                post   Post   @relation(fields: [postId], references: [id])
                postId Int    @map("post_id")

                @@index([postId])
                @@map("comments")
            }
        }
    };
}
use client;

mod by_sea_orm;
mod by_toasty;
mod data;
mod diesel_schema;
mod measure;
mod plain;
mod postgres;
mod proxy;
mod remote;
mod report;
mod sql;
mod sqlite;
mod task;

/// How many connections each contestant may have.
const POOL: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Provider {
    Sqlite,
    Postgres,
}

/// Compares this library with others for the same databases.
#[derive(Parser)]
struct Arguments {
    /// One database only.
    #[arg(long)]
    only: Option<Provider>,
    /// Some tasks only, with commas between them.
    #[arg(long, value_delimiter = ',')]
    tasks: Vec<Task>,
    /// Some contestants only, with commas between them, as the columns are called.
    #[arg(long, value_delimiter = ',')]
    contestants: Vec<String>,
    /// How often each contestant has its turn.
    #[arg(long, default_value_t = 31)]
    rounds: usize,
    /// Milliseconds that a round trip to PostgreSQL takes in the last table, such as `1ms`; `0ms` for none.
    #[arg(long, default_value = "1ms", value_parser = milliseconds)]
    network_latency: Duration,
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches("ms").parse::<f64>().map_err(|e| e.to_string())?;
    Duration::try_from_secs_f64(number / 1000.0).map_err(|e| e.to_string())
}

/// A filled database, and who is connected to it; the second is the floor.
trait Database {
    fn entries(&self) -> &[Entry];
    /// A user with its posts, read by hand.
    fn written(&self, email: &str) -> impl Future<Output = Option<WithPosts>>;
    /// Takes out what tasks have written.
    fn restore(&self) -> impl Future<Output = ()>;
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    let wants = |task: Task| arguments.tasks.is_empty() || arguments.tasks.contains(&task);
    let plays =
        |entry: &Entry| arguments.contestants.is_empty() || arguments.contestants.iter().any(|c| c == entry.name);
    let tasks: Vec<Task> = Task::ALL.into_iter().filter(|t| wants(*t)).collect();
    let names = ["rusqlite", "tokio-postgres", "sqlx", "diesel", "diesel-async", "sea-orm", "toasty"];
    println!("{}: {}.", chrono::Utc::now().format("%Y-%m-%d"), report::versions(&names));
    if arguments.only != Some(Provider::Postgres) {
        println!("\n## SQLite {}\n", rusqlite::version());
        run(&sqlite::Sqlite::open().await, &tasks, arguments.rounds, plays).await;
    }
    if arguments.only != Some(Provider::Sqlite) {
        let database = postgres::Postgres::open().await;
        println!("\n## PostgreSQL {}\n", database.version().await);
        run(&database, &tasks, arguments.rounds, plays).await;
        let remote: Vec<Task> = Task::REMOTE.into_iter().filter(|t| wants(*t)).collect();
        if !arguments.network_latency.is_zero() && !remote.is_empty() {
            remote::run(&database.url, arguments.network_latency, &remote, arguments.rounds, plays).await;
        }
    }
}

/// Compares the answers, then the times, and prints the tables.
async fn run(database: &impl Database, tasks: &[Task], rounds: usize, plays: impl Fn(&Entry) -> bool) {
    compare_answers(database, tasks).await;
    let (us, floor) = (database.entries()[0].name, database.entries()[1].name);
    let entries: Vec<Entry> = database.entries().iter().filter(|e| plays(e)).cloned().collect();
    let (mut next, mut measured) = (1_000_000, Vec::new());
    for &task in tasks {
        eprintln!("{} …", task.title());
        measured.push((task, measure(&entries, task, rounds, &mut next).await));
    }
    println!("{}", Report { entries: &entries, us, floor, tasks: measured }.markdown());
}

/// All must answer the same, and write the same.
async fn compare_answers(database: &impl Database, tasks: &[Task]) {
    let entries = database.entries();
    for &task in tasks {
        let mut expected = None;
        // The floor first.
        for (i, entry) in entries[1..].iter().chain(&entries[..1]).enumerate() {
            if !entry.takes_part(task) {
                continue;
            }
            let writes_new = matches!(task, Task::Insert | Task::Create);
            let n = if writes_new { task as usize * 100 + i } else { 3 };
            let mut answer = entry.contestant.clone().answer(task, n).await;
            if writes_new {
                answer = with_what_is_written(database, answer, entry.name).await;
            } else if let Answer::Users(users) = &answer
                && matches!(task, Task::Update | Task::Upsert)
            {
                let written = database.written(&users[0].email).await.map(|(user, _)| user);
                assert_eq!(written.as_ref(), users.first(), "{}: {}: what is written", entry.name, task.title());
                database.restore().await;
            }
            match &expected {
                None => expected = Some(answer),
                Some(expected) => {
                    assert!(*expected == answer, "{}: {}: another answer: {answer:?}", entry.name, task.title());
                }
            }
        }
    }
    database.restore().await;
}

/// A new user as it is in the database, without what is different each time.
async fn with_what_is_written(database: &impl Database, answer: Answer, name: &str) -> Answer {
    let Answer::Users(users) = answer else { unreachable!("these tasks answer a user") };
    let (mut user, mut posts) = database.written(&users[0].email).await.expect("it is written");
    assert_eq!(user, users[0], "{name}: what is written");
    assert!(posts.iter().all(|p| p.author_id == user.id));
    (user.id, user.email) = (0, String::new());
    posts.iter_mut().for_each(|p| (p.id, p.author_id) = (0, 0));
    Answer::WithPosts(vec![(user, posts)])
}
