//! `@id` and `@@id`.

use super::{Context, index_name};
use crate::{Arity, IndexKind, IndexWalker, ModelWalker};

pub(super) fn run(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    let Some(key) = model.primary_key() else {
        return id_column_is_there(cx, model);
    };
    fields_are_required(cx, key);
    name_is_supported(cx, key);
    is_one_field(cx, key);
    is_the_id_column(cx, key);
    is_not_unique_too(cx, key);
}

fn fields_are_required(cx: &mut Context<'_>, key: IndexWalker<'_>) {
    for field in key.fields() {
        if cx.tree.is_broken(key.model().id(), field.id()) {
            continue;
        }
        let what = match field.arity() {
            Arity::Optional => "is optional",
            Arity::List => "is a list",
            Arity::Required => continue,
        };
        let owner = index_name(cx, key);
        let message = format!("the field `{}` of `{}` is in `{owner}`, but {what}", field.name(), key.model().name());
        cx.error(key.data().span, message, "an id is required: remove the modifier, or use `@unique`");
    }
}

fn name_is_supported(cx: &mut Context<'_>, key: IndexWalker<'_>) {
    if key.data().map.is_some() && !cx.capabilities.named_primary_keys {
        let owner = index_name(cx, key);
        let message = format!(
            "`map` names `{owner}` of `{}`, but primary keys of {} have no name",
            key.model().name(),
            cx.provider()
        );
        cx.error(cx.header(key.model()), message, "remove `map`");
    }
}

fn is_one_field(cx: &mut Context<'_>, key: IndexWalker<'_>) {
    if !cx.capabilities.compound_ids && index_name(cx, key).starts_with("@@") {
        let message = format!("`{}` has an `@@id`, but an id of {} is one field", key.model().name(), cx.provider());
        cx.error(key.data().span, message, "use `@id` on a field, and `@@unique([…])` for the others");
    }
}

fn id_column_is_there(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    let Some(column) = cx.capabilities.id_column else {
        return;
    };
    if model.data().is_ignored || model.data().is_view || cx.tree.broken_keys.contains(&model.id()) {
        return;
    }
    if model.unique_keys().next().is_some() {
        let message = format!("the model `{}` has no id", model.name());
        cx.error(cx.header(model), message, format!("add a field with `@id @map(\"{column}\")`"));
    }
}

fn is_the_id_column(cx: &mut Context<'_>, key: IndexWalker<'_>) {
    let (Some(column), [field]) = (cx.capabilities.id_column, &key.fields().collect::<Vec<_>>()[..]) else {
        return;
    };
    if field.database_name() != column && !index_name(cx, key).starts_with("@@") {
        let message = format!("the id `{}` of `{}` is not the column `{column}`", field.name(), key.model().name());
        cx.error(field.data().span, message, format!("add `@map(\"{column}\")`"));
    }
}

/// Where the id has an index of its own, a second one on it is an error.
fn is_not_unique_too(cx: &mut Context<'_>, key: IndexWalker<'_>) {
    if cx.capabilities.duplicate_indexes {
        return;
    }
    let fields = |index: IndexWalker<'_>| index.data().fields.iter().map(|f| f.field).collect::<Vec<_>>();
    for unique in key.model().indexes().filter(|i| i.kind() == IndexKind::Unique) {
        if fields(unique) == fields(key) {
            let message = format!("`{}` of `{}` repeats the id", index_name(cx, unique), key.model().name());
            cx.error(unique.data().span, message, "remove it: an id is unique");
        }
    }
}
