//! Where the servers' programs are installed.

use std::path::{Path, PathBuf};

/// A program, looked for on the `PATH` and then in the directories where it usually is. A `*` in these stands for any name; the
/// highest is taken.
pub(crate) fn find(names: &[&str], directories: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = directories.iter().flat_map(|d| expand(d));
    let places: Vec<PathBuf> = std::env::split_paths(&path).chain(usual).collect();
    names.iter().find_map(|name| places.iter().map(|p| p.join(name)).find(|p| p.is_file()))
}

/// The directories that a path with at most one `*` means, the one with the highest number first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else { return vec![pattern.into()] };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or((".", before));
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<String> =
        entries.filter_map(|e| e.file_name().into_string().ok()).filter(|name| name.starts_with(prefix)).collect();
    let number = |name: &str| name.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<f64>().unwrap_or(0.0);
    found.sort_by(|a, b| number(b).total_cmp(&number(a)));
    found.into_iter().map(|name| Path::new(parent).join(name + after)).filter(|p| !p.as_os_str().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_highest_version() {
        let directory = tempfile::tempdir().unwrap();
        for version in ["9.6", "15", "16"] {
            let bin = directory.path().join("postgresql").join(version).join("bin");
            std::fs::create_dir_all(&bin).unwrap();
            std::fs::write(bin.join("no-such-program-on-the-path"), "").unwrap();
        }
        let pattern = format!("{}/postgresql/*/bin", directory.path().display());
        let found = find(&["no-such-program-on-the-path"], &["/nowhere", &pattern]).unwrap();
        assert!(found.ends_with("16/bin/no-such-program-on-the-path"), "{found:?}");
        assert_eq!(find(&["no-such-program-at-all"], &[&pattern]), None);
    }
}
