//! The steps of a migration.

use crate::check::Check;
use crate::column::{BaseType, SequenceOptions};
use crate::database::{Column, EnumType, EnumUse, Extension, ForeignKey, Index, ObjectName, PrimaryKey, Table};

/// The way from one state of a database to another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Migration {
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What to look at in the data before.
    pub checks: Vec<Check>,
}

impl Migration {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A new schema of the database's own.
    CreateNamespace(String),
    /// A new extension.
    CreateExtension(Extension),
    /// An extension gets another version, or its objects go to another schema.
    AlterExtension {
        /// As it is to be.
        extension: Extension,
        /// Whether its version is another one.
        has_new_version: bool,
        /// Whether its schema is another one.
        has_new_schema: bool,
    },
    /// An enum gets another name.
    RenameEnum {
        /// The old name.
        from: ObjectName,
        /// The new name.
        to: ObjectName,
    },
    /// A value of an enum gets another name.
    RenameEnumValue {
        /// The enum's name.
        name: ObjectName,
        /// The old value.
        from: String,
        /// The new value.
        to: String,
    },
    /// A table gets another name.
    RenameTable {
        /// The old name.
        from: ObjectName,
        /// The new name.
        to: ObjectName,
    },
    /// A column gets another name.
    RenameColumn {
        /// The table's name.
        table: ObjectName,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A new enum.
    CreateEnum(EnumType),
    /// An enum gets other values.
    AlterEnum(EnumChange),
    /// A foreign key goes.
    DropForeignKey {
        /// The table's name.
        table: ObjectName,
        /// The key's name.
        name: String,
    },
    /// An index goes.
    DropIndex {
        /// The table's name.
        table: ObjectName,
        /// The index.
        index: Index,
    },
    /// A table changes, and keeps its rows where they are.
    AlterTable(TableChange),
    /// A sequence counts otherwise.
    AlterSequence {
        /// Its name.
        name: ObjectName,
        /// As it is.
        from: SequenceOptions,
        /// As it is to be.
        to: SequenceOptions,
    },
    /// A table goes.
    DropTable {
        /// Its name.
        name: ObjectName,
    },
    /// An enum goes.
    DropEnum {
        /// Its name.
        name: ObjectName,
    },
    /// A new table; without its foreign keys and indexes, where they are made by themselves.
    CreateTable(Table),
    /// A table is made anew, its rows are copied, and it takes the place of the old one, with its indexes and what is not managed.
    RedefineTable {
        /// As it is.
        from: Box<Table>,
        /// As it is to be.
        to: Box<Table>,
    },
    /// A new index.
    CreateIndex {
        /// The table's name.
        table: ObjectName,
        /// The index.
        index: Index,
    },
    /// A foreign key gets another name.
    RenameForeignKey {
        /// The table's name.
        table: ObjectName,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A new foreign key.
    AddForeignKey {
        /// The table's name.
        table: ObjectName,
        /// The key.
        key: ForeignKey,
    },
    /// An index gets another name.
    RenameIndex {
        /// The table's name.
        table: ObjectName,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
}

/// How the values of an enum change.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumChange {
    /// As it is.
    pub from: EnumType,
    /// As it is to be.
    pub to: EnumType,
    /// The columns that hold it and go on to do so, if the type must be made anew; where values are but added, none are named.
    pub columns: Vec<(ObjectName, Column)>,
    /// Whether the type is made anew.
    pub is_remade: bool,
    /// Whether other columns hold the old type until their tables change.
    pub is_outlived: bool,
    /// What is out of the way while the type is made anew, and whether it comes back.
    pub uses: Vec<(EnumUse, bool)>,
}

impl EnumChange {
    /// The values that come.
    pub fn added(&self) -> impl Iterator<Item = &String> {
        self.to.values.iter().filter(|v| !self.from.values.contains(v))
    }

    /// The values that go.
    pub fn removed(&self) -> impl Iterator<Item = &String> {
        self.from.values.iter().filter(|v| !self.to.values.contains(v))
    }

    /// The name of the old type while both are there.
    pub(crate) fn old_name(&self) -> ObjectName {
        self.to.name.sibling(format!("{}_old", self.to.name.name))
    }

    /// The name of the new type while both are there.
    pub(crate) fn new_name(&self) -> ObjectName {
        self.to.name.sibling(format!("{}_new", self.to.name.name))
    }
}

/// How a table changes.
#[derive(Debug, Clone, PartialEq)]
pub struct TableChange {
    /// The table's name.
    pub table: ObjectName,
    /// What changes, in order.
    pub changes: Vec<Change>,
}

/// A change to a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The primary key goes.
    DropPrimaryKey(PrimaryKey),
    /// The primary key gets another name.
    RenamePrimaryKey {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// An index goes together with what it is needed for.
    DropIndex(Index),
    /// A column goes.
    DropColumn(Column),
    /// A new column.
    AddColumn(Column),
    /// A column changes.
    AlterColumn(Box<ColumnChange>),
    /// A new primary key.
    AddPrimaryKey(PrimaryKey),
    /// A new index together with what it is needed for.
    AddIndex(Index),
}

/// How a column changes.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnChange {
    /// As it is.
    pub from: Column,
    /// As it is to be.
    pub to: Column,
    /// Whether its type is another one.
    pub has_new_type: bool,
    /// Whether its default is another one.
    pub has_new_default: bool,
    /// Whether it counts otherwise.
    pub has_new_autoincrement: bool,
    /// Values of an enum that is part of the column's type that get other names: old and new.
    pub renamed_values: Vec<(String, String)>,
}

impl ColumnChange {
    /// Whether NULL is allowed no longer.
    pub fn becomes_required(&self) -> bool {
        !self.to.data_type.is_list && self.from.is_nullable && !self.to.is_nullable
    }

    /// Whether NULL is allowed from now on.
    pub fn becomes_optional(&self) -> bool {
        !self.to.data_type.is_list && !self.from.is_nullable && self.to.is_nullable
    }

    /// The values that it may hold no longer, where they are part of the column's type.
    pub(crate) fn removed_values(&self) -> Vec<String> {
        match (&self.from.data_type.base, &self.to.data_type.base) {
            (BaseType::Values(from), BaseType::Values(to)) => {
                let is_renamed = |v: &String| self.renamed_values.iter().any(|(old, _)| old == v);
                from.iter().filter(|v| !to.contains(v) && !is_renamed(v)).cloned().collect()
            }
            _ => Vec::new(),
        }
    }

    pub(crate) fn is_change(&self) -> bool {
        self.has_new_type
            || self.has_new_default
            || self.has_new_autoincrement
            || self.becomes_required()
            || self.becomes_optional()
    }
}
