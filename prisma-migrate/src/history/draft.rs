//! The text of a new migration.

use prisma_core::Error;
use prisma_schema::Provider;

use crate::diff::Migration;
use crate::flavour_of;

/// The text of a migration that does nothing.
pub const EMPTY: &str = "-- This is an empty migration.\n";

/// A migration as SQL, under a block that warns of what may be lost or fail, whatever the data.
///
/// # Errors
/// A provider that this program was built without.
pub fn draft(provider: Provider, migration: &Migration) -> Result<String, Error> {
    let flavour = flavour_of(provider)?;
    if migration.is_empty() {
        return Ok(EMPTY.to_owned());
    }
    let mut warnings: Vec<_> = migration.checks.iter().map(|c| c.foreseen()).collect();
    warnings.dedup();
    let mut text = String::new();
    if !warnings.is_empty() {
        // A name may hold what ends a comment.
        let lines: String = warnings.iter().map(|w| format!("  - {}\n", w.replace("*/", "* /"))).collect();
        text = format!("/*\n  Warnings:\n\n{lines}\n*/\n");
    }
    text += &flavour.render(&migration.steps);
    Ok(text)
}
