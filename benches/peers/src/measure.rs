//! Turns of contestants, and what comes of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::task::{Contestant, Note, Task};

/// How long a turn takes, roughly.
const TURN: Duration = Duration::from_millis(20);

/// What one result of a turn cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Microseconds that it took.
    pub wall: f64,
    /// Microseconds of the processor's time, of all threads of this process.
    pub cpu: f64,
}

/// Both clocks, running.
pub struct Clocks(Instant, Duration);

fn process_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

impl Clocks {
    pub fn start() -> Self {
        Self(Instant::now(), process_time())
    }

    pub fn stop(self, results: usize) -> Cost {
        let (wall, cpu) = (self.0.elapsed(), process_time() - self.1);
        let each = |time: Duration| time.as_secs_f64() * 1e6 / results as f64;
        Cost { wall: each(wall), cpu: each(cpu) }
    }
}

/// One contestant, in a table.
#[derive(Clone)]
pub struct Entry {
    pub name: &'static str,
    pub contestant: Arc<dyn Contestant>,
}

impl Entry {
    /// Whether it takes part in a task.
    pub fn takes_part(&self, task: Task) -> bool {
        !matches!(self.contestant.note(task), Some(Note::Cannot(_) | Note::Same))
    }
}

/// What each round of a task cost, by contestant.
pub type Rounds = BTreeMap<&'static str, Vec<Cost>>;

/// Lets all contestants run a task by turns. `next` counts the arguments, and is moved on.
pub async fn measure(entries: &[Entry], task: Task, rounds: usize, next: &mut usize) -> Rounds {
    let mut costs = Rounds::new();
    let mut playing = Vec::new();
    for entry in entries.iter().filter(|e| e.takes_part(task)) {
        // What is prepared and cached is ready before the first turn, on each connection of the pool.
        turn(entry, task, next, 3).await;
        let once = turn(entry, task, next, 3).await.wall * if task == Task::ManyTasks { 1000.0 } else { 1.0 };
        let times = (TURN.as_secs_f64() * 1e6 / once).clamp(1.0, 100_000.0) as usize;
        playing.push((entry, times));
    }
    for _ in 0..rounds {
        for (entry, times) in &playing {
            costs.entry(entry.name).or_default().push(turn(entry, task, next, *times).await);
        }
        // Whoever comes later finds warmer caches.
        playing.rotate_left(1);
    }
    costs
}

/// On a thread of the runtime, as a server's requests are.
async fn turn(entry: &Entry, task: Task, next: &mut usize, times: usize) -> Cost {
    let first = *next;
    *next += times;
    tokio::spawn(entry.contestant.clone().turn(task, first, times)).await.unwrap()
}

/// The median, and the quartiles.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Spread {
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at = |part: f64| values[((values.len() - 1) as f64 * part).round() as usize];
        Self { low: at(0.25), median: at(0.5), high: at(0.75) }
    }
}
