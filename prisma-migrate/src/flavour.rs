//! What schema changes on one provider have of their own.

use std::fmt;

use prisma_core::Error;
use prisma_core::driver::{BoxFuture, Connection, DriverError};
use prisma_schema::{Capabilities, FieldWalker, Provider, ReferentialAction, ScalarField, ScalarType};

use crate::column::{ColumnDefault, ColumnType};
use crate::database::{Column, DatabaseSchema, Index, ObjectName};
use crate::diff::{Step, TableDiff};
use crate::expression::{self, Quoting};
use crate::history::lock::AdvisoryLock;
use crate::native::Conversion;
use crate::sql::Names;

/// Every difference between providers that schema changes meet is a method here.
pub(crate) trait Flavour: Send + Sync + fmt::Debug + 'static {
    /// The type of a column.
    fn column_type(&self, field: FieldWalker<'_>, scalar: &ScalarField) -> ColumnType;

    /// An operator class as SQL, from what the schema says.
    fn operator_class(&self, class: &str) -> String {
        class.to_owned()
    }

    /// The scalar that a type is for, and its name and arguments in the schema unless they are the usual ones.
    fn scalar(
        &self,
        ty: &ColumnType,
        capabilities: &Capabilities,
    ) -> Option<(ScalarType, Option<(&'static str, Vec<u32>)>)>;

    /// A default as SQL.
    fn default_sql(&self, default: &ColumnDefault, ty: &ColumnType) -> String;

    /// Whether two columns have the same type, however it is spelled.
    fn same_type(&self, a: &Column, b: &Column) -> bool;

    /// Whether two columns have the same default, however it is spelled.
    fn same_default(&self, a: &Column, b: &Column) -> bool;

    /// Whether two columns count alike.
    fn same_autoincrement(&self, a: &Column, b: &Column) -> bool {
        a.autoincrement.is_some() == b.autoincrement.is_some()
    }

    /// The change of the sequence that a column goes on to count by, if it counts otherwise.
    fn altered_sequence(&self, table: &ObjectName, from: &Column, to: &Column) -> Option<Step> {
        let _ = (table, from, to);
        None
    }

    /// What becomes of the values of a column when its type changes.
    fn conversion(&self, from: &Column, to: &Column) -> Conversion;

    /// Whether enums are types of their own.
    fn has_enum_types(&self) -> bool {
        false
    }

    /// Whether the table of an implicit m-n relation has a primary key, not a unique index.
    fn join_tables_have_keys(&self) -> bool {
        false
    }

    /// Whether an enum that loses values, or whose new values are needed at once, is made anew.
    fn remakes_enums(&self) -> bool {
        false
    }

    /// Whether two indexes of a table do the same, whatever their names.
    fn same_index(&self, a: &Index, b: &Index) -> bool {
        a.kind == b.kind
            && a.algorithm == b.algorithm
            && a.has_same_columns(b)
            && expression::same(a.predicate.as_deref(), b.predicate.as_deref(), Quoting::Standard)
    }

    /// Whether unique constraints have names that are worth comparing.
    fn names_constraints(&self) -> bool {
        true
    }

    /// Whether an index can get another name.
    fn renames_indexes(&self) -> bool {
        true
    }

    /// Whether foreign keys have names that are worth comparing.
    fn names_foreign_keys(&self) -> bool {
        true
    }

    /// Whether a foreign key can get another name.
    fn renames_foreign_keys(&self) -> bool {
        true
    }

    /// What the database makes of an action.
    fn kept_action(&self, action: ReferentialAction) -> ReferentialAction {
        action
    }

    /// The name that a foreign key has once its table has another name.
    fn key_of_renamed_table(&self, key: &str, from: &str, to: &str) -> String {
        let _ = (from, to);
        key.to_owned()
    }

    /// Whether the definition of a table holds its foreign keys, so that none is added or dropped without it.
    fn foreign_keys_in_definition(&self) -> bool {
        false
    }

    /// Whether the statement that makes a table makes its indexes too.
    fn indexes_in_definition(&self) -> bool {
        false
    }

    /// Whether the database gives each foreign key an index, unless there is one.
    fn indexes_foreign_keys(&self) -> bool {
        false
    }

    /// Whether the change can be made to the table as it is; otherwise it is rebuilt.
    fn alters_in_place(&self, change: &TableDiff<'_>) -> bool {
        let _ = change;
        true
    }

    /// How names are quoted.
    fn names(&self) -> Names;

    /// A condition that is true of rows whose column holds one of some values of an enum.
    fn holds_any(&self, column: &str, is_list: bool, values: &[String]) -> String;

    /// Whether a failed change leaves the database as it was.
    fn is_transactional(&self) -> bool {
        true
    }

    /// What the database has, in these namespaces, or in the one that the connection means.
    fn describe<'c>(
        &self,
        connection: &'c mut dyn Connection,
        namespaces: &'c [String],
    ) -> BoxFuture<'c, Result<DatabaseSchema, Error>>;

    /// Adds to that the columns and definitions of views, and remarks.
    fn describe_rest<'c>(
        &self,
        connection: &'c mut dyn Connection,
        namespaces: &'c [String],
        schema: &'c mut DatabaseSchema,
    ) -> BoxFuture<'c, Result<(), Error>>;

    /// Steps as SQL.
    fn render(&self, steps: &[Step]) -> String;

    /// Everything that is to be dropped for an empty database.
    fn render_reset(&self, everything: &DatabaseSchema) -> String;

    /// What a connection needs before the transaction in which a schema is changed.
    fn before_changes(&self) -> Option<&'static str> {
        None
    }

    /// What keeps others from changing the schema at the same time.
    fn advisory_lock(&self) -> Option<AdvisoryLock> {
        None
    }

    /// A query for broken references: its rows are table, referenced table and how many.
    fn broken_references(&self) -> Option<&'static str> {
        None
    }

    /// The place of a value in a statement, counted from 1.
    fn placeholder(&self, number: usize) -> String {
        let _ = number;
        "?".to_owned()
    }

    /// A query that counts the tables of the history, of which there is one or none.
    fn finds_history(&self) -> &'static str;

    /// The statement that makes the table of the history, as Prisma has it.
    fn creates_history(&self) -> &'static str;

    /// Whether a migration and its row in the history are one transaction.
    fn wraps_migrations(&self) -> bool {
        self.is_transactional()
    }

    /// Whether a migration failed only since it was in a transaction.
    fn refuses_transaction(&self, error: &DriverError) -> bool {
        let _ = error;
        false
    }

    /// Whether a migration switches references off, which has to happen before its transaction; they are checked at its end then.
    fn suspends_references(&self, migration: &str) -> bool {
        let _ = migration;
        false
    }

    /// A query for the SQL that brings back what a migration may change in the session, so that the next one finds it as the first did.
    fn remembers_session(&self) -> Option<&'static str> {
        None
    }
}

/// The flavour of a provider, if this program has it.
pub(crate) fn flavour(provider: Provider) -> Option<&'static dyn Flavour> {
    match provider {
        #[cfg(feature = "sqlite")]
        Provider::Sqlite => Some(&crate::sqlite::Sqlite),
        #[cfg(feature = "postgres")]
        Provider::Postgresql => Some(&crate::postgres::Postgres),
        #[cfg(feature = "mysql")]
        Provider::Mysql => Some(&crate::mysql::Mysql),
        #[cfg(feature = "cockroachdb")]
        Provider::Cockroachdb => Some(&crate::cockroach::Cockroach),
        _ => None,
    }
}
