//! Names that were: `@renamedFrom`.

use crate::Span;

/// `@renamedFrom("old", map: "old_column")`: what something was called before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedFrom {
    /// The old name in the schema.
    pub name: String,
    /// `map`: the old name in the database, where it was another one.
    pub map: Option<String>,
    /// The attribute.
    pub span: Span,
}

impl RenamedFrom {
    /// The old name in the database.
    pub fn database_name(&self) -> &str {
        self.map.as_deref().unwrap_or(&self.name)
    }
}
