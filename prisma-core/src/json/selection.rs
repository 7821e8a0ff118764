//! `selection`: what is read, and how the response names it.

use std::sync::Arc;

use prisma_schema::{Arity, FieldId, ModelId, ModelWalker};
use serde_json::Value as Json;

use super::arguments::arguments;
use super::filter::filter;
use super::input::{Object, Within, invalid, object};
use crate::Error;
use crate::tree::{Columns, RelationAggregate, RelationSelection, Selection};

/// What the records of one level become in the response.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) model: ModelId,
    pub(super) columns: Vec<FieldId>,
    /// Names of the relations that are counted.
    pub(super) counts: Vec<String>,
    /// Name, whether it is a list, and the level below.
    pub(super) relations: Vec<(String, bool, Arc<Plan>)>,
}

/// What `{"selection": …}` selects of a model's records.
pub(super) fn selection(model: ModelWalker<'_>, of: &Object) -> Result<(Selection, Plan), Error> {
    let mut columns: Vec<FieldId> = Vec::new();
    let mut plan = Plan { model: model.id(), columns: Vec::new(), counts: Vec::new(), relations: Vec::new() };
    let mut selection = Selection::default();
    let mut left_out = Vec::new();
    for (key, json) in of {
        match (key.as_str(), json) {
            ("$scalars", Json::Bool(true)) => columns.extend(model.client_scalars().map(|f| f.id())),
            ("$scalars" | "$composites", _) => {}
            ("_count", Json::Bool(false)) => {}
            ("_count", json) => counts(model, json, &mut selection, &mut plan).within(key)?,
            (name, Json::Bool(false)) => left_out.push(name),
            (name, json) => field(model, name, json, &mut columns, &mut selection, &mut plan).within(key)?,
        }
    }
    columns.retain(|&f| !left_out.contains(&model.field(f).name()));
    columns.sort_unstable();
    columns.dedup();
    if columns.is_empty() && plan.relations.is_empty() && plan.counts.is_empty() {
        return Err(invalid(format!("nothing of `{}` is selected", model.name())));
    }
    plan.columns.clone_from(&columns);
    selection.columns = Columns::Fields(columns);
    Ok((selection, plan))
}

fn field(
    model: ModelWalker<'_>,
    name: &str,
    json: &Json,
    columns: &mut Vec<FieldId>,
    into: &mut Selection,
    plan: &mut Plan,
) -> Result<(), Error> {
    let field = model
        .find_field(name)
        .filter(|f| f.is_in_client())
        .ok_or_else(|| invalid(format!("the model `{}` has no field `{name}`", model.name())))?;
    let Some(related) = field.related_model() else {
        columns.push(field.id());
        return Ok(());
    };
    let all = Object::from_iter([("$scalars".to_owned(), Json::Bool(true))]);
    let no_arguments = Object::new();
    let (of, given) = match json {
        Json::Bool(_) => (&all, &no_arguments),
        json => {
            let json = object(json)?;
            let of = json.get("selection").map_or(Ok(&all), object)?;
            (of, json.get("arguments").map_or(Ok(&no_arguments), object)?)
        }
    };
    let (selection, below) = selection(related, of)?;
    let arguments = arguments(related, given, &[])?;
    into.relations.push(RelationSelection { field: field.id(), arguments, selection });
    plan.relations.push((name.to_owned(), field.arity() == Arity::List, Arc::new(below)));
    Ok(())
}

fn counts(model: ModelWalker<'_>, json: &Json, into: &mut Selection, plan: &mut Plan) -> Result<(), Error> {
    let lists = model.client_relations().filter(|f| f.arity() == Arity::List);
    let of = match json {
        Json::Bool(true) => None,
        json => object(json)?.get("selection").map(object).transpose()?,
    };
    let Some(of) = of else {
        for field in lists {
            into.aggregates.push(RelationAggregate::count(field.id()));
            plan.counts.push(field.name().to_owned());
        }
        return Ok(());
    };
    for (name, json) in of.iter().filter(|(_, json)| **json != Json::Bool(false)) {
        let field = lists
            .clone()
            .find(|f| f.name() == name)
            .ok_or_else(|| invalid(format!("the model `{}` has no to-many relation `{name}`", model.name())))?;
        let condition = match (json["arguments"]["where"].as_object(), field.related_model()) {
            (Some(of), Some(related)) => Some(filter(related, of).within(name)?),
            _ => None,
        };
        into.aggregates.push(RelationAggregate { filter: condition, ..RelationAggregate::count(field.id()) });
        plan.counts.push(name.clone());
    }
    Ok(())
}
