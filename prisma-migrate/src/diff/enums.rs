//! Enums that are types of their own.

use super::{EnumChange, Step, Steps, TableDiff};
use crate::check::Check;
use crate::column::{BaseType, ColumnDefault};
use crate::database::{Column, DatabaseSchema, EnumType, ObjectName};
use crate::flavour::Flavour;
use crate::sql::text;

impl Steps {
    pub(super) fn enums(
        &mut self,
        from: &DatabaseSchema,
        to: &DatabaseSchema,
        tables: &[TableDiff<'_>],
        flavour: &dyn Flavour,
    ) {
        for new in &to.enums {
            match from.enumeration(&new.name) {
                None => self.create_enums.push(Step::CreateEnum(new.clone())),
                Some(old) => self.alter_enum(old, new, from, to, tables, flavour),
            }
        }
        for old in from.enums.iter().filter(|e| to.enumeration(&e.name).is_none()) {
            self.drop_enums.push(Step::DropEnum { name: old.name.clone() });
        }
    }

    fn alter_enum(
        &mut self,
        old: &EnumType,
        new: &EnumType,
        from: &DatabaseSchema,
        to: &DatabaseSchema,
        tables: &[TableDiff<'_>],
        flavour: &dyn Flavour,
    ) {
        let mut change = EnumChange {
            from: old.clone(),
            to: new.clone(),
            columns: Vec::new(),
            is_remade: false,
            is_outlived: false,
            uses: Vec::new(),
        };
        let removed: Vec<_> = change.removed().cloned().collect();
        let added: Vec<_> = change.added().cloned().collect();
        if removed.is_empty() && added.is_empty() {
            return;
        }
        let is_kept = |table: &ObjectName, column: &Column| {
            tables.iter().find(|d| d.to.name == *table).is_some_and(|d| {
                d.to.column(&column.name).is_some_and(|c| c.data_type.base == BaseType::Enum(new.name.clone()))
                    && !d.is_remade(&column.name)
            })
        };
        let holds = |column: &&Column| column.data_type.base == BaseType::Enum(new.name.clone());
        let all = from.tables.iter().flat_map(|t| t.columns.iter().filter(holds).map(|c| (t.name.clone(), c)));
        let (kept, leaving): (Vec<_>, Vec<_>) = all.partition(|(table, column)| is_kept(table, column));
        if !removed.is_empty() {
            self.checks.extend(kept.iter().map(|(table, column)| Check::EnumValues {
                table: table.clone(),
                column: column.name.clone(),
                is_list: column.data_type.is_list,
                values: removed.clone(),
            }));
        }
        // A value that was added cannot be used before the transaction ends, not even as a default.
        let is_used = to
            .tables
            .iter()
            .flat_map(|t| t.columns.iter().filter(holds))
            .any(|c| c.default.as_ref().is_some_and(|default| added.iter().any(|value| mentions(default, value))));
        if flavour.remakes_enums() && (!removed.is_empty() || is_used) {
            change.is_remade = true;
            for of_kept in
                old.uses.iter().filter(|u| kept.iter().any(|(t, c)| *t == u.table && u.columns.contains(&c.name)))
            {
                let goes =
                    |c: &String| leaving.iter().any(|(table, column)| *table == of_kept.table && column.name == *c);
                let is_dropped = tables
                    .iter()
                    .any(|t| t.to.name == of_kept.table && t.old_indexes.iter().any(|i| i.name == of_kept.name));
                let comes_back = !is_dropped && !of_kept.columns.iter().any(goes);
                if let Some(value) = removed.iter().find(|v| comes_back && of_kept.definition.sql().contains(&text(v)))
                {
                    self.checks.push(Check::NamedValue {
                        table: of_kept.table.clone(),
                        name: of_kept.name.clone(),
                        value: value.clone(),
                        of: new.name.to_string(),
                    });
                }
                change.uses.push((of_kept.clone(), comes_back));
            }
            change.columns = kept.into_iter().map(|(table, column)| (table, column.clone())).collect();
            if !leaving.is_empty() {
                change.is_outlived = true;
                self.drop_enums.push(Step::DropEnum { name: change.old_name() });
            }
        }
        self.alter_enums.push(Step::AlterEnum(change));
    }
}

impl Steps {
    /// What an enum that is made anew has dropped already is not dropped once more.
    pub(super) fn forget_dropped_indexes(&mut self) {
        let dropped: Vec<_> = self
            .alter_enums
            .iter()
            .filter_map(|step| match step {
                Step::AlterEnum(change) => Some(&change.uses),
                _ => None,
            })
            .flatten()
            .map(|(of, _)| (&of.table, &of.name))
            .collect();
        self.drop_indexes.retain(|step| match step {
            Step::DropIndex { table, index } => !dropped.contains(&(table, &index.name)),
            _ => true,
        });
    }
}

/// Whether a default is or holds a value.
fn mentions(default: &ColumnDefault, value: &str) -> bool {
    match default {
        ColumnDefault::Text(text) => text == value,
        ColumnDefault::List(elements) => elements.iter().any(|e| mentions(e, value)),
        ColumnDefault::Expression(sql) => sql.contains(&format!("'{value}'")),
        _ => false,
    }
}
