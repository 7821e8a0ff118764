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
