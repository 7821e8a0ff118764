//! The results as Markdown.

use std::fmt::Write;

use crate::measure::{Cost, Entry, Rounds, Spread};
use crate::task::{Note, Task};

/// What was measured of one database.
pub struct Report<'a> {
    pub entries: &'a [Entry],
    /// Whom the others are compared to.
    pub us: &'static str,
    pub floor: &'static str,
    pub tasks: Vec<(Task, Rounds)>,
}

impl Report<'_> {
    /// Times, ratios to the floor, and ratios to this library; with notes.
    pub fn markdown(&self) -> String {
        let mut notes = Vec::new();
        let mut text = String::from("Time of each, in microseconds: the median, and the quartiles.\n\n");
        text += &self.table(&mut notes, |rounds, name| {
            let Spread { low, median, high } = Spread::of(rounds[name].iter().map(|c| c.wall));
            Some(format!("{} [{}–{}]", short(median), short(low), short(high)))
        });
        for (other, who) in [(self.floor, format!("{} by hand", self.floor)), (self.us, self.us.to_owned())] {
            if self.entries.iter().all(|e| e.name != other) {
                continue;
            }
            _ = write!(text, "\nHow many times as long as {who}; in brackets the same of processor time.\n\n");
            text += &self.table(&mut Vec::new(), |rounds, name| {
                let ratio = |of: fn(&Cost) -> f64| ratio(rounds, name, other, of).median;
                (name != other).then(|| format!("{:.2} ({:.2})", ratio(|c| c.wall), ratio(|c| c.cpu)))
            });
        }
        for (i, note) in notes.iter().enumerate() {
            _ = write!(text, "\n({}) {note}.", i + 1);
        }
        text
    }

    fn table(&self, notes: &mut Vec<&'static str>, cell: impl Fn(&Rounds, &'static str) -> Option<String>) -> String {
        let names: Vec<&str> = self.entries.iter().map(|e| e.name).collect();
        let mut text = format!("| task | {} |\n|---|{}\n", names.join(" | "), "--:|".repeat(names.len()));
        for (task, rounds) in &self.tasks {
            _ = write!(text, "| {} |", task.title());
            for entry in self.entries {
                let cell = if entry.takes_part(*task) { cell(rounds, entry.name) } else { None };
                _ = write!(text, " {}", cell.unwrap_or_default());
                if let Some(Note::Cannot(note) | Note::How(note)) = entry.contestant.note(*task) {
                    let place = notes.iter().position(|n| *n == note).unwrap_or_else(|| {
                        notes.push(note);
                        notes.len() - 1
                    });
                    _ = write!(text, " ({})", place + 1);
                }
                text += " |";
            }
            text += "\n";
        }
        text
    }
}

/// The median of the ratios of each round: what disturbs a round disturbs both.
pub fn ratio(rounds: &Rounds, name: &str, other: &str, of: fn(&Cost) -> f64) -> Spread {
    Spread::of(rounds[name].iter().zip(&rounds[other]).map(|(a, b)| of(a) / of(b)))
}

/// Three digits, more if it is larger.
fn short(value: f64) -> String {
    match value {
        ..9.995 => format!("{value:.2}"),
        ..99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// The versions that were linked, from the lock file.
pub fn versions(names: &[&str]) -> String {
    let lock = include_str!("../Cargo.lock");
    let version = |name: &&str| {
        let package = lock.split("[[package]]").find(|p| p.contains(&format!("name = \"{name}\"\n")))?;
        Some(format!("{name} {}", package.split("version = \"").nth(1)?.split('"').next()?))
    };
    names.iter().filter_map(version).collect::<Vec<_>>().join(", ")
}
