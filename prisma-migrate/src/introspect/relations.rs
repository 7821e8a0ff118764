//! Foreign keys and tables of implicit m-n relations as relations.

use prisma_schema::{
    Arity, Field, FieldId, FieldKind, ForeignKey, JoinTable, ModelId, ReferentialAction, Relation, RelationField,
    RelationId, RelationKind, Span,
};

use super::{Builder, place};
use crate::database::{self, DatabaseSchema, Table};

/// Whether a table holds an implicit m-n relation: columns `A` and `B` alone, which point to keys of one column, and are
/// unique together.
pub(super) fn is_join_table(table: &Table, database: &DatabaseSchema) -> bool {
    let names = |columns: &[database::IndexColumn]| columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    let both = ["A".to_owned(), "B".to_owned()];
    let points_to_key = |column: &str| {
        let key = table.foreign_keys.iter().find(|k| k.columns == [column])?;
        let target = database.table(&key.referenced_table)?;
        target.is_primary_key(key.referenced_columns.first()?).then_some(())
    };
    table.name.name.starts_with('_')
        && table.columns.len() == 2
        && table.columns.iter().all(|c| both.contains(&c.name))
        && table.foreign_keys.len() == 2
        && (table.primary_key.as_ref().is_some_and(|k| names(&k.columns) == both)
            || table.indexes.iter().any(|i| i.is_unique() && names(&i.columns) == both))
        && points_to_key("A").is_some()
        && points_to_key("B").is_some()
}

/// A relation to be: which models it is between, and what its fields are called.
struct Plan {
    /// The model that holds the key, or that column `A` points to.
    one: usize,
    other: usize,
    name: Option<String>,
    /// The name of the field of `one`, and of that of `other`.
    fields: [Option<String>; 2],
    documentation: [Option<String>; 2],
    /// What tells it from others between the same models.
    distinct: String,
    source: Source,
}

enum Source {
    Key { fields: Vec<FieldId>, references: Vec<FieldId>, key: database::ForeignKey },
    Join { table: String },
}

impl Builder<'_> {
    pub(super) fn relations(&mut self) {
        let plans = self.plans();
        let pairs: Vec<_> = plans.iter().map(|p| (p.one.min(p.other), p.one.max(p.other))).collect();
        for (plan, pair) in plans.into_iter().zip(&pairs) {
            let is_alone = pairs.iter().filter(|p| *p == pair).count() == 1;
            self.relation(plan, is_alone);
        }
    }

    fn plans(&mut self) -> Vec<Plan> {
        let mut plans = Vec::new();
        for one in 0..self.tables.len() {
            let table = self.tables[one];
            for key in &table.foreign_keys {
                match self.key_plan(one, table, key) {
                    Some(plan) => plans.push(plan),
                    None => self.warnings.push(format!(
                        "the foreign key on ({}) of `{}` points to `{}`, which is not in the schema; it is left out",
                        key.columns.join(", "),
                        table.name,
                        key.referenced_table
                    )),
                }
            }
        }
        let database = self.database;
        let joins = database.tables.iter().filter(|t| is_join_table(t, database));
        plans.extend(joins.filter_map(|t| self.join_plan(t)));
        plans
    }

    fn model_of(&self, table: &crate::ObjectName) -> Option<usize> {
        self.tables.iter().position(|t| t.name == *table)
    }

    fn key_plan(&self, one: usize, table: &Table, key: &database::ForeignKey) -> Option<Plan> {
        let other = self.model_of(&key.referenced_table)?;
        let ids = |model: usize, columns: &[String]| {
            let place_of = |column: &String| {
                self.tables[model].columns.iter().position(|c| c.name == *column).map(|at| FieldId(place(at)))
            };
            columns.iter().map(place_of).collect::<Option<Vec<_>>>()
        };
        let (fields, references) = (ids(one, &key.columns)?, ids(other, &key.referenced_columns)?);
        let known = self.known.owning_field(&table.name, key);
        let opposite = known.and_then(|f| f.opposite());
        let data = |f: Option<prisma_schema::FieldWalker<'_>>| f.and_then(|f| f.data().documentation.clone());
        let named: Vec<_> = fields.iter().map(|f| self.schema.models[one].fields[f.0 as usize].name.as_str()).collect();
        Some(Plan {
            one,
            other,
            name: known.and_then(|f| f.relation()).map(|r| r.name().to_owned()),
            fields: [known, opposite].map(|f| f.map(|f| f.name().to_owned())),
            documentation: [data(known), data(opposite)],
            distinct: named.join("_"),
            source: Source::Key { fields, references, key: key.clone() },
        })
    }

    fn join_plan(&self, table: &Table) -> Option<Plan> {
        let end = |column: &str| {
            let key = table.foreign_keys.iter().find(|k| k.columns == [column])?;
            self.model_of(&key.referenced_table)
        };
        let name = table.name.name.trim_start_matches('_').to_owned();
        let known = self.known.join_ends(&table.name.name);
        let own = |at: usize| known.map(|k| k[at]);
        Some(Plan {
            one: end("A")?,
            other: end("B")?,
            name: Some(own(0).and_then(|f| f.relation()).map_or(name.clone(), |r| r.name().to_owned())),
            fields: [own(0), own(1)].map(|f| f.map(|f| f.name().to_owned())),
            documentation: [own(0), own(1)].map(|f| f.and_then(|f| f.data().documentation.clone())),
            distinct: name,
            source: Source::Join { table: table.name.name.clone() },
        })
    }

    fn relation(&mut self, plan: Plan, is_alone: bool) {
        let Plan { one, other, fields: [own, opposite], documentation: [own_text, opposite_text], .. } = plan;
        let name_of = |at: usize| self.schema.models[at].name.clone();
        let (one_name, other_name) = (name_of(one), name_of(other));
        let usual = if one_name <= other_name {
            format!("{one_name}To{other_name}")
        } else {
            format!("{other_name}To{one_name}")
        };
        let name = plan.name.unwrap_or_else(|| match is_alone {
            true => usual,
            false => format!("{one_name}_{}To{other_name}", plan.distinct),
        });
        let suffix = if is_alone { String::new() } else { format!("_{name}") };
        let own = own.unwrap_or_else(|| format!("{other_name}{suffix}"));
        let opposite = opposite.unwrap_or_else(|| match one == other {
            true => format!("other_{one_name}{suffix}"),
            false => format!("{one_name}{suffix}"),
        });
        let (own_arity, opposite_arity) = match &plan.source {
            Source::Join { .. } => (Arity::List, Arity::List),
            Source::Key { fields, .. } => {
                let own = if self.is_optional(one, fields) { Arity::Optional } else { Arity::Required };
                (own, if self.is_unique(one, fields) { Arity::Optional } else { Arity::List })
            }
        };
        let relation = RelationId(place(self.schema.relations.len()));
        let one_id = ModelId(place(one));
        let other_id = ModelId(place(other));
        let own_field = FieldId(place(self.schema.models[one].fields.len()));
        let opposite_field = match one == other {
            true => FieldId(own_field.0 + 1),
            false => FieldId(place(self.schema.models[other].fields.len())),
        };
        self.add(
            one,
            own,
            own_arity,
            own_text,
            RelationField { relation, related_model: other_id, opposite: opposite_field },
        );
        self.add(
            other,
            opposite,
            opposite_arity,
            opposite_text,
            RelationField { relation, related_model: one_id, opposite: own_field },
        );
        let kind = match plan.source {
            Source::Join { table } => {
                RelationKind::JoinTable(JoinTable { table, a: (one_id, own_field), b: (other_id, opposite_field) })
            }
            Source::Key { fields, references, key } => {
                let usual_delete = match own_arity == Arity::Optional && self.are_all_optional(one, &fields) {
                    true => ReferentialAction::SetNull,
                    false => self.schema.provider().capabilities().default_restrict,
                };
                let usual = format!("{}_{}_fkey", self.tables[one].name.name, key.columns.join("_"));
                let has_names = self.schema.provider().capabilities().named_foreign_keys;
                RelationKind::ForeignKey(ForeignKey {
                    model: one_id,
                    field: own_field,
                    referenced_model: other_id,
                    referenced_field: opposite_field,
                    on_delete: Some(key.on_delete).filter(|a| *a != usual_delete),
                    on_update: Some(key.on_update).filter(|a| *a != ReferentialAction::Cascade),
                    map: key.name.filter(|name| has_names && *name != usual),
                    is_one_to_one: opposite_arity != Arity::List,
                    fields,
                    references,
                })
            }
        };
        self.schema.relations.push(Relation { name, kind });
    }

    fn is_optional(&self, model: usize, fields: &[FieldId]) -> bool {
        let fields_of = &self.schema.models[model].fields;
        fields.iter().any(|f| fields_of[f.0 as usize].arity == Arity::Optional)
    }

    fn are_all_optional(&self, model: usize, fields: &[FieldId]) -> bool {
        let fields_of = &self.schema.models[model].fields;
        fields.iter().all(|f| fields_of[f.0 as usize].arity == Arity::Optional)
    }

    /// Whether no two rows can hold the same key.
    fn is_unique(&self, model: usize, fields: &[FieldId]) -> bool {
        self.schema.models[model].indexes.iter().any(|i| {
            matches!(i.kind, prisma_schema::IndexKind::PrimaryKey | prisma_schema::IndexKind::Unique)
                && i.predicate.is_none()
                && i.fields.len() == fields.len()
                && i.fields.iter().all(|f| fields.contains(&f.field))
        })
    }

    fn add(
        &mut self,
        model: usize,
        name: String,
        arity: Arity,
        documentation: Option<String>,
        relation: RelationField,
    ) {
        let fields = &mut self.schema.models[model].fields;
        let mut free = name.clone();
        let mut number = 2;
        while fields.iter().any(|f| f.name == free) {
            free = format!("{name}_{number}");
            number += 1;
        }
        fields.push(Field {
            name: free,
            map: None,
            renamed_from: None,
            documentation,
            arity,
            kind: FieldKind::Relation(relation),
            is_ignored: false,
            span: Span::default(),
            name_span: Span::default(),
            type_span: Span::default(),
        });
    }
}
