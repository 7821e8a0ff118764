//! `selection`: what is read, and how the response names it.

use std::sync::Arc;

use prisma_schema::{Arity, FieldId, ModelId, ModelWalker};
use serde_json::Value as Json;

use super::arguments::arguments;
use super::filter::filter;
use super::input::{Object, Within, invalid, object, only};
use crate::Error;
use crate::tree::{Columns, Filter, RelationAggregate, RelationSelection, Selection};

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
            ("$scalars" | "$composites", Json::Bool(_)) => {}
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
        if json != &Json::Bool(true) {
            return Err(invalid(format!("`{name}` is a column: it is selected by true")));
        }
        columns.push(field.id());
        return Ok(());
    };
    let all = Object::from_iter([("$scalars".to_owned(), Json::Bool(true))]);
    let no_arguments = Object::new();
    let (of, given) = match json {
        Json::Bool(_) => (&all, &no_arguments),
        json => {
            let json = object(json)?;
            only(json, &["arguments", "selection"])?;
            let of = json.get("selection").map_or(Ok(&all), object).within("selection")?;
            (of, json.get("arguments").map_or(Ok(&no_arguments), object).within("arguments")?)
        }
    };
    let (selection, below) = selection(related, of).within("selection")?;
    match field.arity() {
        Arity::List => {}
        // A condition may leave an optional relation without its record.
        Arity::Optional => only(given, &["where"]).within("arguments")?,
        Arity::Required => only(given, &[]).within("arguments")?,
    }
    let arguments = arguments(related, given, &[]).within("arguments")?;
    into.relations.push(RelationSelection { field: field.id(), arguments, selection });
    plan.relations.push((name.to_owned(), field.arity() == Arity::List, Arc::new(below)));
    Ok(())
}

fn counts(model: ModelWalker<'_>, json: &Json, into: &mut Selection, plan: &mut Plan) -> Result<(), Error> {
    let lists = model.client_relations().filter(|f| f.arity() == Arity::List);
    let of = match json {
        Json::Bool(true) => None,
        json => {
            only(object(json)?, &["selection"])?;
            object(json)?.get("selection").map(object).transpose().within("selection")?
        }
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
            .ok_or_else(|| invalid(format!("the model `{}` has no to-many relation `{name}`", model.name())))
            .within(name)?;
        let condition = match (json, field.related_model()) {
            (Json::Bool(_), _) | (_, None) => None,
            (json, Some(related)) => condition(related, json).within(name)?,
        };
        into.aggregates.push(RelationAggregate { filter: condition, ..RelationAggregate::count(field.id()) });
        plan.counts.push(name.clone());
    }
    Ok(())
}

/// The condition of records that are counted: `{"arguments": {"where": …}}`.
fn condition(related: ModelWalker<'_>, json: &Json) -> Result<Option<Filter>, Error> {
    only(object(json)?, &["arguments", "selection"])?;
    let Some(arguments) = json.get("arguments") else { return Ok(None) };
    let of = object(arguments).and_then(|of| only(of, &["where"]).map(|()| of)).within("arguments")?;
    let of = of.get("where").filter(|of| !of.is_null());
    of.map(|of| filter(related, object(of)?).within("where").within("arguments")).transpose()
}
