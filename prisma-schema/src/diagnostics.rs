//! Errors and warnings, and their rendering for people.

use crate::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The schema cannot be used.
    Error,
    /// It can, but the user should know.
    Warning,
}

/// One error or warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Prisma's code; `P1012` for what the validation of a schema finds.
    pub code: &'static str,
    /// The smallest right place.
    pub span: Span,
    /// What is wrong: names the model and the field.
    pub message: String,
    /// What to do about it, where it is known ("did you mean `String`?").
    pub help: Option<String>,
}
