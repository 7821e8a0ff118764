//! Steps as SQLite's SQL.
//!
//! The statements are laid out by hand: sea-query leaves out the names of foreign keys on SQLite and does not escape those of
//! indexes. Names are quoted by it all the same.

use std::fmt::Write;

use crate::database::{Column, DatabaseSchema, ForeignKey, Index, Table};
use crate::diff::Step;
use crate::sql::{action, quoted, quoted_list, text};

pub(super) fn render(steps: &[Step]) -> String {
    let mut parts = Vec::new();
    let mut steps = steps.iter().peekable();
    while let Some(step) = steps.next() {
        match step {
            Step::CreateTable(table) => parts.push(format!("-- CreateTable\n{}\n", create_table(table, &table.name))),
            Step::AddColumns { table, columns } => {
                let mut part = "-- AlterTable\n".to_owned();
                for column in columns {
                    let _ = writeln!(part, "ALTER TABLE {} ADD COLUMN {};", quoted(table), definition(column, false));
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
            Step::DropTable { name } => parts.push(format!("-- DropTable\nDROP TABLE {};\n", quoted(name))),
            Step::CreateIndex { table, index } => {
                parts.push(format!("-- CreateIndex\n{}\n", create_index(table, index)));
            }
            Step::DropIndex { name } => parts.push(format!("-- DropIndex\nDROP INDEX {};\n", quoted(name))),
        }
    }
    parts.join("\n")
}

pub(super) fn reset(everything: &DatabaseSchema) -> String {
    let views = everything.views.iter().map(|v| format!("DROP VIEW {};\n", quoted(v)));
    let tables = everything.tables.iter().map(|t| format!("DROP TABLE {};\n", quoted(&t.name)));
    let history = format!("DROP TABLE IF EXISTS {};\n", quoted(crate::HISTORY_TABLE));
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
        lines.push(format!("\n    PRIMARY KEY ({})", quoted_list(&key.columns)));
    }
    lines.extend(table.foreign_keys.iter().map(|k| format!("    {}", foreign_key(k))));
    format!("CREATE TABLE {} (\n{}\n);", quoted(name), lines.join(",\n"))
}

fn definition(column: &Column, is_primary_key: bool) -> String {
    let mut sql = format!("{} {}", quoted(&column.name), column.data_type);
    if !column.is_nullable {
        sql.push_str(" NOT NULL");
    }
    if is_primary_key {
        sql.push_str(" PRIMARY KEY");
        if column.is_autoincrement {
            sql.push_str(" AUTOINCREMENT");
        }
    }
    if let Some(default) = &column.default {
        let _ = write!(sql, " DEFAULT {default}");
    }
    sql
}

fn foreign_key(key: &ForeignKey) -> String {
    let name = key.name.as_ref().map(|n| format!("CONSTRAINT {} ", quoted(n))).unwrap_or_default();
    format!(
        "{name}FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {} ON UPDATE {}",
        quoted_list(&key.columns),
        quoted(&key.referenced_table),
        quoted_list(&key.referenced_columns),
        action(key.on_delete),
        action(key.on_update)
    )
}

fn create_index(table: &str, index: &Index) -> String {
    let unique = if index.is_unique { "UNIQUE " } else { "" };
    let column = |c: &crate::IndexColumn| quoted(&c.name) + if c.is_descending { " DESC" } else { "" };
    let columns: Vec<_> = index.columns.iter().map(column).collect();
    let condition = index.predicate.as_ref().map(|p| format!(" WHERE {p}")).unwrap_or_default();
    format!("CREATE {unique}INDEX {} ON {}({}){condition};", quoted(&index.name), quoted(table), columns.join(", "))
}

fn redefine_table(from: &Table, to: &Table) -> String {
    let new = format!("new_{}", to.name);
    let mut sql = create_table(to, &new);
    sql.push('\n');
    let kept: Vec<_> = to.columns.iter().filter_map(|c| Some((from.column(&c.name)?, c))).collect();
    if !kept.is_empty() {
        let values: Vec<_> = kept.iter().map(|(from, to)| copied(from, to)).collect();
        let counts = |t: &Table| t.columns.iter().any(|c| c.is_autoincrement);
        if counts(from) && counts(to) {
            // The numbers of rows that are gone are not given out again.
            let (old, new) = (text(&to.name), text(&new));
            let _ = writeln!(
                sql,
                "DELETE FROM sqlite_sequence WHERE name = {new};\n\
             INSERT INTO sqlite_sequence (name, seq) SELECT {new}, seq FROM sqlite_sequence WHERE name = {old};"
            );
        }
        let _ = writeln!(
            sql,
            "INSERT INTO {} ({}) SELECT {} FROM {};",
            quoted(&new),
            quoted_list(kept.iter().map(|(_, to)| &to.name)),
            values.join(", "),
            quoted(&to.name)
        );
    }
    let _ =
        writeln!(sql, "DROP TABLE {};\nALTER TABLE {} RENAME TO {};", quoted(&to.name), quoted(&new), quoted(&to.name));
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
    let name = quoted(&from.name);
    match to.default.as_ref().filter(|_| from.is_nullable && !to.is_nullable) {
        Some(default) => format!("coalesce({name}, {default}) AS {name}"),
        None => name,
    }
}
