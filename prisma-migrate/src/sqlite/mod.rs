//! Schema changes on SQLite.

mod describe;
mod render;
mod types;

use prisma_core::Error;
use prisma_core::driver::{BoxFuture, Connection};
use prisma_schema::{FieldWalker, Literal, ScalarType};

use crate::database::{Column, DatabaseSchema, Index, IndexColumn, Table};
use crate::diff::{Step, TableDiff};
use crate::flavour::Flavour;

#[derive(Debug)]
pub(crate) struct Sqlite;

impl Flavour for Sqlite {
    fn data_type(&self, _field: FieldWalker<'_>, ty: &ScalarType) -> String {
        types::name(ty).to_owned()
    }

    fn literal(&self, ty: &ScalarType, literal: &Literal, enum_value: Option<&str>) -> String {
        types::literal(ty, literal, enum_value)
    }

    fn same_type(&self, a: &Column, b: &Column) -> bool {
        types::same_type(&a.data_type, &b.data_type)
    }

    fn same_default(&self, a: &Column, b: &Column) -> bool {
        types::same_default(a.default.as_deref(), b.default.as_deref(), &b.data_type)
    }

    fn keeps_values(&self, from: &Column, to: &Column) -> bool {
        types::keeps_values(&from.data_type, &to.data_type)
    }

    fn names_foreign_keys(&self) -> bool {
        false
    }

    /// SQLite can add columns at the end, if the rows that are there can do with NULL or a constant.
    fn alters_in_place(&self, change: &TableDiff<'_>) -> bool {
        let is_addition = change.dropped.is_empty()
            && change.changed.is_empty()
            && !change.has_new_primary_key
            && !change.has_new_foreign_keys
            && !change.old_indexes.iter().any(|i| i.is_constraint);
        is_addition
            && change.added.iter().all(|c| match c.default.as_deref() {
                None => c.is_nullable,
                Some(default) => !default.starts_with('(') && !default.eq_ignore_ascii_case("CURRENT_TIMESTAMP"),
            })
    }

    fn describe<'c>(&self, connection: &'c mut dyn Connection) -> BoxFuture<'c, Result<DatabaseSchema, Error>> {
        Box::pin(describe::describe(connection))
    }

    fn render(&self, steps: &[Step]) -> String {
        render::render(steps)
    }

    fn render_reset(&self, everything: &DatabaseSchema) -> String {
        render::reset(everything)
    }

    /// Dropping a table would delete its rows first, and with them those that point to them. It cannot be switched off within
    /// a transaction.
    fn before_changes(&self) -> &'static str {
        "PRAGMA foreign_keys = OFF"
    }

    fn broken_references(&self) -> Option<&'static str> {
        Some(r#"SELECT "table", "parent", COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2"#)
    }

    fn join_table_indexes(&self, table: &Table) -> Vec<Index> {
        let column = |name: &str| IndexColumn { name: name.to_owned(), is_descending: false };
        let index = |suffix: &str, is_unique, columns| Index {
            name: format!("{}_{suffix}", table.name),
            is_unique,
            columns,
            ..Index::default()
        };
        vec![index("AB_unique", true, vec![column("A"), column("B")]), index("B_index", false, vec![column("B")])]
    }
}
