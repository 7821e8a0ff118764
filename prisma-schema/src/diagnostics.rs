//! Errors and warnings, and their rendering for people.

mod render;

use crate::{SourceFile, Span};

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

/// Prisma's code for everything that the validation of a schema finds.
pub const VALIDATION: &str = "P1012";

impl Diagnostic {
    /// An error of validation.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code: VALIDATION, span, message: message.into(), help: None }
    }

    /// A warning of validation.
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(span, message) }
    }

    /// The same, with a remedy.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same, with a remedy where there is one.
    #[must_use]
    pub fn with_help_if(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A line and a column of a text, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl LineColumn {
    /// Of the byte at `offset`.
    pub fn of(text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// The first byte of each line.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect()
}

/// All that is wrong with a schema, with the texts that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    /// The files.
    pub sources: Vec<SourceFile>,
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the lines of each file begin.
    lines: Vec<Vec<usize>>,
}

impl Diagnostics {
    /// Diagnostics of these files, put in the order of the text.
    pub fn new(sources: Vec<SourceFile>, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by_key(|d| (d.span.source, d.span.start));
        diagnostics.dedup();
        let lines = match diagnostics.is_empty() {
            true => Vec::new(),
            false => sources.iter().map(|s| line_starts(&s.text)).collect(),
        };
        Self { sources, diagnostics, lines }
    }

    /// The errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|d| d.is_error())
    }

    /// Whether there is an error.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// The file that a diagnostic is about.
    pub fn source(&self, diagnostic: &Diagnostic) -> Option<&SourceFile> {
        self.sources.get(diagnostic.span.source.0 as usize)
    }

    /// Where a diagnostic begins.
    pub fn start(&self, diagnostic: &Diagnostic) -> LineColumn {
        self.place(diagnostic, diagnostic.span.start)
    }

    /// Where a diagnostic ends.
    pub fn end(&self, diagnostic: &Diagnostic) -> LineColumn {
        self.place(diagnostic, diagnostic.span.end)
    }

    fn place(&self, diagnostic: &Diagnostic, offset: u32) -> LineColumn {
        let source = diagnostic.span.source.0 as usize;
        let (Some(file), Some(lines)) = (self.sources.get(source), self.lines.get(source)) else {
            return LineColumn { line: 1, column: 1 };
        };
        let offset = offset as usize;
        let line = lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|i| lines.get(i)).copied().unwrap_or(0);
        let column = LineColumn::of(file.text.get(start..).unwrap_or_default(), offset - start).column;
        LineColumn { line: line.max(1), column }
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}
