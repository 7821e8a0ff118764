//! PostgreSQL over a slow network.

use std::fmt::Write;
use std::time::Duration;

use crate::measure::{Entry, Spread, measure};
use crate::postgres;
use crate::proxy::Proxy;
use crate::task::Task;

/// Runs the tasks through a proxy, counts their round trips, and prints a table.
pub async fn run(url: &str, latency: Duration, tasks: &[Task], rounds: usize, wants: impl Fn(&Entry) -> bool) {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (authority, database) = rest.split_once('/').unwrap();
    let (user, address) = authority.rsplit_once('@').unwrap_or(("postgres", authority));
    let address = if address.contains(':') { address.to_owned() } else { format!("{address}:5432") };
    let proxy = Proxy::start(address, latency);
    let mut entries = postgres::entries(&format!("{scheme}://{user}@127.0.0.1:{}/{database}", proxy.port)).await;
    entries.retain(wants);
    println!(
        "\n## PostgreSQL, {latency:?} away\n\nMilliseconds of each: the median, and how many round trips it takes.\n"
    );
    let names: Vec<&str> = entries.iter().map(|e| e.name).collect();
    println!("| task | {} |\n|---|{}", names.join(" | "), "--:|".repeat(names.len()));
    let mut next = 100_000_000;
    for &task in tasks {
        eprintln!("{}, {latency:?} away …", task.title());
        let costs = measure(&entries, task, rounds.div_ceil(2), &mut next).await;
        let mut row = format!("| {} |", task.title());
        for entry in &entries {
            if entry.takes_part(task) {
                // Twice for the connection's sake: after a rest it may be asked whether it is still there.
                entry.contestant.clone().turn(task, next, 2).await;
                let before = proxy.round_trips();
                entry.contestant.clone().turn(task, next + 2, 10).await;
                next += 12;
                let trips = (proxy.round_trips() - before) as f64 / 10.0;
                let time = Spread::of(costs[entry.name].iter().map(|c| c.wall / 1000.0)).median;
                _ = write!(row, " {time:.2} ({trips}) |");
            } else {
                row += " |";
            }
        }
        println!("{row}");
    }
}
