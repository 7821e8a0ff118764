//! What a MySQL or MariaDB database has: six queries, however many tables.

use std::collections::{HashMap, HashSet};

use prisma_core::Error;
use prisma_core::driver::{Connection, Row};

use super::holder;
use super::types::{BOOLEAN, TYPES};
use crate::HISTORY_TABLE;
use crate::column::{Autoincrement, BaseType, ColumnDefault, ColumnType};
use crate::database::{Column, DatabaseSchema, ForeignKey, Index, IndexColumn, IndexKind, Remark, Table, View};
use crate::read::{integer, optional_text, read, text};
use crate::sql::read_action;

const VERSION: &str = "SELECT VERSION()";

const TABLES: &str = "SELECT table_name, table_type, table_collation FROM information_schema.tables \
    WHERE table_schema = DATABASE() ORDER BY table_name";

const COLUMNS: &str = "SELECT table_name, column_name, column_type, is_nullable, column_default, extra, collation_name, \
    column_comment FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position";

/// MariaDB keeps JSON as text that is checked.
const JSON_CHECKS: &str = "SELECT table_name, check_clause FROM information_schema.check_constraints \
    WHERE constraint_schema = DATABASE() AND check_clause LIKE 'json_valid(%)'";

const INDEXES: &str = "SELECT table_name, index_name, CAST(non_unique AS SIGNED), column_name, collation, \
    CAST(sub_part AS SIGNED), index_type FROM information_schema.statistics WHERE table_schema = DATABASE() \
    ORDER BY table_name, index_name, seq_in_index";

const FOREIGN_KEYS: &str = "SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, \
    k.referenced_column_name, r.delete_rule, r.update_rule, CAST(k.ordinal_position AS SIGNED) \
    FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r \
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name \
    WHERE k.table_schema = DATABASE() ORDER BY k.table_name, k.constraint_name, k.ordinal_position";

pub(super) async fn describe(connection: &mut dyn Connection) -> Result<DatabaseSchema, Error> {
    let version = read(connection, VERSION, |row| text(row, 0)).await?;
    let is_mariadb = version.iter().any(|v| v.contains("MariaDB"));
    let mut found = Found { is_mariadb, ..Found::default() };
    let tables = |row: &dyn Row| Ok((text(row, 0)?, text(row, 1)?, optional_text(row, 2)?));
    for (name, kind, collation) in read(connection, TABLES, tables).await? {
        found.relation(name, &kind, collation);
    }
    if is_mariadb {
        let checks = read(connection, JSON_CHECKS, |row| Ok((text(row, 0)?, text(row, 1)?))).await?;
        found.json.extend(checks);
    }
    for column in read(connection, COLUMNS, FoundColumn::read).await? {
        found.column(column);
    }
    for column in read(connection, INDEXES, FoundIndexColumn::read).await? {
        found.index_column(column);
    }
    for column in read(connection, FOREIGN_KEYS, FoundKeyColumn::read).await? {
        found.key_column(column);
    }
    Ok(found.finish())
}

#[derive(Default)]
struct Found {
    is_mariadb: bool,
    schema: DatabaseSchema,
    /// Place of a table among the tables.
    places: HashMap<String, usize>,
    /// The collation of a table.
    collations: HashMap<String, String>,
    /// Tables, and the checks that make their columns JSON.
    json: HashSet<(String, String)>,
    /// Indexes that no schema can say: over expressions or places.
    beyond: HashSet<(String, String)>,
}

struct FoundColumn {
    table: String,
    name: String,
    spelled: String,
    is_nullable: bool,
    default: Option<String>,
    extra: String,
    collation: Option<String>,
    comment: String,
}

impl FoundColumn {
    fn read(row: &dyn Row) -> Result<Self, Error> {
        Ok(Self {
            table: text(row, 0)?,
            name: text(row, 1)?,
            spelled: text(row, 2)?,
            is_nullable: text(row, 3)? == "YES",
            default: optional_text(row, 4)?,
            extra: text(row, 5)?,
            collation: optional_text(row, 6)?,
            comment: text(row, 7)?,
        })
    }
}

struct FoundIndexColumn {
    table: String,
    name: String,
    is_unique: bool,
    column: Option<String>,
    is_descending: bool,
    length: Option<u32>,
    kind: String,
}

impl FoundIndexColumn {
    fn read(row: &dyn Row) -> Result<Self, Error> {
        Ok(Self {
            table: text(row, 0)?,
            name: text(row, 1)?,
            is_unique: integer(row, 2)? == 0,
            column: optional_text(row, 3)?,
            is_descending: optional_text(row, 4)?.as_deref() == Some("D"),
            length: u32::try_from(integer(row, 5)?).ok().filter(|l| *l > 0),
            kind: text(row, 6)?,
        })
    }
}

struct FoundKeyColumn {
    table: String,
    place: i64,
    column: String,
    referenced_column: String,
    key: ForeignKey,
}

impl FoundKeyColumn {
    fn read(row: &dyn Row) -> Result<Self, Error> {
        Ok(Self {
            table: text(row, 0)?,
            column: text(row, 2)?,
            referenced_column: text(row, 4)?,
            place: integer(row, 7)?,
            key: ForeignKey {
                name: Some(text(row, 1)?),
                columns: Vec::new(),
                referenced_table: text(row, 3)?.as_str().into(),
                referenced_columns: Vec::new(),
                on_delete: read_action(&text(row, 5)?),
                on_update: read_action(&text(row, 6)?),
            },
        })
    }
}

impl Found {
    fn relation(&mut self, name: String, kind: &str, collation: Option<String>) {
        match kind {
            "VIEW" => self.schema.views.push(View::named(name.as_str().into())),
            "BASE TABLE" if name != HISTORY_TABLE => {
                self.collations.extend(collation.map(|c| (name.clone(), c)));
                self.places.insert(name.clone(), self.schema.tables.len());
                self.schema.tables.push(Table { name: name.as_str().into(), ..Table::default() });
            }
            _ => {}
        }
    }

    fn table(&mut self, name: &str) -> Option<&mut Table> {
        let place = *self.places.get(name)?;
        self.schema.tables.get_mut(place)
    }

    fn column(&mut self, found: FoundColumn) {
        let is_json = self.json.contains(&(found.table.clone(), format!("json_valid(`{}`)", found.name)));
        let data_type = if is_json { ColumnType::native("JSON") } else { column_type(&found.spelled) };
        let extra = found.extra.to_lowercase();
        let is_generated = extra.contains("virtual generated") || extra.contains("stored generated");
        let is_expression = self.is_mariadb || extra.contains("default_generated");
        let default = found.default.filter(|_| !is_generated).and_then(|sql| match is_expression {
            true => holder(&data_type).read(&sql),
            false => Some(constant(sql, &data_type)),
        });
        let collation = found.collation.filter(|c| !is_json && self.collations.get(&found.table) != Some(c));
        let on_update = extra.find("on update").map(|at| found.extra[at..].to_owned());
        let comment = Some(found.comment).filter(|c| !c.is_empty());
        let comment = comment.map(|c| format!("COMMENT {}", super::render::texts(&[c])));
        let unmanaged: Vec<_> = on_update.into_iter().chain(comment).collect();
        let column = Column {
            name: found.name,
            data_type,
            is_nullable: found.is_nullable,
            default,
            autoincrement: extra.contains("auto_increment").then(Autoincrement::default),
            collation,
            unmanaged: (!unmanaged.is_empty()).then(|| unmanaged.join(" ")),
        };
        if let Some(table) = self.table(&found.table) {
            table.columns.push(column);
        } else if let Some(view) = self.schema.views.iter_mut().find(|v| v.name.name == found.table) {
            view.columns.push(column);
        }
    }

    fn index_column(&mut self, found: FoundIndexColumn) {
        let kind = match (found.kind.as_str(), found.is_unique) {
            ("FULLTEXT", _) => Some(IndexKind::Fulltext),
            ("BTREE" | "HASH", true) => Some(IndexKind::Unique),
            ("BTREE" | "HASH", false) => Some(IndexKind::Normal),
            _ => None,
        };
        let (Some(kind), Some(column)) = (kind, found.column) else {
            self.beyond.insert((found.table, found.name));
            return;
        };
        let Some(table) = self.table(&found.table) else { return };
        let column = IndexColumn {
            name: column,
            is_descending: found.is_descending,
            length: found.length,
            operator_class: None,
        };
        if found.name == "PRIMARY" {
            table.primary_key.get_or_insert_default().columns.push(column);
            return;
        }
        match table.indexes.last_mut().filter(|i| i.name == found.name) {
            Some(index) => index.columns.push(column),
            None => table.indexes.push(Index { name: found.name, kind, columns: vec![column], ..Index::default() }),
        }
    }

    fn key_column(&mut self, found: FoundKeyColumn) {
        let Some(table) = self.table(&found.table) else { return };
        if found.place == 1 {
            table.foreign_keys.push(found.key);
        }
        if let Some(key) = table.foreign_keys.last_mut() {
            key.columns.push(found.column);
            key.referenced_columns.push(found.referenced_column);
        }
    }

    fn finish(mut self) -> DatabaseSchema {
        for table in &mut self.schema.tables {
            table.indexes.retain(|i| !self.beyond.contains(&(table.name.name.clone(), i.name.clone())));
        }
        let remark = |(table, index): (String, String)| Remark {
            table: table.as_str().into(),
            what: format!("the index `{index}` over expressions or places"),
        };
        self.schema.remarks.extend(self.beyond.into_iter().map(remark));
        self.schema
    }
}

/// A constant as MySQL gives it back: without quotes.
fn constant(value: String, ty: &ColumnType) -> ColumnDefault {
    use crate::native::Family::{Bits, Boolean, Bytes, Decimal, Float, Integer, SizedBytes};
    let family = TYPES.row(ty).map(|r| r.family);
    let as_written = matches!(family, Some(Bits | Boolean | Decimal | Float(_) | Integer { .. }))
        || matches!(family, Some(Bytes(_) | SizedBytes)) && value.starts_with("0x");
    match as_written {
        true => holder(ty).read(&value).unwrap_or(ColumnDefault::Expression(value)),
        false if matches!(family, Some(Bytes(_) | SizedBytes)) => ColumnDefault::Bytes(value.into_bytes()),
        false if value.to_lowercase().starts_with("current_timestamp") => ColumnDefault::Now,
        false => ColumnDefault::Text(value),
    }
}

/// Reads a type, as in `int(10) unsigned` or `enum('a','b')`.
fn column_type(spelled: &str) -> ColumnType {
    let native = |name: &str, arguments| BaseType::Native { name: name.to_owned(), arguments };
    let base = if spelled == "tinyint(1)" {
        native(BOOLEAN, Vec::new())
    } else if let Some(values) = spelled.strip_prefix("enum(").and_then(|v| v.strip_suffix(')')) {
        BaseType::Values(enum_values(values))
    } else {
        let (name, rest) = spelled.split_once('(').unwrap_or((spelled, ")"));
        let (inner, suffix) = rest.split_once(')').unwrap_or((rest, ""));
        let arguments: Vec<u32> = inner.split(',').filter_map(|a| a.trim().parse().ok()).collect();
        match TYPES.by_catalogue(&format!("{}{suffix}", name.trim())) {
            // How wide a number is shown says nothing of what it holds.
            Some(row) if matches!(row.family, crate::native::Family::Integer { .. }) || row.sql == "YEAR" => {
                native(row.sql, Vec::new())
            }
            Some(row) if !matches!(row.family, crate::native::Family::Float(_)) || arguments.is_empty() => {
                native(row.sql, arguments)
            }
            _ => BaseType::Other(spelled.to_owned()),
        }
    };
    ColumnType { base, is_list: false }
}

/// `'a','b''c'`
fn enum_values(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut value = String::new();
    let mut is_within = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' if is_within && chars.peek() == Some(&'\'') => value.extend(chars.next()),
            '\'' => {
                is_within = !is_within;
                if !is_within {
                    values.push(std::mem::take(&mut value));
                }
            }
            '\\' if is_within => value.extend(chars.next()),
            c if is_within => value.push(c),
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read() {
        for (spelled, written) in [
            ("int(11)", "INTEGER"),
            ("int", "INTEGER"),
            ("int(10) unsigned", "INTEGER UNSIGNED"),
            ("tinyint(1)", "BOOLEAN"),
            ("tinyint(4)", "TINYINT"),
            ("tinyint(1) unsigned", "TINYINT UNSIGNED"),
            ("varchar(191)", "VARCHAR(191)"),
            ("decimal(65,30)", "DECIMAL(65,30)"),
            ("datetime(3)", "DATETIME(3)"),
            ("timestamp", "TIMESTAMP"),
            ("year(4)", "YEAR"),
            ("double", "DOUBLE"),
            ("double(10,2)", "double(10,2)"),
            ("decimal(10,2) unsigned", "decimal(10,2) unsigned"),
            ("set('a','b')", "set('a','b')"),
            ("enum('a','b''c')", "ENUM(a, b'c)"),
            ("point", "point"),
        ] {
            assert_eq!(column_type(spelled).to_string(), written, "{spelled}");
        }
    }

    #[test]
    fn constants_are_read() {
        let read = |value: &str, ty: &str| constant(value.to_owned(), &column_type(ty));
        assert_eq!(read("it's", "varchar(3)"), ColumnDefault::Text("it's".into()));
        assert_eq!(read("1.50", "decimal(10,2)"), ColumnDefault::Number("1.50".into()));
        assert_eq!(read("1", "tinyint(1)"), ColumnDefault::Boolean(true));
        assert_eq!(read("b'1'", "bit(1)"), ColumnDefault::Boolean(true));
        assert_eq!(read("0x00FF", "varbinary(2)"), ColumnDefault::Bytes(vec![0, 255]));
    }
}
