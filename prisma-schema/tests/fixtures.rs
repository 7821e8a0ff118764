//! Every `*.prisma` file below `tests/fixtures` says in its trailing comments what is wrong with it.
//!
//! `UPDATE_EXPECT=1 cargo test -p prisma-schema --test fixtures` writes what is found into the files; `cargo xtask
//! snapshots` does so too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use prisma_schema::diagnostics::Diagnostics;
use prisma_schema::{SourceFile, load, parse};

/// Begins the lines of the expectation; a schema holds no such comment otherwise.
const MARK: &str = "//> ";

/// All fixtures, read once before any test: what one test writes, no other one reads half-written.
static FIXTURES: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = load::files(&folder).unwrap();
    files.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
});

fn found(source: &str) -> String {
    let sources = vec![SourceFile::new("schema.prisma", source)];
    let diagnostics = match parse(sources) {
        Ok(valid) => Diagnostics::new(valid.schema.sources, valid.warnings),
        Err(diagnostics) => diagnostics,
    };
    diagnostics.render(false)
}

fn split(text: &str) -> (&str, String) {
    let start = text.find(MARK.trim_end()).unwrap_or(text.len());
    let expected = text[start..].lines().map(|l| l.strip_prefix(MARK).unwrap_or(&l[MARK.trim_end().len()..]));
    (&text[..start], expected.collect::<Vec<_>>().join("\n"))
}

#[test]
fn diagnostics_are_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    for (path, text) in &*FIXTURES {
        let (source, expected) = split(text);
        let source = format!("{}\n", source.trim_end());
        let found = found(&source);
        if update {
            let comments: String = found.lines().map(|l| format!("{MARK}{l}").trim_end().to_owned() + "\n").collect();
            let gap = if comments.is_empty() { "" } else { "\n" };
            let updated = format!("{source}{gap}{comments}");
            if updated != *text {
                std::fs::write(path, updated).unwrap();
            }
        } else if found.lines().map(str::trim_end).ne(expected.lines().map(str::trim_end)) {
            wrong.push(format!("{}\n--- expected\n{expected}\n--- found\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What a fixture is for shows in its name: those of valid schemas have no errors, the others have one at least.
#[test]
fn names_tell_whether_a_fixture_is_valid() {
    for (path, text) in &*FIXTURES {
        let (source, _) = split(text);
        let is_valid = parse(vec![SourceFile::new("schema.prisma", source)]).is_ok();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(is_valid, name.starts_with("valid"), "{}", path.display());
    }
}

/// Valid schemas come out of the formatter, and out of being printed, as the same schema.
#[test]
fn valid_schemas_survive_formatting_and_printing() {
    for (path, text) in &*FIXTURES {
        let Ok(valid) = parse(vec![SourceFile::new("schema.prisma", text.as_str())]) else { continue };
        let mut schema = valid.schema;
        let formatted = prisma_schema::format(text).unwrap();
        assert_eq!(prisma_schema::format(&formatted).unwrap(), formatted, "{}", path.display());
        let printed = schema.to_psl();
        schema.forget_places();
        for (how, text) in [("formatted", formatted), ("printed", printed)] {
            let mut again = match parse(vec![SourceFile::new("schema.prisma", text.as_str())]) {
                Ok(valid) => valid.schema,
                Err(errors) => panic!("{}, {how}:\n{text}\n{errors}", path.display()),
            };
            again.forget_places();
            assert_eq!(again, schema, "{}, {how}:\n{text}", path.display());
        }
    }
}
