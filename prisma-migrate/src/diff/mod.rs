//! The steps from one state of a database to another.

mod enums;
mod foreign_keys;
mod step;
mod table;

use crate::check::Check;
use crate::database::{Column, DatabaseSchema, Index, IndexColumn, Table};
use crate::flavour::Flavour;
use crate::native::Conversion;
use crate::rename::Renamed;

pub use step::{Change, ColumnChange, EnumChange, Migration, Step, TableChange};
pub(crate) use table::TableDiff;

pub(crate) fn diff(from: &DatabaseSchema, to: &DatabaseSchema, flavour: &dyn Flavour) -> Migration {
    let renamed = Renamed::new(from, to, flavour);
    let from = &*renamed.schema;
    let mut steps = Steps::default();
    steps.namespaces(from, to);
    let tables: Vec<_> = to
        .tables
        .iter()
        .filter_map(|table| {
            let mut diff = TableDiff::new(from.table(&table.name)?, table, &renamed.values, flavour);
            if !to.manages_partial_indexes {
                diff.old_indexes.retain(|i| i.predicate.is_none());
            }
            Some(diff)
        })
        .collect();
    steps.enums(from, to, &tables, flavour);
    let new: Vec<_> = to.tables.iter().filter(|t| from.table(&t.name).is_none()).collect();
    for table in from.tables.iter().filter(|t| to.table(&t.name).is_none()) {
        steps.drop_table(table, &new, flavour);
    }
    for table in new {
        steps.create(table, flavour);
    }
    for table in &tables {
        steps.change(table, flavour);
    }
    if !flavour.foreign_keys_in_definition() {
        steps.foreign_keys(&tables, flavour);
    }
    steps.forget_dropped_indexes();
    let migration = steps.into_migration();
    Migration {
        steps: renamed.steps.iter().cloned().chain(migration.steps).collect(),
        checks: migration.checks.into_iter().filter_map(|check| renamed.before(check)).collect(),
    }
}

/// Steps by kind, since kinds have an order: what others need comes before them, and goes after them.
#[derive(Default)]
struct Steps {
    checks: Vec<Check>,
    create_namespaces: Vec<Step>,
    create_extensions: Vec<Step>,
    create_enums: Vec<Step>,
    alter_enums: Vec<Step>,
    drop_foreign_keys: Vec<Step>,
    drop_indexes: Vec<Step>,
    alter_tables: Vec<Step>,
    alter_sequences: Vec<Step>,
    drop_tables: Vec<Step>,
    drop_enums: Vec<Step>,
    create_tables: Vec<Step>,
    redefine_tables: Vec<Step>,
    create_indexes: Vec<Step>,
    rename_foreign_keys: Vec<Step>,
    add_foreign_keys: Vec<Step>,
    rename_indexes: Vec<Step>,
}

impl Steps {
    fn namespaces(&mut self, from: &DatabaseSchema, to: &DatabaseSchema) {
        let absent = to.namespaces.iter().filter(|n| !from.namespaces.contains(n));
        self.create_namespaces.extend(absent.cloned().map(Step::CreateNamespace));
        for new in &to.extensions {
            let Some(old) = from.extensions.iter().find(|e| e.name == new.name) else {
                self.create_extensions.push(Step::CreateExtension(new.clone()));
                continue;
            };
            // What the schema does not say is as it is.
            let has_new_version = new.version.is_some() && new.version != old.version;
            let has_new_schema = new.schema.is_some() && new.schema != old.schema;
            if has_new_version || has_new_schema {
                let extension = new.clone();
                self.create_extensions.push(Step::AlterExtension { extension, has_new_version, has_new_schema });
            }
        }
    }

    /// `new`: the tables that come.
    fn drop_table(&mut self, table: &Table, new: &[&Table], flavour: &dyn Flavour) {
        let maybe = new.iter().filter(|t| has_shape_of(table, t, flavour)).map(|t| t.name.to_string()).collect();
        self.checks.push(Check::DropTable { table: table.name.clone(), maybe });
        if !flavour.foreign_keys_in_definition() {
            // Tables that point to each other can be dropped in no order.
            let keys = table.foreign_keys.iter().filter(|k| k.referenced_table != table.name);
            let drop = |name: &String| Step::DropForeignKey { table: table.name.clone(), name: name.clone() };
            self.drop_foreign_keys.extend(keys.filter_map(|k| k.name.as_ref()).map(drop));
        }
        self.drop_tables.push(Step::DropTable { name: table.name.clone() });
    }

    fn create(&mut self, table: &Table, flavour: &dyn Flavour) {
        self.create_tables.push(Step::CreateTable(table.clone()));
        if !flavour.indexes_in_definition() {
            self.create_indexes(table, &table.indexes.iter().collect::<Vec<_>>());
        }
        if !flavour.foreign_keys_in_definition() {
            let add = |key: &crate::ForeignKey| Step::AddForeignKey { table: table.name.clone(), key: key.clone() };
            self.add_foreign_keys.extend(table.foreign_keys.iter().map(add));
        }
    }

    fn create_indexes(&mut self, table: &Table, indexes: &[&Index]) {
        let step = |index: &&Index| Step::CreateIndex { table: table.name.clone(), index: (*index).clone() };
        self.create_indexes.extend(indexes.iter().map(step));
    }

    fn change(&mut self, change: &TableDiff<'_>, flavour: &dyn Flavour) {
        self.check(change, flavour);
        if !flavour.alters_in_place(change) {
            if !change.from.lost_by_rebuilding.is_empty() {
                let lost = change.from.lost_by_rebuilding.clone();
                self.checks.push(Check::Rebuild { table: change.to.name.clone(), lost });
            }
            let mut to = change.to.clone();
            to.unmanaged.clone_from(&change.from.unmanaged);
            self.redefine_tables.push(Step::RedefineTable { from: Box::new(change.from.clone()), to: Box::new(to) });
            return;
        }
        let table = &change.to.name;
        let counts = |index: &&Index, table: &Table| {
            let first = index.columns.first().and_then(|c| table.column(&c.name));
            flavour.indexes_in_definition() && first.is_some_and(|c| c.autoincrement.is_some())
        };
        // Where a column that counts must have an index, both come and go at once.
        let (old_at_once, old): (Vec<&Index>, Vec<&Index>) =
            change.old_indexes.iter().copied().partition(|i| counts(i, change.from));
        let (new_at_once, new): (Vec<&Index>, Vec<&Index>) =
            change.new_indexes.iter().copied().partition(|i| counts(i, change.to));
        let changes = table_changes(change, &old_at_once, &new_at_once);
        if !changes.is_empty() {
            self.alter_tables.push(Step::AlterTable(TableChange { table: table.clone(), changes }));
        }
        let pairs = change.to.columns.iter().filter_map(|to| Some((change.from.column(&to.name)?, to)));
        self.alter_sequences.extend(pairs.filter_map(|(from, to)| flavour.altered_sequence(table, from, to)));
        let drop = |index: &Index| Step::DropIndex { table: table.clone(), index: index.clone() };
        self.drop_indexes.extend(old.into_iter().map(drop));
        self.create_indexes(change.to, &new);
        let rename = |(from, to): &(&Index, &Index)| Step::RenameIndex {
            table: table.clone(),
            from: from.name.clone(),
            to: to.name.clone(),
        };
        self.rename_indexes.extend(change.renamed_indexes.iter().map(rename));
    }

    fn check(&mut self, change: &TableDiff<'_>, flavour: &dyn Flavour) {
        let table = || change.to.name.clone();
        for column in change.dropped.iter().copied().chain(change.remade.iter().map(|c| &c.from)) {
            let is_alike = |c: &&&Column| flavour.same_type(column, c) && change.to.column(&column.name).is_none();
            let maybe = change.added.iter().filter(is_alike).map(|c| c.name.clone()).collect();
            self.checks.push(Check::DropColumn { table: table(), column: column.name.clone(), maybe });
        }
        for column in change.added.iter().copied().chain(change.remade.iter().map(|c| &c.to)) {
            let is_optional = column.is_nullable || column.data_type.is_list;
            if !is_optional && column.default.is_none() && column.autoincrement.is_none() {
                self.checks.push(Check::AddRequired { table: table(), column: column.name.clone() });
            }
        }
        for column in &change.changed {
            let removed = column.removed_values();
            if !removed.is_empty() {
                self.checks.push(Check::EnumValues {
                    table: table(),
                    column: column.to.name.clone(),
                    is_list: false,
                    values: removed,
                });
            }
            if column.has_new_type && flavour.conversion(&column.from, &column.to) == Conversion::MayLose {
                self.checks.push(Check::Cast {
                    table: table(),
                    column: column.to.name.clone(),
                    from: column.from.data_type.to_string(),
                    to: column.to.data_type.to_string(),
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
        for index in change.new_indexes.iter().filter(|i| i.is_unique() && i.predicate.is_none()) {
            self.unique(change, &index.columns);
        }
    }

    /// Looks for duplicates, unless there can be none.
    fn unique(&mut self, change: &TableDiff<'_>, key: &[IndexColumn]) {
        // What was unique is so still.
        let is_in_key = |c: &IndexColumn| {
            !change.has_other_values(&c.name) && key.iter().any(|k| k.name == c.name && k.length == c.length)
        };
        let uniques = change.from.indexes.iter().filter(|i| i.is_unique() && i.predicate.is_none()).map(|i| &i.columns);
        let mut old_keys = uniques.chain(change.from.primary_key.iter().map(|k| &k.columns));
        if old_keys.any(|columns| columns.iter().all(is_in_key)) {
            return;
        }
        let columns: Vec<_> = key.iter().map(|c| c.name.clone()).collect();
        let is_new = |c: &&String| change.from.column(c).is_none() || change.is_remade(c);
        let (new, old): (Vec<_>, Vec<_>) = columns.iter().partition(is_new);
        // A new column without a default holds NULL, counts up, or is refused by another check.
        let has_default = |c: &&String| change.to.column(c).is_some_and(|c| c.default.is_some());
        if new.iter().all(has_default) {
            let old = old.into_iter().cloned().collect();
            self.checks.push(Check::Unique { table: change.to.name.clone(), columns, old });
        }
    }

    fn into_migration(self) -> Migration {
        let steps = [
            self.create_namespaces,
            self.create_extensions,
            self.create_enums,
            self.alter_enums,
            self.drop_foreign_keys,
            self.drop_indexes,
            self.alter_tables,
            self.alter_sequences,
            // The names of their indexes become free for new ones.
            self.drop_tables,
            self.drop_enums,
            self.create_tables,
            self.redefine_tables,
            self.create_indexes,
            self.rename_foreign_keys,
            // They may need an index.
            self.add_foreign_keys,
            self.rename_indexes,
        ];
        Migration { steps: steps.into_iter().flatten().collect(), checks: self.checks }
    }
}

/// Whether a table could be another one under a new name. That of an m-n relation is called after its models.
fn has_shape_of(old: &Table, new: &Table, flavour: &dyn Flavour) -> bool {
    let is_same = |a: &Column| new.column(&a.name).is_some_and(|b| flavour.same_type(a, b));
    let is_join = |t: &Table| t.columns.iter().map(|c| c.name.as_str()).eq(["A", "B"]);
    old.columns.len() == new.columns.len() && old.columns.iter().all(is_same) && !is_join(old)
}

/// What one statement changes in a table.
fn table_changes(change: &TableDiff<'_>, old_indexes: &[&Index], new_indexes: &[&Index]) -> Vec<Change> {
    let mut changes = Vec::new();
    if change.has_new_primary_key {
        changes.extend(change.from.primary_key.clone().map(Change::DropPrimaryKey));
    }
    if let Some((from, to)) = change.renamed_primary_key() {
        changes.push(Change::RenamePrimaryKey { from: from.clone(), to: to.clone() });
    }
    changes.extend(old_indexes.iter().map(|i| Change::DropIndex((*i).clone())));
    changes.extend(change.dropped.iter().map(|c| Change::DropColumn((*c).clone())));
    changes.extend(change.remade.iter().map(|c| Change::DropColumn(c.from.clone())));
    changes.extend(change.added.iter().map(|c| Change::AddColumn((*c).clone())));
    changes.extend(change.remade.iter().map(|c| Change::AddColumn(c.to.clone())));
    changes.extend(change.changed.iter().map(|c| Change::AlterColumn(Box::new(c.clone()))));
    if change.has_new_primary_key {
        changes.extend(change.to.primary_key.clone().map(Change::AddPrimaryKey));
    }
    changes.extend(new_indexes.iter().map(|i| Change::AddIndex((*i).clone())));
    changes
}
