//! Records that are written: what is known of them, and the conditions that find them again.

use prisma_schema::{Arity, FieldId, FieldWalker, Link, ModelWalker};

use crate::tree::{CompareOp, Condition, Filter, Mode, Operand, Quantifier, Unique};
use crate::{Error, Value};

/// What is known of a record: its identifier, and the columns that the rest of the write needs.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Record(Vec<(FieldId, Value)>);

impl Record {
    pub(super) fn new(values: Vec<(FieldId, Value)>) -> Self {
        Self(values)
    }

    /// The value of a column.
    pub(super) fn get(&self, field: FieldId) -> Result<&Value, Error> {
        let known = self.0.iter().find(|(f, _)| *f == field).map(|(_, value)| value);
        known.ok_or_else(|| Error::internal("a column of a written record was not asked for"))
    }

    /// Takes note of a change.
    pub(super) fn set(&mut self, field: FieldId, value: Value) {
        match self.0.iter_mut().find(|(f, _)| *f == field) {
            Some(known) => known.1 = value,
            None => self.0.push((field, value)),
        }
    }

    /// Condition that these columns are as known.
    pub(super) fn same(&self, fields: &[FieldId]) -> Result<Filter, Error> {
        fields.iter().map(|&f| Ok(equals(f, self.get(f)?.clone()))).collect::<Result<Vec<_>, Error>>().map(all)
    }

    /// The same with these columns alone.
    pub(super) fn only(&self, fields: &[FieldId]) -> Result<Record, Error> {
        self.carry(fields, fields).map(Record)
    }

    /// Values for `to`, taken from `from` in the same order.
    pub(super) fn carry(&self, from: &[FieldId], to: &[FieldId]) -> Result<Vec<(FieldId, Value)>, Error> {
        from.iter().zip(to).map(|(&from, &to)| Ok((to, self.get(from)?.clone()))).collect()
    }
}

/// The fields that identify a record of the model.
pub(super) fn identifier(model: ModelWalker<'_>) -> Result<Vec<FieldId>, Error> {
    let key = model.identifier().ok_or_else(|| Error::internal(format!("`{}` has no unique key", model.name())))?;
    Ok(key.fields().map(FieldWalker::id).collect())
}

/// The one field of the primary key, as both ends of an implicit m-n relation have it.
pub(super) fn single_id(model: ModelWalker<'_>) -> Result<FieldId, Error> {
    match identifier(model)?[..] {
        [id] => Ok(id),
        _ => Err(Error::internal(format!("`{}` has no id of one field", model.name()))),
    }
}

/// Columns of this model through which a relation field finds its records.
pub(super) fn link_fields(field: FieldWalker<'_>) -> Result<Vec<FieldId>, Error> {
    Ok(match link(field)? {
        Link::Owning { fields, .. } => fields.to_vec(),
        Link::Referenced { references, .. } => references.to_vec(),
        Link::Join { .. } => vec![single_id(field.model())?],
    })
}

/// How a relation field finds its records.
pub(super) fn link(field: FieldWalker<'_>) -> Result<Link<'_>, Error> {
    field.link().ok_or_else(|| not_a_relation(field))
}

/// The model at the other end of a relation field.
pub(super) fn related(field: FieldWalker<'_>) -> Result<ModelWalker<'_>, Error> {
    field.related_model().ok_or_else(|| not_a_relation(field))
}

fn not_a_relation(field: FieldWalker<'_>) -> Error {
    Error::internal(format!("`{}.{}` is not a relation", field.model().name(), field.name()))
}

/// Condition that a column has this value.
pub(super) fn equals(field: FieldId, value: Value) -> Filter {
    let condition = match value {
        Value::Null => Condition::IsNull,
        value => Condition::Compare(CompareOp::Eq, Operand::Value(value)),
    };
    Filter::Scalar { field, condition, mode: Mode::Default }
}

/// All of them.
pub(super) fn all(mut filters: Vec<Filter>) -> Filter {
    match filters.len() {
        1 => filters.remove(0),
        _ => Filter::And(filters),
    }
}

/// One of them at least.
pub(super) fn any(mut filters: Vec<Filter>) -> Filter {
    match filters.len() {
        1 => filters.remove(0),
        _ => Filter::Or(filters),
    }
}

/// Both, where the second may be absent.
pub(super) fn and(filter: Filter, further: Option<Filter>) -> Filter {
    match further {
        Some(further) => filter.and(further),
        None => filter,
    }
}

/// One column has one of these values.
pub(super) fn one_of(field: FieldId, values: Vec<Value>, negated: bool) -> Filter {
    Filter::Scalar { field, condition: Condition::In { values, negated }, mode: Mode::Default }
}

/// Condition for the records with these keys.
pub(super) fn these(key: &[FieldId], records: &[Record]) -> Result<Filter, Error> {
    if let ([id], [_, _, ..]) = (key, records) {
        let ids = records.iter().map(|r| r.get(*id).cloned()).collect::<Result<_, _>>()?;
        return Ok(one_of(*id, ids, false));
    }
    Ok(any(records.iter().map(|record| record.same(key)).collect::<Result<_, Error>>()?))
}

/// Condition for the records that any of these names.
pub(super) fn named(uniques: &[Unique]) -> Filter {
    let single = |u: &Unique| match (&u.key[..], &u.filter) {
        ([(field, value)], None) => Some((*field, value.clone())),
        _ => None,
    };
    if let [first, _, ..] = uniques
        && let Some((field, _)) = single(first)
        && let Some(values) =
            uniques.iter().map(|u| single(u).filter(|(f, _)| *f == field).map(|(_, v)| v)).collect::<Option<Vec<_>>>()
    {
        return one_of(field, values, false);
    }
    any(uniques.iter().cloned().map(Unique::into_filter).collect())
}

/// Condition for the records that none of these names; a NULL in a key is no such name.
pub(super) fn but(model: ModelWalker<'_>, uniques: &[Unique]) -> Filter {
    let none = uniques.iter().map(|unique| {
        let mut either = vec![Filter::Not(Box::new(unique.clone().into_filter()))];
        either.extend(
            unique
                .key
                .iter()
                .filter(|(f, _)| model.field(*f).arity() == Arity::Optional)
                .map(|(f, _)| equals(*f, Value::Null)),
        );
        any(either)
    });
    all(none.collect())
}

/// Condition on the related model: connected to this record by this relation field.
pub(super) fn connected(field: FieldWalker<'_>, record: &Record) -> Result<Filter, Error> {
    let (own, other) = match link(field)? {
        Link::Owning { fields, references, .. } => (fields, references),
        Link::Referenced { references, fields, .. } => (references, fields),
        Link::Join { .. } => {
            let own = single_id(field.model())?;
            let opposite = field.opposite().ok_or_else(|| not_a_relation(field))?;
            return Ok(Filter::Relation {
                field: opposite.id(),
                quantifier: Quantifier::Some,
                filter: Box::new(record.same(&[own])?),
            });
        }
    };
    let values = record.carry(own, other)?;
    // A NULL in the key: connected to nothing.
    if values.iter().any(|(_, value)| value.is_null()) {
        return Ok(Filter::Or(Vec::new()));
    }
    Ok(all(values.into_iter().map(|(f, v)| equals(f, v)).collect()))
}

/// The columns that make up a foreign key, as far as they can be NULL.
pub(super) fn nullable(model: ModelWalker<'_>, fields: &[FieldId]) -> Vec<FieldId> {
    fields.iter().copied().filter(|&f| model.field(f).arity() == Arity::Optional).collect()
}

/// What a unique names, for a message: `email = "a@b.c"`.
pub(super) fn describe(model: ModelWalker<'_>, unique: &Unique) -> String {
    let mut text = String::new();
    for (i, (field, value)) in unique.key.iter().enumerate() {
        if i > 0 {
            text.push_str(" and ");
        }
        text.push_str(model.field(*field).name());
        text.push_str(" = ");
        text.push_str(&shown(value));
    }
    if unique.filter.is_some() {
        text.push_str(" and further conditions");
    }
    text
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(v) => v.to_string(),
        Value::Int(v) => v.to_string(),
        Value::BigInt(v) => v.to_string(),
        Value::Float(v) => v.to_string(),
        Value::Decimal(v) => v.to_string(),
        Value::String(v) | Value::Enum(v) => format!("{v:?}"),
        Value::Bytes(v) => format!("{} bytes", v.len()),
        Value::DateTime(v) => v.to_rfc3339(),
        Value::Date(v) => v.to_string(),
        Value::Time(v) => v.to_string(),
        Value::Json(v) => v.to_string(),
        Value::Uuid(v) => v.to_string(),
        Value::List(v) => format!("a list of {}", v.len()),
    }
}
