//! Steps as the SQL of PostgreSQL and CockroachDB, laid out as Prisma lays it out.

use std::fmt::Write;

use super::dialect::{Spelling, alter_sequence};
use crate::column::{BaseType, ColumnType};
use crate::database::{
    Column, DatabaseSchema, EnumType, EnumUse, EnumUseDefinition, Extension, ForeignKey, Index, ObjectName, Table,
};
use crate::diff::{Change, ColumnChange, EnumChange, Step, TableChange};
use crate::sql::{DOUBLE_QUOTES as NAMES, text, texts};

impl Spelling {
    pub(crate) fn render(&self, steps: &[Step]) -> String {
        steps.iter().map(|step| self.step(step)).collect::<Vec<_>>().join("\n")
    }

    /// Drops the namespaces with all that is in them and makes them anew, or all that is in them by itself.
    pub(crate) fn reset(&self, everything: &DatabaseSchema) -> String {
        if self.drops_namespaces {
            let names = everything.namespaces.iter().map(|n| NAMES.name(n));
            return names.map(|n| format!("DROP SCHEMA IF EXISTS {n} CASCADE;\nCREATE SCHEMA {n};\n")).collect();
        }
        let drop = |what: &str, name: &ObjectName| format!("DROP {what} IF EXISTS {} CASCADE;\n", NAMES.object(name));
        let views = everything.views.iter().map(|v| drop("VIEW", &v.name));
        let tables = everything.tables.iter().map(|t| drop("TABLE", &t.name));
        let enums = everything.enums.iter().map(|e| format!("DROP TYPE IF EXISTS {};\n", NAMES.object(&e.name)));
        let history = drop("TABLE", &crate::HISTORY_TABLE.into());
        views.chain(tables).chain(enums).chain([history]).collect()
    }

    fn step(&self, step: &Step) -> String {
        let (title, sql) = match step {
            Step::CreateNamespace(name) => {
                ("CreateSchema", format!("CREATE SCHEMA IF NOT EXISTS {};", NAMES.name(name)))
            }
            Step::CreateExtension(extension) => ("CreateExtension", create_extension(extension)),
            Step::AlterExtension { extension, has_new_version, has_new_schema } => {
                let alter = |what: &str, name: Option<&String>| {
                    let (extension, name) = (NAMES.name(&extension.name), NAMES.name(name?));
                    Some(format!("ALTER EXTENSION {extension} {what} {name};"))
                };
                let version = extension.version.as_ref().filter(|_| *has_new_version);
                let schema = extension.schema.as_ref().filter(|_| *has_new_schema);
                let sql: Vec<_> = alter("UPDATE TO", version).into_iter().chain(alter("SET SCHEMA", schema)).collect();
                ("AlterExtension", sql.join("\n"))
            }
            Step::RenameEnum { from, to } => {
                ("RenameEnum", format!("ALTER TYPE {} RENAME TO {};", NAMES.object(from), NAMES.name(&to.name)))
            }
            Step::RenameEnumValue { name, from, to } => (
                "RenameEnumValue",
                format!("ALTER TYPE {} RENAME VALUE {} TO {};", NAMES.object(name), text(from), text(to)),
            ),
            Step::RenameTable { from, to } => ("RenameTable", NAMES.rename_table(from, to)),
            Step::RenameColumn { table, from, to } => ("RenameColumn", NAMES.rename_column(table, from, to)),
            Step::CreateEnum(new) => ("CreateEnum", create_enum(&new.name, new)),
            Step::AlterEnum(change) => ("AlterEnum", self.alter_enum(change)),
            Step::DropForeignKey { table, name } => {
                ("DropForeignKey", format!("ALTER TABLE {} DROP CONSTRAINT {};", NAMES.object(table), NAMES.name(name)))
            }
            Step::DropIndex { table, index } => ("DropIndex", self.drop_index(table, index)),
            Step::AlterTable(change) => ("AlterTable", self.alter_table(change)),
            Step::AlterSequence { name, from, to } => ("AlterSequence", alter_sequence(name, from, to)),
            Step::DropTable { name } => ("DropTable", format!("DROP TABLE {};", NAMES.object(name))),
            Step::DropEnum { name } => ("DropEnum", format!("DROP TYPE {};", NAMES.object(name))),
            Step::CreateTable(table) => ("CreateTable", self.create_table(table)),
            // Tables are changed as they are.
            Step::RedefineTable { to, .. } => ("CreateTable", self.create_table(to)),
            Step::CreateIndex { table, index } => ("CreateIndex", create_index(table, index)),
            Step::RenameForeignKey { table, from, to } => ("RenameForeignKey", rename_constraint(table, from, to)),
            Step::AddForeignKey { table, key } => ("AddForeignKey", add_foreign_key(table, key)),
            Step::RenameIndex { table, from, to } => (
                "RenameIndex",
                format!("ALTER INDEX {} RENAME TO {};", NAMES.object(&table.sibling(from)), NAMES.name(to)),
            ),
        };
        format!("-- {title}\n{sql}\n")
    }

    fn drop_index(&self, table: &ObjectName, index: &Index) -> String {
        match index.is_constraint && self.drops_constraints {
            true => format!("ALTER TABLE {} DROP CONSTRAINT {};", NAMES.object(table), NAMES.name(&index.name)),
            false => {
                let cascade = if index.is_constraint { " CASCADE" } else { "" };
                format!("DROP INDEX {}{cascade};", NAMES.object(&table.sibling(&index.name)))
            }
        }
    }

    fn alter_enum(&self, change: &EnumChange) -> String {
        let name = NAMES.object(&change.to.name);
        if !change.is_remade {
            let add = change.added().map(|v| format!("ALTER TYPE {name} ADD VALUE {};", text(v)));
            let drop = change.removed().map(|v| format!("ALTER TYPE {name} DROP VALUE {};", text(v)));
            return add.chain(drop).collect::<Vec<_>>().join("\n");
        }
        let new = change.new_name();
        let mut lines: Vec<_> = change.uses.iter().map(|(of, _)| drop_use(of)).collect();
        lines.push(create_enum(&new, &change.to));
        let is_there = |value: &str| change.to.values.iter().any(|v| v == value);
        let mut defaults = Vec::new();
        for (table, column) in &change.columns {
            let (table, quoted) = (NAMES.object(table), NAMES.name(&column.name));
            if let Some(default) = &column.default {
                lines.push(format!("ALTER TABLE {table} ALTER COLUMN {quoted} DROP DEFAULT;"));
                let is_left = match default {
                    crate::ColumnDefault::Text(value) => is_there(value),
                    crate::ColumnDefault::List(values) => {
                        values.iter().all(|v| matches!(v, crate::ColumnDefault::Text(value) if is_there(value)))
                    }
                    crate::ColumnDefault::Expression(sql) => !change.removed().any(|v| sql.contains(&text(v))),
                    _ => true,
                };
                if is_left {
                    let sql = self.default(default, &column.data_type);
                    defaults.push(format!("ALTER TABLE {table} ALTER COLUMN {quoted} SET DEFAULT {sql};"));
                }
            }
            let list = if column.data_type.is_list { "[]" } else { "" };
            let new = NAMES.object(&new);
            lines.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {quoted} TYPE {new}{list} USING ({quoted}::text{list}::{new}{list});"
            ));
        }
        let old = change.old_name();
        lines.push(format!("ALTER TYPE {name} RENAME TO {};", NAMES.name(&old.name)));
        lines.push(format!("ALTER TYPE {} RENAME TO {};", NAMES.object(&new), NAMES.name(&change.to.name.name)));
        if !change.is_outlived {
            lines.push(format!("DROP TYPE {};", NAMES.object(&old)));
        }
        lines.extend(defaults);
        lines.extend(change.uses.iter().filter(|(_, comes_back)| *comes_back).map(|(of, _)| create_use(of)));
        lines.join("\n")
    }

    fn create_table(&self, table: &Table) -> String {
        let mut sql = format!("CREATE TABLE {} (\n", NAMES.object(&table.name));
        let columns: Vec<_> = table.columns.iter().map(|c| format!("    {}", self.definition(c))).collect();
        sql += &columns.join(",\n");
        if let Some(key) = &table.primary_key {
            let _ = write!(sql, ",\n\n    {}", primary_key(key));
        }
        sql + "\n);"
    }

    /// A column in a table's definition.
    fn definition(&self, column: &Column) -> String {
        let mut sql = format!("{} {}", NAMES.name(&column.name), self.counted_type(column));
        if !column.is_nullable && !column.data_type.is_list {
            sql += " NOT NULL";
        }
        if let Some(default) = &column.default {
            let _ = write!(sql, " DEFAULT {}", self.default(default, &column.data_type));
        }
        if let Some(counter) = column.autoincrement.as_ref().and_then(|a| self.counter(a)) {
            let _ = write!(sql, " {counter}");
        }
        sql
    }

    /// The name of a type.
    pub(crate) fn type_name(&self, ty: &ColumnType) -> String {
        let list = if ty.is_list { "[]" } else { "" };
        match &ty.base {
            BaseType::Enum(name) => format!("{}{list}", NAMES.object(name)),
            BaseType::Values(_) => format!("TEXT{list}"),
            BaseType::Native { .. } | BaseType::Other(_) => ty.to_string(),
        }
    }

    fn alter_table(&self, change: &TableChange) -> String {
        let table = NAMES.object(&change.table);
        let (mut before, mut lines, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for change_of in &change.changes {
            match change_of {
                Change::DropPrimaryKey(key) => {
                    let usual = format!("{}_pkey", change.table.name);
                    let name = key.name.as_ref().unwrap_or(&usual);
                    lines.push(format!("DROP CONSTRAINT {}", NAMES.name(name)));
                }
                Change::RenamePrimaryKey { from, to } => before.push(rename_constraint(&change.table, from, to)),
                Change::DropColumn(column) => lines.push(format!("DROP COLUMN {}", NAMES.name(&column.name))),
                Change::AddColumn(column) => {
                    lines.push(format!("ADD COLUMN     {}", self.definition(column)));
                }
                Change::AlterColumn(column) => {
                    self.alter_column(&change.table, column, &mut before, &mut lines, &mut after);
                }
                Change::AddPrimaryKey(key) => lines.push(format!("ADD {}", primary_key(key))),
                // Indexes come and go by themselves.
                Change::DropIndex(index) => before.push(self.drop_index(&change.table, index)),
                Change::AddIndex(index) => after.push(create_index(&change.table, index)),
            }
        }
        if !lines.is_empty() {
            before.extend(self.altered(&table, lines));
        }
        before.extend(after);
        before.join("\n")
    }

    fn alter_column(
        &self,
        table: &ObjectName,
        change: &ColumnChange,
        before: &mut Vec<String>,
        lines: &mut Vec<String>,
        after: &mut Vec<String>,
    ) {
        let name = NAMES.name(&change.to.name);
        let alter = |what: &str| format!("ALTER COLUMN {name} {what}");
        let (from, to) = (&change.from, &change.to);
        let is_identity = |c: &Column| c.autoincrement.as_ref().is_some_and(|a| a.is_identity);
        let has_default = from.default.is_some() || from.autoincrement.is_some() && !is_identity(from);
        let sets_default = to.default.is_some() && (change.has_new_default || change.has_new_type);
        // The old default may not go with the new type.
        let drops_default = has_default
            && (change.has_new_type && !(from.autoincrement.is_some() && to.autoincrement.is_some())
                || change.has_new_default && !sets_default
                || change.has_new_autoincrement && !sets_default);
        if change.has_new_autoincrement && is_identity(from) {
            lines.push(alter("DROP IDENTITY"));
        }
        if drops_default {
            lines.push(alter("DROP DEFAULT"));
        }
        if change.has_new_type {
            let ty = self.type_name(&to.data_type);
            let using = self.using(&from.data_type, &to.data_type);
            let using = using.map(|cast| format!(" USING ({name}{cast})")).unwrap_or_default();
            lines.push(alter(&format!("SET DATA TYPE {ty}{using}")));
        }
        if change.becomes_required() {
            if let Some(default) = &to.default {
                // Before the type changes, so that the statement is one of the old column.
                let target = if change.has_new_type { &mut *after } else { &mut *before };
                let sql = self.default(default, &to.data_type);
                target.push(format!("UPDATE {} SET {name} = {sql} WHERE {name} IS NULL;", NAMES.object(table)));
            }
            match (&to.default, change.has_new_type) {
                (Some(_), true) => {
                    after.push(format!("ALTER TABLE {} {};", NAMES.object(table), alter("SET NOT NULL")))
                }
                _ => lines.push(alter("SET NOT NULL")),
            }
        }
        if change.becomes_optional() {
            lines.push(alter("DROP NOT NULL"));
        }
        if let Some(default) = to.default.as_ref().filter(|_| sets_default) {
            lines.push(alter(&format!("SET DEFAULT {}", self.default(default, &to.data_type))));
        }
        after.extend(self.resize_sequence(table, change));
        if change.has_new_autoincrement {
            self.alter_counter(table, change, before, lines, after);
        }
    }
}

/// A constraint's definition.
fn primary_key(key: &crate::PrimaryKey) -> String {
    let name = key.name.as_ref().map(|n| format!("CONSTRAINT {} ", NAMES.name(n))).unwrap_or_default();
    format!("{name}PRIMARY KEY ({})", NAMES.columns(&key.columns, ","))
}

fn create_extension(extension: &Extension) -> String {
    let mut sql = format!("CREATE EXTENSION IF NOT EXISTS {}", NAMES.name(&extension.name));
    let schema = extension.schema.as_ref().map(|s| format!("SCHEMA {}", NAMES.name(s)));
    let version = extension.version.as_ref().map(|v| format!("VERSION {}", NAMES.name(v)));
    let options: Vec<_> = schema.into_iter().chain(version).collect();
    if !options.is_empty() {
        let _ = write!(sql, " WITH {}", options.join(" "));
    }
    sql + ";"
}

fn create_enum(name: &ObjectName, new: &EnumType) -> String {
    format!("CREATE TYPE {} AS ENUM ({});", NAMES.object(name), texts(&new.values))
}

fn drop_use(of: &EnumUse) -> String {
    match &of.definition {
        EnumUseDefinition::Check(_) => {
            format!("ALTER TABLE {} DROP CONSTRAINT {};", NAMES.object(&of.table), NAMES.name(&of.name))
        }
        EnumUseDefinition::IndexSql(_) | EnumUseDefinition::Index(_) => {
            format!("DROP INDEX {};", NAMES.object(&of.table.sibling(&of.name)))
        }
    }
}

fn create_use(of: &EnumUse) -> String {
    match &of.definition {
        EnumUseDefinition::Check(sql) => {
            format!("ALTER TABLE {} ADD CONSTRAINT {} {sql};", NAMES.object(&of.table), NAMES.name(&of.name))
        }
        EnumUseDefinition::IndexSql(sql) => format!("{sql};"),
        EnumUseDefinition::Index(index) => create_index(&of.table, index),
    }
}

fn create_index(table: &ObjectName, index: &Index) -> String {
    let unique = if index.is_unique() { "UNIQUE " } else { "" };
    let method = index.algorithm.as_ref().map(|a| format!(" USING {} ", a.to_uppercase())).unwrap_or_default();
    let condition = index.predicate.as_ref().map(|p| format!(" WHERE {p}")).unwrap_or_default();
    format!(
        "CREATE {unique}INDEX {} ON {}{method}({}){condition};",
        NAMES.name(&index.name),
        NAMES.object(table),
        NAMES.columns(&index.columns, ", ")
    )
}

fn add_foreign_key(table: &ObjectName, key: &ForeignKey) -> String {
    let name = key.name.as_ref().map(|n| format!("CONSTRAINT {} ", NAMES.name(n))).unwrap_or_default();
    format!("ALTER TABLE {} ADD {name}{};", NAMES.object(table), NAMES.foreign_key(key))
}

fn rename_constraint(table: &ObjectName, from: &str, to: &str) -> String {
    format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {};", NAMES.object(table), NAMES.name(from), NAMES.name(to))
}
