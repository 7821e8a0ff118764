//! The DMMF of schemas that hold every construct; `INSTA_UPDATE=always` accepts what changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use prisma_schema::{SourceFile, parse};

fn dmmf(text: &str) -> String {
    let schema = parse(vec![SourceFile::new("schema.prisma", text)]).unwrap_or_else(|e| panic!("{e}")).schema;
    serde_json::to_string_pretty(&schema.to_dmmf()).unwrap()
}

#[test]
fn sql() {
    insta::assert_snapshot!(dmmf(include_str!("dmmf/sql.prisma")));
}

#[test]
fn documents() {
    insta::assert_snapshot!(dmmf(include_str!("dmmf/documents.prisma")));
}

/// Every valid fixture has one, of all its models but the ignored ones.
#[test]
fn all_fixtures() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for source in prisma_schema::load::load(&folder).unwrap() {
        let Ok(valid) = parse(vec![source]) else { continue };
        let dmmf = valid.schema.to_dmmf();
        let models = dmmf["datamodel"]["models"].as_array().unwrap();
        let names: Vec<_> = models.iter().map(|m| m["name"].as_str().unwrap()).collect();
        let expected: Vec<_> = valid.schema.models.iter().filter(|m| !m.is_ignored).map(|m| m.name.as_str()).collect();
        assert_eq!(names, expected);
    }
}
