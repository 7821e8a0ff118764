//! Types of fields, `@updatedAt`, `@ignore`, `@map`.

use super::{Column, Context};
use crate::syntax::FieldType;
use crate::{Arity, ScalarType};

pub(super) fn run(cx: &mut Context<'_>, column: Column<'_>) {
    type_is_supported(cx, column);
    list_is_supported(cx, column);
    unsupported_is_needed(cx, column);
    updated_at_is_a_date_time(cx, column);
    ignore_is_needed(cx, column);
    shard_key_has_its_preview_feature(cx, column);
}

fn type_is_supported(cx: &mut Context<'_>, column: Column<'_>) {
    let supported = match column.scalar.ty {
        ScalarType::Json => cx.capabilities.json,
        ScalarType::Decimal => cx.capabilities.decimal,
        _ => true,
    };
    if !supported {
        let ty = column.scalar.ty.name();
        let message =
            format!("the field {} has the type `{ty}`, which {} does not have", column.describe(), cx.provider());
        let help = match column.scalar.ty {
            ScalarType::Json => "use `String`",
            _ => "use `Float` or `String`",
        };
        cx.error(column.field.span, message, help);
    }
}

fn list_is_supported(cx: &mut Context<'_>, column: Column<'_>) {
    if column.field.arity != Arity::List {
        return;
    }
    let ty = column.scalar.ty.name();
    if !cx.capabilities.scalar_lists {
        let message =
            format!("the field {} is a list of `{ty}`, and {} has no lists", column.describe(), cx.provider());
        cx.error(column.field.span, message, "use a model of its own, and a relation to it");
    } else if column.scalar.ty == ScalarType::Json && !cx.capabilities.json_lists {
        let message =
            format!("the field {} is a list of `Json`, which {} does not have", column.describe(), cx.provider());
        cx.error(column.field.span, message, "use one `Json` that holds a list");
    }
}

/// `Unsupported` is for types that the language has no name for.
fn unsupported_is_needed(cx: &mut Context<'_>, column: Column<'_>) {
    let (ScalarType::Unsupported(text), FieldType::Unsupported(_, span)) = (&column.scalar.ty, &column.syntax.ty)
    else {
        return;
    };
    let name = text.split('(').next().unwrap_or_default();
    if let Some(native) = cx.capabilities.native_type(name) {
        let message = format!("the type `Unsupported(\"{text}\")` of the field {} is supported", column.describe());
        let scalar = native.scalars.first().copied().unwrap_or_default();
        cx.error(*span, message, format!("write `{scalar} @{}.{text}`", cx.schema.datasource.name));
    }
}

fn updated_at_is_a_date_time(cx: &mut Context<'_>, column: Column<'_>) {
    let Some(attribute) = column.attribute("updatedAt").filter(|_| column.scalar.is_updated_at) else {
        return;
    };
    if column.scalar.ty != ScalarType::DateTime {
        let message = format!("`@updatedAt` stands on the field {}, which is no `DateTime`", column.describe());
        cx.error(attribute.span, message, "change the type to `DateTime`");
    } else if column.field.arity == Arity::List {
        let message = format!("`@updatedAt` stands on the field {}, which is a list", column.describe());
        cx.error(attribute.span, message, "use `DateTime`, without `[]`");
    }
}

fn ignore_is_needed(cx: &mut Context<'_>, column: Column<'_>) {
    let (Some(walker), Some(attribute)) = (column.walker, column.attribute("ignore")) else {
        return;
    };
    if walker.model().data().is_ignored {
        let message = format!("`@ignore` stands on the field {}, whose model is ignored already", column.describe());
        cx.error(attribute.span, message, "remove it");
    } else if matches!(column.scalar.ty, ScalarType::Unsupported(_)) {
        let message = format!(
            "`@ignore` stands on the field {}, which no client sees: its type is `Unsupported`",
            column.describe()
        );
        cx.error(attribute.span, message, "remove it");
    }
}

fn shard_key_has_its_preview_feature(cx: &mut Context<'_>, column: Column<'_>) {
    if let Some(attribute) = column.attribute("shardKey") {
        super::models::shard_keys_are_there(cx, attribute);
    }
}
