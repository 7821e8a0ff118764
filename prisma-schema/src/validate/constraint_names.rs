//! Names of keys, indexes and foreign keys in the database: short enough, and different where they must be.

use std::collections::{HashMap, HashSet};

use super::{Context, index_name};
use crate::syntax::{Attribute, ExpressionKind};
use crate::{IndexKind, ModelId, NameScope, RelationKind, RelationMode, Span};

pub(super) fn run(cx: &mut Context<'_>) {
    names_fit(cx);
    // What clashes in two scopes is reported once.
    let mut reported = HashSet::new();
    for scope in cx.capabilities.name_scopes {
        names_differ(cx, *scope, &mut reported);
    }
}

/// A name that something has in the database.
struct Constraint {
    name: String,
    model: ModelId,
    span: Span,
    /// How it is written: `@@index`.
    owner: String,
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

/// Schema, table if the scope is one table, and name.
type Place<'a> = (Option<&'a str>, Option<ModelId>, &'a str);

fn names_differ(cx: &mut Context<'_>, scope: NameScope, reported: &mut HashSet<Span>) {
    let mut groups: HashMap<Place<'_>, Vec<&Constraint>> = HashMap::new();
    let constraints = constraints(cx, scope);
    let schema = cx.schema;
    let mut order = Vec::new();
    for constraint in &constraints {
        let namespace = schema.models[constraint.model.0 as usize].schema.as_deref();
        let table = scope.per_table.then_some(constraint.model);
        let key = (namespace, table, constraint.name.as_str());
        let group = groups.entry(key).or_default();
        if group.len() == 1 {
            order.push(key);
        }
        group.push(constraint);
    }
    for key in order {
        for constraint in groups.remove(&key).unwrap_or_default() {
            if !reported.insert(constraint.span) {
                continue;
            }
            let model = &schema.models[constraint.model.0 as usize].name;
            let place = if scope.per_table { "on its table" } else { "in the database" };
            let message = format!(
                "`{}` of `{model}` has the name `{}`, which something else {place} has too",
                constraint.owner, constraint.name
            );
            cx.error(constraint.span, message, "give it another name by `map`");
        }
    }
}

fn constraints(cx: &Context<'_>, scope: NameScope) -> Vec<Constraint> {
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
                let (span, owner) = (index.data().span, index_name(cx, index));
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
                    owner: "@default".to_owned(),
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
            constraints.push(Constraint { name, model: key.model, span, owner: "@relation".to_owned() });
        }
    }
    constraints
}
