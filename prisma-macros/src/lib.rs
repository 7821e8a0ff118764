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

/// A struct that rows of SQL are read as, field by field: each by the column of its name, or by that of `#[prisma(column = "…")]`.
#[proc_macro_derive(FromRow, attributes(prisma))]
pub fn derive_from_row(input: TokenStream) -> TokenStream {
    prisma_codegen::derive_from_row(input.into()).into()
}

/// What is read of each record of a model, for `select` of a query:
/// `select!(user { id, email, posts(take: 5, order_by: post::id.desc()) { title }, _count { posts } })`.
///
/// The rows become structs with exactly these fields. They have no name, but `Debug`, `Clone`, `PartialEq` and serde's `Serialize`.
///
/// | written | read |
/// |---|---|
/// | `email` | a column |
/// | `..` | all columns |
/// | `.., !password` | all columns but this one |
/// | `posts { title }` | part of the related records: a `Vec`, an `Option`, or the record alone, as the relation is |
/// | `posts` | the related records with all columns |
/// | `posts(filter: …, order_by: …, skip: …, take: …, cursor: …, distinct: …) { … }` | some of them, for each record |
/// | `_count { posts(filter: …) }` | how many related records there are |
/// | `_count` | the same of all to-many relations |
///
/// It begins with the model's module: `user`, or a path such as `db::user`.
#[proc_macro]
pub fn select(input: TokenStream) -> TokenStream {
    prisma_codegen::select(input.into()).into()
}

/// A struct that says what is read of a model: `#[derive(Select)] #[prisma(model = user)] struct UserCard { id: i32, posts: Vec<PostTitle> }`. A query reads it
/// with `select_as::<UserCard>()`.
///
/// Its fields are those of the model, with their types. A relation's is a `Vec`, an `Option`, or the record itself, of the related model or of a struct
/// that derives `Select` too. `#[prisma(field = author_id)]` on a field names the model's field where the struct's has another name;
/// `#[prisma(count = posts)]` makes it the number of related records.
#[proc_macro_derive(Select, attributes(prisma))]
pub fn derive_select(input: TokenStream) -> TokenStream {
    prisma_codegen::derive_select(input.into()).into()
}

/// What `select!` becomes when it knows the fields of the model.
#[doc(hidden)]
#[proc_macro]
pub fn select_level(input: TokenStream) -> TokenStream {
    prisma_codegen::select_level(input.into()).into()
}

/// What `#[derive(Select)]` becomes when it knows the fields of the model.
#[doc(hidden)]
#[proc_macro]
pub fn select_struct(input: TokenStream) -> TokenStream {
    prisma_codegen::select_struct(input.into()).into()
}

/// SQL of one's own, for `db.query_raw(…)` and `db.execute_raw(…)`: `sql!("SELECT * FROM users WHERE id = {id} AND name IN ({names})")`.
///
/// What stands between braces is an expression. Its value is bound as a parameter, never written into the text; it is taken by
/// reference, as `format!` does. Braces of the SQL itself are doubled: `'{{}}'`.
///
/// A list (`Vec`, slice, array) stands alone in `IN (…)`, also an empty one. Where the provider has arrays, a list is one parameter: `tags && {tags}`,
/// `unnest({ids}::int[])`, and `IN (…)` is written `= ANY (…)`; elsewhere it is as many parameters as it has elements, with commas between.
///
/// SQL that `sql!` made can stand between braces too, so that conditions can be put together: `RawSql::join(conditions, " AND ")`.
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream {
    prisma_codegen::sql(input.into()).into()
}

/// The migrations of a folder, as part of the program: `const MIGRATIONS: Migrations = migrations!("prisma/migrations");`. `db.migrate(MIGRATIONS)` applies those
/// that the database does not have.
///
/// The path starts from the folder of the crate's `Cargo.toml`. The program is built anew when a migration changes, and when `prisma migrate dev` makes
/// one. For those that come by other ways, such as version control, a `build.rs` has to say so:
///
/// ```ignore
/// fn main() {
///     println!("cargo::rerun-if-changed=prisma/migrations");
/// }
/// ```
#[proc_macro]
pub fn migrations(input: TokenStream) -> TokenStream {
    prisma_codegen::migrations(input.into(), &manifest_dir()).into()
}

/// The end of the chain of calls that [`client!`] begins.
#[doc(hidden)]
#[proc_macro]
pub fn client_models(input: TokenStream) -> TokenStream {
    prisma_codegen::client_models(input.into(), &manifest_dir()).into()
}
