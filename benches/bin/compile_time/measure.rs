//! Rounds of `cargo check`, interleaved, and their medians.

use std::fmt;
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::crates::{Crate, Workspace};

/// What is counted: the time that passes, or the processor's time, which other programs on the machine disturb less.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    Wall,
    Cpu,
}

impl Clock {
    fn now(self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match self {
            Self::Wall => START.elapsed(),
            Self::Cpu => children_cpu_time().unwrap_or_else(|| panic!("the clock `cpu` needs Linux's /proc")),
        }
    }
}

/// What the programs that were started and have ended took.
fn children_cpu_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // After the name, which stands in parentheses, come the third field and so on; user and system time are 16 and 17.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(13);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// Medians of one crate.
pub struct Times {
    pub clean: Duration,
    pub touched: Duration,
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "clean {:.2} s, one query changed {:.2} s", self.clean.as_secs_f64(), self.touched.as_secs_f64())
    }
}

/// Measures crates in turn, round by round, so that what disturbs one disturbs them all.
pub fn measure(workspace: &Workspace, crates: &[&Crate], rounds: usize, clock: Clock) -> Vec<Times> {
    let mut clean = vec![Vec::new(); crates.len()];
    let mut touched = vec![Vec::new(); crates.len()];
    for round in 0..rounds {
        for (i, subject) in crates.iter().enumerate() {
            forget(workspace, &subject.name);
            clean[i].push(check(workspace, &subject.name, clock));
            for step in 1..=2 {
                subject.change(round * 2 + step);
                touched[i].push(check(workspace, &subject.name, clock));
            }
        }
    }
    clean.into_iter().zip(touched).map(|(c, t)| Times { clean: median(c), touched: median(t) }).collect()
}

/// How long the macro takes in this crate.
pub fn macro_time(workspace: &Workspace, name: &str, rounds: usize) -> Duration {
    let one = |_| {
        forget(workspace, name);
        let output = workspace.cargo(&["check", "--quiet", "-p", name]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let time = text.lines().find_map(|l| l.strip_prefix("prisma_schema! took ")?.strip_suffix(" us")?.parse().ok());
        Duration::from_micros(time.unwrap_or_else(|| panic!("{name} tells no time: {text}")))
    };
    median((0..rounds).map(one).collect())
}

fn forget(workspace: &Workspace, name: &str) {
    let done = workspace.cargo(&["clean", "--quiet", "-p", name]).stderr(Stdio::null()).status().unwrap();
    assert!(done.success(), "`cargo clean -p {name}` failed");
}

fn check(workspace: &Workspace, name: &str, clock: Clock) -> Duration {
    let mut command = workspace.cargo(&["check", "--quiet", "-p", name]);
    let start = clock.now();
    let done = command.status().unwrap();
    assert!(done.success(), "{name} does not compile");
    clock.now() - start
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
