//! How often each task asks for memory, and for how much, against rusqlite by hand. What SQLite asks for itself is not counted: it is
//! the same on both sides.
#![allow(missing_docs)]

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often each side does a task.
const TIMES: usize = 50;

fn main() {
    println!("| task | allocations | rusqlite | bytes | rusqlite |\n|---|--:|--:|--:|--:|");
    benches::tasks::each(|task, ours, theirs| {
        let ((a, a_bytes), (b, b_bytes)) = (count(ours), count(theirs));
        println!("| {task} | {a} | {b} | {a_bytes} | {b_bytes} |");
    });
}

/// Allocations, and bytes, for each time.
fn count(work: &mut dyn FnMut()) -> (usize, usize) {
    // What is cached is there before.
    for _ in 0..5 {
        work();
    }
    let region = Region::new(ALLOCATOR);
    for _ in 0..TIMES {
        work();
    }
    let used = region.change();
    // A reallocation counts as one, and with what it adds.
    (round(used.allocations + used.reallocations), round(used.bytes_allocated))
}

fn round(total: usize) -> usize {
    (total + TIMES / 2) / TIMES
}
