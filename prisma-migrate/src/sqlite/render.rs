//! Steps as SQLite's SQL.

use std::fmt::Write;

use super::types;
use crate::database::{Column, DatabaseSchema, ForeignKey, Index, ObjectName, Table};
use crate::diff::{Change, Step};
use crate::sql::{DOUBLE_QUOTES as NAMES, action, text};

pub(super) fn render(steps: &[Step]) -> String {
    let mut parts = Vec::new();
    let mut steps = steps.iter().peekable();
    while let Some(step) = steps.next() {
        match step {
            Step::CreateTable(table) => {
                parts.push(format!("-- CreateTable\n{}\n", create_table(table, &table.name.name)))
            }
            Step::RenameTable { from, to } => {
                let sql = match from.name.eq_ignore_ascii_case(&to.name) {
                    // To SQLite that is the same name, which is taken.
                    true => {
                        let between = to.sibling(format!("renamed_{}", to.name));
                        format!("{}\n{}", NAMES.rename_table(from, &between), NAMES.rename_table(&between, to))
                    }
                    false => NAMES.rename_table(from, to),
                };
                parts.push(format!("-- RenameTable\n{sql}\n"));
            }
            Step::RenameColumn { table, from, to } => {
                parts.push(format!("-- RenameColumn\n{}\n", NAMES.rename_column(table, from, to)));
            }
            Step::AlterTable(change) => {
                let mut part = "-- AlterTable\n".to_owned();
                let table = NAMES.object(&change.table);
                for change in &change.changes {
                    // Whatever else changes makes a new table.
                    if let Change::AddColumn(column) = change {
                        let _ = writeln!(part, "ALTER TABLE {table} ADD COLUMN {};", definition(column, false));
                    }
                }
                parts.push(part);
            }
            Step::RedefineTable { from, to } => {
                // One block for all that follow each other.
                let mut body = redefine_table(from, to);
                while let Some(Step::RedefineTable { from, to }) = steps.peek() {
                    body.push_str(&redefine_table(from, to));
                    steps.next();
                }
                parts.push(format!("-- RedefineTables\n{BEFORE_REDEFINING}{body}{AFTER_REDEFINING}"));
            }
            Step::DropTable { name } => parts.push(format!("-- DropTable\nDROP TABLE {};\n", NAMES.object(name))),
            Step::CreateIndex { table, index } => {
                parts.push(format!("-- CreateIndex\n{}\n", create_index(table, index)));
            }
            Step::DropIndex { index, .. } => {
                parts.push(format!("-- DropIndex\nDROP INDEX {};\n", NAMES.name(&index.name)));
            }
            // SQLite has none of these by themselves.
            Step::CreateNamespace(_)
            | Step::CreateExtension(_)
            | Step::AlterExtension { .. }
            | Step::CreateEnum(_)
            | Step::AlterEnum(_)
            | Step::AlterSequence { .. }
            | Step::RenameEnum { .. }
            | Step::RenameEnumValue { .. }
            | Step::DropEnum { .. }
            | Step::DropForeignKey { .. }
            | Step::RenameForeignKey { .. }
            | Step::AddForeignKey { .. }
            | Step::RenameIndex { .. } => {}
        }
    }
    parts.join("\n")
}

pub(super) fn reset(everything: &DatabaseSchema) -> String {
    let views = everything.views.iter().map(|v| format!("DROP VIEW {};\n", NAMES.object(&v.name)));
    let tables = everything.tables.iter().map(|t| format!("DROP TABLE {};\n", NAMES.object(&t.name)));
    let history = format!("DROP TABLE IF EXISTS {};\n", NAMES.name(crate::HISTORY_TABLE));
    views.chain(tables).chain([history]).collect()
}

/// While the old table is gone and the new one not yet renamed, references and views point nowhere: SQLite must not mind.
const BEFORE_REDEFINING: &str =
    "PRAGMA defer_foreign_keys=ON;\nPRAGMA foreign_keys=OFF;\nPRAGMA legacy_alter_table=ON;\n";
const AFTER_REDEFINING: &str =
    "PRAGMA legacy_alter_table=OFF;\nPRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=OFF;\n";

fn create_table(table: &Table, name: &str) -> String {
    let mut lines: Vec<_> =
        table.columns.iter().map(|c| format!("    {}", definition(c, table.is_primary_key(&c.name)))).collect();
    if let Some(key) = table.primary_key.as_ref().filter(|k| k.columns.len() > 1) {
        lines.push(format!("\n    PRIMARY KEY ({})", NAMES.columns(&key.columns, ", ")));
    }
    lines.extend(table.foreign_keys.iter().map(|k| format!("    {}", foreign_key(k))));
    format!("CREATE TABLE {} (\n{}\n);", NAMES.name(name), lines.join(",\n"))
}

fn definition(column: &Column, is_primary_key: bool) -> String {
    let mut sql = format!("{} {}", NAMES.name(&column.name), column.data_type);
    if !column.is_nullable {
        sql.push_str(" NOT NULL");
    }
    if is_primary_key {
        sql.push_str(" PRIMARY KEY");
        if column.autoincrement.is_some() {
            sql.push_str(" AUTOINCREMENT");
        }
    }
    if let Some(default) = &column.default {
        let _ = write!(sql, " DEFAULT {}", types::default(default));
    }
    sql
}

fn foreign_key(key: &ForeignKey) -> String {
    let name = key.name.as_ref().map(|n| format!("CONSTRAINT {} ", NAMES.name(n))).unwrap_or_default();
    format!(
        "{name}FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {} ON UPDATE {}",
        NAMES.list(&key.columns, ", "),
        NAMES.object(&key.referenced_table),
        NAMES.list(&key.referenced_columns, ", "),
        action(key.on_delete),
        action(key.on_update)
    )
}

fn create_index(table: &ObjectName, index: &Index) -> String {
    let unique = if index.is_unique() { "UNIQUE " } else { "" };
    let condition = index.predicate.as_ref().map(|p| format!(" WHERE {p}")).unwrap_or_default();
    format!(
        "CREATE {unique}INDEX {} ON {}({}){condition};",
        NAMES.name(&index.name),
        NAMES.object(table),
        NAMES.columns(&index.columns, ", ")
    )
}

fn redefine_table(from: &Table, to: &Table) -> String {
    let table = NAMES.object(&to.name);
    let new = format!("new_{}", to.name.name);
    let mut sql = create_table(to, &new);
    sql.push('\n');
    let kept: Vec<_> = to.columns.iter().filter_map(|c| Some((from.column(&c.name)?, c))).collect();
    if !kept.is_empty() {
        let values: Vec<_> = kept.iter().map(|(from, to)| copied(from, to)).collect();
        let counts = |t: &Table| t.columns.iter().any(|c| c.autoincrement.is_some());
        if counts(from) && counts(to) {
            // The numbers of rows that are gone are not given out again.
            let (old, new) = (text(&to.name.name), text(&new));
            let _ = writeln!(
                sql,
                "DELETE FROM sqlite_sequence WHERE name = {new};\n\
             INSERT INTO sqlite_sequence (name, seq) SELECT {new}, seq FROM sqlite_sequence WHERE name = {old};"
            );
        }
        let _ = writeln!(
            sql,
            "INSERT INTO {} ({}) SELECT {} FROM {};",
            NAMES.name(&new),
            NAMES.list(kept.iter().map(|(_, to)| &to.name), ", "),
            values.join(", "),
            table
        );
    }
    let _ = writeln!(sql, "DROP TABLE {table};\nALTER TABLE {} RENAME TO {table};", NAMES.name(&new));
    for index in &to.indexes {
        let _ = writeln!(sql, "{}", create_index(&to.name, index));
    }
    for statement in &to.unmanaged {
        let _ = writeln!(sql, "{statement};");
    }
    sql
}

/// The old value; where NULL is allowed no longer, the default instead of it.
fn copied(from: &Column, to: &Column) -> String {
    let name = NAMES.name(&from.name);
    match to.default.as_ref().filter(|_| from.is_nullable && !to.is_nullable) {
        Some(default) => format!("coalesce({name}, {}) AS {name}", types::default(default)),
        None => name,
    }
}
