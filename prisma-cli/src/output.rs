//! What the command says: text for people, coloured on a terminal only.

use std::error::Error;
use std::io::IsTerminal;

use prisma_schema::diagnostics::{Diagnostic, Diagnostics};

/// Whether standard error shows colours.
fn color() -> bool {
    std::io::stderr().is_terminal() && anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// An error, with its causes.
pub(crate) fn error(error: &(dyn Error + 'static)) {
    if let Some(diagnostics) = error.downcast_ref::<Diagnostics>() {
        return self::diagnostics(diagnostics);
    }
    let mut text = format!("error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(&format!("\n  caused by: {cause_text}"));
        }
        source = cause.source();
    }
    anstream::eprintln!("{text}");
}

/// Errors and warnings of a schema, and how many there are.
pub(crate) fn diagnostics(diagnostics: &Diagnostics) {
    if diagnostics.diagnostics.is_empty() {
        return;
    }
    anstream::eprintln!("{}\n", diagnostics.render(color()));
    let errors = diagnostics.errors().count();
    let warnings = diagnostics.diagnostics.len() - errors;
    let counts: Vec<_> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, noun)| format!("{n} {noun}{}", if n == 1 { "" } else { "s" }))
        .collect();
    anstream::eprintln!("{}", counts.join(", "));
}

/// Diagnostics as JSON, for tools.
pub(crate) fn json(diagnostics: &Diagnostics) -> serde_json::Value {
    let one = |d: &Diagnostic| {
        let (start, end) = (diagnostics.start(d), diagnostics.end(d));
        serde_json::json!({
            "severity": if d.is_error() { "error" } else { "warning" },
            "code": d.code,
            "message": d.message,
            "help": d.help,
            "file": diagnostics.source(d).map(|s| s.name.as_str()),
            "line": start.line,
            "column": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        })
    };
    diagnostics.diagnostics.iter().map(one).collect()
}
