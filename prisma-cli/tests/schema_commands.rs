//! `prisma validate` and `prisma format`, as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const VALID: &str =
    "datasource db {\n  provider = \"sqlite\"\n  url      = env(\"UNSET_VARIABLE\")\n}\n\nmodel A {\n  id Int @id\n}\n";
const BROKEN: &str = "datasource db {\n  provider = \"sqlite\"\n}\n\nmodel A {\n  id Itn @id\n}\n";

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn prisma(folder: &Path, arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_prisma"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn validate_accepts() {
    let folder = folder(&[("prisma/schema.prisma", VALID)]);
    let run = prisma(folder.path(), &["validate"], "");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("prisma/schema.prisma is a valid schema"), "{}", run.out);
}

#[test]
fn validate_refuses_with_place_and_remedy_without_colours() {
    let folder = folder(&[("schema.prisma", BROKEN)]);
    let run = prisma(folder.path(), &["validate"], "");
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("schema.prisma:6:6") && run.err.contains("did you mean `Int`?"), "{}", run.err);
    assert!(run.err.contains("1 error") && !run.err.contains('\u{1b}'), "{}", run.err);
}

#[test]
fn validate_reads_standard_input_and_writes_json() {
    let folder = folder(&[]);
    let run = prisma(folder.path(), &["validate", "--schema", "-", "--json"], BROKEN);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["valid"], false);
    let first = &report["diagnostics"][0];
    assert_eq!((&first["line"], &first["column"], &first["code"]), (&6.into(), &6.into(), &"P1012".into()));
}

#[test]
fn validate_reads_a_folder() {
    let (config, models) = VALID.split_once("model").unwrap();
    let folder = folder(&[("schema/config.prisma", config), ("schema/models/a.prisma", &format!("model{models}"))]);
    assert_eq!(prisma(folder.path(), &["validate", "--schema", "schema"], "").code, 0);
}

#[test]
fn a_missing_schema_is_looked_for_in_the_usual_places() {
    let run = prisma(folder(&[]).path(), &["validate"], "");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("`prisma/schema.prisma`, `schema.prisma`, `prisma`"), "{}", run.err);
}

#[test]
fn format_in_place_then_check() {
    let folder = folder(&[("schema.prisma", "model A {\n id   Int @id\n}")]);
    let check = prisma(folder.path(), &["format", "--check"], "");
    assert_eq!(check.code, 1);
    assert!(check.err.contains("schema.prisma is not formatted"), "{}", check.err);
    assert_eq!(prisma(folder.path(), &["format"], "").code, 0);
    let text = std::fs::read_to_string(folder.path().join("schema.prisma")).unwrap();
    assert_eq!(text, "model A {\n  id Int @id\n}\n");
    assert_eq!(prisma(folder.path(), &["format", "--check"], "").code, 0);
}

#[test]
fn format_leaves_what_it_cannot_read() {
    let text = "model A {\n id Int @id(\n}\n";
    let folder = folder(&[("schema.prisma", text)]);
    let run = prisma(folder.path(), &["format"], "");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("schema.prisma:2"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(folder.path().join("schema.prisma")).unwrap(), text);
}

#[test]
fn format_adds_what_relations_lack() {
    let text = "model User {\n  id Int @id\n  posts Post[]\n}\n\nmodel Post {\n  id Int @id\n}\n";
    let run = prisma(folder(&[]).path(), &["format", "--schema", "-"], text);
    assert_eq!(run.code, 0);
    assert!(
        run.out.contains("  User   User? @relation(fields: [userId], references: [id])\n  userId Int?\n"),
        "{}",
        run.out
    );
    assert_eq!(prisma(folder(&[]).path(), &["validate", "--schema", "-"], &run.out).code, 0);
}

#[test]
fn generate_validates_and_says_that_nothing_is_to_be_done() {
    let folder = folder(&[("schema.prisma", VALID), ("broken.prisma", BROKEN)]);
    let run = prisma(folder.path(), &["generate"], "");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(
        run.out.contains("schema.prisma is a valid schema") && run.out.contains("nothing to generate"),
        "{}",
        run.out
    );
    let run = prisma(folder.path(), &["generate", "--schema", "broken.prisma"], "");
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("broken.prisma:6:6"), "{}", run.err);
}

#[test]
fn flags_of_generate() {
    let folder = folder(&[("schema.prisma", VALID), ("none.prisma", "datasource db {\n  provider = \"sqlite\"\n}\n")]);
    let scripts = ["generate", "--generator", "client", "--no-hints", "--sql", "--no-engine", "--require-models"];
    assert_eq!(prisma(folder.path(), &scripts, "").code, 0);
    let run = prisma(folder.path(), &["generate", "--require-models", "--schema", "none.prisma"], "");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("none.prisma has no models"), "{}", run.err);
    let run = prisma(folder.path(), &["generate", "--watch"], "");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("the compiler reads the schema again"), "{}", run.err);
}

#[test]
fn generate_prints_dmmf() {
    let folder = folder(&[]);
    let run = prisma(folder.path(), &["generate", "--dmmf", "--schema", "-"], VALID);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let dmmf: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let model = &dmmf["datamodel"]["models"][0];
    assert_eq!((model["name"].as_str(), model["fields"][0]["isId"].as_bool()), (Some("A"), Some(true)));
    let run = prisma(folder.path(), &["generate", "--dmmf", "--schema", "-"], BROKEN);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
}
