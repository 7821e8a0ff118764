//! Foreign keys and tables of implicit m-n relations as relations.

use prisma_schema::{
    Arity, Field, FieldId, FieldKind, ForeignKey, JoinTable, ModelId, ReferentialAction, Relation, RelationField,
    RelationId, RelationKind, RelationMode, Span,
};

use super::{Builder, place};
use crate::database::{self, Table};

/// A relation to be: which models it is between, and what its fields are called.
struct Plan {
    /// The model that holds the key, or that column `A` points to.
    one: usize,
    other: usize,
    name: Option<String>,
    /// The name of the field of `one`, and of that of `other`.
    fields: [Option<String>; 2],
    documentation: [Option<String>; 2],
    is_ignored: [bool; 2],
    /// What tells it from others between the same models.
    distinct: String,
    source: Source,
}

/// What the schema said of a foreign key that the database has as it is there.
struct KnownKey {
    /// How many the field holds.
    arity: Arity,
    /// The actions as they were written, where they say what the database has.
    on_delete: Option<Option<ReferentialAction>>,
    on_update: Option<Option<ReferentialAction>>,
    map: Option<Option<String>>,
}

enum Source {
    Key {
        fields: Vec<FieldId>,
        references: Vec<FieldId>,
        key: database::ForeignKey,
        /// The words that the schema had for it.
        known: Option<KnownKey>,
    },
    Join {
        table: String,
    },
}

impl Builder<'_> {
    /// Whether a table holds an implicit m-n relation: columns `A` and `B` alone, which point to keys of one column, and are
    /// unique together. Without foreign keys it is one that the schema knew.
    pub(super) fn is_join_table(&self, table: &Table) -> bool {
        let names = |columns: &[database::IndexColumn]| columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        let both = ["A".to_owned(), "B".to_owned()];
        let points_to_key = |column: &str| {
            let key = table.foreign_keys.iter().find(|k| k.columns == [column])?;
            let target = self.database.table(&key.referenced_table)?;
            target.is_primary_key(key.referenced_columns.first()?).then_some(())
        };
        let is_known = || table.foreign_keys.is_empty() && self.known.join_ends(&table.name.name).is_some();
        table.name.name.starts_with('_')
            && table.columns.len() == 2
            && table.columns.iter().all(|c| both.contains(&c.name))
            && (table.primary_key.as_ref().is_some_and(|k| names(&k.columns) == both)
                || table.indexes.iter().any(|i| i.is_unique() && names(&i.columns) == both))
            && (table.foreign_keys.len() == 2 && points_to_key("A").is_some() && points_to_key("B").is_some()
                || is_known())
    }

    pub(super) fn relations(&mut self) {
        let plans = self.plans();
        let pairs: Vec<_> = plans.iter().map(|p| (p.one.min(p.other), p.one.max(p.other))).collect();
        for (plan, pair) in plans.into_iter().zip(&pairs) {
            let is_alone = pairs.iter().filter(|p| *p == pair).count() == 1;
            self.relation(plan, is_alone);
        }
        self.keep_relations();
    }

    fn plans(&mut self) -> Vec<Plan> {
        let mut plans = Vec::new();
        for one in 0..self.tables.len() {
            let table = self.tables[one];
            for key in &table.foreign_keys {
                if self
                    .model_of(&key.referenced_table)
                    .is_some_and(|other| !self.tables[other].has_key(&key.referenced_columns))
                {
                    self.warnings.push(format!(
                        "the foreign key on ({}) of `{}` points to columns of `{}` that are no key of it; it is left out",
                        key.columns.join(", "),
                        table.name,
                        key.referenced_table
                    ));
                    continue;
                }
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
        plans.extend(database.tables.iter().filter(|t| self.is_join_table(t)).filter_map(|t| self.join_plan(t)));
        plans
    }

    fn model_of(&self, table: &crate::ObjectName) -> Option<usize> {
        self.tables.iter().position(|t| t.name == *table)
    }

    fn model_named(&self, name: &str) -> Option<usize> {
        self.schema.models.iter().position(|m| m.name == name)
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
            is_ignored: [known, opposite].map(|f| f.is_some_and(|f| f.data().is_ignored)),
            distinct: named.join("_"),
            source: Source::Key {
                fields,
                references,
                key: key.clone(),
                known: known.and_then(|f| self.known_foreign_key(table, key, f)),
            },
        })
    }

    /// What the schema said of a foreign key, as far as the database has it so.
    fn known_foreign_key(
        &self,
        table: &Table,
        key: &database::ForeignKey,
        field: prisma_schema::FieldWalker<'_>,
    ) -> Option<KnownKey> {
        let Some(prisma_schema::Link::Owning { key: written, .. }) = field.link() else { return None };
        let keys = &self.wanted.table(&table.name)?.foreign_keys;
        let wanted = keys.iter().find(|w| {
            w.columns == key.columns
                && w.referenced_table == key.referenced_table
                && w.referenced_columns == key.referenced_columns
        })?;
        let has_name = !self.flavour.names_foreign_keys() || wanted.name == key.name;
        Some(KnownKey {
            arity: field.arity(),
            on_delete: (wanted.on_delete == key.on_delete).then_some(written.on_delete),
            on_update: (wanted.on_update == key.on_update).then_some(written.on_update),
            map: has_name.then(|| written.map.clone()),
        })
    }

    fn join_plan(&self, table: &Table) -> Option<Plan> {
        let known = self.known.join_ends(&table.name.name);
        let end = |column: &str| match table.foreign_keys.iter().find(|k| k.columns == [column]) {
            Some(key) => self.model_of(&key.referenced_table),
            None => self.model_named(known?[usize::from(column == "B")].model().name()),
        };
        let name = table.name.name.trim_start_matches('_').to_owned();
        let own = |at: usize| known.map(|k| k[at]);
        Some(Plan {
            one: end("A")?,
            other: end("B")?,
            name: Some(own(0).and_then(|f| f.relation()).map_or(name.clone(), |r| r.name().to_owned())),
            fields: [own(0), own(1)].map(|f| f.map(|f| f.name().to_owned())),
            documentation: [own(0), own(1)].map(|f| f.and_then(|f| f.data().documentation.clone())),
            is_ignored: [own(0), own(1)].map(|f| f.is_some_and(|f| f.data().is_ignored)),
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
            Source::Key { fields, known, .. } => {
                // One that is always there may still be written as optional.
                let was_optional = known.as_ref().is_some_and(|k| k.arity == Arity::Optional);
                let own = if was_optional || self.is_optional(one, fields) { Arity::Optional } else { Arity::Required };
                (own, if self.is_unique(one, fields) { Arity::Optional } else { Arity::List })
            }
        };
        let relation = RelationId(place(self.schema.relations.len()));
        let one_id = ModelId(place(one));
        let other_id = ModelId(place(other));
        let (own_field, opposite_field) = self.next_fields(one, other);
        let [own_ignored, opposite_ignored] = plan.is_ignored;
        self.add(
            one,
            own,
            own_arity,
            (own_text, own_ignored),
            RelationField { relation, related_model: other_id, opposite: opposite_field },
        );
        self.add(
            other,
            opposite,
            opposite_arity,
            (opposite_text, opposite_ignored),
            RelationField { relation, related_model: one_id, opposite: own_field },
        );
        let kind = match plan.source {
            Source::Join { table } => {
                RelationKind::JoinTable(JoinTable { table, a: (one_id, own_field), b: (other_id, opposite_field) })
            }
            Source::Key { fields, references, key, known } => {
                let usual_delete = match own_arity == Arity::Optional && self.are_all_optional(one, &fields) {
                    true => ReferentialAction::SetNull,
                    false => self.schema.provider().capabilities().default_restrict,
                };
                let usual = format!("{}_{}_fkey", self.tables[one].name.name, key.columns.join("_"));
                let has_names = self.schema.provider().capabilities().named_foreign_keys;
                let on_delete = Some(key.on_delete).filter(|a| *a != usual_delete);
                let on_update = Some(key.on_update).filter(|a| *a != ReferentialAction::Cascade);
                let map = key.name.filter(|name| has_names && *name != usual);
                // What goes without saying depends on how many the field holds.
                let is_arity_kept = known.as_ref().is_some_and(|k| k.arity == own_arity);
                let known_delete = known.as_ref().and_then(|k| k.on_delete).filter(|d| is_arity_kept || d.is_some());
                RelationKind::ForeignKey(ForeignKey {
                    model: one_id,
                    field: own_field,
                    referenced_model: other_id,
                    referenced_field: opposite_field,
                    on_delete: known_delete.unwrap_or(on_delete),
                    on_update: known.as_ref().and_then(|k| k.on_update).unwrap_or(on_update),
                    map: known.and_then(|k| k.map).unwrap_or(map),
                    is_one_to_one: opposite_arity != Arity::List,
                    fields,
                    references,
                })
            }
        };
        self.schema.relations.push(Relation { name, kind });
    }

    /// Relations that have no foreign keys in the database: those of views, and all with `relationMode = "prisma"`.
    fn keep_relations(&mut self) {
        let existing = self.known.schema();
        let is_emulated = existing.datasource.relation_mode == RelationMode::Prisma;
        for relation in existing.walk_relations() {
            let RelationKind::ForeignKey(key) = &relation.data().kind else { continue };
            let ends = [(key.model, key.field), (key.referenced_model, key.referenced_field)]
                .map(|(model, field)| existing.model(model).field(field));
            if is_emulated || ends.iter().any(|f| f.model().data().is_view) {
                self.keep_relation(relation.name(), key, ends);
            }
        }
    }

    /// Takes a relation over, if all that it is about is there and it is not yet.
    fn keep_relation(&mut self, name: &str, key: &ForeignKey, ends: [prisma_schema::FieldWalker<'_>; 2]) -> Option<()> {
        let [one, other] = ends.map(|f| self.model_named(f.model().name()));
        let (one, other) = (one?, other?);
        let is_there = |model: usize, f: prisma_schema::FieldWalker<'_>| {
            self.schema.models[model].fields.iter().any(|there| there.name == f.name())
        };
        if is_there(one, ends[0]) || is_there(other, ends[1]) {
            return None;
        }
        let moved = |model: usize, walker: prisma_schema::ModelWalker<'_>, ids: &[FieldId]| {
            let fields = &self.schema.models[model].fields;
            let place_of = |id: &FieldId| fields.iter().position(|f| f.name == walker.field(*id).name());
            ids.iter().map(|id| Some(FieldId(place(place_of(id)?)))).collect::<Option<Vec<_>>>()
        };
        let fields = moved(one, ends[0].model(), &key.fields)?;
        let references = moved(other, ends[1].model(), &key.references)?;
        let (own_field, opposite_field) = self.next_fields(one, other);
        let (one_id, other_id) = (ModelId(place(one)), ModelId(place(other)));
        let relation = RelationId(place(self.schema.relations.len()));
        for (end, (model, related_model, opposite)) in
            ends.into_iter().zip([(one, other_id, opposite_field), (other, one_id, own_field)])
        {
            let words = (end.data().documentation.clone(), end.data().is_ignored);
            let field = RelationField { relation, related_model, opposite };
            self.add(model, end.name().to_owned(), end.arity(), words, field);
        }
        let kind = RelationKind::ForeignKey(ForeignKey {
            model: one_id,
            field: own_field,
            referenced_model: other_id,
            referenced_field: opposite_field,
            fields,
            references,
            ..key.clone()
        });
        self.schema.relations.push(Relation { name: name.to_owned(), kind });
        Some(())
    }

    /// The ids that a relation's fields will have.
    fn next_fields(&self, one: usize, other: usize) -> (FieldId, FieldId) {
        let own = place(self.schema.models[one].fields.len());
        let opposite = if one == other { own + 1 } else { place(self.schema.models[other].fields.len()) };
        (FieldId(own), FieldId(opposite))
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
        (documentation, is_ignored): (Option<String>, bool),
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
            is_ignored,
            span: Span::default(),
            name_span: Span::default(),
            type_span: Span::default(),
        });
    }
}
