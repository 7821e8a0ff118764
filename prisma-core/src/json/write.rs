//! `data`: what is written.

use prisma_schema::{Arity, FieldWalker, Link, ModelWalker};
use serde_json::Value as Json;

use super::filter::filter;
use super::input::{Object, Within, invalid, list, missing, object, objects, only, part, tagged, unknown};
use super::unique::unique;
use super::value;
use crate::tree::{
    ConnectOrCreate, Create, CreateMany, FieldId, Filter, NestedUpdate, NestedUpdateMany, NestedUpsert, NestedWrite,
    RecordChange, ScalarChange, Unique, WriteRelation,
};
use crate::{Error, Value};

/// The record that `data` of a create says; `through` is the relation that it is nested in, which sets its own keys.
pub(super) fn create(model: ModelWalker<'_>, of: &Object, through: Option<FieldWalker<'_>>) -> Result<Create, Error> {
    let mut create = Create::default();
    for (key, json) in of {
        let field = known(model, key).within(key)?;
        match field.related_model() {
            None => create.scalars.push((field.id(), scalar(field, json).within(key)?)),
            Some(related) => create.relations.extend(nested(field, related, json, true).within(key)?),
        }
    }
    in_order(&mut create.relations);
    let written = create.scalars.iter().map(|(f, _)| *f);
    one_way(model, written, &create.relations)?;
    complete(model, &create, through)?;
    Ok(create)
}

/// Relations are written in the order of the schema, however the request has them.
fn in_order(relations: &mut [WriteRelation]) {
    relations.sort_by_key(|r| r.field);
}

/// Keys of relations are given as columns or as relations, not some of them each way.
fn one_way(
    model: ModelWalker<'_>,
    mut written: impl Iterator<Item = FieldId>,
    relations: &[WriteRelation],
) -> Result<(), Error> {
    let Some(relation) = relations.iter().map(|r| model.field(r.field)).find(|f| owned(*f).is_some()) else {
        return Ok(());
    };
    let key = |id: &FieldId| model.client_relations().any(|f| owned(f).is_some_and(|fields| fields.contains(id)));
    match written.find(key).map(|id| model.field(id)) {
        None => Ok(()),
        Some(column) => Err(invalid(format!(
            "`{}` is a relation and `{}` the column of one: give all of them as relations or all as columns",
            relation.name(),
            column.name()
        ))),
    }
}

/// The columns of a relation's key, if this model has them.
fn owned<'s>(field: FieldWalker<'s>) -> Option<&'s [FieldId]> {
    match field.link()? {
        Link::Owning { fields, .. } => Some(fields),
        _ => None,
    }
}

fn known<'s>(model: ModelWalker<'s>, key: &str) -> Result<FieldWalker<'s>, Error> {
    model
        .find_field(key)
        .filter(|f| f.is_in_client())
        .ok_or_else(|| invalid(format!("the model `{}` has no field `{key}`", model.name())))
}

fn scalar(field: FieldWalker<'_>, json: &Json) -> Result<Value, Error> {
    match json.as_object().filter(|_| field.arity() == Arity::List).and_then(|o| o.get("set")) {
        Some(set) => value::write(field, set),
        None => value::write(field, json),
    }
}

/// Every required field has a value, a default, or comes with a relation.
fn complete(model: ModelWalker<'_>, create: &Create, through: Option<FieldWalker<'_>>) -> Result<(), Error> {
    let mut set: Vec<FieldId> = create.scalars.iter().map(|(f, _)| *f).collect();
    let nested = create.relations.iter().map(|r| model.field(r.field));
    for field in nested.chain(through.and_then(FieldWalker::opposite)) {
        if let Some(Link::Owning { fields, .. }) = field.link() {
            set.extend_from_slice(fields);
        }
    }
    for field in model.client_scalars().filter(|f| f.arity() == Arity::Required && !set.contains(&f.id())) {
        if field.scalar().is_some_and(|s| s.default.is_none() && !s.is_updated_at) {
            let message = format!("`{}` is required to create a record of `{}`", field.name(), model.name());
            return Err(missing(message)).within(field.name());
        }
    }
    Ok(())
}

/// Records of a `createMany`.
pub(super) fn create_many(
    model: ModelWalker<'_>,
    of: &Object,
    through: Option<FieldWalker<'_>>,
) -> Result<CreateMany, Error> {
    let mut many = CreateMany::default();
    if !of.contains_key("data") {
        return Err(missing("`data` is missing")).within("data");
    }
    for (key, json) in of {
        match key.as_str() {
            "data" => {
                for of in objects(json).within(key)? {
                    let record = create(model, of, through).within(key)?;
                    if !record.relations.is_empty() {
                        return Err(invalid("createMany takes columns alone")).within(key);
                    }
                    many.records.push(record.scalars);
                }
            }
            "skipDuplicates" => many.skip_duplicates = skip_duplicates(model, json).within(key)?,
            other => return Err(unknown(other, &["data", "skipDuplicates"])).within(other),
        }
    }
    Ok(many)
}

fn skip_duplicates(model: ModelWalker<'_>, json: &Json) -> Result<bool, Error> {
    let provider = model.schema().provider();
    match json.as_bool() {
        Some(skip) if provider.capabilities().skip_duplicates => Ok(skip),
        Some(_) => Err(invalid(format!("{} has no skipDuplicates", provider.name()))),
        None => Err(invalid("true or false is wanted")),
    }
}

/// The changes that `data` of an update says.
pub(super) fn change(model: ModelWalker<'_>, of: &Object) -> Result<RecordChange, Error> {
    let mut change = RecordChange::default();
    for (key, json) in of {
        let field = known(model, key).within(key)?;
        match field.related_model() {
            None => change.scalars.extend(scalar_change(field, json).within(key)?.map(|c| (field.id(), c))),
            Some(related) => change.relations.extend(nested(field, related, json, false).within(key)?),
        }
    }
    in_order(&mut change.relations);
    let written = change.scalars.iter().map(|(f, _)| *f);
    one_way(model, written, &change.relations)?;
    Ok(change)
}

fn scalar_change(field: FieldWalker<'_>, json: &Json) -> Result<Option<ScalarChange>, Error> {
    let Some(of) = json.as_object().filter(|_| tagged(json).is_none()) else {
        return value::write(field, json).map(|v| Some(ScalarChange::Set(v)));
    };
    let mut operations = of.iter();
    let (Some((operation, json)), None) = (operations.next(), operations.next()) else {
        return Err(invalid(format!("`{}` takes a value or one operation", field.name())));
    };
    let number = || {
        use prisma_schema::ScalarType::{BigInt, Decimal, Float, Int};
        match field.scalar().map(|s| &s.ty) {
            Some(Int | BigInt | Float | Decimal) if field.arity() != Arity::List => value::one(field, json),
            _ => Err(invalid(format!("`{}` is no number", field.name()))),
        }
    };
    Ok(Some(match operation.as_str() {
        "set" => ScalarChange::Set(value::write(field, json)?),
        "increment" => ScalarChange::Increment(number()?),
        "decrement" => ScalarChange::Decrement(number()?),
        "multiply" => ScalarChange::Multiply(number()?),
        "divide" => ScalarChange::Divide(number()?),
        "push" if field.arity() == Arity::List => ScalarChange::Push(value::write(field, json)?),
        other => return Err(unknown(other, &["set", "increment", "decrement", "multiply", "divide", "push"])),
    }))
}

/// What there is to do with a relation of a new record.
const IN_CREATE: [&str; 4] = ["create", "createMany", "connect", "connectOrCreate"];

/// What there is to do with a relation of a record that is there, in the order in which it is done: the members of an object have none. First what takes
/// records away, then what adds some, then what changes them; so `{"deleteMany": {}, "create": […]}` leaves the new ones. `set` may name what is created
/// beside it, unless it is empty: then it is the first.
const IN_UPDATE: [&str; 11] = [
    "disconnect",
    "delete",
    "deleteMany",
    "create",
    "createMany",
    "set",
    "connect",
    "connectOrCreate",
    "update",
    "updateMany",
    "upsert",
];

/// What there is of these to do with a relation to one record.
fn to_one(operations: &[&'static str]) -> Vec<&'static str> {
    operations.iter().copied().filter(|o| !matches!(*o, "set" | "createMany" | "updateMany" | "deleteMany")).collect()
}

/// What an object says to do with a relation.
fn nested(
    field: FieldWalker<'_>,
    related: ModelWalker<'_>,
    json: &Json,
    creating: bool,
) -> Result<Vec<WriteRelation>, Error> {
    let mut writes = Vec::new();
    let mut operations: Vec<_> = object(json)?.iter().filter(|(_, json)| !json.is_null()).collect();
    operations.sort_by_key(|(operation, json)| match json.as_array() {
        Some(none) if operation.as_str() == "set" && none.is_empty() => None,
        _ => IN_UPDATE.iter().position(|known| known == operation),
    });
    for (operation, json) in operations {
        let write = nested_write(field, related, operation, json, creating).within(operation)?;
        writes.extend(write.map(|write| WriteRelation { field: field.id(), write }));
    }
    Ok(writes)
}

fn nested_write(
    field: FieldWalker<'_>,
    related: ModelWalker<'_>,
    operation: &str,
    json: &Json,
    creating: bool,
) -> Result<Option<NestedWrite>, Error> {
    let is_list = field.arity() == Arity::List;
    if !is_list && json.as_array().is_some_and(|all| all.len() != 1) {
        return Err(invalid(format!("`{}` leads to one record: give one object, and no list", field.name())));
    }
    let uniques = || objects(json)?.into_iter().map(|o| unique(related, o)).collect::<Result<Vec<_>, _>>();
    Ok(Some(match operation {
        "create" => NestedWrite::Create(each(json, |o| create(related, o, Some(field)))?),
        "createMany" if is_list => NestedWrite::CreateMany(create_many(related, object(json)?, Some(field))?),
        "connect" => NestedWrite::Connect(uniques()?),
        "connectOrCreate" => NestedWrite::ConnectOrCreate(each(json, |o| {
            only(o, &["where", "create"])?;
            Ok(ConnectOrCreate {
                unique: unique(related, part(o, "where")?).within("where")?,
                create: create(related, part(o, "create")?, Some(field)).within("create")?,
            })
        })?),
        _ if creating => {
            let known = if is_list { IN_CREATE.to_vec() } else { to_one(&IN_CREATE) };
            return Err(unknown(operation, &known));
        }
        "set" if is_list => NestedWrite::Set(uniques()?),
        "disconnect" if is_list => NestedWrite::Disconnect(uniques()?),
        "disconnect" if field.arity() == Arity::Required => {
            return Err(invalid(format!("`{}` is required and cannot be disconnected", field.name())));
        }
        "disconnect" => match switch(related, json)? {
            Some(filter) => NestedWrite::DisconnectOne(filter),
            None => return Ok(None),
        },
        "delete" if is_list => NestedWrite::Delete(uniques()?),
        "delete" if field.arity() == Arity::Required => {
            return Err(invalid(format!("`{}` is required and cannot be deleted from here", field.name())));
        }
        "delete" => match switch(related, json)? {
            Some(filter) => NestedWrite::DeleteOne(filter),
            None => return Ok(None),
        },
        "update" => NestedWrite::Update(each(json, |o| update(related, o, is_list))?),
        "updateMany" if is_list => NestedWrite::UpdateMany(each(json, |o| {
            only(o, &["where", "data"])?;
            let write = change(related, part(o, "data")?).within("data")?;
            if !write.relations.is_empty() {
                return Err(invalid("updateMany takes columns alone"));
            }
            Ok(NestedUpdateMany {
                filter: Some(filter(related, part(o, "where")?).within("where")?),
                scalars: write.scalars,
            })
        })?),
        "upsert" => NestedWrite::Upsert(each(json, |o| {
            only(o, &["where", "create", "update"])?;
            let (unique, filter) = which(related, o, is_list)?;
            Ok(NestedUpsert {
                unique,
                filter,
                create: create(related, part(o, "create")?, Some(field)).within("create")?,
                update: change(related, part(o, "update")?).within("update")?,
            })
        })?),
        "deleteMany" if is_list => NestedWrite::DeleteMany(each(json, |o| filter(related, o))?),
        other => {
            let known = if is_list { IN_UPDATE.to_vec() } else { to_one(&IN_UPDATE) };
            return Err(unknown(other, &known));
        }
    }))
}

fn each<T>(json: &Json, make: impl Fn(&Object) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    list(json).iter().map(|json| make(object(json)?)).collect()
}

/// `true`, `false`, or a filter: whether to act, and on what.
fn switch(related: ModelWalker<'_>, json: &Json) -> Result<Option<Option<Filter>>, Error> {
    match json {
        Json::Bool(act) => Ok(act.then_some(None)),
        json => Ok(Some(Some(filter(related, object(json)?)?))),
    }
}

fn update(related: ModelWalker<'_>, of: &Object, is_list: bool) -> Result<NestedUpdate, Error> {
    // A to-one update is `{data, where}` or the data itself.
    let wrapped = is_list || (of.contains_key("data") && of.keys().all(|k| k == "data" || k == "where"));
    if !wrapped {
        return Ok(NestedUpdate { unique: None, filter: None, write: change(related, of)? });
    }
    only(of, &["where", "data"])?;
    let (unique, filter) = which(related, of, is_list)?;
    Ok(NestedUpdate { unique, filter, write: change(related, part(of, "data")?).within("data")? })
}

/// The record of a to-many relation, or the condition on the record of a to-one relation.
fn which(related: ModelWalker<'_>, of: &Object, is_list: bool) -> Result<(Option<Unique>, Option<Filter>), Error> {
    if is_list {
        return Ok((Some(unique(related, part(of, "where")?).within("where")?), None));
    }
    let condition = of.get("where").filter(|w| !w.is_null()).map(|w| filter(related, object(w)?).within("where"));
    Ok((None, condition.transpose()?))
}
