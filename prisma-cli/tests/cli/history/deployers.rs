//! Several who deploy at once, and one that is killed.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::Ran;
use crate::bed::Bed;
use crate::on_each_provider;

on_each_provider! { several_at_once_leave_one_history, one_that_is_killed, killed_wherever_it_is }

fn several_at_once_leave_one_history(bed: &Bed) {
    bed.models("");
    for i in 0..8 {
        bed.write(
            &format!("2026010100000{i}_m"),
            &format!("CREATE TABLE t{i} (id INT PRIMARY KEY);\nINSERT INTO t{i} VALUES (1);"),
        );
    }
    let deployers: Vec<_> = (0..3)
        .map(|_| {
            let mut command = bed.command_elsewhere(&["migrate", "deploy"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for deployer in deployers {
        Ran::of(deployer.wait_with_output().unwrap()).ok();
    }
    let expected: Vec<_> = (0..8).map(|i| format!("2026010100000{i}_m applied")).collect();
    assert_eq!(bed.elsewhere.history(), expected);
    assert_eq!(bed.elsewhere.tables().len(), 8);
}

/// Killed within a migration, which comes after one that was applied.
fn one_that_is_killed(bed: &Bed) {
    const SLOW: &str = "20260102000000_slow";
    bed.models("");
    bed.write("20260101000000_init", "CREATE TABLE a (id INT PRIMARY KEY);");
    bed.write(
        SLOW,
        &format!("CREATE TABLE b (id INT PRIMARY KEY);\n{}\nCREATE TABLE c (id INT PRIMARY KEY);", bed.sleep(4)),
    );
    let mut command = bed.command_elsewhere(&["migrate", "deploy"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_until(|| is_under_way(bed));
    child.kill().unwrap();
    child.wait().unwrap();

    // Where each change is kept at once, the history knows that it was begun, and somebody has to look.
    if bed.provider.name() == "mysql" {
        let error = wait_for_lock(bed).failed();
        assert!(error.contains("P3009") && error.contains("was ended, or is still at it"), "{error}");
        assert!(bed.elsewhere.tables().contains(&"b".to_owned()));
        bed.elsewhere.script("DROP TABLE IF EXISTS b, c");
        bed.on_elsewhere(&["migrate", "resolve", "--rolled-back", SLOW]).ok();
        bed.write(SLOW, "CREATE TABLE b (id INT PRIMARY KEY);\nCREATE TABLE c (id INT PRIMARY KEY);");
    }
    wait_for_lock(bed).ok();
    assert_eq!(bed.elsewhere.tables().iter().filter(|t| *t != "slow").collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(bed.elsewhere.history().iter().filter(|h| h.ends_with(" applied")).count(), 2);
    bed.on_elsewhere(&["migrate", "status"]).ok();
}

/// Killed again and again, a little later each time: before, within and after migrations.
fn killed_wherever_it_is(bed: &Bed) {
    const COUNT: usize = 6;
    bed.models("");
    for i in 0..COUNT {
        bed.write(&format!("2026010100000{i}_m"), &format!("CREATE TABLE IF NOT EXISTS t{i} (id INT PRIMARY KEY);"));
    }
    for delay in (0..24).map(|i| i * 6) {
        let mut command = bed.command_elsewhere(&["migrate", "deploy"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // Only where a migration is no transaction, one is left to be settled.
    let mut ran = wait_for_lock(bed);
    while ran.err.contains("P3009") {
        assert_eq!(bed.provider.name(), "mysql", "{}", ran.err);
        let failed =
            bed.elsewhere.history().into_iter().find_map(|h| h.strip_suffix(" failed").map(str::to_owned)).unwrap();
        bed.on_elsewhere(&["migrate", "resolve", "--rolled-back", &failed]).ok();
        ran = wait_for_lock(bed);
    }
    ran.ok();
    let applied: Vec<_> = bed.elsewhere.history().into_iter().filter(|h| h.ends_with(" applied")).collect();
    assert_eq!(applied, (0..COUNT).map(|i| format!("2026010100000{i}_m applied")).collect::<Vec<_>>());
    assert_eq!(bed.elsewhere.tables().len(), COUNT);
    bed.on_elsewhere(&["migrate", "status"]).ok();
}

/// Whether the slow statement runs. What is in a transaction on SQLite nobody sees: there it comes right after the first migration.
fn is_under_way(bed: &Bed) -> bool {
    let sql = match bed.provider.name() {
        "sqlite" => "SELECT 1 FROM _prisma_migrations WHERE finished_at IS NOT NULL",
        "mysql" => {
            "SELECT 1 FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE '%SLEEP(%' AND ID <> CONNECTION_ID()"
        }
        _ => {
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()"
        }
    };
    bed.elsewhere.has_rows(sql)
}

/// Deploys; a server may still be at the statement of the process that was killed.
fn wait_for_lock(bed: &Bed) -> Ran {
    let begun = Instant::now();
    loop {
        let ran = bed.on_elsewhere(&["migrate", "deploy"]);
        if !ran.err.contains("P1002") || begun.elapsed() > Duration::from_secs(60) {
            return ran;
        }
    }
}

fn wait_until(mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never came to it");
        std::thread::sleep(Duration::from_millis(20));
    }
}
