//! Processor time of the calling thread for each task, as ratios to rusqlite by hand: for a machine that does other work too (Linux).
#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use benches::processor::used;

fn main() {
    println!("| task | µs | rusqlite, µs | ratio |\n|---|--:|--:|--:|");
    benches::tasks::each(row);
}

/// Medians of interleaved rounds.
fn row(task: &str, ours: &mut dyn FnMut(), theirs: &mut dyn FnMut()) {
    let (mut a, mut b): (Vec<f64>, Vec<f64>) = (0..15).map(|_| (round(ours), round(theirs))).unzip();
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    println!("| {task} | {:.2} | {:.2} | {:.2} |", a[7], b[7], a[7] / b[7]);
}

fn round(work: &mut dyn FnMut()) -> f64 {
    let (begun, before, mut count) = (Instant::now(), used(), 0_u32);
    while begun.elapsed() < Duration::from_millis(80) || count < 5 {
        for _ in 0..5 {
            work();
        }
        count += 5;
    }
    (used() - before) / f64::from(count)
}
