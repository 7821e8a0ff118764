//! Foreign keys, where they are added and dropped by themselves: those that are new or gone, and those that must be out of
//! the way while what they rely on changes.

use super::{Step, Steps, TableDiff};
use crate::database::{ForeignKey, ObjectName};
use crate::flavour::Flavour;

impl Steps {
    pub(super) fn foreign_keys(&mut self, tables: &[TableDiff<'_>], flavour: &dyn Flavour) {
        for table in tables {
            let name = &table.to.name;
            for key in &table.old_foreign_keys {
                self.drop_foreign_key(name, key);
            }
            for key in &table.new_foreign_keys {
                self.add_foreign_keys.push(Step::AddForeignKey { table: name.clone(), key: (*key).clone() });
            }
            for key in table.from.foreign_keys.iter().filter(|k| !table.old_foreign_keys.contains(k)) {
                let stands_in_the_way = table.moves_own_end(key, flavour)
                    || tables
                        .iter()
                        .any(|t| t.from.name == key.referenced_table && t.moves_referenced_end(key, flavour));
                let renamed = table.renamed_foreign_keys.iter().find(|(from, _)| *from == key).map(|(_, to)| *to);
                if stands_in_the_way {
                    self.drop_foreign_key(name, key);
                    let key = renamed.unwrap_or(key).clone();
                    self.add_foreign_keys.push(Step::AddForeignKey { table: name.clone(), key });
                } else if let (Some(from), Some(to)) = (key.name.clone(), renamed.and_then(|k| k.name.clone())) {
                    self.rename_foreign_keys.push(Step::RenameForeignKey { table: name.clone(), from, to });
                }
            }
        }
    }

    fn drop_foreign_key(&mut self, table: &ObjectName, key: &ForeignKey) {
        if let Some(name) = &key.name {
            self.drop_foreign_keys.push(Step::DropForeignKey { table: table.clone(), name: name.clone() });
        }
    }
}

impl TableDiff<'_> {
    /// Whether the columns that hold a foreign key change, or the index that the database needs for it.
    fn moves_own_end(&self, key: &ForeignKey, flavour: &dyn Flavour) -> bool {
        let needs_index = flavour.indexes_foreign_keys();
        key.columns
            .iter()
            .any(|c| self.has_other_values(c) || needs_index && self.changed.iter().any(|d| d.to.name == *c))
            || needs_index && self.drops_key(|columns| columns.starts_with(&key.columns))
    }

    /// Whether the columns that it points to change, or the key that makes them unique.
    fn moves_referenced_end(&self, key: &ForeignKey, flavour: &dyn Flavour) -> bool {
        let needs_index = flavour.indexes_foreign_keys();
        let is_changed = |c: &String| needs_index && self.changed.iter().any(|d| d.to.name == *c);
        key.referenced_columns.iter().any(|c| self.has_other_values(c) || is_changed(c))
            || self.drops_key(|columns| {
                columns.len() >= key.referenced_columns.len()
                    && key.referenced_columns.iter().all(|c| columns.contains(c))
            })
    }

    /// Whether the primary key or an index goes whose columns are such.
    fn drops_key(&self, is_such: impl Fn(&[String]) -> bool) -> bool {
        let key = self.from.primary_key.as_ref().filter(|_| self.has_new_primary_key);
        key.is_some_and(|k| is_such(&k.column_names())) || self.old_indexes.iter().any(|i| is_such(&i.column_names()))
    }
}
