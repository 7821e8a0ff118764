//! What relations lack, and one can only mean one way: the field at the other end, the columns of the foreign key, and
//! the arguments of `@relation`.

use std::collections::{HashMap, HashSet};

use super::print::render_argument;
use crate::resolve::{Lacking, RelationEnd, Resolver, Tree, lower_first};
use crate::syntax::{self, escape};
use crate::{Arity, FieldId, IndexKind, ModelId, ScalarField, ScalarType, Schema, SourceFile, Span};

/// What to add.
#[derive(Debug, Default)]
pub(super) struct Additions {
    /// Fields, by the block.
    pub(super) fields: HashMap<Span, Vec<NewField>>,
    /// The text of `@relation`, by the field.
    pub(super) attributes: HashMap<Span, String>,
}

/// A field that the user did not write.
#[derive(Debug)]
pub(super) struct NewField {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) attributes: String,
}

pub(super) fn additions(files: &[syntax::File], sources: &[SourceFile]) -> Additions {
    let (schema, tree, lacking) = Resolver::lacking(files);
    let mut finder =
        Finder { schema: &schema, tree: &tree, sources, additions: Additions::default(), added: HashSet::new() };
    for lack in lacking {
        match lack {
            Lacking::Opposite(end) => finder.opposite(&tree.ends[end]),
            Lacking::ForeignKey(end) => finder.foreign_key(&tree.ends[end]),
        }
    }
    finder.additions
}

struct Finder<'a> {
    schema: &'a Schema,
    tree: &'a Tree<'a>,
    sources: &'a [SourceFile],
    additions: Additions,
    added: HashSet<(ModelId, String)>,
}

impl Finder<'_> {
    fn is_free(&self, model: ModelId, name: &str) -> bool {
        !self.tree.model(model).by_name.contains_key(name) && !self.added.contains(&(model, name.to_owned()))
    }

    fn add(&mut self, model: ModelId, field: NewField) {
        self.added.insert((model, field.name.clone()));
        self.additions.fields.entry(self.tree.model(model).block.span).or_default().push(field);
    }

    /// The fields of a model's primary key, with their columns.
    fn key(&self, model: ModelId) -> Option<Vec<FieldId>> {
        let key = self.schema.models[model.0 as usize].indexes.iter().find(|i| i.kind == IndexKind::PrimaryKey)?;
        Some(key.fields.iter().map(|f| f.field).collect())
    }

    /// The field at the other end of a relation that has one end.
    fn opposite(&mut self, end: &RelationEnd<'_>) {
        // A model that relates to itself needs a name that only the user knows.
        if end.model == end.related_model {
            return;
        }
        let name = self.schema.models[end.model.0 as usize].name.clone();
        if !self.is_free(end.related_model, &name) {
            return;
        }
        let relation_name = end.name.map(escape);
        if end.is_list() {
            let Some(key) = self.key(end.model) else {
                return;
            };
            let Some(columns) = self.columns(end.related_model, &name, end.model, &key, Arity::Optional) else {
                return;
            };
            let mut arguments: Vec<String> = relation_name.into_iter().collect();
            arguments.push(format!("fields: [{}]", columns.names.join(", ")));
            arguments.push(format!("references: [{}]", self.names(end.model, &key)));
            let attributes = format!("@relation({})", arguments.join(", "));
            self.add(end.related_model, NewField { ty: format!("{name}?"), name, attributes });
            for column in columns.new {
                self.add(end.related_model, column);
            }
        } else {
            let is_unique = end.fields.as_ref().is_some_and(|fields| {
                self.schema.models[end.model.0 as usize].indexes.iter().any(|i| {
                    matches!(i.kind, IndexKind::PrimaryKey | IndexKind::Unique)
                        && i.fields.iter().map(|f| f.field).eq(fields.iter().copied())
                })
            });
            let ty = format!("{name}{}", if is_unique { "?" } else { "[]" });
            let attributes = relation_name.map(|n| format!("@relation({n})")).unwrap_or_default();
            self.add(end.related_model, NewField { name, ty, attributes });
            self.foreign_key(end);
        }
    }

    /// `fields` and `references` of the end that holds the key, and the columns.
    fn foreign_key(&mut self, end: &RelationEnd<'_>) {
        let references = match &end.references {
            Some(references) => references.clone(),
            None => match self.key(end.related_model) {
                Some(key) => key,
                None => return,
            },
        };
        let mut arguments: Vec<String> = end
            .attribute
            .map(|a| {
                a.arguments()
                    .iter()
                    .map(|a| render_argument(a, &self.sources[end.syntax.span.source.0 as usize].text))
                    .collect()
            })
            .unwrap_or_default();
        if end.fields.is_none() {
            let name = &end.syntax.name.text;
            let Some(columns) = self.columns(end.model, name, end.related_model, &references, end.syntax.arity) else {
                return;
            };
            arguments.push(format!("fields: [{}]", columns.names.join(", ")));
            for column in columns.new {
                self.add(end.model, column);
            }
        } else if end.fields.as_ref().is_some_and(|f| f.len() != references.len()) {
            return;
        }
        if end.references.is_none() {
            arguments.push(format!("references: [{}]", self.names(end.related_model, &references)));
        }
        if end.fields.is_none() || end.references.is_none() {
            self.additions.attributes.insert(end.syntax.span, format!("@relation({})", arguments.join(", ")));
        }
    }

    fn names(&self, model: ModelId, fields: &[FieldId]) -> String {
        let fields: Vec<_> = fields.iter().map(|f| self.tree.field(model, *f).name.text.as_str()).collect();
        fields.join(", ")
    }

    /// The columns of a foreign key on `model` that point to `fields` of `target`: `author` and `id` make `authorId`.
    /// `None` if a relation has the name of a column.
    fn columns(
        &self,
        model: ModelId,
        relation: &str,
        target: ModelId,
        fields: &[FieldId],
        arity: Arity,
    ) -> Option<Columns> {
        let mut columns = Columns { names: Vec::new(), new: Vec::new() };
        for field in fields {
            let data = &self.schema.models[target.0 as usize].fields[field.0 as usize];
            let crate::FieldKind::Scalar(scalar) = &data.kind else {
                return None;
            };
            let name = format!("{}{}", lower_first(relation), upper_first(&data.name));
            if let Some(existing) = self.tree.model(model).by_name.get(name.as_str()) {
                let existing = &self.schema.models[model.0 as usize].fields[existing.0 as usize];
                if !matches!(existing.kind, crate::FieldKind::Scalar(_)) {
                    return None;
                }
            } else if self.is_free(model, &name) {
                let modifier = if arity == Arity::Required { "" } else { "?" };
                let ty = format!("{}{modifier}", self.type_name(scalar)?);
                let attributes = match &scalar.native_type {
                    Some(native) => format!("@{}.{}", self.schema.datasource.name, native.display()),
                    None => String::new(),
                };
                columns.new.push(NewField { name: name.clone(), ty, attributes });
            }
            columns.names.push(name);
        }
        Some(columns)
    }

    fn type_name(&self, scalar: &ScalarField) -> Option<String> {
        match &scalar.ty {
            ScalarType::Enum(id) => Some(self.schema.enums[id.0 as usize].name.clone()),
            ScalarType::Unsupported(_) => None,
            other => Some(other.name().to_owned()),
        }
    }
}

/// The columns of a foreign key: all names, and those that are new.
struct Columns {
    names: Vec<String>,
    new: Vec<NewField>,
}

/// `Id` of `id`.
fn upper_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
