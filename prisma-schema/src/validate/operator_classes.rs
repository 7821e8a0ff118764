//! `ops` and the types of columns that an index type takes.

use super::{Context, index_name};
use crate::capability::{FieldShape, OperatorClass};
use crate::suggest::did_you_mean;
use crate::{Arity, FieldWalker, IndexField, IndexKind, IndexWalker, ScalarType};

pub(super) fn run(cx: &mut Context<'_>, index: IndexWalker<'_>) {
    if classes_are_allowed(cx, index) && index.kind() == IndexKind::Normal {
        let default = cx.capabilities.index_types.first().copied().unwrap_or_default();
        let algorithm = index.data().algorithm.as_deref().unwrap_or(default);
        for (part, field) in index.data().fields.iter().zip(index.fields()) {
            if !cx.tree.is_broken(index.model().id(), field.id()) {
                class_fits(cx, index, algorithm, part, field);
            }
        }
        has_one_field(cx, index, algorithm);
    }
}

fn classes_are_allowed(cx: &mut Context<'_>, index: IndexWalker<'_>) -> bool {
    if index.data().fields.iter().all(|f| f.operator_class.is_none()) {
        return true;
    }
    let owner = index_name(cx, index);
    let model = index.model().name();
    let has_classes = cx.capabilities.operator_classes.iter().any(|c| !c.names.is_empty());
    if index.kind() != IndexKind::Normal {
        cx.error(
            index.data().span,
            format!("`{owner}` of `{model}` has `ops`"),
            "`ops` is for `@@index` only: remove it",
        );
    } else if !has_classes {
        let message = format!("`{owner}` of `{model}` has `ops`, which {} does not have", cx.provider());
        cx.error(index.data().span, message, "remove it");
    } else {
        return true;
    }
    false
}

fn has_one_field(cx: &mut Context<'_>, index: IndexWalker<'_>, algorithm: &str) {
    if algorithm == "SpGist" && index.data().fields.len() > 1 {
        let message = format!(
            "`{}` of `{}` has several fields, but an index of the type `SpGist` has one",
            index_name(cx, index),
            index.model().name()
        );
        cx.error(index.data().span, message, "make an index for each field");
    }
}

fn class_fits(
    cx: &mut Context<'_>,
    index: IndexWalker<'_>,
    algorithm: &str,
    part: &IndexField,
    field: FieldWalker<'_>,
) {
    let Some(scalar) = field.scalar() else {
        return;
    };
    // Of a type that the language does not know, the database is the judge.
    if matches!(scalar.ty, ScalarType::Unsupported(_)) {
        return;
    }
    let all = cx.capabilities.operator_classes;
    let mut of_type = all.iter().filter(|c| c.index_type == algorithm);
    let what = |cx: &Context<'_>| format!("`{}` of `{}`", index_name(cx, index), index.model().name());
    let span = index.data().span;
    let Some(name) = part.operator_class.as_deref() else {
        let mut needs_class = of_type.clone().peekable();
        if needs_class.peek().is_some() && !needs_class.any(|c| c.is_default && column_fits(c, field)) {
            let message = format!(
                "{} has the type `{algorithm}`, which does not take the field `{}` as it is",
                what(cx),
                field.name()
            );
            cx.error(span, message, "choose another type of index, or an operator class by `ops`");
        }
        return;
    };
    if name.starts_with("raw(") {
        return;
    }
    let Some(class) = of_type.find(|c| c.names.contains(&name)) else {
        let known = all.iter().flat_map(|c| c.names).copied();
        let message = match known.clone().any(|n| n == name) {
            true => format!("{} has the operator class `{name}`, which is not for the type `{algorithm}`", what(cx)),
            false => format!("{} has the operator class `{name}`, which does not exist", what(cx)),
        };
        let help = match all.iter().find(|c| c.names.contains(&name)) {
            Some(class) => format!("it is for `type: {}`", class.index_type),
            None => did_you_mean(name, known)
                .unwrap_or_else(|| format!("write `ops: raw(\"…\")` for a class that has no name here, not `{name}`")),
        };
        return cx.error(span, message, help);
    };
    if !column_fits(class, field) {
        let message =
            format!("{} has the operator class `{name}`, which does not take the field `{}`", what(cx), field.name());
        cx.error(span, message, describe(cx, class));
    }
}

fn column_fits(class: &OperatorClass, field: FieldWalker<'_>) -> bool {
    let Some(scalar) = field.scalar() else {
        return false;
    };
    match class.column {
        FieldShape::List => field.arity() == Arity::List,
        FieldShape::Scalar { scalar: name, native_types, is_default_type } => {
            field.arity() != Arity::List
                && scalar.ty.name() == name
                && match &scalar.native_type {
                    Some(native) => native_types.contains(&native.name.as_str()),
                    None => is_default_type,
                }
        }
    }
}

fn describe(cx: &Context<'_>, class: &OperatorClass) -> String {
    match &class.column {
        FieldShape::List => "it is for lists".to_owned(),
        FieldShape::Scalar { scalar, native_types, is_default_type } => {
            let mut types: Vec<_> =
                native_types.iter().map(|n| format!("`{scalar} @{}.{n}`", cx.schema.datasource.name)).collect();
            if *is_default_type {
                types.insert(0, format!("`{scalar}`"));
            }
            format!("it is for {}", types.join(", "))
        }
    }
}
