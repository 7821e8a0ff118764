//! The macros of prisma-client: each hands its tokens to `prisma-codegen`.

use std::path::PathBuf;

use proc_macro::TokenStream;

/// The typed client of a Prisma schema.
///
/// With a path, from the folder of the crate's `Cargo.toml`, to a file or to a folder of `*.prisma` files; or with the schema itself
/// between the braces.
#[proc_macro]
pub fn prisma_schema(input: TokenStream) -> TokenStream {
    prisma_codegen::prisma_schema(input.into(), &manifest_dir()).into()
}

/// The folder of the `Cargo.toml` of the crate that is compiled.
fn manifest_dir() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default()
}

/// A model as a struct: one field for each column, and one for each relation, whose type is a parameter of its own with the
/// default `NotIncluded`. [`client!`] makes a client of such structs.
///
/// `#[prisma(...)]` says what an attribute of the schema language says, with `=` for `:` and in snake case. On a field: `id`, `unique`,
/// `default(…)`, `map = "…"`, `updated_at`, `db(…)`, `relation(…)`, `shard_key`, `ignore`, `unsupported("…")`; the last two are of the type
/// `PhantomData<T>`. On the struct: `id(…)`, `unique(…)`, `index(…)`, `fulltext(…)`, `shard_key(…)`, `map = "…"`, `schema = "…"`, `ignore`; and `view` or
/// `composite`, if it is no model.
///
/// It implements `Debug`, `Clone` and `PartialEq` too.
#[proc_macro_derive(Model, attributes(prisma))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    prisma_codegen::derive_model(input.into()).into()
}

/// An enum of the database, with `map = "…"` and `schema = "…"` on the enum, and `map = "…"` on its values.
///
/// It implements `Debug`, `Clone`, `Copy`, `PartialEq`, `Eq` and `Hash` too.
#[proc_macro_derive(Enum, attributes(prisma))]
pub fn derive_enum(input: TokenStream) -> TokenStream {
    prisma_codegen::derive_enum(input.into()).into()
}

/// The client of models that are structs: `client! { pub struct PrismaClient { provider = "sqlite", models = [User, Post] } }`.
///
/// Also `enums = […]`, `types = […]` (composite types); of the datasource `url = "…"` or `url = env("NAME")`, `direct_url`, `shadow_database_url`,
/// `relation_mode`, `schemas = ["…"]`, `extensions = [name(version = "…")]`; `preview_features = ["…"]` and `generators = [name(provider = "…")]`.
#[proc_macro]
pub fn client(input: TokenStream) -> TokenStream {
    prisma_codegen::client(input.into()).into()
}

/// The type of a record with relations included: `With!(user { posts { author }, profile })`.
#[proc_macro]
#[allow(non_snake_case)]
pub fn With(input: TokenStream) -> TokenStream {
    prisma_codegen::with(input.into()).into()
}

/// The end of the chain of calls that [`client!`] begins.
#[doc(hidden)]
#[proc_macro]
pub fn client_models(input: TokenStream) -> TokenStream {
    prisma_codegen::client_models(input.into(), &manifest_dir()).into()
}
