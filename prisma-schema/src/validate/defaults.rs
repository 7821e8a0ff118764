//! `@default`: functions on the right types, literals that can be read, what each provider makes itself.

use super::{Column, Context};
use crate::literal::{is_base64, is_date_time, is_json};
use crate::syntax::Attribute;
use crate::{DefaultFunction, DefaultValue, FieldWalker, Literal, ModelWalker, ScalarType};

pub(super) fn run(cx: &mut Context<'_>, column: Column<'_>) {
    let (Some(default), Some(attribute)) = (&column.scalar.default, column.attribute("default")) else {
        return;
    };
    match default {
        DefaultValue::Function(function) => {
            let errors = cx.sink.len();
            function_is_supported(cx, column, attribute, function);
            if cx.sink.len() == errors {
                function_fits_the_type(cx, column, attribute, function);
            }
        }
        DefaultValue::Literal(literal) => literal_can_be_read(cx, column, attribute, literal),
        DefaultValue::List(literals) => {
            for literal in literals {
                literal_can_be_read(cx, column, attribute, literal);
            }
        }
    }
    name_is_supported(cx, column, attribute, default);
}

fn function_fits_the_type(
    cx: &mut Context<'_>,
    column: Column<'_>,
    attribute: &Attribute<'_>,
    function: &DefaultFunction,
) {
    let scalars: &[&str] = match function {
        DefaultFunction::Autoincrement => cx.capabilities.autoincrement.map_or(&[], |rules| rules.scalars),
        DefaultFunction::Sequence(_) => &["Int", "BigInt"],
        DefaultFunction::Now => &["DateTime"],
        DefaultFunction::Uuid(_) | DefaultFunction::Cuid(_) | DefaultFunction::Ulid | DefaultFunction::Nanoid(_) => {
            &["String"]
        }
        DefaultFunction::DbGenerated(_) | DefaultFunction::Auto => return,
    };
    let ty = column.scalar.ty.name();
    let is_list = column.field.arity == crate::Arity::List;
    if !scalars.contains(&ty) || matches!(column.scalar.ty, ScalarType::Enum(_)) || is_list {
        let modifier = if is_list { "[]" } else { "" };
        let message = format!(
            "`{}()` is no default for the field {}, whose type is `{ty}{modifier}`",
            function.name(),
            column.describe()
        );
        let mut help = format!("it makes {}", crate::resolve::quoted_list(scalars.iter().copied()));
        if cx.capabilities.sequences && *function == DefaultFunction::Autoincrement {
            help += "; for `Int` there is `sequence()`";
        }
        cx.error(attribute.span, message, help);
    }
}

fn function_is_supported(
    cx: &mut Context<'_>,
    column: Column<'_>,
    attribute: &Attribute<'_>,
    function: &DefaultFunction,
) {
    let capabilities = cx.capabilities;
    let unsupported = |cx: &mut Context<'_>, help: &str| {
        let message = format!(
            "`{}()`, the default of the field {}, does not exist on {}",
            function.name(),
            column.describe(),
            cx.provider()
        );
        cx.error(attribute.span, message, help);
    };
    match function {
        DefaultFunction::DbGenerated(_) if column.walker.is_none() => {
            let message =
                format!("`dbgenerated()` cannot be the default of {}: it is in a composite type", column.describe());
            cx.error(attribute.span, message, "the database makes values of columns only");
        }
        DefaultFunction::DbGenerated(_) if !capabilities.dbgenerated => unsupported(cx, "use `auto()`"),
        DefaultFunction::Auto if !capabilities.auto_ids => unsupported(cx, "use `autoincrement()` or `uuid()`"),
        DefaultFunction::Auto => auto_is_an_object_id(cx, column, attribute),
        DefaultFunction::Autoincrement if capabilities.autoincrement.is_none() => unsupported(cx, "use `auto()`"),
        _ => {}
    }
}

/// `auto()` makes the id of a document.
fn auto_is_an_object_id(cx: &mut Context<'_>, column: Column<'_>, attribute: &Attribute<'_>) {
    let is_id = column.walker.is_some_and(FieldWalker::is_in_primary_key);
    let is_object_id = column.scalar.native_type.as_ref().is_some_and(|n| n.name == "ObjectId");
    if !is_id || !is_object_id {
        let message =
            format!("`auto()`, the default of the field {}, makes ids of the type `ObjectId` only", column.describe());
        cx.error(attribute.span, message, format!("add `@id` and `@{}.ObjectId`", cx.schema.datasource.name));
    }
}

fn name_is_supported(cx: &mut Context<'_>, column: Column<'_>, attribute: &Attribute<'_>, default: &DefaultValue) {
    if attribute.argument("map").is_none() {
        return;
    }
    if !cx.capabilities.named_defaults || column.walker.is_none() {
        let message = format!(
            "`map` names the default of the field {}, but {} has no names for defaults",
            column.describe(),
            cx.provider()
        );
        cx.error(attribute.span, message, "remove `map`");
    } else if *default == DefaultValue::Function(DefaultFunction::Autoincrement) {
        let message = format!(
            "`map` names the default of the field {}, but `autoincrement()` is no constraint",
            column.describe()
        );
        cx.error(attribute.span, message, "remove `map`");
    }
}

fn literal_can_be_read(cx: &mut Context<'_>, column: Column<'_>, attribute: &Attribute<'_>, literal: &Literal) {
    let (text, wanted, readable) = match (&column.scalar.ty, literal) {
        (ScalarType::Int, Literal::Number(text)) => (text, "a whole number of 32 bits", text.parse::<i32>().is_ok()),
        (ScalarType::BigInt, Literal::Number(text)) => (text, "a whole number of 64 bits", text.parse::<i64>().is_ok()),
        (ScalarType::Json, Literal::String(text)) => (text, "JSON", is_json(text)),
        (ScalarType::Bytes, Literal::String(text)) => (text, "Base64", is_base64(text)),
        (ScalarType::DateTime, Literal::String(text)) => (text, "a date and time of RFC 3339", is_date_time(text)),
        _ => return,
    };
    if !readable {
        let message = format!("the default of the field {} is `{text}`, which is not {wanted}", column.describe());
        let help = match column.scalar.ty {
            ScalarType::Json => "JSON stands in a string: `\"{\\\"key\\\": 1}\"`, `\"[]\"`, `\"\\\"text\\\"\"`",
            ScalarType::Bytes => "such as `\"aGVsbG8=\"`",
            ScalarType::DateTime => "such as `\"2024-12-31T23:59:59Z\"`",
            ScalarType::Int => "use `BigInt` for larger numbers, `Float` or `Decimal` for fractions",
            _ => "use `Float` or `Decimal` for fractions",
        };
        cx.error(attribute.span, message, help);
    }
}

// ---------------------------------------------------------------------- the provider's rules for autoincrement

pub(super) fn autoincrement_of_model(cx: &mut Context<'_>, model: ModelWalker<'_>) {
    let Some(rules) = cx.capabilities.autoincrement else {
        return;
    };
    let fields: Vec<_> = model
        .scalar_fields()
        .filter(|f| {
            f.scalar().is_some_and(|s| s.default == Some(DefaultValue::Function(DefaultFunction::Autoincrement)))
        })
        .collect();
    if fields.len() > 1 && !rules.several {
        let names = crate::resolve::quoted_list(fields.iter().map(|f| f.name()));
        let message = format!("several fields of `{}` have the default `autoincrement()`: {names}", model.name());
        let help = format!("{} counts in one column of a table", cx.provider());
        cx.error(cx.header(model), message, help);
    }
    for field in fields {
        let Some(attribute) = cx.syntax(field).attribute("default") else {
            continue;
        };
        let is_id = model.primary_key().is_some_and(|key| key.data().fields.len() == 1 && field.is_in_primary_key());
        let describe = format!("`{}` of `{}`", field.name(), model.name());
        let is_indexed = model.indexes().any(|i| i.data().fields.first().is_some_and(|f| f.field == field.id()));
        if !rules.on_any_field && !is_id {
            let message = format!("`autoincrement()` is the default of the field {describe}, which is not the id");
            let help = format!("{} counts in a field with `@id` only", cx.provider());
            cx.error(attribute.span, message, help);
        } else if !rules.without_index && !is_indexed {
            let message =
                format!("`autoincrement()` is the default of the field {describe}, which no key or index begins with");
            cx.error(attribute.span, message, "add `@unique` or `@@index`");
        }
    }
}
