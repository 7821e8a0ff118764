//! What a PostgreSQL or CockroachDB database has: seven queries, however many tables.

use std::collections::HashMap;

use prisma_core::driver::{Connection, Row};
use prisma_core::{Error, Value};
use prisma_schema::ReferentialAction;

use super::dialect::Spelling;
use crate::HISTORY_TABLE;
use crate::column::{Autoincrement, BaseType, ColumnType};
use crate::database::{
    Column, DatabaseSchema, EnumType, Extension, ForeignKey, Index, IndexColumn, IndexKind, ObjectName, OperatorClass,
    PrimaryKey, Table, View,
};
use crate::read::{integer, optional_text, read_with, text};

const NAMESPACES: &str = "SELECT n.nspname::text FROM pg_catalog.pg_namespace n WHERE {namespaces} ORDER BY 1";

const EXTENSIONS: &str = "SELECT e.extname::text, n.nspname::text, e.extversion::text \
    FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace ORDER BY 1";

const ENUMS: &str = "SELECT n.nspname::text, t.typname::text, v.enumlabel::text \
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum v ON v.enumtypid = t.oid \
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
    WHERE {namespaces} AND {free t.oid} ORDER BY 1, 2, v.enumsortorder";

/// A partition is a part of its table.
const RELATIONS: &str = "SELECT n.nspname::text, c.relname::text, c.relkind::text \
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE {namespaces} AND {free c.oid} AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition ORDER BY c.oid";

pub(super) const COLUMNS: &str = "SELECT n.nspname::text, c.relname::text, a.attname::text, coalesce(e.typname, t.typname)::text, \
    coalesce(e.typtype, t.typtype)::text, tn.nspname::text, (e.oid IS NOT NULL)::int::int8, a.atttypmod::int8, \
    format_type(coalesce(e.oid, t.oid), a.atttypmod)::text, a.attnotnull::int::int8, \
    pg_get_expr(d.adbin, d.adrelid)::text, a.attidentity::text, a.attgenerated::text, \
    (SELECT s.relname::text FROM pg_catalog.pg_depend o JOIN pg_catalog.pg_class s ON s.oid = o.objid AND s.relkind = 'S' \
     WHERE o.classid = 'pg_catalog.pg_class'::regclass AND o.refclassid = 'pg_catalog.pg_class'::regclass \
     AND o.refobjid = c.oid AND o.refobjsubid = a.attnum AND o.deptype IN ('a', 'i') LIMIT 1) \
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
    LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' \
    JOIN pg_catalog.pg_namespace tn ON tn.oid = coalesce(e.typnamespace, t.typnamespace) \
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
    WHERE {namespaces} AND c.relkind IN ({kinds}) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.oid, a.attnum";

/// Indexes over expressions are left alone.
const INDEXES: &str = "SELECT n.nspname::text, c.relname::text, i.relname::text, x.indisprimary::int::int8, \
    x.indisunique::int::int8, (k.contype IS NOT NULL)::int::int8, am.amname::text, a.attname::text, \
    (p.option & 1)::int8, o.opcname::text, o.opcdefault::int::int8, pg_get_expr(x.indpred, x.indrelid)::text \
    FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid \
    JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_catalog.pg_am am ON am.oid = i.relam \
    LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x') \
    CROSS JOIN LATERAL unnest(x.indkey::int2[], x.indoption::int2[], x.indclass::oid[]) \
    WITH ORDINALITY AS p(attnum, option, class, place) \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.attnum \
    LEFT JOIN pg_catalog.pg_opclass o ON o.oid = p.class \
    WHERE {namespaces} AND x.indexprs IS NULL AND p.place <= x.indnkeyatts AND c.relkind IN ('r', 'p') \
    AND k.contype IS DISTINCT FROM 'x' ORDER BY i.oid, p.place";

const FOREIGN_KEYS: &str = "SELECT n.nspname::text, c.relname::text, k.conname::text, a.attname::text, rn.nspname::text, \
    r.relname::text, ra.attname::text, k.confdeltype::text, k.confupdtype::text, p.place::int8 \
    FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class r ON r.oid = k.confrelid \
    JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace \
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS p(own, other, place) \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.own \
    JOIN pg_catalog.pg_attribute ra ON ra.attrelid = r.oid AND ra.attnum = p.other \
    WHERE {namespaces} AND k.contype = 'f' AND NOT c.relispartition AND NOT r.relispartition ORDER BY k.oid, p.place";

/// What does not belong to an extension.
fn is_free(object: &str) -> String {
    format!("NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend f WHERE f.objid = {object} AND f.deptype = 'e')")
}

/// The database's own schemas that are looked into.
pub(super) struct Scope {
    condition: String,
    pub(super) values: Vec<Value>,
}

impl Scope {
    pub(super) fn of(namespaces: &[String]) -> Self {
        let condition = if namespaces.is_empty() {
            "n.nspname = current_schema()".to_owned()
        } else {
            let places: Vec<_> = (1..=namespaces.len()).map(|i| format!("${i}")).collect();
            format!("n.nspname::text IN ({})", places.join(", "))
        };
        Self { condition, values: namespaces.iter().map(|n| Value::String(n.clone())).collect() }
    }

    /// A query in which they are filled in.
    pub(super) fn query(&self, sql: &str) -> String {
        let sql = sql.replace("{namespaces}", &self.condition);
        sql.replace("{free t.oid}", &is_free("t.oid")).replace("{free c.oid}", &is_free("c.oid"))
    }
}

pub(crate) async fn describe(
    connection: &mut dyn Connection,
    namespaces: &[String],
    spelling: &Spelling,
) -> Result<DatabaseSchema, Error> {
    let scope = Scope::of(namespaces);
    let (query, values) = (|sql: &str| scope.query(sql), &scope.values);
    let mut found = Found {
        reader: Reader { spelling, has_namespaces: !namespaces.is_empty() },
        schema: DatabaseSchema::default(),
        places: HashMap::new(),
    };

    found.schema.namespaces = read_with(connection, &query(NAMESPACES), values, |row| text(row, 0)).await?;
    let extension = |row: &dyn Row| {
        Ok(Extension { name: text(row, 0)?, schema: optional_text(row, 1)?, version: optional_text(row, 2)? })
    };
    found.schema.extensions = read_with(connection, EXTENSIONS, &[], extension).await?;
    let named = |row: &dyn Row| Ok((text(row, 0)?, text(row, 1)?, text(row, 2)?));
    for (namespace, name, value) in read_with(connection, &query(ENUMS), values, named).await? {
        found.enum_value(namespace, name, value);
    }
    for (namespace, name, kind) in read_with(connection, &query(RELATIONS), values, named).await? {
        found.relation(namespace, name, &kind);
    }
    for column in
        read_with(connection, &query(&COLUMNS.replace("{kinds}", "'r', 'p'")), values, FoundColumn::read).await?
    {
        found.column(column);
    }
    for column in read_with(connection, &query(INDEXES), values, FoundIndexColumn::read).await? {
        found.index_column(column);
    }
    for column in read_with(connection, &query(FOREIGN_KEYS), values, FoundKeyColumn::read).await? {
        found.key_column(column);
    }
    Ok(found.schema)
}

struct Found<'s> {
    reader: Reader<'s>,
    schema: DatabaseSchema,
    /// Place of a table among the tables.
    places: HashMap<ObjectName, usize>,
}

/// How rows of the catalogue are read.
pub(super) struct Reader<'s> {
    pub(super) spelling: &'s Spelling,
    pub(super) has_namespaces: bool,
}

pub(super) struct FoundColumn {
    pub(super) namespace: String,
    pub(super) table: String,
    name: String,
    type_name: String,
    type_kind: String,
    type_namespace: String,
    is_list: bool,
    modifier: i64,
    spelled: String,
    is_required: bool,
    default: Option<String>,
    is_identity: bool,
    is_generated: bool,
    sequence: Option<String>,
}

impl FoundColumn {
    pub(super) fn read(row: &dyn Row) -> Result<Self, Error> {
        Ok(Self {
            namespace: text(row, 0)?,
            table: text(row, 1)?,
            name: text(row, 2)?,
            type_name: text(row, 3)?,
            type_kind: text(row, 4)?,
            type_namespace: text(row, 5)?,
            is_list: integer(row, 6)? != 0,
            modifier: integer(row, 7)?,
            spelled: text(row, 8)?,
            is_required: integer(row, 9)? != 0,
            default: optional_text(row, 10)?,
            is_identity: !text(row, 11)?.trim().is_empty(),
            is_generated: !text(row, 12)?.trim().is_empty(),
            sequence: optional_text(row, 13)?,
        })
    }
}

struct FoundIndexColumn {
    namespace: String,
    table: String,
    index: Index,
    is_primary: bool,
    column: IndexColumn,
}

impl FoundIndexColumn {
    fn read(row: &dyn Row) -> Result<Self, Error> {
        let algorithm = match text(row, 6)?.as_str() {
            "btree" | "prefix" => None,
            "inverted" => Some("gin".to_owned()),
            other => Some(other.to_owned()),
        };
        let is_primary = integer(row, 3)? != 0;
        let is_usual = integer(row, 10)? != 0;
        let class = optional_text(row, 9)?.filter(|_| !is_primary);
        Ok(Self {
            namespace: text(row, 0)?,
            table: text(row, 1)?,
            is_primary,
            column: IndexColumn {
                name: text(row, 7)?,
                is_descending: integer(row, 8)? != 0,
                length: None,
                operator_class: class.map(|name| OperatorClass { name, is_usual }),
            },
            index: Index {
                name: text(row, 2)?,
                kind: if integer(row, 4)? != 0 { IndexKind::Unique } else { IndexKind::Normal },
                is_constraint: integer(row, 5)? != 0,
                algorithm,
                columns: Vec::new(),
                predicate: optional_text(row, 11)?,
            },
        })
    }
}

struct FoundKeyColumn {
    namespace: String,
    table: String,
    name: String,
    column: String,
    referenced_namespace: String,
    referenced_table: String,
    referenced_column: String,
    on_delete: ReferentialAction,
    on_update: ReferentialAction,
    place: i64,
}

impl FoundKeyColumn {
    fn read(row: &dyn Row) -> Result<Self, Error> {
        Ok(Self {
            namespace: text(row, 0)?,
            table: text(row, 1)?,
            name: text(row, 2)?,
            column: text(row, 3)?,
            referenced_namespace: text(row, 4)?,
            referenced_table: text(row, 5)?,
            referenced_column: text(row, 6)?,
            on_delete: action(&text(row, 7)?),
            on_update: action(&text(row, 8)?),
            place: integer(row, 9)?,
        })
    }
}

fn action(letter: &str) -> ReferentialAction {
    match letter {
        "c" => ReferentialAction::Cascade,
        "r" => ReferentialAction::Restrict,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}

impl Reader<'_> {
    pub(super) fn name(&self, namespace: String, name: String) -> ObjectName {
        ObjectName { namespace: Some(namespace).filter(|_| self.has_namespaces), name }
    }

    /// The name of what something in the namespace `from` points to: maybe in a namespace that nobody looks into.
    fn referenced(&self, from: &str, namespace: String, name: String) -> ObjectName {
        ObjectName { namespace: Some(namespace).filter(|n| self.has_namespaces || n != from), name }
    }

    /// A column, and the namespace and table that it is in.
    pub(super) fn column(&self, found: FoundColumn) -> (String, String, Column) {
        let base = match found.type_kind.as_str() {
            "e" => BaseType::Enum(self.referenced(&found.namespace, found.type_namespace, found.type_name)),
            "b" => match self.spelling.types.by_catalogue(&found.type_name) {
                Some(row) => {
                    let arguments = arguments(&found.type_name, found.modifier);
                    BaseType::Native { name: row.sql.to_owned(), arguments }
                }
                None => BaseType::Other(found.spelled.clone()),
            },
            _ => BaseType::Other(found.spelled.clone()),
        };
        let data_type = ColumnType { base, is_list: found.is_list };
        let mut column = Column {
            is_nullable: !found.is_required || data_type.is_list,
            name: found.name,
            data_type,
            ..Column::default()
        };
        let sql = found.default.filter(|_| !found.is_generated);
        if found.is_identity {
            // Where it is part of the column, nothing else is done with it.
            let sequence = found.sequence.filter(|_| !self.spelling.has_serial_types);
            column.autoincrement = Some(Autoincrement { sequence, is_identity: true, ..Autoincrement::default() });
        } else if let Some(sql) = sql {
            if sql.starts_with("nextval(") || sql == "unique_rowid()" {
                column.autoincrement = Some(Autoincrement { sequence: found.sequence, ..Autoincrement::default() });
            } else {
                column.default = self.spelling.holder(&column.data_type).read(&sql);
            }
        }
        (found.namespace, found.table, column)
    }
}

impl Found<'_> {
    fn table(&mut self, namespace: String, name: String) -> Option<&mut Table> {
        let place = *self.places.get(&self.reader.name(namespace, name))?;
        self.schema.tables.get_mut(place)
    }

    fn enum_value(&mut self, namespace: String, name: String, value: String) {
        let name = self.reader.name(namespace, name);
        match self.schema.enums.last_mut().filter(|e| e.name == name) {
            Some(known) => known.values.push(value),
            None => self.schema.enums.push(EnumType { name, values: vec![value], uses: Vec::new() }),
        }
    }

    fn relation(&mut self, namespace: String, name: String, kind: &str) {
        let name = self.reader.name(namespace, name);
        match kind {
            "v" | "m" => self.schema.views.push(View::named(name)),
            _ if name.name == HISTORY_TABLE => {}
            _ => {
                self.places.insert(name.clone(), self.schema.tables.len());
                self.schema.tables.push(Table { name, ..Table::default() });
            }
        }
    }

    fn column(&mut self, found: FoundColumn) {
        let (namespace, table, column) = self.reader.column(found);
        if let Some(table) = self.table(namespace, table) {
            table.columns.push(column);
        }
    }

    fn index_column(&mut self, found: FoundIndexColumn) {
        let Some(table) = self.table(found.namespace, found.table) else { return };
        if found.is_primary {
            let name = Some(found.index.name);
            table
                .primary_key
                .get_or_insert_with(|| PrimaryKey { name, columns: Vec::new() })
                .columns
                .push(found.column);
            return;
        }
        match table.indexes.last_mut().filter(|i| i.name == found.index.name) {
            Some(index) => index.columns.push(found.column),
            None => table.indexes.push(Index { columns: vec![found.column], ..found.index }),
        }
    }

    fn key_column(&mut self, found: FoundKeyColumn) {
        let referenced_table =
            self.reader.referenced(&found.namespace, found.referenced_namespace, found.referenced_table);
        let Some(table) = self.table(found.namespace, found.table) else { return };
        match table.foreign_keys.last_mut().filter(|_| found.place > 1) {
            Some(key) => {
                key.columns.push(found.column);
                key.referenced_columns.push(found.referenced_column);
            }
            None => table.foreign_keys.push(ForeignKey {
                name: Some(found.name),
                columns: vec![found.column],
                referenced_table,
                referenced_columns: vec![found.referenced_column],
                on_delete: found.on_delete,
                on_update: found.on_update,
            }),
        }
    }
}

/// What stands in the parentheses of a type, of which the catalogue keeps one number.
fn arguments(name: &str, modifier: i64) -> Vec<u32> {
    let number = |n: i64| u32::try_from(n).unwrap_or_default();
    match name {
        _ if modifier < 0 => Vec::new(),
        "varchar" | "bpchar" | "text" => vec![number(modifier - 4)],
        "numeric" => vec![number((modifier - 4) >> 16 & 0xffff), number((modifier - 4) & 0xffff)],
        _ => vec![number(modifier)],
    }
}
