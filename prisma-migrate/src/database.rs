//! What a database has: tables, columns, keys, indexes, under the names that they have there.

use prisma_schema::ReferentialAction;

/// The tables of a database.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DatabaseSchema {
    /// Tables, in the order in which they are made.
    pub tables: Vec<Table>,
    /// Names of views. They are left alone, but go when everything goes.
    pub views: Vec<String>,
}

impl DatabaseSchema {
    /// A table by its name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == name)
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Its name.
    pub name: String,
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

    /// Whether the primary key is this column alone.
    pub fn is_primary_key(&self, column: &str) -> bool {
        self.primary_key.as_ref().is_some_and(|key| matches!(key.columns.as_slice(), [only] if only == column))
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as the database spells it.
    pub data_type: String,
    /// Whether it may be NULL.
    pub is_nullable: bool,
    /// The SQL after `DEFAULT`.
    pub default: Option<String>,
    /// Whether the database counts it up.
    pub is_autoincrement: bool,
}

/// A primary key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrimaryKey {
    /// Its name, on databases that name it.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
}

/// An index or a unique constraint.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether values must be unique.
    pub is_unique: bool,
    /// Whether it is part of the table's definition, so that it cannot be dropped by itself.
    pub is_constraint: bool,
    /// Its columns, in order.
    pub columns: Vec<IndexColumn>,
    /// The condition of a partial index, as SQL.
    pub predicate: Option<String>,
}

/// A column of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// The column.
    pub name: String,
    /// Whether it is sorted downwards.
    pub is_descending: bool,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignKey {
    /// Its name, where the database tells it.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// The table that it points to.
    pub referenced_table: String,
    /// The columns that it points to, as many.
    pub referenced_columns: Vec<String>,
    /// What happens when the row that it points to goes.
    pub on_delete: ReferentialAction,
    /// What happens when the key that it points to changes.
    pub on_update: ReferentialAction,
}
