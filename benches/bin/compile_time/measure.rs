//! Rounds of `cargo check`, interleaved, and their medians.

use std::fmt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::crates::{Crate, Workspace};

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
pub fn measure(workspace: &Workspace, crates: &[&Crate], rounds: usize) -> Vec<Times> {
    let mut clean = vec![Vec::new(); crates.len()];
    let mut touched = vec![Vec::new(); crates.len()];
    for round in 0..rounds {
        for (i, subject) in crates.iter().enumerate() {
            forget(workspace, &subject.name);
            clean[i].push(check(workspace, &subject.name));
            for step in 1..=2 {
                subject.change(round * 2 + step);
                touched[i].push(check(workspace, &subject.name));
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

fn check(workspace: &Workspace, name: &str) -> Duration {
    let mut command = workspace.cargo(&["check", "--quiet", "-p", name]);
    let start = Instant::now();
    let done = command.status().unwrap();
    assert!(done.success(), "{name} does not compile");
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
