//! `cargo xtask test`: everything that must hold before a change lands.

use crate::step::{cargo, has_cargo_command};

/// Which database servers the tests may use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Servers {
    /// All that the tests know. SQLite needs none.
    All,
    /// None.
    None,
}

/// Runs everything.
///
/// # Errors
/// The first step that fails.
pub(crate) fn test(servers: Servers) -> Result<(), String> {
    let providers: &[(&str, &str)] = match servers {
        Servers::All => &[],
        Servers::None => &[("PRISMA_TEST_PROVIDERS", "sqlite")],
    };
    cargo("format", &["fmt", "--all", "--check"], &[])?;
    cargo("lints", &["clippy", "--workspace", "--all-features", "--all-targets", "--", "-D", "warnings"], &[])?;
    cargo("tests", &["test", "--workspace", "--all-features", "--all-targets"], providers)?;
    cargo("documentation tests", &["test", "--workspace", "--all-features", "--doc"], providers)?;
    cargo("documentation", &["doc", "--workspace", "--all-features", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")])?;
    if has_cargo_command("deny") {
        cargo("dependencies", &["deny", "--all-features", "check"], &[])?;
    } else {
        println!("\n==> dependencies: left out, cargo-deny is not installed (`cargo install cargo-deny`)");
    }
    Ok(())
}

/// Accepts what the snapshot, fixture and UI tests now print; read the difference before you commit it.
///
/// # Errors
/// The first step that fails.
pub(crate) fn accept_snapshots() -> Result<(), String> {
    let accept = [("INSTA_UPDATE", "always"), ("UPDATE_EXPECT", "1"), ("TRYBUILD", "overwrite")];
    cargo("tests", &["test", "--workspace", "--all-targets"], &accept)
}
