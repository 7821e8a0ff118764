//! The providers as types, so that what one of them lacks does not compile.

use super::filter::InsensitiveFilters;
use super::json_filter::JsonArrayContains;
use super::lock::RowLocks;
use super::search::FullTextSearch;

macro_rules! providers {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}
    )*};
}
providers! {
    /// `sqlite`
    Sqlite,
    /// `postgresql`
    Postgresql,
    /// `mysql`
    Mysql,
    /// `cockroachdb`
    Cockroachdb,
    /// `sqlserver`
    Sqlserver,
    /// `mongodb`
    Mongodb,
}

impl InsensitiveFilters for Postgresql {}
impl InsensitiveFilters for Cockroachdb {}
impl InsensitiveFilters for Mongodb {}

impl JsonArrayContains for Postgresql {}
impl JsonArrayContains for Mysql {}
impl JsonArrayContains for Cockroachdb {}
impl FullTextSearch for Postgresql {}
impl FullTextSearch for Mysql {}

impl RowLocks for Postgresql {}
impl RowLocks for Cockroachdb {}
impl RowLocks for Mysql {}
