//! `where`, `orderBy`, `cursor`, `take`, `skip`, `distinct`.

use prisma_schema::{Arity, FieldWalker, ModelWalker, ScalarType};
use serde_json::Value as Json;

use super::filter::filter;
use super::input::{Object, Within, count, integer, invalid, list, missing, object, objects, tagged};
use super::unique::unique;
use crate::Error;
use crate::tree::{Arguments, Direction, FieldId, Nulls, Order, OrderTarget, RelationAggregate};

/// The arguments of a read; `others` are keys that somebody else looks at.
pub(super) fn arguments(model: ModelWalker<'_>, of: &Object, others: &[&str]) -> Result<Arguments, Error> {
    let mut arguments = Arguments::default();
    for (key, json) in of {
        argument(model, &mut arguments, key, json, others).within(key)?;
    }
    Ok(arguments)
}

fn argument(
    model: ModelWalker<'_>,
    arguments: &mut Arguments,
    key: &str,
    json: &Json,
    others: &[&str],
) -> Result<(), Error> {
    match key {
        _ if others.contains(&key) => {}
        _ if json.is_null() => {}
        "where" => arguments.filter = Some(filter(model, object(json)?)?),
        "orderBy" => arguments.order = orders(model, json)?,
        "cursor" => arguments.cursor = Some(Box::new(unique(model, object(json)?)?)),
        "take" => arguments.take = Some(integer(json)?),
        "skip" => arguments.skip = Some(count(json)?),
        "distinct" => arguments.distinct = fields(model, json)?,
        "relationLoadStrategy" => {}
        other => return Err(invalid(format!("there is no argument `{other}`"))),
    }
    Ok(())
}

/// Names of column fields.
pub(super) fn fields(model: ModelWalker<'_>, json: &Json) -> Result<Vec<FieldId>, Error> {
    list(json).iter().map(|json| Ok(column(model, name(json)?)?.id())).collect()
}

/// A text, tagged as an enum or not.
pub(super) fn name(json: &Json) -> Result<&str, Error> {
    let json = tagged(json).map_or(json, |(_, value)| value);
    json.as_str().ok_or_else(|| invalid("a name is wanted"))
}

/// A column field by its name.
pub(super) fn column<'s>(model: ModelWalker<'s>, name: &str) -> Result<FieldWalker<'s>, Error> {
    model
        .client_scalars()
        .find(|f| f.name() == name)
        .ok_or_else(|| invalid(format!("the model `{}` has no column field `{name}`", model.name())))
}

fn orders(model: ModelWalker<'_>, json: &Json) -> Result<Vec<Order>, Error> {
    let mut all = Vec::new();
    for of in objects(json)? {
        if of.len() > 1 {
            return Err(invalid("an order has one field; for several, give a list"));
        }
        for (key, json) in of {
            all.extend(order(model, key, json).within(key)?);
        }
    }
    Ok(all)
}

pub(super) fn order(model: ModelWalker<'_>, key: &str, json: &Json) -> Result<Option<Order>, Error> {
    if key == "_relevance" {
        return relevance(model, object(json)?).map(Some);
    }
    let field = model
        .find_field(key)
        .filter(|f| f.is_in_client())
        .ok_or_else(|| invalid(format!("the model `{}` has no field `{key}`", model.name())))?;
    let Some(related) = field.related_model() else {
        let (direction, nulls) = direction(field, json)?;
        return Ok(Some(Order { path: Vec::new(), target: OrderTarget::Scalar(field.id()), direction, nulls }));
    };
    let of = object(json)?;
    if of.len() > 1 {
        return Err(invalid("an order has one field; for several, give a list"));
    }
    let Some((inner, json)) = of.iter().next() else { return Ok(None) };
    if field.arity() == Arity::List {
        if inner != "_count" {
            return Err(invalid(format!("by the to-many relation `{key}` only `_count` can be ordered")));
        }
        let direction = sort(json)?;
        return Ok(Some(Order {
            path: Vec::new(),
            target: OrderTarget::Related(RelationAggregate::count(field.id())),
            direction,
            nulls: None,
        }));
    }
    let mut found = order(related, inner, json).within(inner)?;
    if let Some(order) = &mut found {
        order.path.insert(0, field.id());
    }
    Ok(found)
}

/// `_relevance`: `fields`, `search`, `sort`.
fn relevance(model: ModelWalker<'_>, of: &Object) -> Result<Order, Error> {
    let part = |name: &str| of.get(name).ok_or_else(|| missing(format!("`{name}` is missing")));
    let fields = list(part("fields")?).iter().map(|json| {
        let field = column(model, name(json)?)?;
        match field.scalar().is_some_and(|s| s.ty == ScalarType::String) && field.arity() != Arity::List {
            true => Ok(field.id()),
            false => Err(invalid(format!("`{}` is no String", field.name()))),
        }
    });
    let fields = fields.collect::<Result<_, _>>().within("fields")?;
    let search = part("search")?.as_str().ok_or_else(|| invalid("a text is wanted")).within("search")?.to_owned();
    let direction = sort(part("sort")?).within("sort")?;
    Ok(Order { path: Vec::new(), target: OrderTarget::Relevance { fields, search }, direction, nulls: None })
}

/// `asc`, `desc`, or an object of `sort` and `nulls`.
pub(super) fn direction(field: FieldWalker<'_>, json: &Json) -> Result<(Direction, Option<Nulls>), Error> {
    let Some(of) = json.as_object().filter(|_| tagged(json).is_none()) else { return Ok((sort(json)?, None)) };
    let nulls = match of.get("nulls").map(name).transpose()? {
        None => None,
        Some(_) if field.arity() != Arity::Optional => {
            return Err(invalid(format!("`{}` is required: there are no nulls to order", field.name())));
        }
        Some("first") => Some(Nulls::First),
        Some("last") => Some(Nulls::Last),
        Some(other) => return Err(invalid(format!("`nulls` is `first` or `last`, and this is `{other}`"))),
    };
    let by = of.get("sort").ok_or_else(|| invalid("an order has `sort`: `asc` or `desc`"))?;
    Ok((sort(by)?, nulls))
}

/// `asc` or `desc`
pub(super) fn sort(json: &Json) -> Result<Direction, Error> {
    match name(json)? {
        "asc" => Ok(Direction::Asc),
        "desc" => Ok(Direction::Desc),
        other => Err(invalid(format!("an order is `asc` or `desc`, and this is `{other}`"))),
    }
}
