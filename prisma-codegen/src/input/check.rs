//! What must hold for a model by itself. What concerns several models is for the schema's validation.

use darling::Error;
use darling::error::Accumulator;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{GenericParam, Ident, Type};

use super::attributes::{FieldInput, ModelInput, RelationInput};
use super::column_type::{column_type, hidden_type};

/// All that is wrong with the struct.
pub(crate) fn model(input: &ModelInput) -> darling::Result<()> {
    let mut errors = Error::accumulator();
    let mut parameters = Vec::new();
    for parameter in &input.generics.params {
        match parameter {
            GenericParam::Type(ty) => {
                if ty.default.is_none() {
                    let message = format!(
                        "the type parameter `{0}` needs the default `NotIncluded`: write `{0} = NotIncluded`",
                        ty.ident
                    );
                    errors.push(Error::custom(message).with_span(ty));
                }
                parameters.push(&ty.ident);
            }
            other => {
                errors.push(Error::custom("a model has type parameters alone, one for each relation").with_span(other))
            }
        }
    }
    let mut relations = Vec::new();
    // Of hidden relations: about these an error is reported.
    let mut misused = Vec::new();
    for field in input.fields() {
        let parameter = type_parameter(&field.ty, &parameters);
        if field.is_hidden() && !input.ignore.is_present() {
            if let Some(relation) = &field.relation {
                check_relation(input, field, relation, &mut errors);
            }
            check_hidden(input, field, &mut errors);
            misused.extend(parameter);
            continue;
        }
        match (&field.relation, parameter) {
            (Some(relation), Some(parameter)) => {
                check_relation(input, field, relation, &mut errors);
                relations.push((field, parameter));
            }
            (Some(_), None) => errors.push(relation_without_parameter(input, field)),
            (None, Some(parameter)) => {
                let (field, model) = (field.name(), &input.ident);
                let message = format!(
                    "the field `{field}` of `{model}` has the type parameter `{parameter}`, so it is a relation, but nothing says which\n\
                     help: write `#[prisma(relation(many(Other::field)))]`, or `#[prisma(relation(one(Other), fields(…), references(…)))]`"
                );
                errors.push(Error::custom(message).with_span(&parameter));
            }
            (None, None) => check_column(input, field, &mut errors),
        }
    }
    parameters.retain(|p| !misused.contains(p));
    for (i, (field, parameter)) in relations.iter().enumerate() {
        if parameters.get(i).is_some_and(|expected| **expected != *parameter) {
            let message = format!(
                "the relation `{}` is number {} of `{}`, but its type parameter `{parameter}` is not\n\
                 help: give each relation a type parameter of its own, in the order of the fields",
                field.name(),
                i + 1,
                input.ident
            );
            errors.push(Error::custom(message).with_span(&field.ty));
        }
    }
    for unused in parameters.iter().skip(relations.len()).filter(|p| !relations.iter().any(|(_, used)| used == **p)) {
        let message = format!("the type parameter `{unused}` of `{}` is of no relation", input.ident);
        errors.push(Error::custom(message).with_span(*unused));
    }
    errors.finish()
}

fn type_parameter(ty: &Type, parameters: &[&Ident]) -> Option<Ident> {
    match ty {
        Type::Path(path) => path.path.get_ident().filter(|name| parameters.contains(name)).cloned(),
        _ => None,
    }
}

fn relation_without_parameter(input: &ModelInput, field: &FieldInput) -> Error {
    let (model, name) = (&input.ident, field.name());
    let parameter = crate::generate::type_name(&name.to_string());
    let message = format!(
        "the relation `{name}` of `{model}` needs a type parameter of its own, which says whether it is included\n\
         help: write `struct {model}<{parameter} = NotIncluded>` and `{name}: {parameter}`"
    );
    Error::custom(message).with_span(&field.ty)
}

fn check_column(input: &ModelInput, field: &FieldInput, errors: &mut Accumulator) {
    if field.unsupported.is_none() && column_type(&field.ty).is_none() {
        no_column(input, field, errors);
    }
}

fn no_column(input: &ModelInput, field: &FieldInput, errors: &mut Accumulator) {
    let message = format!(
        "the type of the field `{}` of `{}` is no type of a column\n\
         help: columns are `String`, `bool`, `i32`, `i64`, `f64`, `BigDecimal`, `DateTime<Utc>`, `NaiveDate`, `NaiveTime`, \
         `serde_json::Value`, `Vec<u8>`, `Uuid`, enums with `#[derive(Enum)]`, and `Option` or `Vec` of these",
        field.name(),
        input.ident
    );
    errors.push(Error::custom(message).with_span(&field.ty));
}

/// What the client does not see, no record holds: its field holds nothing, but says of which type the column is.
fn check_hidden(input: &ModelInput, field: &FieldInput, errors: &mut Accumulator) {
    let (name, model) = (field.name(), &input.ident);
    let inner = hidden_type(&field.ty);
    let is_column = field.relation.is_none() && field.unsupported.is_none();
    if let Some(inner) = inner {
        if is_column && column_type(inner).is_none() {
            no_column(input, field, errors);
        }
        return;
    }
    let what = if field.unsupported.is_some() { "unsupported" } else { "ignored" };
    let ty = match is_column {
        true => field.ty.to_token_stream().to_string().replace(' ', ""),
        false => "()".to_owned(),
    };
    let message = format!(
        "the field `{name}` of `{model}` is {what}: the client has no value of it\n\
         help: write `{name}: PhantomData<{ty}>`, with `std::marker::PhantomData`"
    );
    errors.push(Error::custom(message).with_span(&field.ty));
}

fn check_relation(input: &ModelInput, field: &FieldInput, relation: &RelationInput, errors: &mut Accumulator) {
    let what = || format!("the relation `{}` of `{}`", field.name(), input.ident);
    let problem = match (&relation.one, &relation.many) {
        (None, None) => Some(
            "says neither `one(…)` nor `many(…)`\n\
             help: write `many(Other::field)` for many records, or `one(Other), fields(…), references(…)` for one"
                .to_owned(),
        ),
        (Some(_), Some(_)) => Some("says both `one(…)` and `many(…)`\nhelp: leave one of them out".to_owned()),
        (None, Some(target)) if target.field.is_none() => {
            let target = &target.model;
            Some(format!(
                "does not name the field at its other end\nhelp: write `many({target}::field)`, with the field of `{target}` that leads back"
            ))
        }
        (Some(target), None)
            if target.field.is_none() && (relation.fields.is_none() || relation.references.is_none()) =>
        {
            let target = &target.model;
            Some(format!(
                "does not say how it finds its record\n\
                 help: write `one({target}), fields(…), references(…)` at the end that holds the key, and `one({target}::field)` at the other"
            ))
        }
        _ => None,
    };
    if let Some(problem) = problem {
        let span = field.relation.as_ref().map_or(field.ty.span(), |r| r.span());
        errors.push(Error::custom(format!("{} {problem}", what())).with_span(&span));
    }
}
