//! `where`: conditions on records.

use prisma_schema::{Arity, FieldWalker, ModelWalker};
use serde_json::Value as Json;

use super::input::{Object, Within, invalid, object, objects, unknown};
use super::operators::{Subject, optional};
use crate::Error;
use crate::tree::{Filter, Quantifier};

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
pub(super) enum Junction {
    And,
    Or,
}

/// One filter of several: those of the same kind among them are taken apart, and searches for the same words become one, in all their
/// fields together.
pub(super) fn joined(filters: Vec<Filter>, junction: Junction) -> Filter {
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
    if let Some(found) = logic(key, json, |of| filter(model, of)) {
        return found;
    }
    let field = model
        .find_field(key)
        .filter(|f| f.is_in_client())
        .ok_or_else(|| invalid(format!("the model `{}` has no field `{key}`", model.name())))?;
    match field.related_model() {
        Some(related) => relation(field, related, json),
        None => Subject::from(field).filter(json),
    }
}

/// What `AND`, `OR` and `NOT` make of conditions; of no other key anything.
pub(super) fn logic(
    key: &str,
    json: &Json,
    one: impl Fn(&Object) -> Result<Filter, Error>,
) -> Option<Result<Filter, Error>> {
    let join: fn(Vec<Filter>) -> Filter = match key {
        "AND" => |all| joined(all, Junction::And),
        "OR" => |all| joined(all, Junction::Or),
        // None of them holds.
        "NOT" => |all| Filter::And(all.into_iter().map(|f| Filter::Not(Box::new(f))).collect()),
        _ => return None,
    };
    let all = objects(json).and_then(|all| all.into_iter().map(one).collect::<Result<Vec<_>, _>>());
    Some(all.map(|mut all| {
        // An object in which nothing is said is no condition: it makes `OR` no wider and `NOT` no narrower.
        all.retain(|filter| !matches!(filter, Filter::And(all) if all.is_empty()));
        join(all)
    }))
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
