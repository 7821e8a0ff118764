//! Tables as models and their columns as fields. Relations come after.

use prisma_schema::{
    Arity, Field, FieldId, FieldKind, FieldWalker, Index, IndexField, IndexKind, Model, ModelWalker, NativeType,
    ScalarField, ScalarType, Span,
};

use super::known::Known;
use super::{Builder, defaults, names, place};
use crate::column::BaseType;
use crate::database::{Column, ObjectName, Table};
use crate::introspect::names::Taken;

impl Builder<'_> {
    pub(super) fn models(&mut self) {
        let database = self.database;
        for table in &database.tables {
            if self.is_join_table(table) {
                continue;
            }
            let model = self.model(table);
            self.schema.models.push(model);
            self.tables.push(table);
        }
    }

    fn model(&mut self, table: &Table) -> Model {
        let known = self.known.model(&table.name);
        let name = match known {
            Some(known) => self.blocks.keep(known.name()),
            None => self.new_name("table", &table.name),
        };
        let mut taken = Known::field_names(known, &table.columns);
        let fields: Vec<_> = table.columns.iter().map(|c| self.field(table, c, &mut taken)).collect();
        Model {
            indexes: self.indexes(table),
            shard_key: known.map(|m| shard_key(m, table)).unwrap_or_default(),
            fields,
            ..self.empty_model(name, &table.name, known)
        }
    }

    /// A model or view with the words that it had, without anything in it.
    pub(super) fn empty_model(&self, name: String, table: &ObjectName, known: Option<ModelWalker<'_>>) -> Model {
        Model {
            map: names::known_map(&name, &table.name, known.map(|m| &m.data().map)),
            name,
            schema: self.namespace(table),
            renamed_from: known.and_then(|m| m.data().renamed_from.clone()),
            documentation: known.and_then(|m| m.data().documentation.clone()),
            is_view: false,
            is_ignored: known.is_some_and(|m| m.data().is_ignored),
            indexes: Vec::new(),
            shard_key: Vec::new(),
            fields: Vec::new(),
            span: Span::default(),
            name_span: Span::default(),
        }
    }

    /// A name for the model of a table or view that no model was there for.
    pub(super) fn new_name(&mut self, what: &str, table: &ObjectName) -> String {
        let views = self.database.views.iter().map(|v| &v.name);
        let mut all = self.database.tables.iter().map(|t| &t.name).chain(views);
        let is_elsewhere = all.any(|t| t != table && t.name == table.name);
        let namespace = table.namespace.as_ref().filter(|_| is_elsewhere);
        let name = self.blocks.take(match namespace {
            Some(namespace) => names::block(&format!("{namespace}_{}", table.name)),
            None => names::block(&table.name),
        });
        self.tell_name(&format!("the {what} `{table}`"), &table.name, &name);
        name
    }

    /// Says that something is called otherwise than in the database, since the language has no such name or it is taken.
    pub(super) fn tell_name(&mut self, what: &str, database_name: &str, name: &str) {
        if name != database_name {
            self.warnings.push(format!("{what} is called `{name}` in the schema, which cannot have its name"));
        }
    }

    fn field(&mut self, table: &Table, column: &Column, taken: &mut Taken) -> Field {
        let known = self.known.field(&table.name, &column.name);
        let name = self.field_name(&table.name, column, known, taken);
        let mut scalar = self.scalar_field(&table.name, column);
        if let Some(known) = known {
            scalar = self.keep_words(scalar, column, table, known);
        }
        column_field(name, column, known, arity(column), scalar)
    }

    /// The name that a field had, or a new one.
    pub(super) fn field_name(
        &mut self,
        table: &ObjectName,
        column: &Column,
        known: Option<FieldWalker<'_>>,
        taken: &mut Taken,
    ) -> String {
        if let Some(known) = known {
            return taken.keep(known.name());
        }
        let name = taken.take(names::allowed(&column.name, "field"));
        self.tell_name(&format!("the column `{}` of `{table}`", column.name), &column.name, &name);
        name
    }

    /// A column as a field's type and default, of which nothing was known.
    pub(super) fn scalar_field(&mut self, table: &ObjectName, column: &Column) -> ScalarField {
        let (ty, native) = self.scalar(table, column);
        if let ScalarType::Unsupported(text) = &ty {
            let name = &column.name;
            self.warnings.push(match text.as_str() {
                "" => format!(
                    "the database tells no type for the column `{name}` of `{table}`: give the field one in the schema, where it stays"
                ),
                _ => format!("the column `{name}` of `{table}` has the type `{text}`, which the client does not know"),
            });
        }
        let has_sequences = self.schema.provider().capabilities().sequences;
        ScalarField {
            default: defaults::default(column, &ty, &self.schema.enums, has_sequences, self.flavour),
            native_type: native.map(|(name, args)| NativeType {
                name: name.to_owned(),
                args: args.iter().map(u32::to_string).collect(),
                span: Span::default(),
            }),
            default_map: None,
            is_updated_at: false,
            ty,
        }
    }

    /// The scalar of a column, and its native type unless it is the usual one.
    fn scalar(&self, table: &ObjectName, column: &Column) -> (ScalarType, Option<(&'static str, Vec<u32>)>) {
        let unsupported = || (ScalarType::Unsupported(column.data_type.base_text()), None);
        let enumeration = |key| self.enums.get(&key).map(|id| (ScalarType::Enum(*id), None));
        match &column.data_type.base {
            BaseType::Enum(name) => enumeration((name.clone(), String::new())).unwrap_or_else(unsupported),
            BaseType::Values(_) => enumeration((table.clone(), column.name.clone())).unwrap_or_else(unsupported),
            BaseType::Native { .. } => {
                let capabilities = self.schema.provider().capabilities();
                self.flavour.scalar(&column.data_type, capabilities).unwrap_or_else(unsupported)
            }
            BaseType::Other(_) => unsupported(),
        }
    }

    /// The client cannot tell records apart that have no key.
    pub(super) fn ignore_what_has_no_key(&mut self) {
        for model in 0..self.schema.models.len() {
            let data = &self.schema.models[model];
            if data.is_view {
                continue;
            }
            let can_be_key = |i: &Index| {
                let is_required = |f: &IndexField| {
                    data.fields.get(f.field.0 as usize).is_some_and(|field| {
                        let is_known =
                            matches!(&field.kind, FieldKind::Scalar(s) if !matches!(s.ty, ScalarType::Unsupported(_)));
                        is_known && field.arity == Arity::Required
                    })
                };
                matches!(i.kind, IndexKind::PrimaryKey | IndexKind::Unique)
                    && i.predicate.is_none()
                    && i.fields.iter().all(is_required)
            };
            if !data.indexes.iter().any(can_be_key) {
                self.warnings.push(format!(
                    "the table `{}` has no key of required columns, so that the client cannot tell its records apart: the model is ignored",
                    self.tables[model].name
                ));
                let is_new = self.known.model(&self.tables[model].name).is_none();
                let data = &mut self.schema.models[model];
                data.is_ignored = true;
                if is_new {
                    add_documentation(
                        data,
                        "The table has no key of required columns, so that the client cannot tell its records apart.",
                    );
                }
            }
        }
        // What leads to an ignored model is ignored too.
        let ignored: Vec<bool> = self.schema.models.iter().map(|m| m.is_ignored).collect();
        for model in &mut self.schema.models {
            if model.is_ignored {
                // All of it is ignored already.
                model.fields.iter_mut().for_each(|f| f.is_ignored = false);
                continue;
            }
            for field in &mut model.fields {
                match &field.kind {
                    FieldKind::Relation(relation) => {
                        field.is_ignored |= ignored.get(relation.related_model.0 as usize).copied().unwrap_or(false);
                    }
                    // No client sees it as it is.
                    FieldKind::Scalar(s) if matches!(s.ty, ScalarType::Unsupported(_)) => field.is_ignored = false,
                    _ => {}
                }
            }
        }
    }
}

/// How many values a column holds.
pub(super) fn arity(column: &Column) -> Arity {
    match (column.data_type.is_list, column.is_nullable) {
        (true, _) => Arity::List,
        (false, true) => Arity::Optional,
        (false, false) => Arity::Required,
    }
}

/// The field of a column, with the words that it had.
pub(super) fn column_field(
    name: String,
    column: &Column,
    known: Option<FieldWalker<'_>>,
    arity: Arity,
    scalar: ScalarField,
) -> Field {
    Field {
        map: names::known_map(&name, &column.name, known.map(|f| &f.data().map)),
        name,
        renamed_from: known.and_then(|f| f.data().renamed_from.clone()),
        documentation: known.and_then(|f| f.data().documentation.clone()),
        arity,
        kind: FieldKind::Scalar(scalar),
        is_ignored: known.is_some_and(|f| f.data().is_ignored),
        span: Span::default(),
        name_span: Span::default(),
        type_span: Span::default(),
    }
}

/// Adds a paragraph to the documentation.
pub(super) fn add_documentation(model: &mut Model, text: &str) {
    let before = model.documentation.take().map(|d| format!("{d}\n")).unwrap_or_default();
    model.documentation = Some(before + text);
}

/// The shard key, of which the database does not tell.
fn shard_key(known: ModelWalker<'_>, table: &Table) -> Vec<FieldId> {
    let column = |id: &FieldId| {
        let name = known.field(*id).database_name();
        table.columns.iter().position(|c| c.name == name).map(|at| FieldId(place(at)))
    };
    known.data().shard_key.iter().map(column).collect::<Option<_>>().unwrap_or_default()
}
