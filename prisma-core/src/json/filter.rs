//! `where`: conditions on records.

use prisma_schema::{Arity, FieldWalker, ModelWalker, ScalarType};
use serde_json::Value as Json;

use super::input::{Object, Within, invalid, list, object, objects, tagged, unknown};
use super::{json_filter, value};
use crate::driver::ElementType;
use crate::engine::element_type;
use crate::tree::{CompareOp, Condition, FieldId, Filter, ListCondition, MatchKind, Mode, Operand, Quantifier};
use crate::{Error, Value};

/// The condition that an object of `where` stands for.
pub(super) fn filter(model: ModelWalker<'_>, of: &Object) -> Result<Filter, Error> {
    let mut all = Vec::with_capacity(of.len());
    for (key, json) in of {
        all.push(entry(model, key, json).within(key)?);
    }
    Ok(joined(all, Junction::And))
}

/// How conditions are put together.
#[derive(Clone, Copy, PartialEq)]
enum Junction {
    And,
    Or,
}

/// One filter of several: those of the same kind among them are taken apart, and searches for the same words become one, in all their
/// fields together.
fn joined(filters: Vec<Filter>, junction: Junction) -> Filter {
    let mut all: Vec<Filter> = Vec::with_capacity(filters.len());
    for filter in filters {
        let parts = match (filter, junction) {
            (Filter::And(parts), Junction::And) | (Filter::Or(parts), Junction::Or) if !parts.is_empty() => parts,
            (other, _) => vec![other],
        };
        for part in parts {
            let Filter::Search { fields, query } = part else {
                all.push(part);
                continue;
            };
            let same = all.iter_mut().find_map(|f| match f {
                Filter::Search { fields, query: other } if *other == query => Some(fields),
                _ => None,
            });
            match same {
                Some(known) => known.extend(fields),
                None => all.push(Filter::Search { fields, query }),
            }
        }
    }
    match (all.len(), junction) {
        (1, _) => all.remove(0),
        (_, Junction::And) => Filter::And(all),
        (_, Junction::Or) => Filter::Or(all),
    }
}

fn entry(model: ModelWalker<'_>, key: &str, json: &Json) -> Result<Filter, Error> {
    let several = || objects(json)?.into_iter().map(|o| filter(model, o)).collect::<Result<Vec<_>, _>>();
    match key {
        "AND" => Ok(joined(several()?, Junction::And)),
        "OR" => Ok(joined(several()?, Junction::Or)),
        // None of them holds.
        "NOT" => Ok(Filter::And(several()?.into_iter().map(|f| Filter::Not(Box::new(f))).collect())),
        name => {
            let field = model
                .find_field(name)
                .filter(|f| f.is_in_client())
                .ok_or_else(|| invalid(format!("the model `{}` has no field `{name}`", model.name())))?;
            match field.related_model() {
                Some(related) => relation(field, related, json),
                None => scalar(field, json),
            }
        }
    }
}

fn relation(field: FieldWalker<'_>, related: ModelWalker<'_>, json: &Json) -> Result<Filter, Error> {
    let node = |quantifier, filter| Filter::Relation { field: field.id(), quantifier, filter: Box::new(filter) };
    let anything = || Filter::And(Vec::new());
    if json.is_null() {
        return optional(field).map(|()| node(Quantifier::IsNull, anything()));
    }
    let of = object(json)?;
    if field.arity() == Arity::List {
        let mut all = Vec::new();
        for (key, json) in of {
            let quantifier = match key.as_str() {
                "some" => Quantifier::Some,
                "every" => Quantifier::Every,
                "none" => Quantifier::None,
                other => return Err(unknown(other, &["some", "every", "none"])),
            };
            all.push(node(quantifier, filter(related, object(json)?).within(key)?));
        }
        return Ok(Filter::And(all));
    }
    if of.is_empty() || !of.keys().all(|k| k == "is" || k == "isNot") {
        return Ok(node(Quantifier::Is, filter(related, of)?));
    }
    let mut all = Vec::new();
    for (key, json) in of {
        all.push(match (key.as_str(), json) {
            ("is", Json::Null) => optional(field).map(|()| node(Quantifier::IsNull, anything()))?,
            (_, Json::Null) => optional(field).map(|()| node(Quantifier::IsNotNull, anything()))?,
            ("is", json) => node(Quantifier::Is, filter(related, object(json)?).within(key)?),
            (_, json) => node(Quantifier::IsNot, filter(related, object(json)?).within(key)?),
        });
    }
    Ok(Filter::And(all))
}

pub(super) fn optional(field: FieldWalker<'_>) -> Result<(), Error> {
    match field.arity() {
        Arity::Required => Err(invalid(format!("`{}` is required and never null", field.name()))),
        _ => Ok(()),
    }
}

/// A condition on a column: a value, null, or an object of operators.
pub(super) fn scalar(field: FieldWalker<'_>, json: &Json) -> Result<Filter, Error> {
    match operators(json) {
        Some(of) => operator_object(field, of),
        None if is_json(field) => json_filter::equality(field, None, json, false, Mode::Default),
        None => equals(field, json, Mode::Default),
    }
}

/// The operators of an object; a tagged value is none.
pub(super) fn operators(json: &Json) -> Option<&Object> {
    json.as_object().filter(|_| tagged(json).is_none())
}

fn operator_object(field: FieldWalker<'_>, of: &Object) -> Result<Filter, Error> {
    let mode = match of.get("mode").map(|m| m.as_str().or_else(|| tagged(m)?.1.as_str())) {
        None | Some(Some("default")) => Mode::Default,
        Some(Some("insensitive")) if has_insensitive(field) => Mode::Insensitive,
        Some(_) => return Err(unknown("mode: insensitive", &["mode: default"])).within("mode"),
    };
    if is_json(field) {
        return json_filter::operators(field, of, mode);
    }
    let mut all = Vec::with_capacity(of.len());
    for (key, json) in of.iter().filter(|(key, _)| *key != "mode") {
        all.push(operator(field, key, json, mode).within(key)?);
    }
    Ok(match all.len() {
        1 => all.remove(0),
        _ => Filter::And(all),
    })
}

fn is_json(field: FieldWalker<'_>) -> bool {
    field.arity() != Arity::List && field.scalar().is_some_and(|s| s.ty == ScalarType::Json)
}

fn has_insensitive(field: FieldWalker<'_>) -> bool {
    field.model().schema().provider().capabilities().insensitive_filters
}

fn operator(field: FieldWalker<'_>, key: &str, json: &Json, mode: Mode) -> Result<Filter, Error> {
    let is_list = field.arity() == Arity::List;
    if is_list && !matches!(key, "equals" | "not") {
        return list_operator(field, key, json);
    }
    let compare = |op| condition(field, Condition::Compare(op, operand(field, json)?), mode);
    let matches = |kind| {
        if is_text(field) {
            condition(field, Condition::Match(kind, operand(field, json)?), mode)
        } else {
            Err(invalid(format!("`{}` is no text", field.name())))
        }
    };
    match key {
        "equals" => equals(field, json, mode),
        "not" => match operators(json) {
            Some(of) => Ok(Filter::Not(Box::new(operator_object(field, of)?))),
            None if json.is_null() || value::is_db_null(json) => {
                optional(field).and_then(|()| condition(field, Condition::IsNotNull, mode))
            }
            None => compare(CompareOp::Ne),
        },
        "in" => is_in(field, json, false, mode),
        "notIn" => is_in(field, json, true, mode),
        "lt" | "lte" | "gt" | "gte" if !is_ordered(field) => Err(invalid(format!("`{}` has no order", field.name()))),
        "lt" => compare(CompareOp::Lt),
        "lte" => compare(CompareOp::Lte),
        "gt" => compare(CompareOp::Gt),
        "gte" => compare(CompareOp::Gte),
        "contains" => matches(MatchKind::Contains),
        "startsWith" => matches(MatchKind::StartsWith),
        "endsWith" => matches(MatchKind::EndsWith),
        "search" if is_text(field) => Ok(Filter::Search { fields: vec![field.id()], query: value::one(field, json)? }),
        other => Err(unknown(
            other,
            &[
                "equals",
                "not",
                "in",
                "notIn",
                "lt",
                "lte",
                "gt",
                "gte",
                "contains",
                "startsWith",
                "endsWith",
                "mode",
                "search",
            ],
        )),
    }
}

fn list_operator(field: FieldWalker<'_>, key: &str, json: &Json) -> Result<Filter, Error> {
    let found = match key {
        "has" => ListCondition::Has(match tagged(json) {
            Some(("FieldRef", reference)) => Operand::Field(field_reference(field, reference, false)?),
            _ => Operand::Value(value::one(field, json)?),
        }),
        "hasEvery" => ListCondition::HasEvery(operand(field, json)?),
        "hasSome" => ListCondition::HasSome(operand(field, json)?),
        "isEmpty" => ListCondition::IsEmpty(json.as_bool().ok_or_else(|| invalid("true or false is wanted"))?),
        other => return Err(unknown(other, &["equals", "not", "has", "hasEvery", "hasSome", "isEmpty"])),
    };
    condition(field, Condition::List(found), Mode::Default)
}

/// Whether the field holds text, not something else that is written as a String.
fn is_text(field: FieldWalker<'_>) -> bool {
    element_type(field) == Some(ElementType::String)
}

fn is_ordered(field: FieldWalker<'_>) -> bool {
    !matches!(
        field.scalar().map(|s| &s.ty),
        Some(ScalarType::Boolean | ScalarType::Json | ScalarType::Bytes | ScalarType::Enum(_))
    )
}

pub(super) fn condition(field: FieldWalker<'_>, condition: Condition, mode: Mode) -> Result<Filter, Error> {
    Ok(Filter::Scalar { field: field.id(), condition, mode })
}

fn equals(field: FieldWalker<'_>, json: &Json, mode: Mode) -> Result<Filter, Error> {
    if json.is_null() || value::is_db_null(json) {
        return optional(field).and_then(|()| condition(field, Condition::IsNull, mode));
    }
    condition(field, Condition::Compare(CompareOp::Eq, operand(field, json)?), mode)
}

fn is_in(field: FieldWalker<'_>, json: &Json, negated: bool, mode: Mode) -> Result<Filter, Error> {
    if json.is_null() {
        let null = if negated { Condition::IsNotNull } else { Condition::IsNull };
        return optional(field).and_then(|()| condition(field, null, mode));
    }
    if let Some(("FieldRef", reference)) = tagged(json) {
        let list = field_reference(field, reference, true)?;
        let has = Condition::List(ListCondition::Has(Operand::Field(field.id())));
        let found = Filter::Scalar { field: list, condition: has, mode };
        return Ok(if negated { Filter::Not(Box::new(found)) } else { found });
    }
    let (nulls, values): (Vec<&Json>, Vec<&Json>) = list(json).iter().partition(|j| j.is_null());
    let values = values.into_iter().map(|j| value::one(field, j)).collect::<Result<_, _>>()?;
    let found = condition(field, Condition::In { values, negated }, mode)?;
    if nulls.is_empty() {
        return Ok(found);
    }
    optional(field)?;
    Ok(match negated {
        false => Filter::Or(vec![found, condition(field, Condition::IsNull, mode)?]),
        true => Filter::And(vec![found, condition(field, Condition::IsNotNull, mode)?]),
    })
}

/// A value, or a field of the same model and type.
fn operand(field: FieldWalker<'_>, json: &Json) -> Result<Operand, Error> {
    if let Some(operand) = field_operand(field, json)? {
        return Ok(operand);
    }
    if field.arity() == Arity::List {
        let elements: Result<_, _> = list(json).iter().map(|json| value::one(field, json)).collect();
        return elements.map(|v| Operand::Value(Value::List(v)));
    }
    value::one(field, json).map(Operand::Value)
}

/// Another field, if it is a reference to one.
pub(super) fn field_operand(field: FieldWalker<'_>, json: &Json) -> Result<Option<Operand>, Error> {
    let is_list = field.arity() == Arity::List;
    match tagged(json) {
        Some(("FieldRef", reference)) => field_reference(field, reference, is_list).map(|id| Some(Operand::Field(id))),
        _ => Ok(None),
    }
}

/// Another field of the same model and scalar, a list or not.
fn field_reference(field: FieldWalker<'_>, reference: &Json, is_list: bool) -> Result<FieldId, Error> {
    let model = field.model();
    let name = reference["_ref"].as_str().ok_or_else(|| invalid("a field reference has `_ref` and `_container`"))?;
    if let Some(container) = reference["_container"].as_str().filter(|c| *c != model.name()) {
        return Err(invalid(format!("a field of `{container}` is referred to in a filter of `{}`", model.name())));
    }
    let other =
        model.find_field(name).ok_or_else(|| invalid(format!("the model `{}` has no field `{name}`", model.name())))?;
    let same = match (field.scalar(), other.scalar()) {
        (Some(a), Some(b)) => a.ty == b.ty && (other.arity() == Arity::List) == is_list,
        _ => false,
    };
    match same {
        true => Ok(other.id()),
        false => Err(invalid(format!("`{name}` is of another type than `{}`", field.name()))),
    }
}
