//! Whatever the language says of a schema, a fixture makes it say: every text in the code that reads, resolves and
//! validates stands in what some fixture expects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use prisma_schema::load;

/// Texts that no fixture shows.
const WITHOUT_FIXTURE: &[&str] = &[
    // SQL.
    "{column} IS {}NULL",
    // The lexer lets no such string through.
    "nothing follows this backslash",
    // Of hundreds of models: tests/robustness.rs has them.
    "changes come back along a long cycle of relations, of which `{name}` is one, {refusal}",
];

/// The string literals of a source, up to its tests; comments and characters are passed over.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut literals = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let found = &rest[at..];
        rest = if found.starts_with("//") {
            found.find('\n').map_or("", |end| &found[end..])
        } else if let Some(text) = found.strip_prefix('"') {
            let (literal, behind) = literal(text);
            literals.push(literal);
            behind
        } else if found.starts_with("'\\") {
            // A quote or a backslash as a character.
            &found[found.char_indices().nth(3).map_or(found.len(), |(i, _)| i)..]
        } else {
            found.strip_prefix("'\"'").unwrap_or(&found[1..])
        };
    }
    literals
}

/// The text of a literal that begins behind its quote, and what follows it.
fn literal(text: &str) -> (String, &str) {
    let mut literal = String::new();
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return (literal, &text[i + 1..]),
            '\\' => match chars.next() {
                // The line goes on below.
                Some((_, '\n')) => {
                    let rest = chars.as_str().trim_start();
                    let skipped = text.len() - rest.len();
                    chars = text.char_indices();
                    while chars.clone().next().is_some_and(|(i, _)| i < skipped) {
                        chars.next();
                    }
                }
                Some((_, 'n')) => literal.push('\n'),
                Some((_, other)) => literal.push(other),
                None => break,
            },
            c => literal.push(c),
        }
    }
    (literal, "")
}

/// What stands between the placeholders of a format string.
fn pieces(literal: &str) -> Vec<String> {
    let text = literal.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let mut pieces = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once('{') {
        pieces.push(before);
        rest = behind.split_once('}').map_or("", |(_, behind)| behind);
    }
    pieces.push(rest);
    pieces.into_iter().map(|p| p.replace('\u{1}', "{").replace('\u{2}', "}")).collect()
}

/// Whether it has several words: names and single words are no messages.
fn is_prose(pieces: &[String]) -> bool {
    let words = pieces.iter().flat_map(|p| p.split_whitespace());
    words.filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() > 1).count() > 1
}

fn stands_in(line: &str, pieces: &[String]) -> bool {
    let mut rest = line;
    pieces.iter().all(|piece| match rest.find(piece.as_str()) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, found),
            false => found.push(path),
        }
    }
}

#[test]
fn every_message_has_a_fixture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixtures = load::load(&root.join("tests/fixtures")).unwrap();
    let expected: Vec<_> = fixtures.iter().flat_map(|f| f.text.lines()).filter(|l| l.starts_with("//>")).collect();
    let mut files = Vec::new();
    for folder in ["syntax", "resolve", "validate", "capability"] {
        sources(&root.join("src").join(folder), &mut files);
    }
    let mut missing = Vec::new();
    let mut count = 0;
    for path in files {
        for literal in literals(&std::fs::read_to_string(&path).unwrap()) {
            let pieces = pieces(&literal);
            if !is_prose(&pieces) || WITHOUT_FIXTURE.contains(&literal.as_str()) {
                continue;
            }
            count += 1;
            if !expected.iter().any(|line| stands_in(line, &pieces)) {
                missing.push(format!("{}: {literal}", path.strip_prefix(root).unwrap().display()));
            }
        }
    }
    assert!(count > 300, "only {count} messages found");
    assert!(missing.is_empty(), "{} of {count} messages have no fixture:\n{}", missing.len(), missing.join("\n"));
}
