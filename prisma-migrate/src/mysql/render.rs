//! Steps as the SQL of MySQL and MariaDB, laid out as Prisma lays it out.

use std::fmt::Write;

use super::types::TYPES;
use crate::column::{BaseType, ColumnDefault, ColumnType};
use crate::database::{Column, DatabaseSchema, Index, IndexKind, PrimaryKey, Table};
use crate::default::{instant, time};
use crate::diff::{Change, ColumnChange, Step, TableChange};
use crate::expression;
use crate::native::Family;
use crate::sql::{BACKTICKS as NAMES, hex};

pub(super) fn render(steps: &[Step]) -> String {
    steps.iter().filter_map(step).collect::<Vec<_>>().join("\n")
}

pub(super) fn reset(everything: &DatabaseSchema) -> String {
    let views = everything.views.iter().map(|v| format!("DROP VIEW IF EXISTS {};\n", NAMES.object(&v.name)));
    let tables = everything.tables.iter().map(|t| NAMES.object(&t.name)).chain([NAMES.name(crate::HISTORY_TABLE)]);
    let tables = tables.map(|t| format!("DROP TABLE IF EXISTS {t};\n"));
    let body: String = views.chain(tables).collect();
    format!("SET FOREIGN_KEY_CHECKS = 0;\n{body}SET FOREIGN_KEY_CHECKS = 1;\n")
}

fn step(step: &Step) -> Option<String> {
    let (title, sql) = match step {
        Step::RenameTable { from, to } => ("RenameTable", NAMES.rename_table(from, to)),
        Step::RenameColumn { table, from, to } => ("RenameColumn", NAMES.rename_column(table, from, to)),
        Step::DropForeignKey { table, name } => {
            ("DropForeignKey", format!("ALTER TABLE {} DROP FOREIGN KEY {};", NAMES.object(table), NAMES.name(name)))
        }
        Step::DropIndex { table, index } => {
            ("DropIndex", format!("DROP INDEX {} ON {};", NAMES.name(&index.name), NAMES.object(table)))
        }
        Step::AlterTable(change) => ("AlterTable", alter_table(change)),
        Step::DropTable { name } => ("DropTable", format!("DROP TABLE {};", NAMES.object(name))),
        Step::CreateTable(table) => ("CreateTable", create_table(table)),
        // Tables are changed as they are.
        Step::RedefineTable { to, .. } => ("CreateTable", create_table(to)),
        Step::CreateIndex { table, index } => {
            let columns = NAMES.columns(&index.columns, ", ");
            let (kind, name, table) = (index_kind(index), NAMES.name(&index.name), NAMES.object(table));
            ("CreateIndex", format!("CREATE {kind} {name} ON {table}({columns});"))
        }
        Step::AddForeignKey { table, key } => {
            let name = key.name.as_ref().map(|n| format!("CONSTRAINT {} ", NAMES.name(n))).unwrap_or_default();
            let sql = format!("ALTER TABLE {} ADD {name}{};", NAMES.object(table), NAMES.foreign_key(key));
            ("AddForeignKey", sql)
        }
        Step::RenameIndex { table, from, to } => {
            let (from, to) = (NAMES.name(from), NAMES.name(to));
            ("RenameIndex", format!("ALTER TABLE {} RENAME INDEX {from} TO {to};", NAMES.object(table)))
        }
        // MySQL has none of these.
        Step::CreateNamespace(_)
        | Step::CreateExtension(_)
        | Step::AlterExtension { .. }
        | Step::CreateEnum(_)
        | Step::AlterEnum(_)
        | Step::AlterSequence { .. }
        | Step::RenameEnum { .. }
        | Step::RenameEnumValue { .. }
        | Step::DropEnum { .. }
        | Step::RenameForeignKey { .. } => return None,
    };
    Some(format!("-- {title}\n{sql}\n"))
}

fn create_table(table: &Table) -> String {
    let columns: Vec<_> = table.columns.iter().map(|c| format!("    {}", definition(c))).collect();
    let mut sql = format!("CREATE TABLE {} (\n{}", NAMES.object(&table.name), columns.join(",\n"));
    let indexes = table.indexes.iter().map(index_definition);
    let keys: Vec<_> = indexes.chain(table.primary_key.as_ref().map(primary_key)).map(|k| format!("    {k}")).collect();
    if !keys.is_empty() {
        let _ = write!(sql, ",\n\n{}", keys.join(",\n"));
    }
    sql + "\n) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;"
}

fn primary_key(key: &PrimaryKey) -> String {
    format!("PRIMARY KEY ({})", NAMES.columns(&key.columns, ", "))
}

fn index_kind(index: &Index) -> &'static str {
    match index.kind {
        IndexKind::Unique => "UNIQUE INDEX",
        IndexKind::Normal => "INDEX",
        IndexKind::Fulltext => "FULLTEXT INDEX",
    }
}

fn index_definition(index: &Index) -> String {
    format!("{} {}({})", index_kind(index), NAMES.name(&index.name), NAMES.columns(&index.columns, ", "))
}

fn definition(column: &Column) -> String {
    let mut sql = format!("{} {}", NAMES.name(&column.name), type_name(&column.data_type));
    if let Some(collation) = column.collation.as_ref().filter(|_| holds_text(&column.data_type)) {
        let _ = write!(sql, " COLLATE {collation}");
    }
    sql += if column.is_nullable { " NULL" } else { " NOT NULL" };
    if let Some(default) = &column.default {
        let _ = write!(sql, " DEFAULT {}", default_sql(default, &column.data_type));
    }
    if column.autoincrement.is_some() {
        sql += " AUTO_INCREMENT";
    }
    if let Some(unmanaged) = &column.unmanaged {
        let _ = write!(sql, " {unmanaged}");
    }
    sql
}

fn holds_text(ty: &ColumnType) -> bool {
    matches!(family(ty), Some(Family::Text(_) | Family::SizedText | Family::Padded))
        || matches!(ty.base, BaseType::Values(_))
}

fn type_name(ty: &ColumnType) -> String {
    match &ty.base {
        BaseType::Values(values) => format!("ENUM({})", texts(values)),
        BaseType::Native { name, arguments } if !arguments.is_empty() => {
            let arguments: Vec<_> = arguments.iter().map(u32::to_string).collect();
            format!("{name}({})", arguments.join(", "))
        }
        _ => ty.to_string(),
    }
}

fn family(ty: &ColumnType) -> Option<Family> {
    TYPES.row(ty).map(|r| r.family)
}

/// Text in single quotes.
fn text(value: &str) -> String {
    crate::sql::text(&value.replace('\\', "\\\\"))
}

/// Texts in single quotes.
pub(super) fn texts(values: &[String]) -> String {
    values.iter().map(|v| text(v)).collect::<Vec<_>>().join(", ")
}

pub(super) fn default_sql(default: &ColumnDefault, ty: &ColumnType) -> String {
    let family = family(ty);
    let sql = match default {
        ColumnDefault::Text(value) => text(&local(value, family).unwrap_or_else(|| value.clone())),
        ColumnDefault::Number(number) => number.clone(),
        ColumnDefault::Boolean(value) => value.to_string(),
        ColumnDefault::Bytes(bytes) if family == Some(Family::Bits) => {
            return format!("b'{}'", bytes.iter().map(|b| format!("{b:08b}")).collect::<String>());
        }
        // As an expression: what it is told of a constant, MySQL gives back as text.
        ColumnDefault::Bytes(bytes) if bytes.is_empty() => return "('')".to_owned(),
        ColumnDefault::Bytes(bytes) => return format!("(0x{})", hex(bytes)),
        // No schema for MySQL has lists.
        ColumnDefault::List(_) => "'[]'".to_owned(),
        ColumnDefault::Now => {
            let precision = match &ty.base {
                BaseType::Native { arguments, .. } => arguments.first().map(|p| format!("({p})")).unwrap_or_default(),
                _ => String::new(),
            };
            return match family {
                Some(Family::Date) => "(CURRENT_DATE)".to_owned(),
                Some(Family::Time) => format!("(CURRENT_TIME{precision})"),
                _ => format!("CURRENT_TIMESTAMP{precision}"),
            };
        }
        ColumnDefault::Expression(sql) if expression::is_in_parentheses(sql) => return sql.clone(),
        ColumnDefault::Expression(sql) => return format!("({sql})"),
    };
    // These have no constants as defaults, but expressions.
    match family {
        Some(Family::Text(_) | Family::Bytes(_) | Family::Json) => format!("({sql})"),
        _ => sql,
    }
}

/// An instant as MySQL reads it: without a zone.
fn local(value: &str, family: Option<Family>) -> Option<String> {
    let format = match family? {
        Family::Instant => "%Y-%m-%d %H:%M:%S%.f",
        Family::Date => "%Y-%m-%d",
        Family::Time => "%H:%M:%S%.f",
        _ => return None,
    };
    match family? {
        Family::Time => Some(time(value)?.format(format).to_string()),
        _ => Some(instant(value)?.format(format).to_string()),
    }
}

fn alter_table(change: &TableChange) -> String {
    let table = NAMES.object(&change.table);
    let (mut before, mut lines) = (Vec::new(), Vec::new());
    for change in &change.changes {
        lines.push(match change {
            Change::DropPrimaryKey(_) => "DROP PRIMARY KEY".to_owned(),
            // Primary keys have no names.
            Change::RenamePrimaryKey { .. } => continue,
            Change::DropColumn(column) => format!("DROP COLUMN {}", NAMES.name(&column.name)),
            Change::AddColumn(column) => format!("ADD COLUMN {}", definition(column)),
            Change::AlterColumn(column) => {
                before.extend(rename_values(&table, column));
                before.extend(fill_nulls(&table, column));
                alter_column(column)
            }
            Change::AddPrimaryKey(key) => format!("ADD {}", primary_key(key)),
            Change::DropIndex(index) => format!("DROP INDEX {}", NAMES.name(&index.name)),
            Change::AddIndex(index) => format!("ADD {}", index_definition(index)),
        });
    }
    before.push(format!("ALTER TABLE {table} {};", lines.join(",\n    ")));
    before.join("\n")
}

/// While values get other names, the column holds both.
fn rename_values(table: &str, change: &ColumnChange) -> Vec<String> {
    let BaseType::Values(old) = &change.from.data_type.base else { return Vec::new() };
    if change.renamed_values.is_empty() {
        return Vec::new();
    }
    let new = change.renamed_values.iter().map(|(_, new)| new);
    let base = BaseType::Values(old.iter().chain(new).cloned().collect());
    let both = Column { data_type: ColumnType { base, is_list: false }, ..change.from.clone() };
    let widened = format!("ALTER TABLE {table} MODIFY {};", definition(&both));
    let column = NAMES.name(&change.to.name);
    let updates = change
        .renamed_values
        .iter()
        .map(|(old, new)| format!("UPDATE {table} SET {column} = {} WHERE {column} = {};", text(new), text(old)));
    [widened].into_iter().chain(updates).collect()
}

/// Where NULL is allowed no longer, the default takes its place, for which the column may need its new type.
fn fill_nulls(table: &str, change: &ColumnChange) -> Vec<String> {
    let Some(default) = change.to.default.as_ref().filter(|_| change.becomes_required()) else { return Vec::new() };
    let (name, sql) = (NAMES.name(&change.to.name), default_sql(default, &change.to.data_type));
    let retyped = change.has_new_type.then(|| {
        let optional = Column { is_nullable: true, ..change.to.clone() };
        format!("ALTER TABLE {table} MODIFY {};", definition(&optional))
    });
    retyped.into_iter().chain([format!("UPDATE {table} SET {name} = {sql} WHERE {name} IS NULL;")]).collect()
}

fn alter_column(change: &ColumnChange) -> String {
    let is_default_alone = !change.has_new_type
        && !change.has_new_autoincrement
        && change.from.is_nullable == change.to.is_nullable
        && change.to.default.is_none();
    match is_default_alone {
        true => format!("ALTER COLUMN {} DROP DEFAULT", NAMES.name(&change.to.name)),
        false => format!("MODIFY {}", definition(&change.to)),
    }
}
