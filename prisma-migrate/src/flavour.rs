//! What schema changes on one provider have of their own.

use std::fmt;

use prisma_core::Error;
use prisma_core::driver::{BoxFuture, Connection};
use prisma_schema::{FieldWalker, Literal, Provider, ScalarType};

use crate::database::{Column, DatabaseSchema, Index, Table};
use crate::diff::{Step, TableDiff};

/// Every difference between providers that schema changes meet is a method here.
pub(crate) trait Flavour: Send + Sync + fmt::Debug + 'static {
    /// The type of a column.
    fn data_type(&self, field: FieldWalker<'_>, ty: &ScalarType) -> String;

    /// A constant as SQL.
    fn literal(&self, ty: &ScalarType, literal: &Literal, enum_value: Option<&str>) -> String;

    /// Whether two columns have the same type, however it is spelled.
    fn same_type(&self, a: &Column, b: &Column) -> bool;

    /// Whether two columns have the same default, however it is spelled.
    fn same_default(&self, a: &Column, b: &Column) -> bool;

    /// Whether all values of one type are kept when the column becomes one of another.
    fn keeps_values(&self, from: &Column, to: &Column) -> bool;

    /// Whether foreign keys have names that are worth comparing.
    fn names_foreign_keys(&self) -> bool;

    /// Whether the change can be made to the table as it is; otherwise it is rebuilt.
    fn alters_in_place(&self, change: &TableDiff<'_>) -> bool;

    /// What the database has.
    fn describe<'c>(&self, connection: &'c mut dyn Connection) -> BoxFuture<'c, Result<DatabaseSchema, Error>>;

    /// Steps as SQL.
    fn render(&self, steps: &[Step]) -> String;

    /// Everything that is to be dropped for an empty database.
    fn render_reset(&self, everything: &DatabaseSchema) -> String;

    /// What a connection needs before the transaction in which a schema is changed.
    fn before_changes(&self) -> &'static str;

    /// A query for broken references: its rows are table, referenced table and how many.
    fn broken_references(&self) -> Option<&'static str>;

    /// The indexes of the table of an implicit m-n relation.
    fn join_table_indexes(&self, table: &Table) -> Vec<Index>;
}

/// The flavour of a provider, if this program has it.
pub(crate) fn flavour(provider: Provider) -> Option<&'static dyn Flavour> {
    match provider {
        #[cfg(feature = "sqlite")]
        Provider::Sqlite => Some(&crate::sqlite::Sqlite),
        _ => None,
    }
}
