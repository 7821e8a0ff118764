//! What the generator writes, concern by concern.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

use proc_macro2::TokenStream;
use syn::{Item, parse_quote};

const BLOG: &str = r#"
datasource db {
  provider = "sqlite"
  url      = "file:dev.db"
}

/// Somebody who writes.
model User {
  id    Int     @id @default(autoincrement())
  /// Where to write to.
  email String  @unique
  name  String?
  role  Role    @default(USER)
  posts Post[]
}

model Post {
  id       Int    @id @default(autoincrement())
  title    String
  author   User   @relation(fields: [authorId], references: [id])
  authorId Int    @map("author_id")

  @@unique([authorId, title])
}

enum Role {
  USER
  SUPER_ADMIN @map("admin")
}
"#;

fn expand(schema: &str) -> TokenStream {
    let tokens: TokenStream = schema.parse().unwrap();
    prisma_codegen::prisma_schema(tokens, Path::new("/project"))
}

/// All items of the code, those in modules and blocks too.
fn items(code: TokenStream) -> Vec<Item> {
    fn collect(items: Vec<Item>, all: &mut Vec<Item>) {
        for item in items {
            match item {
                Item::Mod(mut module) => {
                    let (_, inner) = module.content.take().unwrap_or_default();
                    module.content = Some((Default::default(), Vec::new()));
                    all.push(Item::Mod(module));
                    collect(inner, all);
                }
                Item::Const(constant) => match *constant.expr {
                    syn::Expr::Block(block) => {
                        let inner = block.block.stmts.into_iter().filter_map(|s| match s {
                            syn::Stmt::Item(item) => Some(item),
                            _ => None,
                        });
                        collect(inner.collect(), all);
                    }
                    _ => all.push(Item::Const(constant)),
                },
                other => all.push(other),
            }
        }
    }
    let file: syn::File = syn::parse2(code).unwrap();
    let mut all = Vec::new();
    collect(file.items, &mut all);
    all
}

/// The items in whose text one of these stands.
fn pick(schema: &str, parts: &[&str]) -> String {
    let mut picked = Vec::new();
    for item in items(expand(schema)) {
        let text = prettyplease::unparse(&parse_quote!(#item));
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if parts.iter().any(|part| line.contains(part)) {
            picked.push(text);
        }
    }
    picked.join("\n")
}

#[test]
fn records() {
    let code = pick(
        BLOG,
        &[
            "pub struct User<",
            "pub struct Post<",
            "impl __t::Model for super::Post",
            "impl __t::Decode for super::Post",
        ],
    );
    insta::assert_snapshot!(code);
    insta::assert_snapshot!("records_assembled", pick(BLOG, &["impl<R0: __t::Slot> __t::Record for super::Post"]));
}

#[test]
fn tokens() {
    insta::assert_snapshot!(pick(BLOG, &["pub const "]));
}

#[test]
fn relations() {
    insta::assert_snapshot!(pick(
        BLOG,
        &["pub enum author", "impl __t::RelationField for author", "impl<R0> __t::WithRelations", "pub mod __r"]
    ));
}

#[test]
fn create() {
    let code = pick(
        BLOG,
        &[
            "pub struct Create<Title",
            "impl<Title, AuthorId> Create<",
            "impl<Title: __t::IsSet, AuthorId",
            "__t::NestedCreate<__R> for Create<Title",
            "impl __t::IsSetIn",
            "pub enum title",
        ],
    );
    insta::assert_snapshot!(code);
}

#[test]
fn json() {
    insta::assert_snapshot!(pick(
        BLOG,
        &["__p::serde::Serialize for super::Post<", "__t::json::FromFields<'de> for super::Post<"]
    ));
}

#[test]
fn enums() {
    insta::assert_snapshot!(pick(
        BLOG,
        &["pub enum Role", "impl __t::EnumScalar for Role", "impl __p::serde::Serialize for Role"]
    ));
}

#[test]
fn client() {
    insta::assert_snapshot!(pick(
        BLOG,
        &["pub struct PrismaClient", "impl __t::ClientSchema", "impl PrismaClientModels"]
    ));
}

#[test]
fn a_model_that_cannot_be_created_has_no_create() {
    let schema = r#"
        datasource db { 
          provider = "postgresql"
          url = env("URL")
        }
        model Place {
          id   Int @id
          area Unsupported("polygon")
        }
    "#;
    let code = expand(schema).to_string();
    assert!(code.contains("struct Place") && !code.contains("fn create"), "{code}");
    assert!(!code.contains("pub area"));
}

#[test]
fn ignored_fields_and_models_are_not_there() {
    let schema = r#"
        datasource db {
          provider = "sqlite"
          url = "file:dev.db"
        }
        model User {
          id     Int     @id
          secret String? @ignore
          notes  Note[]
        }
        model Note {
          id     Int  @id
          user   User @relation(fields: [userId], references: [id])
          userId Int
          @@ignore
        }
    "#;
    let code = expand(schema).to_string();
    assert!(!code.contains("pub secret") && !code.contains("struct Note") && !code.contains("pub notes"), "{code}");
}

#[test]
fn the_same_key_twice_is_one_token() {
    let schema = BLOG.replace(
        "@@unique([authorId, title])",
        "@@unique([authorId, title])\n@@unique([authorId, title], map: \"again\")",
    );
    let code = expand(&schema).to_string();
    assert!(!code.contains("compile_error"), "{code}");
}

#[test]
fn every_error_is_reported_and_the_rest_is_there() {
    let schema = BLOG.replace("String  @unique", "Strng  @unique").replace("title    String", "title    Text");
    let code = expand(&schema);
    let errors = code.to_string().matches("compile_error").count();
    assert_eq!(errors, 2);
    let names: Vec<_> = items(code)
        .into_iter()
        .filter_map(|i| match i {
            Item::Struct(s) => Some(s.ident.to_string()),
            _ => None,
        })
        .collect();
    assert!(names.contains(&"User".to_owned()) && names.contains(&"PrismaClient".to_owned()), "{names:?}");
}

#[test]
fn nothing_is_still_code() {
    for text in ["", "model", "}{", "model User {", "\u{1F600}"] {
        if let Ok(tokens) = text.parse::<TokenStream>() {
            prisma_codegen::prisma_schema(tokens, Path::new("/project"));
        }
    }
}

#[test]
fn a_derive_leaves_its_item_for_the_client() {
    let item: syn::DeriveInput = parse_quote! {
        struct User {
            #[prisma(id)]
            id: i32,
        }
    };
    let code = prisma_codegen::derive_model(quote::ToTokens::to_token_stream(&item));
    insta::assert_snapshot!(prettyplease::unparse(&syn::parse2(code).unwrap()));
}

#[test]
fn the_text_of_structs_is_a_schema() {
    let gathered = quote::quote! {
        { pub struct PrismaClient { provider = "sqlite", url = env("URL"), models = [User, Post], enums = [Role] } }
        { model
            /// Somebody who writes.
            #[prisma(map = "users", unique(first, last, name = "full"))]
            pub struct User<Posts = NotIncluded, Reviews = NotIncluded> {
                #[prisma(id, default(autoincrement()))] pub id: i32,
                pub first: String,
                pub last: Option<String>,
                #[prisma(default(Role::Guest))] pub role: Role,
                #[prisma(updated_at)] pub seen: chrono::DateTime<Utc>,
                #[prisma(default("it's \"so\""), map = "t")] pub text: String,
                #[prisma(relation(many(Post::author)))] pub posts: Posts,
                #[prisma(relation(many(Post::reviewer)))] pub reviews: Reviews,
            }
        }
        { model
            pub struct Post<Author = NotIncluded, Reviewer = NotIncluded> {
                #[prisma(id)] pub id: i64,
                pub author_id: i32,
                pub reviewer_id: Option<i32>,
                #[prisma(relation(one(User), fields(author_id), references(id), on_delete = Cascade))] pub author: Author,
                #[prisma(relation(one(User), fields(reviewer_id), references(id), name = "review"))] pub reviewer: Reviewer,
            }
        }
        { enum pub enum Role { #[prisma(map = "admin")] Admin, Guest } }
    };
    let code = prisma_codegen::client_models(gathered, Path::new("/project"));
    assert!(!code.to_string().contains("compile_error"), "{code}");
    let files = items(code).into_iter().find_map(|item| match item {
        Item::Impl(i) => i.items.into_iter().find_map(|item| match item {
            syn::ImplItem::Const(c) if c.ident == "FILES" => Some(c.expr),
            _ => None,
        }),
        _ => None,
    });
    let Some(syn::Expr::Reference(files)) = files else { panic!("no files") };
    let syn::Expr::Array(files) = *files.expr else { panic!("no list of files") };
    let Some(syn::Expr::Tuple(file)) = files.elems.into_iter().next() else { panic!("no file") };
    let Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) = file.elems.into_iter().nth(1) else {
        panic!("no text")
    };
    insta::assert_snapshot!(text.value());
}
