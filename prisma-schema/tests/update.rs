//! Each valid fixture as a schema that a text is brought in line with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

use prisma_schema::{Schema, SourceFile, load, parse, update};

fn read(text: impl Into<String>) -> Schema {
    let source = SourceFile::new("schema.prisma", text);
    match parse(vec![source.clone()]) {
        Ok(validated) => validated.schema,
        Err(errors) => panic!("{}\n{}", source.text, errors.render(false)),
    }
}

/// The valid ones of which a database tells: composite types are in none.
fn valid() -> Vec<Schema> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let paths = load::files(&folder).unwrap().into_iter();
    let paths = paths.filter(|p| p.file_stem().unwrap().to_string_lossy().starts_with("valid"));
    let schemas = paths.map(|p| read(std::fs::read_to_string(p).unwrap()));
    schemas.filter(|s| s.composites.is_empty()).collect()
}

/// What it means, without the texts and their order.
fn meaning(schema: &Schema) -> Vec<String> {
    let text = schema.to_psl();
    let mut blocks: Vec<_> =
        text.split("\n\n").flat_map(|b| b.split_inclusive('\n')).map(|l| l.trim().to_owned()).collect();
    blocks.sort();
    blocks
}

#[test]
fn what_says_the_same_stays() {
    let all = valid();
    assert!(all.len() > 20, "{}", all.len());
    for schema in &all {
        let again = read(schema.to_psl());
        assert_eq!(update(schema, &again, None), schema.sources);
        assert_eq!(update(schema, &again, Some("new.prisma")), schema.sources);
    }
}

#[test]
fn what_is_updated_says_what_the_new_schema_says() {
    let all = valid();
    let mut pairs = 0;
    for old in &all {
        let is_like = |new: &&Schema| {
            let (a, b) = (&old.datasource, &new.datasource);
            a.provider == b.provider && a.name == b.name && a.relation_mode == b.relation_mode
        };
        for new in all.iter().filter(is_like) {
            // Preview features are the old one's, and decide on what is valid.
            let mut new = new.clone();
            new.generators.clone_from(&old.generators);
            let wanted = new.to_psl();
            let Ok(wanted) = parse(vec![SourceFile::new("schema.prisma", wanted)]) else { continue };
            let files = update(old, &wanted.schema, None);
            let found = read(files[0].text.as_str());
            let mut expected = wanted.schema;
            expected.datasource.url.clone_from(&found.datasource.url);
            expected.datasource.direct_url.clone_from(&found.datasource.direct_url);
            expected.datasource.shadow_database_url.clone_from(&found.datasource.shadow_database_url);
            forget_documentation(&mut expected);
            let mut found = found;
            forget_documentation(&mut found);
            assert_eq!(meaning(&found), meaning(&expected), "{}\n->\n{}", old.sources[0].text, files[0].text);
            pairs += 1;
        }
    }
    assert!(pairs > 100, "{pairs}");
}

/// What is there keeps its documentation, or its lack of it.
fn forget_documentation(schema: &mut Schema) {
    for model in &mut schema.models {
        model.documentation = None;
        model.fields.iter_mut().for_each(|f| f.documentation = None);
    }
    for enumeration in &mut schema.enums {
        enumeration.documentation = None;
        enumeration.values.iter_mut().for_each(|v| v.documentation = None);
    }
}
