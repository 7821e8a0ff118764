//! `groupBy`: `by`, `having`, `orderBy`, `take`, `skip`.

use prisma_schema::{FieldWalker, ModelWalker};
use serde_json::Value as Json;

use super::aggregate::{Computed, aggregate, computed, response};
use super::arguments::{direction, fields, order, sort};
use super::filter::{Junction, filter, joined, logic};
use super::input::{Object, Within, count, input_error, integer, invalid, missing, object, objects};
use super::operators::{Subject, operators};
use super::value::encode;
use crate::Error;
use crate::driver::Row;
use crate::engine::read_column;
use crate::tree::{Filter, GroupQuery, Order, OrderTarget};

/// A `groupBy`, and what its rows become.
pub(super) struct Group<'s> {
    pub(super) query: GroupQuery,
    model: ModelWalker<'s>,
    /// Selected fields, and where they stand in a row.
    columns: Vec<(usize, FieldWalker<'s>)>,
    computed: Vec<Computed>,
}

impl<'s> Group<'s> {
    /// Reads a request.
    pub(super) fn new(model: ModelWalker<'s>, given: &Object, select: &Object) -> Result<Self, Error> {
        let by = given.get("by").ok_or_else(|| missing("`by` is missing")).within("by")?;
        let mut query = GroupQuery {
            model: model.id(),
            filter: None,
            by: fields(model, by).within("by")?,
            aggregates: Vec::new(),
            having: None,
            order: Vec::new(),
            skip: None,
            take: None,
        };
        for (key, json) in given.iter().filter(|(key, json)| *key != "by" && !json.is_null()) {
            argument(model, &mut query, key, json).within(key)?;
        }
        if query.take.is_some() && given.get("orderBy").is_none_or(Json::is_null) {
            let message = "`orderBy` is missing, which `take` needs: by which order are these the first groups?";
            return Err(missing(message)).within("orderBy");
        }
        let (columns, computed) = selection(model, select, &query).within("selection")?;
        query.aggregates = computed.iter().map(|c| c.aggregate).collect();
        Ok(Self { query, model, columns, computed })
    }

    /// The response, from the row of a group.
    pub(super) fn response(&self, row: &dyn Row) -> Result<Json, Error> {
        let mut group = response(self.model, &self.computed, row, self.query.by.len())?;
        for &(at, field) in &self.columns {
            group.insert(field.name().to_owned(), encode(field, read_column(row, at, field)?));
        }
        Ok(Json::Object(group))
    }
}

fn argument(model: ModelWalker<'_>, query: &mut GroupQuery, key: &str, json: &Json) -> Result<(), Error> {
    match key {
        "where" => query.filter = Some(filter(model, object(json)?)?),
        "having" => query.having = Some(having(model, object(json)?)?),
        "orderBy" => query.order = orders(model, json)?,
        "take" => query.take = Some(integer(json)?),
        "skip" => query.skip = Some(count(json)?),
        other => return Err(invalid(format!("there is no argument `{other}`"))),
    }
    Ok(())
}

/// Selected fields with their places in a row, and what is computed.
type Selected<'s> = (Vec<(usize, FieldWalker<'s>)>, Vec<Computed>);

fn selection<'s>(model: ModelWalker<'s>, select: &Object, query: &GroupQuery) -> Result<Selected<'s>, Error> {
    let of_group = |id| query.by.iter().position(|&f| f == id);
    let (groups, fields): (Vec<_>, Vec<_>) = select.iter().partition(|(key, _)| key.starts_with('_'));
    let mut columns = Vec::new();
    for (name, json) in fields {
        match (name.as_str(), json) {
            ("$scalars", Json::Bool(true)) => {
                columns.extend(query.by.iter().enumerate().map(|(at, &id)| (at, model.field(id))));
            }
            ("$scalars" | "$composites", _) | (_, Json::Bool(false)) => {}
            (name, _) => {
                let field = super::arguments::column(model, name)?;
                let at = of_group(field.id()).ok_or_else(|| {
                    input_error(format!("`{name}` is selected, of which a group has many values: put it into `by`, or compute something of it"))
                })?;
                columns.push((at, field));
            }
        }
    }
    let computed = computed(model, groups)?;
    match columns.is_empty() && computed.is_empty() {
        true => Err(invalid("nothing of the groups is selected")),
        false => Ok((columns, computed)),
    }
}

/// The condition that an object of `having` stands for.
fn having(model: ModelWalker<'_>, of: &Object) -> Result<Filter, Error> {
    let mut all = Vec::with_capacity(of.len());
    for (key, json) in of {
        all.push(match logic(key, json, |of| having(model, of)) {
            Some(found) => found.within(key)?,
            None => having_field(super::arguments::column(model, key)?, json).within(key)?,
        });
    }
    Ok(joined(all, Junction::And))
}

/// Conditions on a field as it is, and on what is computed of it.
fn having_field(field: FieldWalker<'_>, json: &Json) -> Result<Filter, Error> {
    let Some(of) = operators(json) else { return Subject::from(field).filter(json) };
    let (groups, own): (Vec<_>, Vec<_>) = of.iter().partition(|(key, _)| key.starts_with('_'));
    let mut all = Vec::with_capacity(of.len());
    for (group, json) in groups {
        let aggregate = aggregate(field.model(), group, field.name()).within(group)?;
        all.push(Subject::computed(field, aggregate).filter(json).within(group)?);
    }
    if !own.is_empty() {
        let own = own.into_iter().map(|(key, json)| (key.clone(), json.clone())).collect();
        all.push(Subject::from(field).filter(&Json::Object(own))?);
    }
    Ok(joined(all, Junction::And))
}

fn orders(model: ModelWalker<'_>, json: &Json) -> Result<Vec<Order>, Error> {
    let one = |of: &Object| match of.len() {
        0 | 1 => Ok(()),
        _ => Err(input_error("an order has one field; for several, give a list".to_owned())),
    };
    let mut all = Vec::new();
    for of in objects(json)? {
        one(of)?;
        for (key, json) in of {
            if !key.starts_with('_') {
                all.extend(order(model, key, json).within(key)?);
                continue;
            }
            let of = object(json).within(key)?;
            one(of).within(key)?;
            for (name, json) in of {
                let target = OrderTarget::Aggregate(aggregate(model, key, name).within(key)?);
                let (direction, nulls) = match json.is_object() && key != "_count" {
                    true => direction(super::arguments::column(model, name)?, json)?,
                    false => (sort(json)?, None),
                };
                all.push(Order { path: Vec::new(), target, direction, nulls });
            }
        }
    }
    Ok(all)
}
