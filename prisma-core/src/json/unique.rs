//! A `where` that names one record.

use prisma_schema::{IndexWalker, ModelWalker};
use serde_json::Value as Json;

use super::filter::filter;
use super::input::{Object, Within, invalid, missing, object, only};
use super::operators::operators;
use super::value;
use crate::tree::{FieldId, Unique};
use crate::{Error, Value};

/// The record that an object names by a unique key; what else it says are further conditions.
pub(super) fn unique(model: ModelWalker<'_>, of: &Object) -> Result<Unique, Error> {
    for key in model.unique_keys() {
        let Some((values, used)) = key_values(key, of)? else { continue };
        let rest: Object = of.iter().filter(|(k, _)| **k != used).map(|(k, v)| (k.clone(), v.clone())).collect();
        let filter = if rest.is_empty() { None } else { Some(filter(model, &rest)?) };
        return Ok(Unique { key: values, filter });
    }
    let keys: Vec<_> = model.unique_keys().map(|k| format!("`{}`", k.client_name())).collect();
    Err(invalid(format!("one record of `{}` is named by one of its unique keys: {}", model.name(), keys.join(", "))))
}

/// The values of one key and the name that they stand under, if the object has them.
fn key_values(key: IndexWalker<'_>, of: &Object) -> Result<Option<(Vec<(FieldId, Value)>, String)>, Error> {
    let name = key.client_name();
    let Some(json) = of.get(&name) else { return Ok(None) };
    if key.fields().len() == 1 {
        let Some(field) = key.fields().next() else { return Ok(None) };
        // A filter on a unique field names no record, nor does null.
        let json = match operators(json) {
            Some(operators) if operators.len() == 1 => match operators.get("equals") {
                Some(json) => json,
                None => return Ok(None),
            },
            Some(_) => return Ok(None),
            None => json,
        };
        if json.is_null() {
            return Ok(None);
        }
        return Ok(Some((vec![(field.id(), value::one(field, json).within(&name)?)], name)));
    }
    let parts = object(json).within(&name)?;
    only(parts, &key.fields().map(|field| field.name()).collect::<Vec<_>>()).within(&name)?;
    let mut values = Vec::new();
    for field in key.fields() {
        let json = parts.get(field.name()).filter(|j| !Json::is_null(j));
        let json = json.ok_or_else(|| missing(format!("the key `{name}` lacks `{}`", field.name())));
        let json = json.within(field.name()).within(&name)?;
        values.push((field.id(), value::one(field, json).within(field.name()).within(&name)?));
    }
    Ok(Some((values, name)))
}
