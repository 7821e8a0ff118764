//! What a SQLite database has: four queries, however many tables.

use std::collections::HashMap;

use prisma_core::Error;
use prisma_core::driver::Connection;
use prisma_schema::ReferentialAction;

use super::types;
use crate::HISTORY_TABLE;
use crate::column::{Autoincrement, ColumnDefault, ColumnType};
use crate::database::{
    Column, DatabaseSchema, ForeignKey, Index, IndexColumn, IndexKind, PrimaryKey, Remark, Table, View,
};
use crate::read::{integer, optional_text, read, text};
use crate::sql::read_action;

/// Virtual tables (full-text search, for one) and the tables behind them are their modules' own.
const OBJECTS: &str = "SELECT type, name, tbl_name, sql FROM sqlite_master \
    WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' AND type IN ('table', 'view', 'trigger', 'index') \
    AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow')) \
    ORDER BY rowid";

const COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk \
    FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c \
    WHERE m.type = '{kind}' AND m.sql NOT LIKE 'CREATE VIRTUAL %' AND c.hidden <> 1 ORDER BY m.rowid, c.cid";

const INDEXES: &str = "SELECT m.name, i.name, i.\"unique\", i.origin, i.partial, c.name, c.\"desc\" \
    FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_xinfo(i.name) c \
    WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL %' AND i.origin <> 'pk' AND c.key = 1 ORDER BY m.rowid, i.seq DESC, c.seqno";

const FOREIGN_KEYS: &str = "SELECT m.name, k.id, k.\"table\", k.\"from\", k.\"to\", k.on_delete, k.on_update \
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k \
    WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL %' ORDER BY m.rowid, k.id DESC, k.seq";

pub(super) async fn describe(connection: &mut dyn Connection) -> Result<DatabaseSchema, Error> {
    let mut found = Found::default();
    let objects = read(connection, OBJECTS, |row| {
        Ok((text(row, 0)?, text(row, 1)?, text(row, 2)?, optional_text(row, 3)?.unwrap_or_default()))
    });
    for (kind, name, table, sql) in objects.await? {
        found.object(&kind, name, &table, sql);
    }
    for (table, column, key) in columns(connection, "table").await? {
        found.column(&table, column, key);
    }
    let indexes = read(connection, INDEXES, |row| {
        let column = IndexColumn {
            name: optional_text(row, 5)?.unwrap_or_default(),
            is_descending: integer(row, 6)? != 0,
            ..IndexColumn::default()
        };
        Ok((text(row, 0)?, text(row, 1)?, integer(row, 2)? != 0, text(row, 3)? == "u", column))
    });
    for (table, index, is_unique, is_constraint, column) in indexes.await? {
        found.index_column(&table, index, is_unique, is_constraint, column);
    }
    let keys = read(connection, FOREIGN_KEYS, |row| {
        Ok(KeyColumn {
            table: text(row, 0)?,
            id: integer(row, 1)?,
            referenced_table: text(row, 2)?,
            column: text(row, 3)?,
            referenced_column: optional_text(row, 4)?,
            on_delete: read_action(&text(row, 5)?),
            on_update: read_action(&text(row, 6)?),
        })
    });
    let mut last = None;
    for key in keys.await? {
        found.key_column(key, &mut last);
    }
    Ok(found.finish())
}

/// The columns of all tables or of all views, with their places in primary keys.
async fn columns(connection: &mut dyn Connection, kind: &str) -> Result<Vec<(String, Column, i64)>, Error> {
    read(connection, &COLUMNS.replace("{kind}", kind), |row| {
        let spelled = text(row, 2)?;
        let column = Column {
            name: text(row, 1)?,
            is_nullable: integer(row, 3)? == 0,
            default: optional_text(row, 4)?.and_then(|sql| default(&sql, &spelled)),
            data_type: ColumnType::native(&spelled),
            ..Column::default()
        };
        Ok((text(row, 0)?, column, integer(row, 5)?))
    })
    .await
}

/// Columns of views, and what tables have that no schema can say: the definitions are known already.
pub(super) async fn describe_rest(connection: &mut dyn Connection, schema: &mut DatabaseSchema) -> Result<(), Error> {
    if !schema.views.is_empty() {
        schema.namespaces = vec!["main".to_owned()];
        for (name, column, _) in columns(connection, "view").await? {
            let view = schema.views.iter_mut().find(|v| v.name.name == name);
            view.into_iter().for_each(|v| v.columns.push(column.clone()));
        }
    }
    for table in &schema.tables {
        let beyond = table.lost_by_rebuilding.iter().map(|what| (*what).to_owned());
        let statements = table.unmanaged.iter().map(|sql| {
            let mut words = bare_words(sql).map(|(_, word)| word.to_ascii_lowercase());
            match words.find(|w| w == "trigger" || w == "index").as_deref() {
                Some("trigger") => "triggers".to_owned(),
                _ => "indexes over expressions".to_owned(),
            }
        });
        let mut all: Vec<String> = beyond.chain(statements).collect();
        all.dedup();
        schema.remarks.extend(all.into_iter().map(|what| Remark { table: table.name.clone(), what }));
    }
    Ok(())
}

#[derive(Default)]
struct Found {
    schema: DatabaseSchema,
    /// Place of a table among the tables.
    places: HashMap<String, usize>,
    /// Columns of primary keys, with their places in the key.
    keys: HashMap<String, Vec<(i64, String)>>,
    definitions: HashMap<String, String>,
}

struct KeyColumn {
    table: String,
    id: i64,
    referenced_table: String,
    column: String,
    referenced_column: Option<String>,
    on_delete: ReferentialAction,
    on_update: ReferentialAction,
}

impl Found {
    fn object(&mut self, kind: &str, name: String, table: &str, sql: String) {
        match kind {
            "table" if name == HISTORY_TABLE => {}
            "table" => {
                self.places.insert(name.clone(), self.schema.tables.len());
                self.definitions.insert(name.clone(), sql);
                self.schema.tables.push(Table { name: name.as_str().into(), ..Table::default() });
            }
            "view" => {
                let view = View { definition: Some(selection(&sql)), ..View::named(name.as_str().into()) };
                self.schema.views.push(view);
            }
            "trigger" => {
                if let Some(table) = self.table(table) {
                    table.unmanaged.push(sql);
                }
            }
            _ => {
                self.definitions.insert(name, sql);
            }
        }
    }

    fn table(&mut self, name: &str) -> Option<&mut Table> {
        let place = *self.places.get(name)?;
        self.schema.tables.get_mut(place)
    }

    fn column(&mut self, table: &str, column: Column, key: i64) {
        if key > 0 {
            self.keys.entry(table.to_owned()).or_default().push((key, column.name.clone()));
        }
        if let Some(table) = self.table(table) {
            table.columns.push(column);
        }
    }

    fn index_column(&mut self, table: &str, name: String, is_unique: bool, is_constraint: bool, column: IndexColumn) {
        let predicate = self.definitions.get(&name).and_then(|sql| predicate(sql));
        let Some(table) = self.table(table) else { return };
        match table.indexes.last_mut().filter(|i| i.name == name) {
            Some(index) => index.columns.push(column),
            None => {
                let kind = if is_unique { IndexKind::Unique } else { IndexKind::Normal };
                let columns = vec![column];
                table.indexes.push(Index { name, kind, is_constraint, columns, predicate, algorithm: None });
            }
        }
    }

    /// Adds a column to the foreign key that is being read (`last`: its table and number), or begins the next one.
    fn key_column(&mut self, key: KeyColumn, last: &mut Option<(String, i64)>) {
        // `REFERENCES "User"` alone means its primary key.
        let referenced_column = key.referenced_column.unwrap_or_else(|| {
            let columns = self.keys.get(&key.referenced_table);
            columns.and_then(|c| c.first()).map(|(_, name)| name.clone()).unwrap_or_default()
        });
        let this = Some((key.table.clone(), key.id));
        let goes_on = *last == this;
        *last = this;
        let Some(table) = self.table(&key.table) else { return };
        match table.foreign_keys.last_mut().filter(|_| goes_on) {
            Some(known) => {
                known.columns.push(key.column);
                known.referenced_columns.push(referenced_column);
            }
            None => table.foreign_keys.push(ForeignKey {
                name: None,
                columns: vec![key.column],
                referenced_table: key.referenced_table.as_str().into(),
                referenced_columns: vec![referenced_column],
                on_delete: key.on_delete,
                on_update: key.on_update,
            }),
        }
    }

    fn finish(mut self) -> DatabaseSchema {
        for table in &mut self.schema.tables {
            table.lost_by_rebuilding =
                self.definitions.get(&table.name.name).map(|sql| beyond_schemas(sql)).unwrap_or_default();
            // A column without a name is an expression.
            let is_managed = |i: &Index| i.columns.iter().all(|c| !c.name.is_empty());
            let (managed, unmanaged) = std::mem::take(&mut table.indexes).into_iter().partition(is_managed);
            table.indexes = managed;
            table.unmanaged.extend(unmanaged.iter().filter_map(|i: &Index| self.definitions.get(&i.name).cloned()));
            let Some(mut key) = self.keys.remove(&table.name.name) else { continue };
            key.sort();
            let columns: Vec<_> = key.into_iter().map(|(_, name)| name).collect();
            // No schema can say that a key may be NULL; SQLite allows it, unless told otherwise.
            table.columns.iter_mut().filter(|c| columns.contains(&c.name)).for_each(|c| c.is_nullable = false);
            if let [only] = columns.as_slice() {
                let counts = self.definitions.get(&table.name.name).is_some_and(|sql| has_word(sql, "AUTOINCREMENT"));
                let column = table.columns.iter_mut().find(|c| c.name == *only);
                if let Some(column) = column {
                    column.autoincrement = counts.then(Autoincrement::default);
                }
            }
            let columns = columns.into_iter().map(IndexColumn::plain).collect();
            table.primary_key = Some(PrimaryKey { name: None, columns });
        }
        self.schema
    }
}

/// Reads a default. SQLite takes a name in double quotes that is none for text.
fn default(sql: &str, data_type: &str) -> Option<ColumnDefault> {
    match sql.strip_prefix('"').and_then(|s| s.strip_suffix('"')) {
        Some(text) => Some(ColumnDefault::Text(text.replace("\"\"", "\""))),
        None => types::holder(data_type).read(sql),
    }
}

/// What the definition of a table has that no schema can say.
fn beyond_schemas(sql: &str) -> Vec<&'static str> {
    [
        ("CHECK", "its CHECK constraints"),
        ("COLLATE", "the collations of its columns"),
        ("GENERATED", "that columns are generated"),
        ("STRICT", "that it is STRICT"),
        ("WITHOUT", "that it is WITHOUT ROWID"),
        ("DEFERRABLE", "that foreign keys are deferrable"),
    ]
    .into_iter()
    .filter(|(word, _)| has_word(sql, word))
    .map(|(_, what)| what)
    .collect()
}

/// Whether a word stands in a statement, outside of names, texts and comments.
fn has_word(sql: &str, word: &str) -> bool {
    bare_words(sql).any(|(_, w)| w.eq_ignore_ascii_case(word))
}

/// The query of a view: what stands behind its AS.
fn selection(sql: &str) -> String {
    let word = bare_words(sql).find(|(_, w)| w.eq_ignore_ascii_case("AS"));
    word.map_or(sql, |(at, word)| &sql[at + word.len()..]).trim().to_owned()
}

/// The condition of a partial index: what stands behind its WHERE.
fn predicate(sql: &str) -> Option<String> {
    let (at, word) = bare_words(sql).find(|(_, w)| w.eq_ignore_ascii_case("WHERE"))?;
    Some(sql[at + word.len()..].trim().to_owned())
}

/// The words of a statement that are neither within quotes nor in comments, with their places.
fn bare_words(sql: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        while let Some(c) = sql[rest..].chars().next() {
            let here = &sql[rest..];
            let end = match c {
                '"' | '\'' | '`' => here[1..].find(c).map(|i| i + 2),
                '[' => here.find(']').map(|i| i + 1),
                '-' if here.starts_with("--") => here.find('\n').map(|i| i + 1),
                '/' if here.starts_with("/*") => here.find("*/").map(|i| i + 2),
                c if c.is_alphanumeric() || c == '_' => {
                    let length = here.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(here.len());
                    let word = (rest, &sql[rest..rest + length]);
                    rest += length;
                    return Some(word);
                }
                c => Some(c.len_utf8()),
            };
            rest += end.unwrap_or(here.len());
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_outside_of_quotes() {
        assert!(has_word("CREATE TABLE t (id INTEGER PRIMARY KEY autoincrement)", "AUTOINCREMENT"));
        for sql in [
            "CREATE TABLE t (\"AUTOINCREMENT\" TEXT)",
            "CREATE TABLE t (a /* AUTOINCREMENT */)",
            "[AUTOINCREMENT",
            "'é",
        ] {
            assert!(!has_word(sql, "AUTOINCREMENT"), "{sql}");
        }
        let sql = "CREATE INDEX \"where\" ON t (a) WHERE b = 'where' AND c IS NULL";
        assert_eq!(predicate(sql).as_deref(), Some("b = 'where' AND c IS NULL"));
    }
}
