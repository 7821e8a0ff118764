//! No text makes the language panic, and what the formatter makes is stable and means the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::time::{Duration, Instant};

use prisma_schema::{SourceFile, format, load, parse};
use proptest::prelude::*;

/// What a schema is made of, and what it is not.
const TOKENS: &[&str] = &[
    "model",
    "view",
    "enum",
    "type",
    "datasource",
    "generator",
    "A",
    "B",
    "id",
    "Int",
    "String",
    "A[]",
    "B?",
    "db",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\n",
    "\n",
    "\n\n",
    " ",
    " ",
    "@",
    "@@",
    "@id",
    "@unique",
    "@default",
    "@relation",
    "@map",
    "@@id",
    "@@index",
    "@@unique",
    "@@map",
    "@db.Text",
    "@ignore",
    ":",
    ",",
    "=",
    "?",
    "!",
    ".",
    "\"x\"",
    "\"",
    "\\",
    "1",
    "-1.5",
    "true",
    "now()",
    "autoincrement()",
    "fields:",
    "references:",
    "map:",
    "// c\n",
    "/// d\n",
    "/* e */",
    "/*",
    "provider",
    "url",
    "\"sqlite\"",
    "\"postgresql\"",
    "\"mongodb\"",
    "Unsupported(\"x\")",
    "é",
    "🙄",
    "\r\n",
    "\u{feff}",
    "datasource db {\n provider = \"sqlserver\"\n}\n",
    "model A {\n id Int @id\n b B[]\n}\n",
    "model B {\n id Int @id\n a A\n}\n",
    "enum E {\n X\n}\n",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(TOKENS), 0..120)
        .prop_map(|tokens| tokens.iter().flat_map(|t| [*t, " "]).collect())
}

/// A fixture with pieces cut out, doubled, or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let texts: Vec<String> = load::load(&folder).unwrap().into_iter().map(|s| s.text).collect();
    let edit = (any::<prop::sample::Index>(), 0..12usize, prop::sample::select(TOKENS));
    (prop::sample::select(texts), prop::collection::vec(edit, 1..6)).prop_map(|(text, edits)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, length, token) in edits {
            let at = at.index(chars.len() + 1);
            let end = (at + length).min(chars.len());
            chars.splice(at..end, token.chars());
        }
        chars.into_iter().collect()
    })
}

fn comments(text: &str) -> Vec<String> {
    let mut comments: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(start) = line.find("// unique comment ") {
            comments.push(line[start..].trim_end().to_owned());
        }
    }
    comments.sort();
    comments
}

fn check(text: &str) {
    let parsed = parse(vec![SourceFile::new("schema.prisma", text)]);
    if let Err(errors) = &parsed {
        assert!(errors.has_errors());
        assert!(errors.render(false).contains("schema.prisma:"));
        errors.render(true);
    }
    let Ok(formatted) = format(text) else {
        return;
    };
    let again = format(&formatted).unwrap_or_else(|e| panic!("formatted text does not parse:\n{formatted}\n{e}"));
    assert_eq!(again, formatted, "not stable");
    if let Ok(valid) = parsed {
        let mut before = valid.schema;
        let printed = before.to_psl();
        before.forget_places();
        for text in [formatted, printed] {
            let mut after = match parse(vec![SourceFile::new("schema.prisma", text.as_str())]) {
                Ok(valid) => valid.schema,
                Err(errors) => panic!("became invalid:\n{text}\n{errors}"),
            };
            after.forget_places();
            assert_eq!(after, before, "means something else:\n{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC*") {
        check(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn token_soup(text in soup()) {
        check(&text);
    }

    #[test]
    fn mutated_schemas(text in mutated()) {
        check(&text);
    }

    /// A comment may stand at the end of any line, or on a line of its own.
    #[test]
    fn comments_stay(places in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..20)) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/relations/valid.prisma");
        let text = std::fs::read_to_string(path).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (i, (at, own_line)) in places.into_iter().enumerate() {
            let at = at.index(lines.len());
            let comment = format!("// unique comment {i}");
            if own_line || lines[at].contains("//") {
                lines.insert(at, comment);
            } else {
                lines[at].push_str(&format!(" {comment}"));
            }
        }
        let text = lines.join("\n");
        check(&text);
        let formatted = format(&text).unwrap();
        prop_assert_eq!(comments(&formatted), comments(&text), "{}", formatted);
    }
}

/// The least of some: what else the machine does at the time only adds.
fn best(time: impl Fn() -> Duration) -> Duration {
    (0..3).map(|_| time()).min().unwrap()
}

/// Ten times the text takes about ten times as long; a quadratic step would take a hundred times.
#[test]
fn time_grows_with_the_size() {
    let schema = |models: usize| {
        let mut text = String::from("datasource db {\n  provider = \"postgresql\"\n}\n");
        for i in 0..models {
            text.push_str(&format!(
                "model M{i} {{\n  id Int @id\n  name String @unique\n  kind E @default(X)\n  next M{}? @relation(\"r{i}\", fields: [nextId], references: [id])\n  nextId Int?\n  back M{}[] @relation(\"r{}\")\n\n  @@index([name, nextId])\n}}\n",
                (i + 1) % models,
                (i + models - 1) % models,
                (i + models - 1) % models,
            ));
        }
        text + "enum E {\n  X\n}\n"
    };
    let time = |models: usize| {
        let text = schema(models);
        let start = Instant::now();
        parse(vec![SourceFile::new("schema.prisma", text.as_str())]).unwrap_or_else(|e| panic!("{e}"));
        format(&text).unwrap();
        start.elapsed()
    };
    let (small, large) = (best(|| time(60)), best(|| time(600)));
    assert!(large < small * 40 + Duration::from_millis(100), "{small:?} for 60 models, {large:?} for 600");
}

/// Neither do many mistakes, nor a large enum.
#[test]
fn time_grows_with_the_size_of_what_is_wrong() {
    let time = |count: usize| {
        let mut text = String::from("datasource db {\n  provider = \"sqlserver\"\n}\nmodel A {\n  id Int @id\n");
        for i in 0..count {
            text.push_str(&format!("  f{i} E @default(V{i})\n  u{i} Modell{i}\n  @@index([nothing{i}])\n"));
        }
        text.push_str("}\nenum E {\n");
        for i in 0..count {
            text.push_str(&format!("  V{i}\n"));
        }
        text.push_str("}\n");
        for i in 0..count {
            // A cycle through all models, and ways that meet.
            let (next, other) = ((i + 1) % count, (i + 2) % count);
            text.push_str(&format!(
                "model Model{i} {{\n  id Int @id\n  n Int\n  next Model{next} @relation(\"a{i}\", fields: [n], references: [id])\n  \
                 other Model{other} @relation(\"b{i}\", fields: [n], references: [id])\n  x Model{}[] @relation(\"a{}\")\n  y \
                 Model{}[] @relation(\"b{}\")\n}}\n",
                (i + count - 1) % count,
                (i + count - 1) % count,
                (i + count - 2) % count,
                (i + count - 2) % count,
            ));
        }
        let start = Instant::now();
        let errors = parse(vec![SourceFile::new("schema.prisma", text.as_str())]).unwrap_err();
        let time = start.elapsed();
        let is_long = count > 1000;
        assert_eq!(errors.errors().any(|e| e.message.contains("a long cycle of relations")), is_long);
        time
    };
    let (small, large) = (best(|| time(150)), best(|| time(1500)));
    assert!(large < small * 40 + Duration::from_millis(200), "{small:?} for 150, {large:?} for 1500");
}
