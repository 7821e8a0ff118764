//! `aggregate`: `_count`, `_avg`, `_sum`, `_min`, `_max`.

use prisma_schema::{Arity, FieldWalker, ModelWalker, ScalarType};
use serde_json::{Map, Value as Json, json};

use super::arguments::column;
use super::input::{Object, Within, invalid, object};
use super::value::encode;
use crate::driver::Row;
use crate::engine::read_column;
use crate::tree::Aggregate;
use crate::{Error, Value};

/// One thing computed, and where the response has it.
pub(super) struct Computed {
    pub(super) aggregate: Aggregate,
    /// `_count` …
    group: String,
    /// The field's name, `_all`, or nothing for `_count: true`.
    field: Option<String>,
}

/// What a selection of aggregates computes: `_count` … and what is selected of each.
pub(super) fn computed<'j>(
    model: ModelWalker<'_>,
    selection: impl IntoIterator<Item = (&'j String, &'j Json)>,
) -> Result<Vec<Computed>, Error> {
    let mut all = Vec::new();
    for (group, json) in selection {
        if group == "_count" && json == &Json::Bool(true) {
            all.push(Computed { aggregate: Aggregate::Count, group: group.clone(), field: None });
            continue;
        }
        let whole = object(json).within(group)?;
        let of = whole.get("selection").map_or(Ok(whole), object).within(group)?;
        for name in of.iter().filter(|(_, json)| **json != Json::Bool(false)).map(|(name, _)| name) {
            let aggregate = aggregate(model, group, name).within(name).within(group)?;
            all.push(Computed { aggregate, group: group.clone(), field: Some(name.clone()) });
        }
    }
    Ok(all)
}

/// What one of the groups `_count` … computes of a field.
pub(super) fn aggregate(model: ModelWalker<'_>, group: &str, name: &str) -> Result<Aggregate, Error> {
    if (group, name) == ("_count", "_all") {
        return Ok(Aggregate::Count);
    }
    let field = column(model, name)?;
    let is_number = matches!(
        field.scalar().map(|s| &s.ty),
        Some(ScalarType::Int | ScalarType::BigInt | ScalarType::Float | ScalarType::Decimal)
    );
    match group {
        "_count" => Ok(Aggregate::CountField(field.id())),
        "_min" | "_max" if !has_extremes(field) => Err(invalid(format!("`{name}` has no order"))),
        "_min" => Ok(Aggregate::Min(field.id())),
        "_max" => Ok(Aggregate::Max(field.id())),
        "_sum" | "_avg" if !is_number => Err(invalid(format!("`{name}` is no number"))),
        "_sum" => Ok(Aggregate::Sum(field.id())),
        "_avg" => Ok(Aggregate::Avg(field.id())),
        other => Err(invalid(format!("there is no `{other}`; there is _count, _avg, _sum, _min, _max"))),
    }
}

fn has_extremes(field: FieldWalker<'_>) -> bool {
    field.arity() != Arity::List && !matches!(field.scalar().map(|s| &s.ty), None | Some(ScalarType::Json))
}

/// The response, from a row with a column for each thing computed, `first` and on.
pub(super) fn response(
    model: ModelWalker<'_>,
    computed: &[Computed],
    row: &dyn Row,
    first: usize,
) -> Result<Object, Error> {
    let mut response = Map::new();
    for (i, item) in computed.iter().enumerate() {
        let value = value(model, item.aggregate, row, first + i)?;
        match &item.field {
            None => {
                response.insert(item.group.clone(), value);
            }
            Some(name) => {
                let group = response.entry(item.group.clone()).or_insert_with(|| Json::Object(Map::new()));
                if let Some(group) = group.as_object_mut() {
                    group.insert(name.clone(), value);
                }
            }
        }
    }
    Ok(response)
}

fn value(model: ModelWalker<'_>, aggregate: Aggregate, row: &dyn Row, at: usize) -> Result<Json, Error> {
    let failed = |e: crate::driver::ColumnError| Error::internal(e.to_string());
    match aggregate {
        Aggregate::Count | Aggregate::CountField(_) => Ok(json!(row.integer(at).map_err(failed)?.unwrap_or(0))),
        Aggregate::Min(id) | Aggregate::Max(id) => {
            let field = model.field(id);
            // Of no rows it is NULL, whatever the field.
            match row.dynamic(at).map_err(failed)? {
                Value::Null => Ok(Json::Null),
                _ => Ok(encode(field, read_column(row, at, field)?)),
            }
        }
        Aggregate::Avg(id) => {
            let field = model.field(id);
            match field.scalar().map(|s| &s.ty) {
                Some(ScalarType::Decimal) => {
                    let mean = row.decimal(at).map_err(failed)?.map_or(Value::Null, Value::Decimal);
                    Ok(encode(field, mean))
                }
                _ => Ok(row.float(at).map_err(failed)?.map_or(Json::Null, |v| json!(v))),
            }
        }
        Aggregate::Sum(id) => {
            let field = model.field(id);
            Ok(match field.scalar().map(|s| &s.ty) {
                Some(ScalarType::Float) => row.float(at).map_err(failed)?.map_or(Json::Null, |v| json!(v)),
                Some(ScalarType::Decimal) => {
                    encode(field, row.decimal(at).map_err(failed)?.map_or(Value::Null, Value::Decimal))
                }
                Some(ScalarType::BigInt) => {
                    encode(field, row.integer(at).map_err(failed)?.map_or(Value::Null, Value::BigInt))
                }
                _ => row.integer(at).map_err(failed)?.map_or(Json::Null, |v| json!(v)),
            })
        }
    }
}
