//! `view` blocks.

use super::{Context, index_name};
use crate::resolve::PreviewFeature;
use crate::{IndexKind, ModelWalker, RelationKind};

pub(super) fn run(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    if !model.data().is_view {
        return;
    }
    if !cx.has_preview(PreviewFeature::Views) {
        let message = format!("`{}` is a view, which is a preview feature", model.name());
        cx.error(cx.header(model), message, "add `previewFeatures = [\"views\"]` to the generator");
        return;
    }
    for index in model.indexes() {
        let what = match index.kind() {
            IndexKind::Unique => continue,
            IndexKind::PrimaryKey => "no primary key",
            IndexKind::Normal | IndexKind::Fulltext => "no indexes",
        };
        let message = format!("the view `{}` has `{}`, but a view has {what}", model.name(), index_name(cx, index));
        let help = if index.kind() == IndexKind::PrimaryKey {
            "use `@unique` to say what identifies a row"
        } else {
            "remove it"
        };
        cx.error(index.data().span, message, help);
    }
}

/// The table in between would point to rows that no table holds.
pub(super) fn no_implicit_many_to_many(cx: &mut Context<'_>) {
    let schema = cx.schema;
    for relation in schema.walk_relations() {
        let RelationKind::JoinTable(join) = &relation.data().kind else {
            continue;
        };
        let ends = [join.a, join.b].map(|(model, field)| schema.model(model).field(field));
        if !ends.iter().any(|end| end.model().data().is_view) {
            continue;
        }
        for end in ends {
            let message =
                format!("the m-n relation `{}` of `{}` has a view at one end", end.name(), end.model().name());
            cx.error(end.data().span, message, "a view cannot be in an m-n relation without a model in between");
        }
    }
}
