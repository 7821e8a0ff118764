//! SQLite.

client!(datasource db { provider = "sqlite" });

/// A database of its own, and its URL.
fn fresh() -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("file:{}", directory.path().join("test.db").display());
    (directory, url)
}

fn is_asked_for() -> bool {
    true
}

#[path = "load.rs"]
mod load;
