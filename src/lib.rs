#![doc = include_str!("../README.md")]
#![doc(html_no_source)]

pub use prisma_core::driver::IsolationLevel;
/// What queries are made of: seldom named by hand.
pub use prisma_core::typed;
pub use prisma_core::typed::{
    Actions, Change, Client, CompoundKey, Field, Filter, GeneratedClient, IncludeQuery, IntoChanges, IntoFilter,
    IntoInclude, Model, NotIncluded, OrderBy, Record, Sql, ToMany, ToOne, Transaction, UniqueFilter, UniqueKey,
};
pub use prisma_core::{Error, ErrorKind, Value};
pub use prisma_drivers::ClientBuilder;
pub use prisma_macros::{Enum, Model, With, client, prisma_schema};

mod providers;

/// The types of columns.
pub use prisma_core::{bigdecimal, chrono, serde_json, uuid};

/// What generated code is made of: not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use core::clone::Clone;
    pub use core::convert::From;
    pub use core::fmt::{Debug, Formatter, Result as FmtResult};
    pub use core::future::Future;
    pub use core::marker::{PhantomData, Send};
    pub use core::ops::Deref;
    pub use core::option::Option;
    pub use core::primitive::{bool, f64, i32, i64, str, u8, u32, usize};
    pub use core::result::Result;
    pub use std::string::String;
    pub use std::vec::Vec;

    pub use prisma_core::bigdecimal::BigDecimal;
    pub use prisma_core::chrono::{DateTime, NaiveDate, NaiveTime, Utc};
    pub use prisma_core::serde_json::Value as Json;
    pub use prisma_core::uuid::Uuid;
    pub use prisma_core::{Error, driver, engine, serde, tree, typed};
    pub use prisma_drivers::ClientBuilder;
    pub use prisma_macros::client_models;
    pub use prisma_migrate::{in_memory, push_schema};
}
