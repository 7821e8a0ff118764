//! Prints the medians of the last `cargo bench` as ratios to the same task written by hand.
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn main() {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let mut medians: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    collect(&target.join("criterion"), &mut medians);
    if medians.is_empty() {
        eprintln!("no results: run `cargo bench -p benches` first");
        std::process::exit(1);
    }
    println!("| task | to sqlx by hand | to rusqlite by hand |\n|---|--:|--:|");
    for (task, of) in &medians {
        let ratio = |other: &str| match (of.get("prisma-client"), of.get(other)) {
            (Some(ours), Some(theirs)) => format!("{:.2}", ours / theirs),
            _ => "–".to_owned(),
        };
        println!("| {task} | {} | {} |", ratio("sqlx"), ratio("rusqlite"));
    }
}

/// Finds `<group>/<function>[/<value>]/new/estimates.json` with the names that criterion keeps beside it.
fn collect(directory: &Path, medians: &mut BTreeMap<String, BTreeMap<String, f64>>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for path in entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()) {
        if path.file_name().is_some_and(|n| n == "new") {
            if let Some((task, who, median)) = read(&path) {
                medians.entry(task).or_default().insert(who, median);
            }
        } else {
            collect(&path, medians);
        }
    }
}

fn read(new: &Path) -> Option<(String, String, f64)> {
    let json = |name: &str| -> Option<serde_json::Value> {
        serde_json::from_str(&std::fs::read_to_string(new.join(name)).ok()?).ok()
    };
    let (names, estimates) = (json("benchmark.json")?, json("estimates.json")?);
    let mut task = names["group_id"].as_str()?.to_owned();
    if let Some(value) = names["value_str"].as_str() {
        task.push_str(&format!(", {value} rows"));
    }
    let who = names["function_id"].as_str()?.to_owned();
    Some((task, who, estimates["median"]["point_estimate"].as_f64()?))
}
