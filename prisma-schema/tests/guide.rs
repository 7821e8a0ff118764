//! The schemas in the guide and in the README are valid.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

use prisma_schema::{SourceFile, parse};

/// The text of the fences that begin with ```` ```prisma ````, with the line on which each begins.
fn fences(text: &str) -> Vec<(usize, String)> {
    let mut fences = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (i, line) in text.lines().enumerate() {
        match &mut open {
            Some(_) if line.trim() == "```" => fences.extend(open.take()),
            Some((_, text)) => text.extend([line, "\n"]),
            None if line.trim() == "```prisma" => open = Some((i + 1, String::new())),
            None => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    fences
}

/// Those that hold a datasource are whole schemas.
fn whole_schemas_are_valid(file: &str) -> usize {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    let fences = fences(&std::fs::read_to_string(&path).unwrap());
    let whole: Vec<_> = fences.into_iter().filter(|(_, text)| text.contains("datasource ")).collect();
    for (line, text) in &whole {
        if let Err(errors) = parse(vec![SourceFile::new("schema.prisma", text.as_str())]) {
            panic!("{file}:{line}\n{errors}");
        }
    }
    whole.len()
}

#[test]
fn the_guide() {
    assert!(whole_schemas_are_valid("docs/guide/schema.md") >= 4);
}

#[test]
fn the_providers() {
    for file in ["sqlite", "postgresql", "cockroachdb", "mysql"] {
        assert!(whole_schemas_are_valid(&format!("docs/guide/{file}.md")) >= 1);
    }
}

#[test]
fn the_readme() {
    assert!(whole_schemas_are_valid("README.md") >= 1);
}
