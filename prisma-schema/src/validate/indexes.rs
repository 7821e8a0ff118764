//! Arguments of keys and indexes.

use std::collections::HashSet;

use super::{Context, index_name};
use crate::resolve::{PreviewFeature, choices};
use crate::suggest::did_you_mean;
use crate::{Capabilities, IndexKind, IndexWalker, KeyUse, ModelWalker, Provider, ScalarType};

pub(super) fn run(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    length_is_supported(cx, index);
    sort_is_supported(cx, index);
    clustering_is_supported(cx, index);
    type_is_supported(cx, index);
    predicate_is_supported(cx, index);
    fulltext_is_supported(cx, index);
    fulltext_columns_stand_together(cx, index);
    columns_can_be_indexed(cx, index);
}

fn describe(cx: &Context<'_>, index: IndexWalker<'_>) -> String {
    format!("`{}` of `{}`", index_name(cx, index), index.model().name())
}

/// Names of the providers for which something holds.
fn providers_with(has: impl Fn(&Capabilities) -> bool) -> String {
    let names: Vec<_> =
        Provider::ALL.into_iter().map(|p| p.capabilities()).filter(|c| has(c)).map(|c| c.display_name).collect();
    names.join(", ")
}

fn length_is_supported(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    let with_length: Vec<_> =
        index.data().fields.iter().zip(index.fields()).filter(|(f, _)| f.length.is_some()).collect();
    if with_length.is_empty() {
        return;
    }
    let what = describe(cx, index);
    if index.kind() == IndexKind::Fulltext || !cx.capabilities.key_length {
        let message = format!("{what} has `length`, which {} does not know here", cx.provider());
        cx.error(
            index.data().span,
            message,
            format!("remove it; keys and indexes of {} have it", providers_with(|c| c.key_length)),
        );
        return;
    }
    for (_, field) in with_length {
        let is_text = field
            .scalar()
            .is_some_and(|s| matches!(s.ty, ScalarType::String | ScalarType::Bytes | ScalarType::Unsupported(_)));
        if !is_text {
            let message =
                format!("{what} has a `length` for `{}`, which is neither `String` nor `Bytes`", field.name());
            cx.error(index.data().span, message, "remove `length`");
        }
    }
}

fn sort_is_supported(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    if index.data().fields.iter().all(|f| f.sort.is_none()) {
        return;
    }
    let has = |capabilities: &Capabilities| match index.kind() {
        IndexKind::PrimaryKey => capabilities.primary_key_sort,
        IndexKind::Fulltext => capabilities.fulltext_sort,
        IndexKind::Unique | IndexKind::Normal => true,
    };
    let what = describe(cx, index);
    if !has(cx.capabilities) {
        let message = format!("{what} has `sort`, which {} does not know here", cx.provider());
        cx.error(index.data().span, message, format!("remove it; {} has it", providers_with(has)));
    } else if index.data().algorithm.as_deref() == Some("Hash") {
        cx.error(index.data().span, format!("{what} has `sort`, but a hash has no order"), "remove `sort`");
    }
}

fn clustering_is_supported(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    if index.data().clustered.is_some() && !cx.capabilities.clustering {
        let message = format!("{} has `clustered`, which {} does not know", describe(cx, index), cx.provider());
        cx.error(index.data().span, message, format!("remove it; {} has it", providers_with(|c| c.clustering)));
    }
}

/// The rows of a table lie in one order.
pub(super) fn at_most_one_clustered(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    if !cx.capabilities.clustering {
        return;
    }
    // A primary key is clustered unless it says otherwise.
    let is_clustered =
        |index: &IndexWalker<'_>| index.data().clustered.unwrap_or(index.kind() == IndexKind::PrimaryKey);
    let clustered: Vec<_> = model.indexes().filter(is_clustered).collect();
    if clustered.len() < 2 {
        return;
    }
    for index in clustered {
        let message =
            format!("`{}` has more than one clustered key or index; `{}` is one", model.name(), index_name(cx, index));
        cx.error(index.data().span, message, "keep one; a primary key is clustered unless it says `clustered: false`");
    }
}

fn type_is_supported(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    let Some(algorithm) = index.data().algorithm.as_deref() else {
        return;
    };
    if !cx.capabilities.index_types.contains(&algorithm) {
        let names = cx.capabilities.index_types.iter().copied();
        let message =
            format!("{} has the type `{algorithm}`, which {} does not have", describe(cx, index), cx.provider());
        let help = did_you_mean(algorithm, names.clone()).unwrap_or_else(|| choices(names));
        cx.error(index.data().span, message, help);
    }
}

fn predicate_is_supported(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    if index.data().predicate.is_none() {
        return;
    }
    let what = describe(cx, index);
    if !cx.has_preview(PreviewFeature::PartialIndexes) {
        let message = format!("{what} has `where`, which is a preview feature");
        cx.error(index.data().span, message, "add `previewFeatures = [\"partialIndexes\"]` to the generator");
    } else if !cx.capabilities.partial_indexes {
        let message = format!("{what} has `where`, but {} has no partial indexes", cx.provider());
        cx.error(index.data().span, message, format!("remove it; {} have it", providers_with(|c| c.partial_indexes)));
    }
}

fn fulltext_is_supported(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    if index.kind() == IndexKind::Fulltext && !cx.capabilities.fulltext_indexes {
        let message = format!("`{}` has an `@@fulltext`, which {} does not have", index.model().name(), cx.provider());
        cx.error(index.data().span, message, format!("remove it; {} have it", providers_with(|c| c.fulltext_indexes)));
    }
}

/// The fields that are searched are one part of the index; those with `sort` stand before and behind them.
fn fulltext_columns_stand_together(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    if index.kind() != IndexKind::Fulltext || !cx.capabilities.fulltext_sort {
        return;
    }
    let parts = index.data().fields.chunk_by(|a, b| a.sort.is_some() == b.sort.is_some());
    if parts.filter(|part| part.iter().all(|field| field.sort.is_none())).count() > 1 {
        let message = format!("{} has a field with `sort` between fields without", describe(cx, index));
        cx.error(index.data().span, message, "list the fields without `sort` side by side");
    }
}

pub(super) fn at_most_one_fulltext(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    let indexes = || model.indexes().filter(|i| i.kind() == IndexKind::Fulltext);
    if cx.capabilities.several_fulltext_indexes || indexes().count() < 2 {
        return;
    }
    for index in indexes() {
        let message = format!("{} is one of several, but {} has one in a model", describe(cx, index), cx.provider());
        cx.error(index.data().span, message, "list all fields in one");
    }
}

/// Some native types are too long for a key.
fn columns_can_be_indexed(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    if index.kind() == IndexKind::Fulltext {
        return;
    }
    for (part, field) in index.data().fields.iter().zip(index.fields()) {
        let Some(native) = field.scalar().and_then(|s| s.native_type.as_ref()) else {
            continue;
        };
        let Some(info) = cx.capabilities.native_type(&native.name) else {
            continue;
        };
        let help = match native.key_use(info) {
            KeyUse::Never => "choose another native type",
            KeyUse::WithLength if part.length.is_none() => {
                "give a `length`: `field(length: 100)`, or choose another native type"
            }
            _ => continue,
        };
        let message = format!(
            "{} has the field `{}`, whose native type `{}` cannot be in a key or index of {}",
            describe(cx, index),
            field.name(),
            native.display(),
            cx.provider()
        );
        let span = if cx.capabilities.unindexable_at_field { field.data().span } else { index.data().span };
        cx.error(span, message, help);
    }
}

/// MongoDB refuses two indexes that are alike.
pub(super) fn no_duplicates(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    if cx.capabilities.duplicate_indexes {
        return;
    }
    let mut seen = HashSet::new();
    let mut all = HashSet::new();
    let indexes: Vec<_> = model.indexes().filter(|i| i.kind() != IndexKind::PrimaryKey).collect();
    let key = |index: IndexWalker<'_>| {
        let fields: Vec<_> = index.data().fields.iter().map(|f| (f.field, f.path.clone(), f.sort)).collect();
        (index.kind(), fields)
    };
    for index in &indexes {
        if !all.insert(key(*index)) {
            seen.insert(key(*index));
        }
    }
    for index in indexes {
        if seen.contains(&key(index)) {
            let message = format!("{} has the same fields as another one", describe(cx, index));
            cx.error(index.data().span, message, "remove one");
        }
    }
}
