//! How one table is to change.

use crate::database::{Column, ForeignKey, Index, IndexKind, ObjectName, PrimaryKey, Table};
use crate::diff::ColumnChange;
use crate::flavour::Flavour;
use crate::native::Conversion;

/// How one table is to change.
#[derive(Debug)]
pub(crate) struct TableDiff<'a> {
    pub(crate) from: &'a Table,
    pub(crate) to: &'a Table,
    pub(crate) added: Vec<&'a Column>,
    pub(crate) dropped: Vec<&'a Column>,
    /// Columns that become others as they are.
    pub(crate) changed: Vec<ColumnChange>,
    /// Columns whose values cannot become those of the new type: dropped and made anew.
    pub(crate) remade: Vec<ColumnChange>,
    pub(crate) has_new_primary_key: bool,
    pub(crate) new_indexes: Vec<&'a Index>,
    pub(crate) old_indexes: Vec<&'a Index>,
    /// Indexes that are the same but for their names: the old one and the new one.
    pub(crate) renamed_indexes: Vec<(&'a Index, &'a Index)>,
    pub(crate) new_foreign_keys: Vec<&'a ForeignKey>,
    pub(crate) old_foreign_keys: Vec<&'a ForeignKey>,
    pub(crate) renamed_foreign_keys: Vec<(&'a ForeignKey, &'a ForeignKey)>,
}

impl<'a> TableDiff<'a> {
    /// `values`: the values of enums in columns that get other names.
    pub(crate) fn new(
        from: &'a Table,
        to: &'a Table,
        values: &[(ObjectName, String, String, String)],
        flavour: &dyn Flavour,
    ) -> Self {
        let table_name = &to.name;
        let all = to.columns.iter().filter_map(|to| {
            let from = from.column(&to.name)?;
            let has_new_type = !flavour.same_type(from, to);
            let unmanaged = from.unmanaged.clone().filter(|_| !has_new_type);
            let renamed = values.iter().filter(|(table, column, ..)| table == table_name && *column == to.name);
            let change = ColumnChange {
                from: from.clone(),
                to: Column { unmanaged, collation: from.collation.clone(), ..to.clone() },
                has_new_type,
                has_new_default: !flavour.same_default(from, to),
                has_new_autoincrement: !flavour.same_autoincrement(from, to),
                renamed_values: renamed.map(|(_, _, old, new)| (old.clone(), new.clone())).collect(),
            };
            change.is_change().then_some(change)
        });
        let is_remade =
            |c: &ColumnChange| c.has_new_type && flavour.conversion(&c.from, &c.to) == Conversion::Impossible;
        let (remade, changed): (Vec<_>, Vec<_>) = all.partition(is_remade);
        let mut diff = TableDiff {
            from,
            to,
            added: to.columns.iter().filter(|c| from.column(&c.name).is_none()).collect(),
            dropped: from.columns.iter().filter(|c| to.column(&c.name).is_none()).collect(),
            changed,
            remade,
            has_new_primary_key: false,
            new_indexes: Vec::new(),
            old_indexes: Vec::new(),
            renamed_indexes: Vec::new(),
            new_foreign_keys: Vec::new(),
            old_foreign_keys: Vec::new(),
            renamed_foreign_keys: Vec::new(),
        };
        diff.has_new_primary_key = diff.changes_key();
        diff.indexes(flavour);
        diff.foreign_keys(flavour);
        diff
    }

    /// Whether its foreign keys change.
    pub(crate) fn changes_foreign_keys(&self) -> bool {
        !self.new_foreign_keys.is_empty() || !self.old_foreign_keys.is_empty() || !self.renamed_foreign_keys.is_empty()
    }

    /// Whether the values of a column are not the same afterwards.
    pub(crate) fn has_other_values(&self, column: &str) -> bool {
        self.is_remade(column) || self.changed.iter().any(|c| c.has_new_type && c.to.name == column)
    }

    pub(crate) fn is_remade(&self, column: &str) -> bool {
        self.remade.iter().any(|c| c.to.name == column)
    }

    fn changes_key(&self) -> bool {
        let columns = |key: &'a Option<PrimaryKey>| key.as_ref().map_or(&[][..], |k| &k.columns);
        let (from, to) = (columns(&self.from.primary_key), columns(&self.to.primary_key));
        from != to || to.iter().any(|c| self.is_remade(&c.name))
    }

    /// The name that the primary key loses, and the one that it gets.
    pub(crate) fn renamed_primary_key(&self) -> Option<(&'a String, &'a String)> {
        if self.has_new_primary_key {
            return None;
        }
        let from = self.from.primary_key.as_ref()?.name.as_ref()?;
        let to = self.to.primary_key.as_ref()?.name.as_ref()?;
        (from != to).then_some((from, to))
    }

    fn indexes(&mut self, flavour: &dyn Flavour) {
        let (from, to) = (self.from, self.to);
        // A condition is made for the types of its columns.
        let has_new_condition = |i: &Index| {
            let names = |predicate: &String| {
                self.changed.iter().any(|c| c.has_new_type && predicate.contains(c.to.name.as_str()))
            };
            i.predicate.as_ref().is_some_and(names)
        };
        let same = |a: &Index, b: &Index| {
            let is_remade = b.columns.iter().any(|c| self.is_remade(&c.name));
            flavour.same_index(a, b) && !is_remade && !has_new_condition(b)
        };
        let is_kept =
            |a: &Index, b: &Index| (a.name == b.name || a.is_constraint && !flavour.names_constraints()) && same(a, b);
        let mut old: Vec<&Index> = from.indexes.iter().filter(|f| !to.indexes.iter().any(|t| is_kept(f, t))).collect();
        let (mut new, mut renamed) = (Vec::new(), Vec::new());
        for index in to.indexes.iter().filter(|t| !from.indexes.iter().any(|f| is_kept(f, t))) {
            let is_free = |f: &&Index| !to.indexes.iter().any(|t| t.name == f.name);
            let place = old.iter().position(|f| flavour.renames_indexes() && is_free(f) && same(f, index));
            match place {
                Some(place) => renamed.push((old.remove(place), index)),
                None => new.push(index),
            }
        }
        if flavour.indexes_foreign_keys() {
            // One that a foreign key needs would but come back.
            let others = to.indexes.iter().filter(|i| i.kind != IndexKind::Fulltext).map(Index::column_names);
            let others: Vec<_> = others.chain(to.primary_key.as_ref().map(PrimaryKey::column_names)).collect();
            let has_other = |columns: &[String]| others.iter().any(|other| other.starts_with(columns));
            let is_needed = |i: &Index| {
                let columns = i.column_names();
                !has_other(&columns) && to.foreign_keys.iter().any(|k| k.columns == columns)
            };
            let is_remade = |i: &Index| i.columns.iter().any(|c| self.is_remade(&c.name));
            let is_taken = |i: &Index| to.indexes.iter().any(|t| t.name == i.name);
            old.retain(|i| i.is_unique() || !is_needed(i) || is_remade(i) || is_taken(i));
        }
        (self.old_indexes, self.new_indexes, self.renamed_indexes) = (old, new, renamed);
    }

    fn foreign_keys(&mut self, flavour: &dyn Flavour) {
        let mut old: Vec<&ForeignKey> = self.from.foreign_keys.iter().collect();
        let mut rest: Vec<&ForeignKey> = Vec::new();
        let has_name = |a: &ForeignKey, b: &ForeignKey| !flavour.names_foreign_keys() || a.name == b.name;
        for key in &self.to.foreign_keys {
            match old.iter().position(|o| has_name(o, key) && same_foreign_key(o, key, flavour)) {
                Some(place) => drop(old.remove(place)),
                None => rest.push(key),
            }
        }
        for key in rest {
            let is_free = !self.from.foreign_keys.iter().any(|k| k.name == key.name);
            match old
                .iter()
                .position(|o| is_free && flavour.renames_foreign_keys() && same_foreign_key(o, key, flavour))
            {
                Some(place) => self.renamed_foreign_keys.push((old.remove(place), key)),
                None => self.new_foreign_keys.push(key),
            }
        }
        self.old_foreign_keys = old;
    }
}

/// Whether two foreign keys do the same, whatever their names.
fn same_foreign_key(a: &ForeignKey, b: &ForeignKey, flavour: &dyn Flavour) -> bool {
    let is_same = |a, b| flavour.kept_action(a) == flavour.kept_action(b);
    a.columns == b.columns
        && a.referenced_table == b.referenced_table
        && a.referenced_columns == b.referenced_columns
        && is_same(a.on_delete, b.on_delete)
        && is_same(a.on_update, b.on_update)
}
