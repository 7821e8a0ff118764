//! What a model needs: a key, and names that do not clash.

use std::collections::HashMap;

use super::{Context, index_name};
use crate::diagnostics::Diagnostic;
use crate::resolve::PreviewFeature;
use crate::syntax::Attribute;
use crate::{Arity, Field, FieldKind, FieldWalker, IndexWalker, ModelWalker, ScalarType};

pub(super) fn run(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    has_a_key_of_required_fields(cx, model);
    relations_to_ignored_models_are_ignored(cx, model);
    relations_need_no_ignore_in_ignored_models(cx, model);
    names_of_keys_are_no_fields(cx, model);
    names_of_keys_are_identifiers(cx, model);
    names_of_keys_differ(cx, model);
    column_names_differ(cx, model);
    column_names_are_allowed(cx, model);
    if let Some(attribute) = cx.tree.model(model.id()).block.attribute("shardKey") {
        shard_keys_are_there(cx, attribute);
    }
}

/// Without one, no record could be told from another.
fn has_a_key_of_required_fields(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    let data = model.data();
    if data.is_ignored || data.is_view || cx.tree.broken_keys.contains(&model.id()) {
        return;
    }
    // An optional id is an error of its own.
    if model.primary_key().is_some_and(|key| key.fields().any(|f| f.arity() != Arity::Required)) {
        return;
    }
    let is_strict = |field: FieldWalker<'_>| {
        cx.tree.is_broken(model.id(), field.id())
            || (field.arity() != Arity::Optional
                && !field.data().is_ignored
                && !field.scalar().is_some_and(|s| matches!(s.ty, ScalarType::Unsupported(_))))
    };
    let has_broken_key = cx.tree.model(model.id()).fields.iter().enumerate().any(|(i, f)| {
        cx.tree.is_broken(model.id(), crate::FieldId(i as u32))
            && (f.attribute("id").is_some() || f.attribute("unique").is_some())
    });
    if has_broken_key || model.unique_keys().any(|key| key.fields().all(is_strict)) {
        return;
    }
    let loose: Vec<_> = model.unique_keys().map(|k| k.client_name()).collect();
    let message = format!("the model `{}` has no key of which all fields are required", model.name());
    let help = match loose.as_slice() {
        [] => "mark a field with `@id` or `@unique`, or several with `@@id([…])` or `@@unique([…])`".to_owned(),
        loose => format!(
            "these have optional or unsupported fields, and identify no record: {}; add an `@id`, or `@@ignore` the model",
            crate::resolve::quoted_list(loose.iter().map(String::as_str))
        ),
    };
    cx.error(cx.header(model), message, help);
}

/// The client does not know the model at the other end.
fn relations_to_ignored_models_are_ignored(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    for field in model.fields() {
        let Some(related) = field.related_model() else {
            continue;
        };
        if related.data().is_ignored && !field.data().is_ignored && !model.data().is_ignored {
            let message = format!(
                "the relation `{}` of `{}` leads to `{}`, which is ignored",
                field.name(),
                model.name(),
                related.name()
            );
            cx.error(field.data().span, message, "add `@ignore` to the field");
        }
    }
}

fn relations_need_no_ignore_in_ignored_models(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    if !model.data().is_ignored {
        return;
    }
    for field in model.fields().filter(|f| f.relation_field().is_some()) {
        if let Some(attribute) = cx.syntax(field).attribute("ignore") {
            let message = format!(
                "`@ignore` stands on the field `{}` of `{}`, which is ignored already",
                field.name(),
                model.name()
            );
            cx.error(attribute.span, message, "remove it");
        }
    }
}

/// In the client, a compound key is found under its name, next to the fields.
fn names_of_keys_are_no_fields(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    for key in model.unique_keys() {
        if let Some(name) = key.data().name.as_deref() {
            if cx.tree.model(model.id()).by_name.contains_key(name) {
                let owner = index_name(cx, key);
                let message = format!("`{owner}` of `{}` has the name of a field, `{name}`", model.name());
                cx.error(cx.header(model), message, "choose another `name`");
            }
        } else if key.data().fields.len() > 1 || key.data().fields.iter().any(|f| !f.path.is_empty()) {
            let name = key.client_name();
            if cx.tree.model(model.id()).by_name.contains_key(name.as_str()) {
                let owner = index_name(cx, key);
                let message =
                    format!("the field `{name}` of `{}` has the name that the client gives to `{owner}`", model.name());
                cx.error(key.data().span, message, format!("give the key a name: `{owner}([…], name: \"…\")`"));
            }
        }
    }
}

fn names_of_keys_are_identifiers(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    for key in model.unique_keys() {
        let Some(name) = key.data().name.as_deref() else {
            continue;
        };
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            let owner = index_name(cx, key);
            let message = format!("the name `{name}` of `{owner}` of `{}` is no identifier", model.name());
            cx.error(
                key.data().span,
                message,
                "use letters, digits and `_`; for the name in the database there is `map`",
            );
        }
    }
}

/// In the client, each is an accessor of the model.
fn names_of_keys_differ(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    let mut names: HashMap<&str, IndexWalker<'_>> = HashMap::new();
    let mut clashing = Vec::new();
    for key in model.unique_keys() {
        if let Some(name) = key.data().name.as_deref()
            && let Some(earlier) = names.insert(name, key)
        {
            clashing.extend([(name, earlier), (name, key)]);
        }
    }
    for (name, key) in clashing {
        let message = format!(
            "`{}` of `{}` has the name `{name}`, as another key of the model has",
            index_name(cx, key),
            model.name()
        );
        cx.error(key.data().span, message, "choose another `name`");
    }
}

fn column_names_differ(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    differ(cx, model.name(), &model.data().fields);
}

/// Fields of a model or composite type that hold a value have different names in the database.
pub(super) fn differ(cx: &mut Context<'_>, owner: &str, fields: &[Field]) {
    // Without `@map` they differ as the fields themselves do.
    if fields.iter().all(|f| f.map.is_none()) {
        return;
    }
    let mut names = HashMap::with_capacity(fields.len());
    for field in fields {
        if matches!(field.kind, FieldKind::Relation(_)) {
            continue;
        }
        let name = field.map.as_deref().unwrap_or(&field.name);
        if let Some(earlier) = names.insert(name, &field.name) {
            let message = format!(
                "the fields `{earlier}` and `{}` of `{owner}` have the same name in the database, `{name}`",
                field.name
            );
            cx.error(field.span, message, "change one `@map`");
        }
    }
}

/// MongoDB reads names with a `$` as operators.
fn column_names_are_allowed(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    let tree = cx.tree;
    names_are_allowed(cx, model.name(), &model.data().fields, &tree.model(model.id()).fields);
}

pub(super) fn names_are_allowed(
    cx: &mut Context<'_>,
    owner: &str,
    fields: &[Field],
    syntax: &[&crate::syntax::Field<'_>],
) {
    if !cx.capabilities.document_names {
        return;
    }
    for (field, syntax) in fields.iter().zip(syntax) {
        let (Some(map), Some(attribute)) = (&field.map, syntax.attribute("map")) else {
            continue;
        };
        let what = match () {
            () if map.starts_with('$') => "begins with `$`",
            () if map.contains('.') => "contains a `.`",
            () => continue,
        };
        let message = format!("the name `{map}` of the field `{}` of `{owner}` {what}", field.name);
        cx.error(attribute.span, message, format!("{} reads such names in another way: choose another", cx.provider()));
    }
}

/// Prisma wants a preview feature switched on for them; here they are always there, so that lacks nothing but a word.
pub(super) fn shard_keys_are_there(cx: &mut Context<'_>, attribute: &Attribute<'_>) {
    let name = attribute.display_name();
    if !cx.capabilities.shard_keys {
        cx.error(attribute.span, format!("`{name}` does not exist on {}", cx.provider()), "remove it");
    } else if !cx.schema.generators.is_empty() && !cx.has_preview(PreviewFeature::ShardKeys) {
        let message = format!("`{name}` is a preview feature of Prisma, which is not switched on for it");
        let help = "add `previewFeatures = [\"shardKeys\"]` to the generator, if Prisma reads this schema too";
        cx.report(Diagnostic::warning(attribute.span, message).with_help(help));
    }
}
