#![doc = include_str!("../README.md")]
#![doc(html_no_source)]

pub use prisma_core::driver::IsolationLevel;
pub use prisma_core::engine::QueryEvent;
pub use prisma_core::tree::Load;
/// What queries are made of: seldom named by hand.
pub use prisma_core::typed;
pub use prisma_core::typed::{
    Actions, Change, Client, CompoundKey, Field, Filter, FromRow, GeneratedClient, Having, IncludeQuery, IntoChanges,
    IntoFilter, IntoInclude, Model, NotIncluded, OrderBy, Page, PageCursor, Queries, RawSql, Record, Select, SelectAs,
    Sql, ToMany, ToOne, Transaction, UniqueFilter, UniqueKey, count,
};
pub use prisma_core::{Error, ErrorKind, Value};
pub use prisma_drivers::ClientBuilder;
pub use prisma_macros::{Enum, FromRow, Model, Select, With, client, migrations, prisma_schema, select, sql};
pub use prisma_migrate::history::Migrations;

mod providers;

pub use prisma_drivers::dynamic;

/// The programs without async.
#[cfg(feature = "blocking")]
pub use prisma_drivers::blocking;
/// The pool of `db.pool()` is one of these.
pub use prisma_drivers::sqlx;

/// The history of migrations, for programs that want more of it than `db.migrate(…)`.
pub mod migrate {
    pub use prisma_migrate::history::{Applied, Diagnosis, FailedMigration, History, Migrations, Script, read};
}

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
    pub use prisma_core::{Error, driver, engine, json, serde, tree, typed};
    pub use prisma_drivers::{ClientBuilder, Pooled, pool};
    pub use prisma_macros::{client_models, select, select_level, select_struct};
    pub use prisma_migrate::history::Migrations;
    pub use prisma_migrate::{in_memory, migrate, push_schema};
    pub use prisma_schema::Provider;
}
