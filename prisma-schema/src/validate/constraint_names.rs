//! Names of keys, indexes and foreign keys in the database: short enough, and different where they must be.

use std::collections::{HashMap, HashSet};

use super::{Context, index_name};
use crate::syntax::{Attribute, ExpressionKind};
use crate::{IndexKind, IndexWalker, ModelId, NameScope, RelationKind, RelationMode, Schema, Span};

pub(super) fn run(cx: &mut Context<'_>) {
    names_fit(cx);
    // What clashes in two scopes is reported once.
    let mut reported = HashSet::new();
    for scope in cx.capabilities.name_scopes {
        names_differ(cx, *scope, &mut reported);
    }
}

/// A name that something has in the database.
struct Constraint<'a> {
    name: String,
    model: ModelId,
    span: Span,
    /// How it is written: `@@index`; put together for messages only.
    owner: Owner<'a>,
}

#[derive(Clone, Copy)]
enum Owner<'a> {
    Index(IndexWalker<'a>),
    Attribute(&'static str),
}

fn names_fit(cx: &mut Context<'_>) {
    let limit = cx.capabilities.max_identifier_length;
    for model in cx.schema.walk_models() {
        let of_keys = model.indexes().filter_map(|i| Some((i.data().map.clone()?, index_name(cx, i), i.data().span)));
        let tree = cx.tree.model(model.id());
        let attributes = tree.fields.iter().flat_map(|f| &f.attributes);
        let of_fields = attributes.filter(|a| a.name == "relation" || a.name == "default").filter_map(|attribute| {
            Some((map_argument(attribute)?.to_owned(), attribute.display_name(), attribute.span))
        });
        let too_long: Vec<_> = of_keys.chain(of_fields).filter(|(name, ..)| name.len() > limit).collect();
        for (name, owner, span) in too_long {
            let message = format!(
                "the name `{name}` of `{owner}` of `{}` is longer than the {limit} bytes that {} allows",
                model.name(),
                cx.provider()
            );
            cx.error(span, message, "choose a shorter `map`");
        }
    }
}

/// The text of `map`.
fn map_argument(attribute: &Attribute) -> Option<&str> {
    match &attribute.argument("map")?.value.as_ref()?.kind {
        ExpressionKind::String(text) => Some(text),
        _ => None,
    }
}

impl Constraint<'_> {
    fn place<'a>(&'a self, schema: &'a Schema, scope: NameScope) -> Place<'a> {
        let namespace = schema.models[self.model.0 as usize].schema.as_deref();
        (namespace, scope.per_table.then_some(self.model), self.name.as_str())
    }
}

/// Schema, table if the scope is one table, and name.
type Place<'a> = (Option<&'a str>, Option<ModelId>, &'a str);

fn names_differ(cx: &mut Context<'_>, scope: NameScope, reported: &mut HashSet<Span>) {
    let constraints = constraints(cx, scope);
    let schema = cx.schema;
    let mut counts: HashMap<Place<'_>, usize> = HashMap::with_capacity(constraints.len());
    for constraint in &constraints {
        *counts.entry(constraint.place(schema, scope)).or_default() += 1;
    }
    for constraint in &constraints {
        let is_unique = counts.get(&constraint.place(schema, scope)).is_none_or(|count| *count == 1);
        if is_unique || !reported.insert(constraint.span) {
            continue;
        }
        let model = &schema.models[constraint.model.0 as usize].name;
        let place = if scope.per_table { "on its table" } else { "in the database" };
        let owner = match constraint.owner {
            Owner::Index(index) => index_name(cx, index),
            Owner::Attribute(name) => name.to_owned(),
        };
        let name = &constraint.name;
        let message = format!("`{owner}` of `{model}` has the name `{name}`, which something else {place} has too");
        cx.error(constraint.span, message, "give it another name by `map`");
    }
}

fn constraints<'a>(cx: &Context<'a>, scope: NameScope) -> Vec<Constraint<'a>> {
    let mut constraints = Vec::new();
    let schema = cx.schema;
    for model in schema.walk_models() {
        for index in model.indexes() {
            let is_in = match index.kind() {
                // Where primary keys have no names, there is nothing to clash.
                IndexKind::PrimaryKey => scope.primary_keys,
                _ => scope.indexes,
            };
            if is_in && !model.data().is_view {
                let (span, owner) = (index.data().span, Owner::Index(index));
                constraints.push(Constraint { name: index.database_name(), model: model.id(), span, owner });
            }
        }
        for field in model.scalar_fields().filter(|_| scope.defaults) {
            let syntax = cx.syntax(field);
            let Some(attribute) = syntax.attribute("default") else {
                continue;
            };
            let is_constraint = !matches!(
                field.scalar().and_then(|s| s.default.as_ref()),
                None | Some(crate::DefaultValue::Function(crate::DefaultFunction::Autoincrement))
            );
            if is_constraint {
                let name = field.default_constraint_name();
                constraints.push(Constraint {
                    name,
                    model: model.id(),
                    span: attribute.span,
                    owner: Owner::Attribute("@default"),
                });
            }
        }
    }
    if scope.foreign_keys && schema.datasource.relation_mode == RelationMode::ForeignKeys {
        for relation in schema.walk_relations() {
            let (RelationKind::ForeignKey(key), Some(name)) = (&relation.data().kind, relation.constraint_name())
            else {
                continue;
            };
            let syntax = cx.tree.field(key.model, key.field);
            let span = syntax.attribute("relation").map_or(syntax.span, |a| a.span);
            constraints.push(Constraint { name, model: key.model, span, owner: Owner::Attribute("@relation") });
        }
    }
    constraints
}
