//! The steps from one state of a database to another.

use crate::check::Check;
use crate::database::{Column, DatabaseSchema, ForeignKey, Index, PrimaryKey, Table};
use crate::flavour::Flavour;

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
    /// A new table, without its indexes.
    CreateTable(Table),
    /// New columns at the end of a table.
    AddColumns {
        /// The table's name.
        table: String,
        /// The columns.
        columns: Vec<Column>,
    },
    /// A table is made anew, its rows are copied, and it takes the place of the old one, with its indexes and what is not managed.
    RedefineTable {
        /// As it is.
        from: Box<Table>,
        /// As it is to be.
        to: Box<Table>,
    },
    /// A table goes.
    DropTable {
        /// Its name.
        name: String,
    },
    /// A new index.
    CreateIndex {
        /// The table's name.
        table: String,
        /// The index.
        index: Index,
    },
    /// An index goes.
    DropIndex {
        /// Its name.
        name: String,
    },
}

/// How one table is to change.
#[derive(Debug)]
pub(crate) struct TableDiff<'a> {
    pub(crate) from: &'a Table,
    pub(crate) to: &'a Table,
    pub(crate) added: Vec<&'a Column>,
    pub(crate) dropped: Vec<&'a Column>,
    pub(crate) changed: Vec<ColumnDiff<'a>>,
    pub(crate) has_new_primary_key: bool,
    pub(crate) has_new_foreign_keys: bool,
    pub(crate) new_indexes: Vec<&'a Index>,
    pub(crate) old_indexes: Vec<&'a Index>,
}

/// How one column is to change.
#[derive(Debug)]
pub(crate) struct ColumnDiff<'a> {
    pub(crate) from: &'a Column,
    pub(crate) to: &'a Column,
    pub(crate) has_new_type: bool,
    pub(crate) has_new_default: bool,
}

impl ColumnDiff<'_> {
    pub(crate) fn becomes_required(&self) -> bool {
        self.from.is_nullable && !self.to.is_nullable
    }

    fn is_change(&self) -> bool {
        self.has_new_type
            || self.has_new_default
            || self.from.is_nullable != self.to.is_nullable
            || self.from.is_autoincrement != self.to.is_autoincrement
    }
}

impl TableDiff<'_> {
    /// Whether anything but indexes that can be made and dropped by themselves changes.
    pub(crate) fn changes_definition(&self) -> bool {
        !self.added.is_empty()
            || !self.dropped.is_empty()
            || !self.changed.is_empty()
            || self.has_new_primary_key
            || self.has_new_foreign_keys
            || self.old_indexes.iter().any(|i| i.is_constraint)
    }
}

pub(crate) fn diff(from: &DatabaseSchema, to: &DatabaseSchema, flavour: &dyn Flavour) -> Migration {
    let mut steps = Steps::default();
    for table in from.tables.iter().filter(|t| to.table(&t.name).is_none()) {
        steps.checks.push(Check::DropTable { table: table.name.clone() });
        steps.drop_tables.push(Step::DropTable { name: table.name.clone() });
    }
    for table in &to.tables {
        match from.table(&table.name) {
            None => steps.create(table),
            Some(old) => steps.change(&table_diff(old, table, flavour), flavour),
        }
    }
    steps.into_migration()
}

/// Steps by kind, since kinds have an order.
#[derive(Default)]
struct Steps {
    checks: Vec<Check>,
    drop_indexes: Vec<Step>,
    add_columns: Vec<Step>,
    drop_tables: Vec<Step>,
    create_tables: Vec<Step>,
    redefine_tables: Vec<Step>,
    create_indexes: Vec<Step>,
}

impl Steps {
    fn create(&mut self, table: &Table) {
        self.create_tables.push(Step::CreateTable(table.clone()));
        self.create_indexes(table, &table.indexes.iter().collect::<Vec<_>>());
    }

    fn create_indexes(&mut self, table: &Table, indexes: &[&Index]) {
        let step = |index: &&Index| Step::CreateIndex { table: table.name.clone(), index: (*index).clone() };
        self.create_indexes.extend(indexes.iter().map(step));
    }

    fn change(&mut self, change: &TableDiff<'_>, flavour: &dyn Flavour) {
        self.check(change, flavour);
        if change.changes_definition() && !flavour.alters_in_place(change) {
            if !change.from.lost_by_rebuilding.is_empty() {
                let lost = change.from.lost_by_rebuilding.clone();
                self.checks.push(Check::Rebuild { table: change.to.name.clone(), lost });
            }
            let mut to = change.to.clone();
            to.unmanaged.clone_from(&change.from.unmanaged);
            self.redefine_tables.push(Step::RedefineTable { from: Box::new(change.from.clone()), to: Box::new(to) });
            return;
        }
        if !change.added.is_empty() {
            let columns = change.added.iter().map(|c| (*c).clone()).collect();
            self.add_columns.push(Step::AddColumns { table: change.to.name.clone(), columns });
        }
        self.drop_indexes.extend(change.old_indexes.iter().map(|i| Step::DropIndex { name: i.name.clone() }));
        self.create_indexes(change.to, &change.new_indexes);
    }

    fn check(&mut self, change: &TableDiff<'_>, flavour: &dyn Flavour) {
        let table = || change.to.name.clone();
        for column in &change.dropped {
            self.checks.push(Check::DropColumn { table: table(), column: column.name.clone() });
        }
        for column in &change.added {
            if !column.is_nullable && column.default.is_none() && !column.is_autoincrement {
                self.checks.push(Check::AddRequired { table: table(), column: column.name.clone() });
            }
        }
        for column in &change.changed {
            if column.has_new_type && !flavour.keeps_values(column.from, column.to) {
                self.checks.push(Check::Cast {
                    table: table(),
                    column: column.to.name.clone(),
                    from: column.from.data_type.clone(),
                    to: column.to.data_type.clone(),
                });
            }
            if column.becomes_required() && column.to.default.is_none() {
                self.checks.push(Check::MakeRequired { table: table(), column: column.to.name.clone() });
            }
        }
        if change.has_new_primary_key {
            self.checks.push(Check::PrimaryKey { table: table() });
            if let Some(key) = &change.to.primary_key {
                self.unique(change, &key.columns);
            }
        }
        for index in change.new_indexes.iter().filter(|i| i.is_unique && i.predicate.is_none()) {
            let columns: Vec<_> = index.columns.iter().map(|c| c.name.clone()).collect();
            self.unique(change, &columns);
        }
    }

    /// Looks for duplicates, unless there can be none.
    fn unique(&mut self, change: &TableDiff<'_>, columns: &[String]) {
        let is_new = |c: &&String| change.from.column(c).is_none();
        let (new, old): (Vec<_>, Vec<_>) = columns.iter().partition(is_new);
        // A new column without a default holds NULL, counts up, or is refused by another check.
        let has_default = |c: &&String| change.to.column(c).is_some_and(|c| c.default.is_some());
        if new.iter().all(has_default) {
            let old = old.into_iter().cloned().collect();
            self.checks.push(Check::Unique { table: change.to.name.clone(), columns: columns.to_vec(), old });
        }
    }

    fn into_migration(self) -> Migration {
        let steps = [
            self.drop_indexes,
            self.add_columns,
            self.drop_tables,
            self.create_tables,
            self.redefine_tables,
            self.create_indexes,
        ];
        Migration { steps: steps.into_iter().flatten().collect(), checks: self.checks }
    }
}

fn table_diff<'a>(from: &'a Table, to: &'a Table, flavour: &dyn Flavour) -> TableDiff<'a> {
    let changed = to.columns.iter().filter_map(|to| {
        let from = from.column(&to.name)?;
        let change = ColumnDiff {
            from,
            to,
            has_new_type: !flavour.same_type(from, to),
            has_new_default: !flavour.same_default(from, to),
        };
        change.is_change().then_some(change)
    });
    TableDiff {
        from,
        to,
        added: to.columns.iter().filter(|c| from.column(&c.name).is_none()).collect(),
        dropped: from.columns.iter().filter(|c| to.column(&c.name).is_none()).collect(),
        changed: changed.collect(),
        has_new_primary_key: key_columns(&from.primary_key) != key_columns(&to.primary_key),
        has_new_foreign_keys: !same_foreign_keys(from, to, flavour),
        new_indexes: unmatched(&to.indexes, &from.indexes),
        old_indexes: unmatched(&from.indexes, &to.indexes),
    }
}

fn key_columns(key: &Option<PrimaryKey>) -> &[String] {
    key.as_ref().map_or(&[], |k| &k.columns)
}

/// The indexes that have no equal among the others.
fn unmatched<'a>(indexes: &'a [Index], others: &[Index]) -> Vec<&'a Index> {
    indexes.iter().filter(|i| !others.iter().any(|o| same_index(i, o))).collect()
}

/// Whether two indexes are the same. The name of a unique constraint within a table is the database's own.
fn same_index(a: &Index, b: &Index) -> bool {
    (a.name == b.name || a.is_constraint || b.is_constraint)
        && a.is_unique == b.is_unique
        && a.columns == b.columns
        && a.predicate == b.predicate
}

fn same_foreign_keys(a: &Table, b: &Table, flavour: &dyn Flavour) -> bool {
    let same = |x: &ForeignKey, y: &ForeignKey| {
        x.columns == y.columns
            && x.referenced_table == y.referenced_table
            && x.referenced_columns == y.referenced_columns
            && x.on_delete == y.on_delete
            && x.on_update == y.on_update
            && (!flavour.names_foreign_keys() || x.name == y.name)
    };
    let within = |x: &[ForeignKey], y: &[ForeignKey]| x.iter().all(|k| y.iter().any(|other| same(k, other)));
    a.foreign_keys.len() == b.foreign_keys.len()
        && within(&a.foreign_keys, &b.foreign_keys)
        && within(&b.foreign_keys, &a.foreign_keys)
}
