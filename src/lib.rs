//! Prisma for Rust: `schema.prisma` becomes a fully typed client at compile time.
#![doc(html_no_source)]

pub use prisma_core::driver::IsolationLevel;
pub use prisma_core::typed::{
    Actions, Change, Client, Filter, IntoChanges, IntoFilter, Model, NotIncluded, OrderBy, Record, Sql, Transaction,
    UniqueFilter,
};
pub use prisma_core::{Error, ErrorKind, Value};
pub use prisma_macros::{Model, client, prisma_schema};

/// What generated code is made of: not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use prisma_core::{Error, driver, engine, tree, typed};
    pub use serde;
}
