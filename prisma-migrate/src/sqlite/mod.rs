//! Schema changes on SQLite.

mod describe;
mod render;
mod types;

use prisma_core::Error;
use prisma_core::driver::{BoxFuture, Connection, DriverError};
use prisma_schema::{Capabilities, FieldWalker, ScalarField, ScalarType};

use crate::column::{BaseType, ColumnDefault, ColumnType};
use crate::database::{Column, DatabaseSchema};
use crate::diff::{Step, TableDiff};
use crate::flavour::Flavour;
use crate::native::Conversion;
use crate::sql::{DOUBLE_QUOTES as NAMES, Names, texts};

#[derive(Debug)]
pub(crate) struct Sqlite;

impl Flavour for Sqlite {
    fn column_type(&self, _field: FieldWalker<'_>, scalar: &ScalarField) -> ColumnType {
        match &scalar.ty {
            ScalarType::Unsupported(text) => ColumnType { base: BaseType::Other(text.clone()), is_list: false },
            ty => ColumnType::native(types::name(ty)),
        }
    }

    fn scalar(
        &self,
        ty: &ColumnType,
        capabilities: &Capabilities,
    ) -> Option<(ScalarType, Option<(&'static str, Vec<u32>)>)> {
        let _ = capabilities;
        Some((types::scalar(&ty.to_string())?, None))
    }

    fn default_sql(&self, default: &ColumnDefault, ty: &ColumnType) -> String {
        let _ = ty;
        types::default(default)
    }

    fn same_type(&self, a: &Column, b: &Column) -> bool {
        types::same_type(&a.data_type.to_string(), &b.data_type.to_string())
    }

    fn same_default(&self, a: &Column, b: &Column) -> bool {
        types::holder(&b.data_type.to_string()).same(a.default.as_ref(), b.default.as_ref())
    }

    fn conversion(&self, from: &Column, to: &Column) -> Conversion {
        match types::keeps_values(&from.data_type.to_string(), &to.data_type.to_string()) {
            true => Conversion::Keeps,
            false => Conversion::MayLose,
        }
    }

    fn names_constraints(&self) -> bool {
        false
    }

    fn renames_indexes(&self) -> bool {
        false
    }

    fn names_foreign_keys(&self) -> bool {
        false
    }

    fn foreign_keys_in_definition(&self) -> bool {
        true
    }

    fn names(&self) -> Names {
        NAMES
    }

    fn holds_any(&self, column: &str, _is_list: bool, values: &[String]) -> String {
        format!("{} IN ({})", NAMES.name(column), texts(values))
    }

    /// SQLite can add columns at the end, if the rows that are there can do with NULL or a constant.
    fn alters_in_place(&self, change: &TableDiff<'_>) -> bool {
        let is_addition = change.dropped.is_empty()
            && change.changed.is_empty()
            && !change.has_new_primary_key
            && !change.changes_foreign_keys()
            && !change.old_indexes.iter().any(|i| i.is_constraint);
        is_addition
            && change.added.iter().all(|c| match &c.default {
                None => c.is_nullable,
                Some(default) => !matches!(default, ColumnDefault::Now | ColumnDefault::Expression(_)),
            })
    }

    fn describe<'c>(
        &self,
        connection: &'c mut dyn Connection,
        _namespaces: &'c [String],
    ) -> BoxFuture<'c, Result<DatabaseSchema, Error>> {
        Box::pin(describe::describe(connection))
    }

    fn describe_rest<'c>(
        &self,
        connection: &'c mut dyn Connection,
        _namespaces: &'c [String],
        schema: &'c mut DatabaseSchema,
    ) -> BoxFuture<'c, Result<(), Error>> {
        Box::pin(describe::describe_rest(connection, schema))
    }

    fn render(&self, steps: &[Step]) -> String {
        render::render(steps)
    }

    fn render_reset(&self, everything: &DatabaseSchema) -> String {
        render::reset(everything)
    }

    /// Dropping a table would delete its rows first, and with them those that point to them. It cannot be switched off within
    /// a transaction.
    fn before_changes(&self) -> Option<&'static str> {
        Some("PRAGMA foreign_keys = OFF")
    }

    fn broken_references(&self) -> Option<&'static str> {
        Some(r#"SELECT "table", "parent", COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2"#)
    }

    fn finds_history(&self) -> &'static str {
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'"
    }

    fn creates_history(&self) -> &'static str {
        r#"CREATE TABLE "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);"#
    }

    /// `BEGIN`, `VACUUM` and some pragmas.
    fn refuses_transaction(&self, error: &DriverError) -> bool {
        matches!(error, DriverError::Database { message, .. }
            if ["within a transaction", "inside a transaction"].iter().any(|part| message.contains(part)))
    }

    fn suspends_references(&self, migration: &str) -> bool {
        let text: String = migration.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
        ["=off", "=0", "=false", "=no", "(off)", "(0)", "(false)", "(no)"]
            .iter()
            .any(|off| text.contains(&format!("pragmaforeign_keys{off}")))
    }

    fn remembers_session(&self) -> Option<&'static str> {
        Some("SELECT 'PRAGMA foreign_keys = ON; PRAGMA legacy_alter_table = OFF'")
    }
}
