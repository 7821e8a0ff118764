//! Turns a Prisma schema into the Rust code of a typed client.
//!
//! The entry functions are those of the macros, on [`proc_macro2::TokenStream`], so that they can be tested as a library.
//! Each goes three ways: `input` reads what the user wrote, `prisma-schema` validates it, `generate` writes the code. What
//! is wrong is all reported at once, and the code of what is sane is still emitted (`repair`), so that one mistake gives one message.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod code_first;
mod generate;
mod input;
mod migrations_macro;
mod repair;
mod report;
mod rows;
mod schema_macro;
mod sql_macro;
mod with_macro;

pub use code_first::{client, client_models, client_text, derive_enum, derive_model};
pub use migrations_macro::migrations;
pub use rows::{derive_from_row, derive_select, select, select_level, select_struct};
pub use schema_macro::prisma_schema;
pub use sql_macro::sql;
pub use with_macro::with;
