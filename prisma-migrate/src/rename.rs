//! Old names: what a schema says of them, and which of them a database still has.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::check::Check;
use crate::column::{BaseType, ColumnDefault};
use crate::database::{DatabaseSchema, ObjectName, Table};
use crate::diff::Step;
use crate::expression::{self, NameOf};
use crate::flavour::Flavour;
use crate::sql::text;

/// What a schema says of an old name (`@renamedFrom`). It counts where the database has the old name, and not the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rename {
    /// Of a table.
    Table {
        /// The old name.
        from: ObjectName,
        /// The new name.
        to: ObjectName,
    },
    /// Of a column.
    Column {
        /// The new name of its table.
        table: ObjectName,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// Of an enum that is a type of its own.
    Enum {
        /// The old name.
        from: ObjectName,
        /// The new name.
        to: ObjectName,
    },
    /// Of a value of an enum that is a type of its own.
    EnumValue {
        /// The new name of the enum.
        name: ObjectName,
        /// The old value.
        from: String,
        /// The new value.
        to: String,
    },
    /// Of a value of an enum that is part of a column's type.
    ColumnValue {
        /// The new name of the table.
        table: ObjectName,
        /// The new name of the column.
        column: String,
        /// The old value.
        from: String,
        /// The new value.
        to: String,
    },
    /// Of the table of an implicit m-n relation, which is called after its models.
    JoinTable {
        /// The old name; the same as the new one if the relation has a name.
        from: ObjectName,
        /// The new name.
        to: ObjectName,
        /// Whether what stood in column `A` now stands in `B`.
        is_swapped: bool,
        /// The tables of the models, by their new names.
        ends: [ObjectName; 2],
    },
}

impl Rename {
    /// The way back.
    fn reversed(&self, all: &[Rename]) -> Rename {
        // What is named by its new name is to be named by its old one.
        let old_table = |table: &ObjectName| {
            let old = all.iter().find_map(|r| match r {
                Self::Table { from, to } if to == table => Some(from),
                _ => None,
            });
            old.unwrap_or(table).clone()
        };
        match self.clone() {
            Self::Table { from, to } => Self::Table { from: to, to: from },
            Self::Enum { from, to } => Self::Enum { from: to, to: from },
            Self::Column { table, from, to } => Self::Column { table: old_table(&table), from: to, to: from },
            Self::EnumValue { name, from, to } => {
                let old = all.iter().find_map(|r| match r {
                    Self::Enum { from, to } if *to == name => Some(from.clone()),
                    _ => None,
                });
                Self::EnumValue { name: old.unwrap_or(name), from: to, to: from }
            }
            Self::ColumnValue { table, column, from, to } => {
                let old = all.iter().find_map(|r| match r {
                    Self::Column { table: t, from, to } if *t == table && *to == column => Some(from.clone()),
                    _ => None,
                });
                Self::ColumnValue { table: old_table(&table), column: old.unwrap_or(column), from: to, to: from }
            }
            Self::JoinTable { from, to, is_swapped, ends } => {
                Self::JoinTable { from: to, to: from, is_swapped, ends: ends.map(|end| old_table(&end)) }
            }
        }
    }
}

/// A database in which the new names have taken the place of the old ones.
pub(crate) struct Renamed<'a> {
    pub(crate) schema: Cow<'a, DatabaseSchema>,
    /// What makes it so.
    pub(crate) steps: Vec<Step>,
    /// Values that get another name where their columns change: table, column, old and new value.
    pub(crate) values: Vec<(ObjectName, String, String, String)>,
    /// Old names of tables, by the new ones.
    tables: HashMap<ObjectName, ObjectName>,
    /// Old names of columns, by the new ones of table and column.
    columns: HashMap<(ObjectName, String), String>,
    /// Join tables whose columns changed places.
    swapped: Vec<ObjectName>,
}

impl<'a> Renamed<'a> {
    /// Finds the names that the database is to get: those that `to` says are new, and those that `from`, where that is a schema
    /// itself, says were there before.
    pub(crate) fn new(from: &'a DatabaseSchema, to: &DatabaseSchema, flavour: &dyn Flavour) -> Self {
        let mut renamed = Self {
            schema: Cow::Borrowed(from),
            steps: Vec::new(),
            values: Vec::new(),
            tables: HashMap::new(),
            columns: HashMap::new(),
            swapped: Vec::new(),
        };
        let back = from.renames.iter().map(|r| r.reversed(&from.renames));
        let mut all: Vec<_> = to.renames.iter().cloned().chain(back).collect();
        // What names others by their new names comes after these have them.
        all.sort_by_key(|rename| match rename {
            Rename::Enum { .. } => 0,
            Rename::Table { .. } => 1,
            Rename::Column { .. } => 2,
            Rename::EnumValue { .. } | Rename::ColumnValue { .. } => 3,
            Rename::JoinTable { .. } => 4,
        });
        all.into_iter().for_each(|rename| renamed.apply(rename, to, flavour));
        renamed
    }

    fn apply(&mut self, rename: Rename, target: &DatabaseSchema, flavour: &dyn Flavour) {
        match rename {
            Rename::Enum { from, to } => {
                let is_due =
                    |s: &DatabaseSchema, old, new| s.enumeration(old).is_some() && s.enumeration(new).is_none();
                if is_due(&self.schema, &from, &to) && is_due(target, &to, &from) {
                    rename_enum(self.schema.to_mut(), &from, &to);
                    self.steps.push(Step::RenameEnum { from, to });
                }
            }
            Rename::Table { from, to } => self.rename_table(from, to, target, flavour),
            Rename::Column { table, from, to } => {
                let is_due = |s: &DatabaseSchema, old: &str, new: &str| {
                    s.table(&table).is_some_and(|t| t.column(old).is_some() && t.column(new).is_none())
                };
                if is_due(&self.schema, &from, &to) && is_due(target, &to, &from) {
                    self.rename_column(&table, &from, &to);
                }
            }
            Rename::EnumValue { name, from, to } => {
                let is_due = |s: &DatabaseSchema, old, new| {
                    s.enumeration(&name).is_some_and(|e| e.values.contains(old) && !e.values.contains(new))
                };
                if is_due(&self.schema, &from, &to) && is_due(target, &to, &from) {
                    rename_value(self.schema.to_mut(), &name, &from, &to);
                    self.steps.push(Step::RenameEnumValue { name, from, to });
                }
            }
            Rename::ColumnValue { table, column, from, to } => {
                let is_due = |s: &DatabaseSchema, old, new| {
                    let column = s.table(&table).and_then(|t| t.column(&column));
                    column.is_some_and(|c| match &c.data_type.base {
                        BaseType::Values(values) => values.contains(old) && !values.contains(new),
                        _ => false,
                    })
                };
                if is_due(&self.schema, &from, &to) && is_due(target, &to, &from) {
                    self.values.push((table, column, from, to));
                }
            }
            Rename::JoinTable { from, to, is_swapped, ends } => {
                if from != to {
                    self.rename_table(from, to.clone(), target, flavour);
                }
                let mut moved = self.tables.keys();
                let is_renamed = moved.any(|new| *new == to || ends.contains(new));
                if self.changes_places(&to, target).unwrap_or(is_swapped && is_renamed) && !self.swapped.contains(&to) {
                    self.swap(to);
                }
            }
        }
    }

    fn rename_table(&mut self, from: ObjectName, to: ObjectName, target: &DatabaseSchema, flavour: &dyn Flavour) {
        let is_due = |s: &DatabaseSchema, old, new| s.table(old).is_some() && s.table(new).is_none();
        if !is_due(&self.schema, &from, &to) || !is_due(target, &to, &from) {
            return;
        }
        let schema = self.schema.to_mut();
        for table in &mut schema.tables {
            loses_what_names(table, &from.name);
            if table.name == from {
                table.name = to.clone();
                for name in table.foreign_keys.iter_mut().filter_map(|k| k.name.as_mut()) {
                    *name = flavour.key_of_renamed_table(name, &from.name, &to.name);
                }
            }
            for key in table.foreign_keys.iter_mut().filter(|k| k.referenced_table == from) {
                key.referenced_table = to.clone();
            }
        }
        rename_in_uses(schema, Some(&from), &from.name, &to.name);
        for of in schema.enums.iter_mut().flat_map(|e| &mut e.uses).filter(|of| of.table == from) {
            of.table = to.clone();
        }
        self.tables.insert(to.clone(), from.clone());
        self.steps.push(Step::RenameTable { from, to });
    }

    fn rename_column(&mut self, table: &ObjectName, from: &str, to: &str) {
        rename_columns(self.schema.to_mut(), table, &|name| (name == from).then_some(to));
        let schema = self.schema.to_mut();
        schema.tables.iter_mut().for_each(|other| loses_what_names(other, from));
        rename_in_uses(schema, Some(table), from, to);
        let indexes = schema.tables.iter_mut().filter(|t| t.name == *table).flat_map(|t| &mut t.indexes);
        for predicate in indexes.filter_map(|i| i.predicate.as_mut()) {
            *predicate = expression::rename(predicate, NameOf::Relation, from, to);
        }
        for of in schema.enums.iter_mut().flat_map(|e| &mut e.uses).filter(|of| of.table == *table) {
            of.columns.iter_mut().filter(|c| *c == from).for_each(|c| to.clone_into(c));
        }
        self.columns.insert((table.clone(), to.to_owned()), from.to_owned());
        let (from, to) = (from.to_owned(), to.to_owned());
        self.steps.push(Step::RenameColumn { table: table.clone(), from, to });
    }

    /// Whether the columns of a join table point to each other's tables; none if the foreign keys do not tell.
    fn changes_places(&self, join: &ObjectName, target: &DatabaseSchema) -> Option<bool> {
        let ends = |schema: &DatabaseSchema| {
            let table = schema.table(join)?;
            let end = |column: &str| {
                let key = table.foreign_keys.iter().find(|k| k.columns == [column])?;
                Some(key.referenced_table.clone())
            };
            Some((end("A")?, end("B")?))
        };
        let ((a, b), (new_a, new_b)) = (ends(&self.schema)?, ends(target)?);
        Some(a != b && a == new_b && b == new_a)
    }

    fn swap(&mut self, table: ObjectName) {
        if self.schema.table(&table).is_none_or(|t| t.column("A").is_none() || t.column("B").is_none()) {
            return;
        }
        rename_columns(self.schema.to_mut(), &table, &|name| match name {
            "A" => Some("B"),
            "B" => Some("A"),
            _ => None,
        });
        for (from, to) in [("A", "A_moved"), ("B", "A"), ("A_moved", "B")] {
            self.steps.push(Step::RenameColumn { table: table.clone(), from: from.into(), to: to.into() });
        }
        for (new, old) in [("A", "B"), ("B", "A")] {
            self.columns.insert((table.clone(), new.to_owned()), old.to_owned());
        }
        self.swapped.push(table);
    }

    /// A question to the data, which is asked while the old names are there; none if there is nothing to ask.
    pub(crate) fn before(&self, mut check: Check) -> Option<Check> {
        if matches!(&check, Check::PrimaryKey { table } if self.swapped.contains(table)) {
            // The same columns, which stood in another order.
            return None;
        }
        check.rename(&|table, column| self.columns.get(&(table.clone(), column.to_owned())).cloned(), &|table| {
            self.tables.get(table).cloned()
        });
        Some(check)
    }
}

fn rename_enum(schema: &mut DatabaseSchema, from: &ObjectName, to: &ObjectName) {
    rename_in_uses(schema, None, &from.name, &to.name);
    for enumeration in schema.enums.iter_mut().filter(|e| e.name == *from) {
        enumeration.name = to.clone();
    }
    for column in schema.tables.iter_mut().flat_map(|t| &mut t.columns) {
        if column.data_type.base == BaseType::Enum(from.clone()) {
            column.data_type.base = BaseType::Enum(to.clone());
        }
    }
}

/// What names values of enums goes by the new name of a table, a column or an enum.
fn rename_in_uses(schema: &mut DatabaseSchema, table: Option<&ObjectName>, from: &str, to: &str) {
    let of_what = if table.is_some() { NameOf::Relation } else { NameOf::Type };
    for of in schema.enums.iter_mut().flat_map(|e| &mut e.uses) {
        if table.is_none_or(|table| of.table == *table)
            && let Some(sql) = of.definition.sql_mut()
        {
            *sql = expression::rename(sql, of_what, from, to);
        }
    }
}

fn rename_value(schema: &mut DatabaseSchema, name: &ObjectName, from: &str, to: &str) {
    for of in schema.enums.iter_mut().filter(|e| e.name == *name).flat_map(|e| &mut e.uses) {
        if let Some(sql) = of.definition.sql_mut() {
            *sql = sql.replace(&text(from), &text(to));
        }
    }
    let values = schema.enums.iter_mut().filter(|e| e.name == *name).flat_map(|e| &mut e.values);
    for value in values.filter(|v| *v == from) {
        to.clone_into(value);
    }
    let columns = schema.tables.iter_mut().flat_map(|t| &mut t.columns);
    for column in columns.filter(|c| c.data_type.base == BaseType::Enum(name.clone())) {
        if let Some(default) = &mut column.default {
            rename_in_default(default, from, to);
        }
    }
}

fn rename_in_default(default: &mut ColumnDefault, from: &str, to: &str) {
    match default {
        ColumnDefault::Text(text) if text == from => to.clone_into(text),
        ColumnDefault::List(values) => values.iter_mut().for_each(|v| rename_in_default(v, from, to)),
        _ => {}
    }
}

/// Gives the columns of a table the names that `new` has for them, wherever they are named.
fn rename_columns<'n>(schema: &mut DatabaseSchema, table: &ObjectName, new: &dyn Fn(&str) -> Option<&'n str>) {
    let rename = |name: &mut String| {
        if let Some(new) = new(name) {
            new.clone_into(name);
        }
    };
    for other in &mut schema.tables {
        if other.name == *table {
            other.columns.iter_mut().for_each(|c| rename(&mut c.name));
            let key = other.primary_key.iter_mut().flat_map(|k| &mut k.columns);
            key.chain(other.indexes.iter_mut().flat_map(|i| &mut i.columns)).for_each(|c| rename(&mut c.name));
            other.foreign_keys.iter_mut().flat_map(|k| &mut k.columns).for_each(rename);
        }
        let keys = other.foreign_keys.iter_mut().filter(|k| k.referenced_table == *table);
        keys.flat_map(|k| &mut k.referenced_columns).for_each(rename);
    }
}

/// What is made anew with its table has the old name in it, which is no longer there.
fn loses_what_names(table: &mut Table, name: &str) {
    const LOST: &str = "triggers and indexes over expressions that have an old name in them (unless it is renamed in a migration of its own before)";
    let before = table.unmanaged.len();
    table.unmanaged.retain(|statement| !statement.contains(name));
    if table.unmanaged.len() < before && !table.lost_by_rebuilding.contains(&LOST) {
        table.lost_by_rebuilding.push(LOST);
    }
}
