//! The old names that a schema tells of.

use prisma_schema::{JoinTable, RelationKind, ScalarType, Schema};

use super::{enum_name, object_name, table_name};
use crate::flavour::Flavour;
use crate::rename::Rename;

pub(super) fn renames(schema: &Schema, flavour: &dyn Flavour) -> Vec<Rename> {
    let mut found = Vec::new();
    if flavour.has_enum_types() {
        of_enums(schema, &mut found);
    }
    for model in schema.walk_models().filter(|m| !m.data().is_view) {
        let table = table_name(model);
        if let Some(renamed) = &model.data().renamed_from {
            found.push(Rename::Table { from: table.sibling(renamed.database_name()), to: table.clone() });
        }
        for field in model.scalar_fields() {
            let column = || field.database_name().to_owned();
            if let Some(renamed) = &field.data().renamed_from {
                let from = renamed.database_name().to_owned();
                found.push(Rename::Column { table: table.clone(), from, to: column() });
            }
            let Some(ScalarType::Enum(id)) = field.scalar().map(|s| &s.ty).filter(|_| !flavour.has_enum_types()) else {
                continue;
            };
            for (from, to) in values(schema.enumeration(*id).values()) {
                found.push(Rename::ColumnValue { table: table.clone(), column: column(), from, to });
            }
        }
    }
    for relation in &schema.relations {
        if let RelationKind::JoinTable(join) = &relation.kind {
            of_join_table(schema, join, &relation.name, &mut found);
        }
    }
    // A name that stays is none.
    found.retain(|rename| match rename {
        Rename::Table { from, to } | Rename::Enum { from, to } => from != to,
        Rename::Column { from, to, .. } => from != to,
        _ => true,
    });
    found
}

fn of_enums(schema: &Schema, found: &mut Vec<Rename>) {
    for enumeration in schema.walk_enums() {
        let name = enum_name(schema, enumeration);
        if let Some(renamed) = &enumeration.data().renamed_from {
            found.push(Rename::Enum { from: name.sibling(renamed.database_name()), to: name.clone() });
        }
        let values = values(enumeration.values());
        found.extend(values.map(|(from, to)| Rename::EnumValue { name: name.clone(), from, to }));
    }
}

/// Old and new names.
fn values(values: &[prisma_schema::EnumValue]) -> impl Iterator<Item = (String, String)> {
    let renamed = values.iter().filter_map(|v| Some((v.renamed_from.as_ref()?.database_name(), v.database_name())));
    renamed.filter(|(old, new)| old != new).map(|(old, new)| (old.to_owned(), new.to_owned()))
}

/// What the table was called if its models had their old names. Which column belongs to which model follows from their names too.
fn of_join_table(schema: &Schema, join: &JoinTable, relation: &str, found: &mut Vec<Rename>) {
    let (a, b) = (schema.model(join.a.0), schema.model(join.b.0));
    if a.id() == b.id() {
        // It has a name, and its columns go by the names of fields.
        return;
    }
    let namespace = |model: prisma_schema::ModelWalker<'_>| model.data().schema.clone();
    let to = object_name(schema, namespace(a).as_ref(), &join.table);
    let ends = [table_name(a), table_name(b)];
    let old = |model: prisma_schema::ModelWalker<'_>| model.data().renamed_from.as_ref().map(|r| r.name.clone());
    let names = |model: prisma_schema::ModelWalker<'_>| (old(model), model.name().to_owned());
    let ((old_a, new_a), (old_b, new_b)) = (names(a), names(b));
    let has_name = relation != prisma_schema::default_relation_name(&new_a, &new_b);
    // Both, or only one of them, may have had another name.
    let pairs = [(&old_a, &old_b), (&old_a, &None), (&None, &old_b), (&None, &None)];
    for (one, other) in pairs {
        let (one, other) = (one.as_ref().unwrap_or(&new_a), other.as_ref().unwrap_or(&new_b));
        let from = match has_name {
            true => to.clone(),
            false => to.sibling(schema.join_table_name(&prisma_schema::default_relation_name(one, other))),
        };
        let is_swapped = one > other;
        let rename = Rename::JoinTable { from, to: to.clone(), is_swapped, ends: ends.clone() };
        if !found.contains(&rename) {
            found.push(rename);
        }
    }
}
