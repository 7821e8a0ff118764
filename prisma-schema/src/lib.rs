//! The Prisma schema language: text to syntax tree to validated [`Schema`], the formatter, diagnostics, and the
//! table of what each provider can do.
//!
//! This crate knows nothing of Rust tokens, SQL text or connections.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod capability;
pub mod diagnostics;
#[cfg(feature = "dmmf")]
mod dmmf;
mod format;
mod literal;
pub mod load;
pub mod migrations;
mod resolve;
mod schema;
mod source;
mod suggest;
pub mod syntax;
mod update;
mod validate;

pub use capability::{Autoincrement, Capabilities, KeyUse, NameScope, NativeArguments, NativeTypeInfo, Provider};
pub use format::{format, format_all};
pub use resolve::{Validated, is_reserved, parse};
pub use schema::*;
pub use source::{SourceFile, SourceId, Span};
pub use suggest::closest;
pub use update::update;
