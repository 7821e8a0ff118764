//! Whatever the schema language can say, structs can say too, and the same schema comes out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod to_rust;

use std::path::{Path, PathBuf};

use prisma_schema::{NativeArguments, Provider, Schema, SourceFile, load, parse};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Item;

fn read(text: &str, what: &str) -> Schema {
    match parse(vec![SourceFile::new("schema.prisma", text)]) {
        Ok(valid) => valid.schema,
        Err(errors) => panic!("{what}:\n{text}\n{errors}"),
    }
}

/// What the macros make of a program of structs, enums and one `client!`: the text of the schema.
fn schema_text(program: &str, what: &str) -> String {
    let file = syn::parse_file(program).unwrap_or_else(|e| panic!("{what}: {e}\n{program}"));
    let mut client = None;
    let mut items = TokenStream::new();
    for item in file.items {
        let (keyword, tokens, derived) = match item {
            Item::Struct(item) => {
                (quote!(model), item.to_token_stream(), prisma_codegen::derive_model(without_derive(&item)))
            }
            Item::Enum(item) => {
                (quote!(enum), item.to_token_stream(), prisma_codegen::derive_enum(without_derive(&item)))
            }
            Item::Macro(item) => {
                client = Some(item.mac.tokens);
                continue;
            }
            _ => continue,
        };
        no_error(&derived, what, program);
        let tokens = without_derive(&tokens);
        items.extend(quote!({ #keyword #tokens }));
    }
    let client = client.expect("a client");
    let text = prisma_codegen::client_text(quote!({ #client } #items));
    text.unwrap_or_else(|error| panic!("{what}: {error}\n{program}"))
}

/// The compiler takes `derive` off before the macro sees an item.
fn without_derive(item: &impl ToTokens) -> TokenStream {
    let mut input: syn::DeriveInput = syn::parse2(item.to_token_stream()).unwrap();
    input.attrs.retain(|a| !a.path().is_ident("derive"));
    input.into_token_stream()
}

fn no_error(code: &TokenStream, what: &str, program: &str) {
    let text = code.to_string();
    assert!(!text.contains("compile_error"), "{what}: {text}\n{program}");
}

/// What may differ: places, the datasource's name, and the order of keys of different kinds.
fn normalised(mut schema: Schema) -> Schema {
    schema.forget_places();
    schema.datasource.name = "db".to_owned();
    for model in &mut schema.models {
        model.indexes.sort_by_key(|i| (!i.on_field, i.kind as u8));
    }
    schema
}

fn assert_same(schema: Schema, program: &str, what: &str) {
    let text = schema_text(program, what);
    let (found, expected) = (normalised(read(&text, what)), normalised(schema));
    if found != expected {
        assert_eq!(found.to_psl(), expected.to_psl(), "{what}:\n{program}\n{text}");
        assert_eq!(found, expected, "{what}:\n{program}\n{text}");
    }
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// `self` and the like cannot be names in Rust, not even raw.
fn has_a_name_that_rust_cannot_spell(schema: &Schema) -> bool {
    let names = schema.models.iter().flat_map(|m| std::iter::once(&m.name).chain(m.fields.iter().map(|f| &f.name)));
    names.map(String::as_str).any(|name| ["self", "super", "crate", "Self"].contains(&name))
}

/// The fixtures of the language hold every construct; each of the valid ones, written as structs, is the same schema.
#[test]
fn every_construct() {
    let mut count = 0;
    for source in load::load(&folder("../prisma-schema/tests/fixtures")).unwrap() {
        let name = source.name.clone();
        let Ok(valid) = parse(vec![source]) else { continue };
        if has_a_name_that_rust_cannot_spell(&valid.schema) {
            continue;
        }
        let program = to_rust::to_rust(&valid.schema);
        assert_same(valid.schema, &program, &name);
        count += 1;
    }
    assert!(count > 25, "only {count} fixtures");
}

/// All native types of each provider, on all scalars, with and without arguments.
#[test]
fn every_native_type() {
    for provider in Provider::ALL {
        let mut text = format!("datasource db {{\nprovider = \"{}\"\n}}\nmodel A {{\n", provider.name());
        text += match provider {
            Provider::Mongodb => "id String @id @map(\"_id\")\n",
            _ => "id Int @id\n",
        };
        let mut count = 0;
        for native in provider.capabilities().native_types {
            let arguments = match &native.arguments {
                NativeArguments::None => vec![String::new()],
                NativeArguments::Length { optional, range, max } => {
                    let mut all = vec![format!("({})", range.start())];
                    all.extend(optional.then(String::new));
                    all.extend(max.then(|| "(Max)".to_owned()));
                    all
                }
                NativeArguments::Decimal { .. } => vec![String::new(), "(10, 2)".to_owned()],
            };
            for scalar in native.scalars {
                for arguments in &arguments {
                    text += &format!("f{count} {scalar}? @db.{}{arguments}\n", native.name);
                    count += 1;
                }
            }
        }
        let schema = read(&(text + "}\n"), provider.name());
        let program = to_rust::to_rust(&schema);
        assert_same(schema, &program, provider.name());
    }
}

/// Pairs written by hand, as users write: `name.rs` says what `name.prisma` says.
#[test]
fn as_users_write() {
    let mut count = 0;
    for source in load::load(&folder("tests/code_first/pairs")).unwrap() {
        let program = std::fs::read_to_string(Path::new(&source.name).with_extension("rs")).unwrap();
        let schema = read(&source.text, &source.name);
        assert_same(schema, &program, &source.name);
        count += 1;
    }
    assert!(count >= 5, "only {count} pairs");
}

/// A schema in the guide that a program follows is the same in both forms.
#[test]
fn in_the_guide() {
    let guide = std::fs::read_to_string(folder("../docs/guide/schema.md")).unwrap();
    let mut schema = None;
    let mut count = 0;
    for fence in guide.split("\n```").skip(1).step_by(2) {
        if let Some(text) = fence.strip_prefix("prisma\n") {
            schema = Some(text);
        } else if let Some(program) = fence.strip_prefix("rust,no_run\n").filter(|p| p.contains("client! {")) {
            assert_same(read(schema.unwrap(), "the guide"), program, "the guide");
            count += 1;
        }
    }
    assert!(count > 0, "the guide has no program");
}

/// A program with a line missing is a program or an error, and the macros report one or the other.
#[test]
fn lines_may_be_missing() {
    let mut read = 0;
    for path in std::fs::read_dir(folder("tests/code_first/pairs")).unwrap().map(|e| e.unwrap().path()) {
        if path.extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let program = std::fs::read_to_string(path).unwrap();
        for missing in 0..program.lines().count() {
            let lines: Vec<_> = program.lines().enumerate().filter(|(i, _)| *i != missing).map(|(_, l)| l).collect();
            let Ok(file) = syn::parse_file(&lines.join("\n")) else { continue };
            let mut client = TokenStream::new();
            let mut items = TokenStream::new();
            for item in file.items {
                match item {
                    Item::Struct(item) => {
                        prisma_codegen::derive_model(without_derive(&item));
                        items.extend({
                            let item = without_derive(&item);
                            quote!({ model #item })
                        });
                    }
                    Item::Enum(item) => {
                        prisma_codegen::derive_enum(without_derive(&item));
                        items.extend({
                            let item = without_derive(&item);
                            quote!({ enum #item })
                        });
                    }
                    Item::Macro(item) => client = item.mac.tokens,
                    _ => {}
                }
            }
            let code = prisma_codegen::client_models(quote!({ #client } #items), Path::new("/project"));
            assert!(!code.is_empty());
            read += 1;
        }
    }
    assert!(read > 100, "only {read} programs");
}

/// `@db.Uuid` is a `Uuid` in Rust: a field of another type is one error, with the type to write.
#[test]
fn a_native_type_of_another_rust_type() {
    let gathered = quote! {
        { pub struct PrismaClient { provider = "postgresql", models = [User] } }
        { model
            pub struct User {
                #[prisma(id, db(Uuid))]
                pub id: String,
                #[prisma(db(VarChar(36)))]
                pub other: Option<Uuid>,
                #[prisma(db(Timetz(3)))]
                pub fits: NaiveTime,
            }
        }
    };
    let code = prisma_codegen::client_models(gathered, Path::new("/project")).to_string();
    assert_eq!(code.matches("compile_error").count(), 2, "{code}");
    assert!(code.contains("write `id: Uuid`") && code.contains("write `other: Option<String>`"), "{code}");
}
