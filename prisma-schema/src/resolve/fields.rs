//! Fields of models, views and composite types.

use super::arguments::Arguments;
use super::names::SCALARS;
use super::{Named, Resolver};
use crate::diagnostics::Diagnostic;
use crate::suggest::closest;
use crate::syntax::{self, FieldType, Ident};
use crate::{
    Arity, CompositeId, Field, FieldId, FieldKind, ModelId, NativeType, RelationField, RelationId, ScalarField,
    ScalarType,
};

/// A relation that is not resolved yet, or could not be.
pub(crate) const UNRESOLVED: RelationId = RelationId(u32::MAX);

/// For how many types that do not exist a name like it is looked for among all blocks.
const MOST_SUGGESTIONS: usize = 100;

/// What the type of a field turned out to be.
enum FieldMeaning {
    Scalar(ScalarType),
    Model(ModelId),
    Composite(CompositeId),
    Unknown,
}

/// Where a field stands.
#[derive(Clone, Copy)]
pub(super) struct Owner<'t> {
    /// `Some` unless it is a composite type.
    pub(super) model: Option<ModelId>,
    pub(super) name: &'t str,
}

const ON_SCALAR: [&str; 8] = ["id", "unique", "default", "map", "renamedFrom", "updatedAt", "ignore", "shardKey"];
const ON_RELATION: [&str; 2] = ["relation", "ignore"];
const ON_COMPOSITE_FIELD: [&str; 2] = ["map", "ignore"];
const IN_COMPOSITE: [&str; 2] = ["default", "map"];

impl<'t> Resolver<'t> {
    pub(super) fn composite_fields(&mut self) {
        for i in 0..self.tree.composites.len() {
            let tree = &self.tree.composites[i];
            let block = tree.block;
            let owner = Owner { model: None, name: block.name.text };
            let fields: Vec<_> = tree.fields.clone();
            let fields = fields.into_iter().map(|f| self.field(owner, f).0).collect();
            self.schema.composites[i].fields = fields;
        }
    }

    pub(super) fn model_fields(&mut self) {
        for i in 0..self.tree.models.len() {
            let tree = &self.tree.models[i];
            let id = ModelId(i as u32);
            let block = tree.block;
            let owner = Owner { model: Some(id), name: block.name.text };
            let syntax: Vec<_> = tree.fields.clone();
            let mut fields = Vec::with_capacity(syntax.len());
            for (n, field) in syntax.into_iter().enumerate() {
                let (data, is_whole) = self.field(owner, field);
                if !is_whole {
                    self.tree.broken_fields.insert((id, FieldId(n as u32)));
                    self.tree.models_with_broken_fields.insert(id);
                }
                fields.push(data);
            }
            self.schema.models[i].fields = fields;
        }
    }

    /// A field, and whether it has a meaning.
    fn field(&mut self, owner: Owner<'t>, syntax: &'t syntax::Field<'t>) -> (Field, bool) {
        let meaning = self.meaning(owner, syntax);
        let is_whole = !matches!(meaning, FieldMeaning::Unknown);
        let attribute = |name: &str| syntax.attribute(name);
        let (mut map, mut renamed_from) = (None, None);
        let kind = match meaning {
            FieldMeaning::Scalar(ty) => {
                self.allowed_attributes(owner, syntax, if owner.model.is_some() { &ON_SCALAR } else { &IN_COMPOSITE });
                map = attribute("map").and_then(|a| self.map(a));
                renamed_from = attribute("renamedFrom").and_then(|a| self.renamed_from(a));
                let native_type = self.native_type(syntax);
                let (default, default_map) =
                    attribute("default").map(|a| self.default(owner, syntax, &ty, a)).unwrap_or_default();
                let is_updated_at = attribute("updatedAt").is_some_and(|a| {
                    Arguments::of(a).finish(&mut self.sink);
                    true
                });
                FieldKind::Scalar(ScalarField { ty, native_type, default, default_map, is_updated_at })
            }
            FieldMeaning::Model(related_model) => {
                self.allowed_attributes(owner, syntax, &ON_RELATION);
                FieldKind::Relation(RelationField { relation: UNRESOLVED, related_model, opposite: FieldId(0) })
            }
            FieldMeaning::Composite(id) => {
                let known = if owner.model.is_some() { &ON_COMPOSITE_FIELD[..] } else { &["map"] };
                self.allowed_attributes(owner, syntax, known);
                map = attribute("map").and_then(|a| self.map(a));
                FieldKind::Composite(id)
            }
            FieldMeaning::Unknown => FieldKind::Scalar(ScalarField {
                ty: ScalarType::Unsupported(String::new()),
                native_type: None,
                default: None,
                default_map: None,
                is_updated_at: false,
            }),
        };
        let is_ignored = attribute("ignore").is_some_and(|a| {
            Arguments::of(a).finish(&mut self.sink);
            true
        });
        let field = Field {
            name: syntax.name.text.to_owned(),
            map,
            renamed_from,
            documentation: syntax.documentation.clone(),
            arity: syntax.arity,
            kind,
            is_ignored,
            span: syntax.span,
            name_span: syntax.name.span,
            type_span: syntax.type_span,
        };
        (field, is_whole)
    }

    fn meaning(&mut self, owner: Owner<'t>, syntax: &'t syntax::Field<'t>) -> FieldMeaning {
        let name = match &syntax.ty {
            FieldType::Unsupported(text, _) => return FieldMeaning::Scalar(ScalarType::Unsupported(text.to_string())),
            FieldType::Named(name) => name,
        };
        let scalar = match name.text {
            "String" => ScalarType::String,
            "Boolean" => ScalarType::Boolean,
            "Int" => ScalarType::Int,
            "BigInt" => ScalarType::BigInt,
            "Float" => ScalarType::Float,
            "Decimal" => ScalarType::Decimal,
            "DateTime" => ScalarType::DateTime,
            "Json" => ScalarType::Json,
            "Bytes" => ScalarType::Bytes,
            other => {
                return match self.names.get(other) {
                    Some(Named::Model(id)) if owner.model.is_some() => FieldMeaning::Model(*id),
                    Some(Named::Model(_)) => {
                        let message = format!(
                            "the field `{}` of the composite type `{}` is a relation",
                            syntax.name.text, owner.name
                        );
                        let error = Diagnostic::error(name.span, message);
                        self.sink.push(error.with_help("only a model has relations; use a composite type or a scalar"));
                        FieldMeaning::Unknown
                    }
                    Some(Named::Enum(id)) => FieldMeaning::Scalar(ScalarType::Enum(*id)),
                    Some(Named::Composite(id)) => FieldMeaning::Composite(*id),
                    // The block was reported already.
                    None if self.files.iter().any(|f| f.broken_blocks.contains(other)) => FieldMeaning::Unknown,
                    None => {
                        self.unknown_type(owner, syntax, name);
                        FieldMeaning::Unknown
                    }
                };
            }
        };
        FieldMeaning::Scalar(scalar)
    }

    fn unknown_type(&mut self, owner: Owner<'t>, syntax: &syntax::Field<'_>, ty: &Ident<'_>) {
        self.unknown_types += 1;
        let mut candidates: Vec<_> = match self.unknown_types {
            0..=MOST_SUGGESTIONS => SCALARS.iter().copied().chain(self.names.keys().copied()).collect(),
            _ => SCALARS.into(),
        };
        // Of names equally close, the same one in every run.
        candidates.sort_unstable();
        let help = match closest(ty.text, candidates) {
            Some(name) => format!("did you mean `{name}`?"),
            None => {
                "a type is a scalar (`String`, `Int` …), or a model, enum or composite type of the schema".to_owned()
            }
        };
        let message =
            format!("the type `{}` of the field `{}` of `{}` does not exist", ty.text, syntax.name.text, owner.name);
        self.sink.push(Diagnostic::error(ty.span, message).with_help(help));
    }

    fn allowed_attributes(&mut self, owner: Owner<'t>, syntax: &'t syntax::Field<'t>, known: &[&'static str]) {
        let names = || syntax.attributes.iter().map(|a| a.name);
        // Native types are of columns; which of them there are is a rule of its own.
        let is_column = known.contains(&"default");
        let is_native_type = |name: &str| is_column && name.contains('.');
        let is_fine = |(i, name): (usize, &str)| {
            is_native_type(name) || (known.contains(&name) && !names().take(i).any(|earlier| earlier == name))
        };
        // Nearly always.
        if syntax.attributes.len() <= ON_SCALAR.len() + 1 && names().enumerate().all(is_fine) {
            return;
        }
        let field = format!("`{}` of `{}`", syntax.name.text, owner.name);
        let mut unknown = Vec::new();
        for attribute in &syntax.attributes {
            if known.contains(&attribute.name) || is_native_type(attribute.name) {
                continue;
            }
            let exists =
                attribute.name.contains('.') || ON_SCALAR.iter().chain(&ON_RELATION).any(|a| *a == attribute.name);
            if !exists {
                unknown.push(attribute);
                continue;
            }
            let kind = match (owner.model, self.is_relation_type(syntax)) {
                (None, _) => "a composite type's field",
                (_, true) => "a relation",
                _ if attribute.name == "relation" => "a column",
                _ => "an embedded document",
            };
            let error = Diagnostic::error(
                attribute.span,
                format!("the field {field} cannot have `{}`: it is {kind}", attribute.display_name()),
            );
            self.sink.push(match (kind, attribute.name) {
                ("a relation", "map" | "id" | "unique" | "default") => {
                    error.with_help("put it on the scalar field that holds the foreign key")
                }
                ("a relation", "renamedFrom") => error.with_help(
                    "it has no column, so that nothing is to be renamed: if its foreign key has a new name, put it on that scalar field",
                ),
                ("an embedded document" | "a composite type's field", "renamedFrom") => {
                    error.with_help("migrations rename columns, not what is within documents")
                }
                ("a column", _) => error.with_help("`@relation` belongs to a field whose type is a model"),
                _ => error,
            });
        }
        let all: Vec<_> = ON_SCALAR.iter().chain(&ON_RELATION[..1]).copied().collect();
        self.known_attributes(unknown, &all, "fields");
        // Repetition concerns the known ones too.
        let known: Vec<_> = syntax.attributes.iter().filter(|a| all.contains(&a.name)).collect();
        self.known_attributes(known, &all, "fields");
    }

    fn is_relation_type(&self, syntax: &syntax::Field<'_>) -> bool {
        matches!(&syntax.ty, FieldType::Named(name) if matches!(self.names.get(name.text), Some(Named::Model(_))))
    }

    /// `@db.Name(arguments)`; what the provider makes of it is a rule of its own.
    fn native_type(&mut self, syntax: &'t syntax::Field<'t>) -> Option<NativeType> {
        let mut found = None;
        for attribute in syntax.attributes.iter().filter(|a| a.name.contains('.')) {
            let (prefix, name) = attribute.name.split_once('.')?;
            let datasource = &self.schema.datasource.name;
            if prefix != datasource {
                let error = Diagnostic::error(
                    attribute.span,
                    format!("`{}` does not begin with the datasource's name", attribute.display_name()),
                );
                let help = format!("did you mean `@{datasource}.{name}`?");
                self.sink.push(error.with_help(help));
                continue;
            }
            if found.is_some() {
                self.error(attribute.span, format!("the field `{}` has more than one native type", syntax.name.text));
                continue;
            }
            let mut args = Vec::new();
            for argument in attribute.arguments() {
                match argument.value.as_ref().map(|v| &v.kind) {
                    Some(syntax::ExpressionKind::Number(text) | syntax::ExpressionKind::Constant(text))
                        if argument.name.is_none() =>
                    {
                        args.push(text.to_string());
                    }
                    Some(syntax::ExpressionKind::String(text)) if argument.name.is_none() => {
                        args.push(text.to_string())
                    }
                    _ => self.error(argument.span, format!("`@{}` takes numbers without names", attribute.name)),
                }
            }
            found = Some(NativeType { name: name.to_owned(), args, span: attribute.span });
        }
        found
    }

    /// The field of a model by its name, for an argument that lists fields.
    pub(super) fn field_id(&self, model: ModelId, name: &str) -> Option<FieldId> {
        self.tree.model(model).by_name.get(name).copied()
    }

    /// Whether a field of that arity holds a list.
    pub(super) fn is_list(syntax: &syntax::Field<'_>) -> bool {
        syntax.arity == Arity::List
    }
}
