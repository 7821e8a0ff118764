#![doc = include_str!("../README.md")]
#![doc(html_no_source)]

pub use prisma_core::driver::IsolationLevel;
pub use prisma_core::typed::{
    Actions, Change, Client, Filter, GeneratedClient, IntoChanges, IntoFilter, Model, NotIncluded, OrderBy, Record,
    Sql, Transaction, UniqueFilter,
};
pub use prisma_core::{Error, ErrorKind, Value};
pub use prisma_drivers::ClientBuilder;
pub use prisma_macros::{Model, client, prisma_schema};

/// What generated code is made of: not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use prisma_core::{Error, driver, engine, tree, typed};
    pub use prisma_drivers::ClientBuilder;
    pub use prisma_migrate::{in_memory, push_schema};
    pub use serde;
}
