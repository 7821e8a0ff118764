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

pub(super) fn additions(files: &[syntax::File<'_>], sources: &[SourceFile]) -> Additions {
    let (schema, tree, lacking) = Resolver::lacking(files);
    let mut finder =
        Finder { schema: &schema, tree: &tree, sources, additions: Additions::default(), added: HashSet::new() };
    for lack in lacking {
        match lack {
            Lacking::Opposite(end) => finder.opposite(&tree.ends[end]),
            Lacking::ForeignKey { end, is_unique } => finder.foreign_key(&tree.ends[end], is_unique),
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
        let name = self.schema.models[end.model.0 as usize].name.clone();
        if !self.is_free(end.related_model, &name) {
            return;
        }
        let relation_name = relation_name(end, &name);
        if end.is_list() {
            let Some(key) = self.key(end.model) else {
                return;
            };
            let Some(columns) = self.columns(end.related_model, &name, end.model, &key, Arity::Optional) else {
                return;
            };
            // A relation of a model with itself has a name, at both ends.
            if let (None, Some(name)) = (end.name, &relation_name) {
                let mut arguments = vec![name.clone()];
                arguments.extend(self.arguments(end));
                self.additions.attributes.insert(end.syntax.span, format!("@relation({})", arguments.join(", ")));
            }
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
            self.foreign_key(end, false);
        }
    }

    /// `fields` and `references` of the end that holds the key, and the columns.
    fn foreign_key(&mut self, end: &RelationEnd<'_>, is_unique: bool) {
        let references = match &end.references {
            Some(references) => references.clone(),
            None => match self.key(end.related_model) {
                Some(key) => key,
                None => return,
            },
        };
        let model = &self.schema.models[end.model.0 as usize].name;
        let new_name = relation_name(end, model).filter(|_| end.name.is_none());
        let is_new = new_name.is_some() || end.fields.is_none() || end.references.is_none();
        let mut arguments: Vec<String> = new_name.into_iter().collect();
        arguments.extend(self.arguments(end));
        if end.fields.is_none() {
            let name = &end.syntax.name.text;
            let Some(columns) = self.columns(end.model, name, end.related_model, &references, end.syntax.arity) else {
                return;
            };
            arguments.push(format!("fields: [{}]", columns.names.join(", ")));
            let is_one = columns.names.len() == 1;
            for mut column in columns.new {
                if is_unique && is_one {
                    column.attributes = format!("@unique {}", column.attributes).trim_end().to_owned();
                }
                self.add(end.model, column);
            }
        } else if end.fields.as_ref().is_some_and(|f| f.len() != references.len()) {
            return;
        }
        if end.references.is_none() {
            arguments.push(format!("references: [{}]", self.names(end.related_model, &references)));
        }
        if is_new {
            self.additions.attributes.insert(end.syntax.span, format!("@relation({})", arguments.join(", ")));
        }
    }

    /// The arguments that `@relation` has, as written.
    fn arguments(&self, end: &RelationEnd<'_>) -> Vec<String> {
        let text = self.sources.get(end.syntax.span.source.0 as usize).map_or("", |s| s.text.as_str());
        let arguments = end.attribute.map(|a| a.arguments()).unwrap_or_default();
        arguments.iter().map(|a| render_argument(a, text)).collect()
    }

    fn names(&self, model: ModelId, fields: &[FieldId]) -> String {
        let fields: Vec<_> = fields.iter().map(|f| self.tree.field(model, *f).name.text).collect();
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

/// The name of a relation in quotes: given, or the one that a relation of a model with itself cannot do without.
fn relation_name(end: &RelationEnd<'_>, model: &str) -> Option<String> {
    match end.name {
        Some(name) => Some(escape(name)),
        None => (end.model == end.related_model).then(|| escape(&crate::default_relation_name(model, model))),
    }
}

/// `Id` of `id`.
fn upper_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
