//! Names of keys, indexes and foreign keys in the database: short enough, and different where they must be.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Context, index_name};
use crate::syntax::{Attribute, ExpressionKind};
use crate::{IndexKind, IndexWalker, ModelId, ModelWalker, NameScope, RelationKind, RelationMode, Schema, Span};

pub(super) fn run(cx: &mut Context<'_>) {
    names_fit(cx);
    let scopes = cx.capabilities.name_scopes;
    let constraints = constraints(cx, |kind| scopes.iter().any(|scope| scope.holds(kind)));
    // What clashes in two scopes is reported once.
    let mut reported = HashSet::new();
    for scope in scopes {
        names_differ(cx, *scope, &constraints, &mut reported);
    }
}

/// What has a name in the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ConstraintKind {
    PrimaryKey,
    Index,
    ForeignKey,
    Default,
}

impl NameScope {
    fn holds(&self, kind: ConstraintKind) -> bool {
        match kind {
            // Where primary keys have no names, there is nothing to clash.
            ConstraintKind::PrimaryKey => self.primary_keys,
            ConstraintKind::Index => self.indexes,
            ConstraintKind::ForeignKey => self.foreign_keys,
            ConstraintKind::Default => self.defaults,
        }
    }
}

/// A name that something has in the database.
struct Constraint<'a> {
    kind: ConstraintKind,
    name: Cow<'a, str>,
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
        for index in model.indexes() {
            if let Some(name) = index.data().map.as_deref().filter(|name| name.len() > limit) {
                is_too_long(cx, model, name, &index_name(cx, index), index.data().span);
            }
        }
        let tree = cx.tree;
        let attributes = tree.model(model.id()).fields.iter().flat_map(|f| &f.attributes);
        for attribute in attributes.filter(|a| a.name == "relation" || a.name == "default") {
            if let Some(name) = map_argument(attribute).filter(|name| name.len() > limit) {
                is_too_long(cx, model, name, &attribute.display_name(), attribute.span);
            }
        }
    }
}

fn is_too_long(cx: &mut Context<'_>, model: ModelWalker<'_>, name: &str, owner: &str, span: Span) {
    let message = format!(
        "the name `{name}` of `{owner}` of `{}` is longer than the {} bytes that {} allows",
        model.name(),
        cx.capabilities.max_identifier_length,
        cx.provider()
    );
    cx.error(span, message, "choose a shorter `map`");
}

/// The text of `map`.
fn map_argument<'a>(attribute: &'a Attribute<'_>) -> Option<&'a str> {
    match &attribute.argument("map")?.value.as_ref()?.kind {
        ExpressionKind::String(text) => Some(text),
        _ => None,
    }
}

impl Constraint<'_> {
    fn place<'a>(&'a self, schema: &'a Schema, scope: NameScope) -> Place<'a> {
        let namespace = schema.models[self.model.0 as usize].schema.as_deref();
        (namespace, scope.per_table.then_some(self.model), &self.name)
    }
}

/// Schema, table if the scope is one table, and name.
type Place<'a> = (Option<&'a str>, Option<ModelId>, &'a str);

fn names_differ(cx: &mut Context<'_>, scope: NameScope, constraints: &[Constraint<'_>], reported: &mut HashSet<Span>) {
    let schema = cx.schema;
    let constraints = || constraints.iter().filter(|c| scope.holds(c.kind));
    let mut seen = HashMap::with_capacity(constraints().count());
    let mut clashing = HashSet::new();
    for constraint in constraints() {
        if let Some(earlier) = seen.insert(constraint.place(schema, scope), constraint.span) {
            clashing.extend([earlier, constraint.span]);
        }
    }
    for constraint in constraints().filter(|c| clashing.contains(&c.span)) {
        if !reported.insert(constraint.span) {
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

/// The constraints of the kinds that matter.
fn constraints<'a>(cx: &Context<'a>, matters: impl Fn(ConstraintKind) -> bool) -> Vec<Constraint<'a>> {
    let mut constraints = Vec::new();
    let schema = cx.schema;
    for model in schema.walk_models() {
        for index in model.indexes().filter(|_| !model.data().is_view) {
            let kind = match index.kind() {
                IndexKind::PrimaryKey => ConstraintKind::PrimaryKey,
                _ => ConstraintKind::Index,
            };
            if matters(kind) {
                let name = match &index.data().map {
                    Some(name) => Cow::Borrowed(name.as_str()),
                    None => Cow::Owned(index.default_database_name()),
                };
                let (span, owner) = (index.data().span, Owner::Index(index));
                constraints.push(Constraint { kind, name, model: model.id(), span, owner });
            }
        }
        for field in model.scalar_fields().filter(|_| matters(ConstraintKind::Default)) {
            let Some(attribute) = cx.syntax(field).attribute("default") else {
                continue;
            };
            let is_constraint = !matches!(
                field.scalar().and_then(|s| s.default.as_ref()),
                None | Some(crate::DefaultValue::Function(crate::DefaultFunction::Autoincrement))
            );
            if is_constraint {
                constraints.push(Constraint {
                    kind: ConstraintKind::Default,
                    name: field.default_constraint_name().into(),
                    model: model.id(),
                    span: attribute.span,
                    owner: Owner::Attribute("@default"),
                });
            }
        }
    }
    if matters(ConstraintKind::ForeignKey) && schema.datasource.relation_mode == RelationMode::ForeignKeys {
        for relation in schema.walk_relations() {
            let (RelationKind::ForeignKey(key), Some(name)) = (&relation.data().kind, relation.constraint_name())
            else {
                continue;
            };
            let syntax = cx.tree.field(key.model, key.field);
            constraints.push(Constraint {
                kind: ConstraintKind::ForeignKey,
                name: name.into(),
                model: key.model,
                span: syntax.attribute("relation").map_or(syntax.span, |a| a.span),
                owner: Owner::Attribute("@relation"),
            });
        }
    }
    constraints
}
