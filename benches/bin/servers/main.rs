//! PostgreSQL and MySQL: this library against the same task by hand, with sqlx on the same pool, and one statement against two for what
//! is related.
//!
//! With the word `network`: relations in one statement against one statement each, with the server so far away.
//!
//! The ways of a task take turns in one process, so that whatever else the machine does slows all of them; what is printed is the ratio
//! of their medians. The servers are those of the tests.
#![allow(missing_docs, clippy::unwrap_used, clippy::duplicate_mod)]

use std::time::{Duration, Instant};

/// The client of a provider.
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
            }

            model Post {
                id       Int     @id @default(autoincrement())
                title    String
                content  String?
                views    Int     @default(0)
                author   User    @relation(fields: [authorId], references: [id])
                authorId Int

                @@index([authorId])
            }
        }
    };
}

mod mysql;
mod network;
mod postgresql;

/// How often each way has its turn; a third as often where it takes longer than a turn.
const TURNS: usize = 61;
/// How long a turn takes, roughly.
const TURN: Duration = Duration::from_millis(20);

#[tokio::main]
async fn main() {
    if std::env::args().nth(1).is_some_and(|word| word == "network") {
        println!("| round trip, ms | query | PostgreSQL | MySQL |\n|--:|---|--:|--:|");
        for round_trip in [0.0, 0.3, 0.5, 1.0, 2.0, 5.0].map(|ms| Duration::from_secs_f64(ms / 1000.0)) {
            let rows = (postgresql::tasks::join_from(round_trip).await, mysql::tasks::join_from(round_trip).await);
            for ((task, one), (_, other)) in rows.0.into_iter().zip(rows.1) {
                println!("| {} | {task} | {one:.2} | {other:.2} |", round_trip.as_secs_f64() * 1000.0);
            }
        }
        return;
    }
    println!("| task | to which | PostgreSQL | MySQL |\n|---|---|--:|--:|");
    let (postgresql, mysql) = (postgresql::tasks::run().await, mysql::tasks::run().await);
    for ((task, of, one), (_, _, other)) in postgresql.into_iter().zip(mysql) {
        println!("| {task} | {of} | {one:.2} | {other:.2} |");
    }
}

/// How much longer the first way takes than the second.
async fn ratio(first: impl AsyncFn(), second: impl AsyncFn()) -> f64 {
    // What is prepared and cached is ready before the first turn.
    let start = Instant::now();
    for _ in 0..3 {
        first().await;
        second().await;
    }
    let once = start.elapsed().as_secs_f64() / 6.0;
    let times = (TURN.as_secs_f64() / once).max(1.0) as usize;
    let turns = if once > TURN.as_secs_f64() { TURNS / 3 } else { TURNS };
    let (mut of_first, mut of_second) = (Vec::new(), Vec::new());
    for turn in 0..turns {
        // Whoever comes second finds warmer caches.
        if turn % 2 == 0 {
            of_first.push(time(times, &first).await);
            of_second.push(time(times, &second).await);
        } else {
            of_second.push(time(times, &second).await);
            of_first.push(time(times, &first).await);
        }
    }
    median(of_first) / median(of_second)
}

async fn time(times: usize, way: &impl AsyncFn()) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        way().await;
    }
    start.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
