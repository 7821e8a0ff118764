//! What a database has: tables, columns, keys, indexes, under the names that they have there.

use std::fmt;

use prisma_schema::ReferentialAction;

use crate::column::{Autoincrement, ColumnDefault, ColumnType};
use crate::rename::Rename;

/// The name of a table or a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ObjectName {
    /// The database's own schema that it is in, where the Prisma schema names several; otherwise there is but one.
    pub namespace: Option<String>,
    /// The name itself.
    pub name: String,
}

impl ObjectName {
    /// A name in a namespace, if there are several.
    pub fn new(namespace: Option<impl Into<String>>, name: impl Into<String>) -> Self {
        Self { namespace: namespace.map(Into::into), name: name.into() }
    }

    /// Another name in the same namespace.
    pub(crate) fn sibling(&self, name: impl Into<String>) -> Self {
        Self { namespace: self.namespace.clone(), name: name.into() }
    }
}

impl From<&str> for ObjectName {
    fn from(name: &str) -> Self {
        Self { namespace: None, name: name.to_owned() }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// What a database has, or is to have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DatabaseSchema {
    /// The database's own schemas: those that there are, of those that were looked into; those that the Prisma schema names.
    pub namespaces: Vec<String>,
    /// Extensions (PostgreSQL).
    pub extensions: Vec<Extension>,
    /// Enums that are types of their own.
    pub enums: Vec<EnumType>,
    /// Tables, in the order in which they are made.
    pub tables: Vec<Table>,
    /// Views. They are left alone, but go when everything goes.
    pub views: Vec<View>,
    /// What tables have that no schema can say: only where that was asked for.
    pub remarks: Vec<Remark>,
    /// Whether partial indexes are part of it. If they are not, those that the database has are left alone.
    pub manages_partial_indexes: bool,
    /// Old names that the Prisma schema tells of.
    pub renames: Vec<Rename>,
}

impl DatabaseSchema {
    /// A table by its name.
    pub fn table(&self, name: &ObjectName) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == *name)
    }

    /// An enum by its name.
    pub fn enumeration(&self, name: &ObjectName) -> Option<&EnumType> {
        self.enums.iter().find(|e| e.name == *name)
    }
}

/// A view. Beyond its name, there is something only where that was asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// Its name.
    pub name: ObjectName,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The query that it shows.
    pub definition: Option<String>,
}

impl View {
    pub(crate) fn named(name: ObjectName) -> Self {
        Self { name, ..Self::default() }
    }
}

/// Something of a table that no schema can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The table.
    pub table: ObjectName,
    /// What it has, as in "the trigger `t`".
    pub what: String,
}

/// An extension of PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// The schema that its objects are in, where given.
    pub schema: Option<String>,
    /// Its version, where given.
    pub version: Option<String>,
}

/// An enum that is a type of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumType {
    /// Its name.
    pub name: ObjectName,
    /// Its values, in order.
    pub values: Vec<String>,
    /// What names its values, and must be out of the way while the type is made anew.
    pub uses: Vec<EnumUse>,
}

/// A CHECK constraint, or an index with a condition or an expression, that names values of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumUse {
    /// Its table.
    pub table: ObjectName,
    /// Its name.
    pub name: String,
    /// What it looks at.
    pub columns: Vec<String>,
    /// What makes it.
    pub definition: EnumUseDefinition,
}

/// What makes an [`EnumUse`].
#[derive(Debug, Clone, PartialEq)]
pub enum EnumUseDefinition {
    /// A CHECK constraint: what stands behind its name.
    Check(String),
    /// An index, as the statement that makes it.
    IndexSql(String),
    /// An index that the schema has.
    Index(Index),
}

impl EnumUseDefinition {
    /// Its SQL, as far as it is known.
    pub(crate) fn sql(&self) -> &str {
        match self {
            Self::Check(sql) | Self::IndexSql(sql) => sql,
            Self::Index(index) => index.predicate.as_deref().unwrap_or_default(),
        }
    }

    /// Its SQL, to be changed.
    pub(crate) fn sql_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Check(sql) | Self::IndexSql(sql) => Some(sql),
            Self::Index(index) => index.predicate.as_mut(),
        }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Its name.
    pub name: ObjectName,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: Option<PrimaryKey>,
    /// Its indexes and unique constraints.
    pub indexes: Vec<Index>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Statements that make what no schema can say, such as triggers and indexes over expressions. It is left alone, and comes
    /// back when the table is rebuilt.
    pub unmanaged: Vec<String>,
    /// What the table has that no schema can say and that does not come back when it is rebuilt.
    pub lost_by_rebuilding: Vec<&'static str>,
}

impl Table {
    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// Whether these columns, in whatever order, are the primary key or unique together.
    pub(crate) fn has_key(&self, columns: &[String]) -> bool {
        let is_all = |parts: &[IndexColumn]| {
            parts.len() == columns.len() && parts.iter().all(|p| p.length.is_none() && columns.contains(&p.name))
        };
        self.primary_key.as_ref().is_some_and(|k| is_all(&k.columns))
            || self.indexes.iter().any(|i| i.is_unique() && i.predicate.is_none() && is_all(&i.columns))
    }

    /// Whether the primary key is this column alone.
    pub fn is_primary_key(&self, column: &str) -> bool {
        self.primary_key.as_ref().is_some_and(|key| matches!(key.columns.as_slice(), [only] if only.name == column))
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: ColumnType,
    /// Whether it may be NULL.
    pub is_nullable: bool,
    /// What it holds if nothing is given.
    pub default: Option<ColumnDefault>,
    /// Whether the database counts it up, and by what.
    pub autoincrement: Option<Autoincrement>,
    /// How its text is sorted and compared, where that is not as the table says.
    pub collation: Option<String>,
    /// What stands in its definition that no schema can say, and comes back when it is defined anew.
    pub unmanaged: Option<String>,
}

/// A primary key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrimaryKey {
    /// Its name, on databases that name it.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<IndexColumn>,
}

impl PrimaryKey {
    /// The names of its columns, in order.
    pub fn column_names(&self) -> Vec<String> {
        self.columns.iter().map(|c| c.name.clone()).collect()
    }
}

/// What an index is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndexKind {
    /// Values must be unique.
    Unique,
    /// To find rows.
    #[default]
    Normal,
    /// To find words.
    Fulltext,
}

/// An index or a unique constraint.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: IndexKind,
    /// Whether it is a constraint of the table, so that it cannot be dropped as an index.
    pub is_constraint: bool,
    /// How it is built, in small letters (`hash`, `gin` …), unless as a tree.
    pub algorithm: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<IndexColumn>,
    /// The condition of a partial index, as SQL.
    pub predicate: Option<String>,
}

impl Index {
    /// Whether values must be unique.
    pub fn is_unique(&self) -> bool {
        self.kind == IndexKind::Unique
    }

    /// The names of its columns, in order.
    pub fn column_names(&self) -> Vec<String> {
        self.columns.iter().map(|c| c.name.clone()).collect()
    }

    /// Whether it has the same columns as another one, sorted and cut alike.
    pub(crate) fn has_same_columns(&self, other: &Self) -> bool {
        self.columns.len() == other.columns.len() && self.columns.iter().zip(&other.columns).all(|(a, b)| a.is_same(b))
    }
}

/// A column of a key or index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexColumn {
    /// The column.
    pub name: String,
    /// Whether it is sorted downwards.
    pub is_descending: bool,
    /// How much of the value is in it, unless all.
    pub length: Option<u32>,
    /// Its operator class, where told.
    pub operator_class: Option<OperatorClass>,
}

/// An operator class of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorClass {
    /// Its name.
    pub name: String,
    /// Whether the database would take it if nothing was said.
    pub is_usual: bool,
}

impl IndexColumn {
    /// A column without anything special.
    pub(crate) fn plain(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Whether two columns of an index are the same, whether or not they say what goes without saying.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let classes = match (&self.operator_class, &other.operator_class) {
            (Some(a), Some(b)) => a.name == b.name,
            (None, Some(only)) | (Some(only), None) => only.is_usual,
            (None, None) => true,
        };
        classes && self.name == other.name && self.is_descending == other.is_descending && self.length == other.length
    }
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignKey {
    /// Its name, where the database tells it.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// The table that it points to.
    pub referenced_table: ObjectName,
    /// The columns that it points to, as many.
    pub referenced_columns: Vec<String>,
    /// What happens when the row that it points to goes.
    pub on_delete: ReferentialAction,
    /// What happens when the key that it points to changes.
    pub on_update: ReferentialAction,
}
