//! What a write answers of its rows where the database's statements answer none: the rows are read by their keys, in the same transaction.

use prisma_schema::{DefaultFunction, DefaultValue, FieldId, FieldWalker, ModelWalker};

use super::failure::invalid;
use super::record::{Record, and, identifier, these};
use super::statement::{Answer, rows_per_statement, run};
use crate::driver::{DriverError, Row, Statement};
use crate::engine::{Session, column};
use crate::sql::write::{Conflict, Delete, Find, Insert, Update};
use crate::tree::{Filter, ScalarChange};
use crate::{Error, Value};

/// Inserts rows, and answers them. Rows that are there already are left out if `skip_duplicates` says so.
pub(super) async fn insert(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    columns: &[FieldId],
    count: usize,
    mut values: Vec<Value>,
    skip_duplicates: bool,
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
    let given = given_key(model, columns, &values);
    if let (Some(key), false) = (&given, skip_duplicates) {
        let records: Vec<_> = values.chunks(columns.len().max(1)).map(|row| record(columns, row)).collect();
        run(session, &mut plain_insert(model, columns, count, values, false), None).await?;
        return read_all(session, model, key, &records, answer).await;
    }
    // Which rows went in, and which key each of them was given, is told of single rows only.
    let mut inserted = 0;
    for _ in 0..count {
        let rest = values.split_off(columns.len());
        let mut row = std::mem::replace(&mut values, rest);
        let key = given.clone().map_or_else(|| identifier(model), Ok)?;
        let mut columns = columns.to_vec();
        let made = complete_key(session, model, &key, &mut columns, &mut row).await?;
        let mut known = record(&columns, &row);
        if run(session, &mut plain_insert(model, &columns, 1, row, skip_duplicates), None).await? == 0 {
            continue;
        }
        if let Some(field) = made {
            known.set(field.id(), made_key(session, field)?);
        }
        inserted += read_all(session, model, &key, &[known], answer).await?;
    }
    Ok(inserted)
}

fn plain_insert<'q>(
    model: ModelWalker<'_>,
    columns: &'q [FieldId],
    count: usize,
    values: Vec<Value>,
    skip_duplicates: bool,
) -> Insert<'q> {
    let conflict = if skip_duplicates { Conflict::Skip } else { Conflict::Fail };
    Insert { model: model.id(), columns, count, values, as_arrays: false, conflict, returning: &[] }
}

/// The columns of a unique key that all rows give a value for.
fn given_key(model: ModelWalker<'_>, columns: &[FieldId], values: &[Value]) -> Option<Vec<FieldId>> {
    let is_given = |field: FieldId| {
        let at = columns.iter().position(|&c| c == field);
        at.is_some_and(|at| values.iter().skip(at).step_by(columns.len()).all(|v| !v.is_null()))
    };
    let primary = model.identifier().into_iter();
    let mut keys = primary.chain(model.unique_keys()).map(|key| key.fields().map(FieldWalker::id).collect::<Vec<_>>());
    keys.find(|key| key.iter().all(|&field| is_given(field)))
}

/// Adds to a row what its key lacks and SQL can compute beforehand; answers the column that counts up with the INSERT.
async fn complete_key<'s>(
    session: &mut Session<'_>,
    model: ModelWalker<'s>,
    key: &[FieldId],
    columns: &mut Vec<FieldId>,
    row: &mut Vec<Value>,
) -> Result<Option<FieldWalker<'s>>, Error> {
    let mut counted = None;
    for field in key.iter().filter(|f| !columns.contains(f)).map(|&f| model.field(f)).collect::<Vec<_>>() {
        match field.scalar().and_then(|s| s.default.as_ref()) {
            Some(DefaultValue::Function(DefaultFunction::Autoincrement)) => counted = Some(field),
            Some(DefaultValue::Function(DefaultFunction::DbGenerated(Some(sql)))) => {
                columns.push(field.id());
                row.push(computed(session, field, sql).await?);
            }
            _ => {
                let feature = format!(
                    "reading back a new `{}` whose `{}` the database makes in a way of its own: give the value",
                    model.name(),
                    field.name()
                );
                return Err(DriverError::Unsupported { feature }.into());
            }
        }
    }
    Ok(counted)
}

/// The value of `@default(dbgenerated(…))`, whose SQL is the schema's own.
async fn computed(session: &mut Session<'_>, field: FieldWalker<'_>, sql: &str) -> Result<Value, Error> {
    let statement = Statement { sql: format!("SELECT {sql}").into(), values: Vec::new(), persistent: true };
    let mut value = Value::Null;
    let mut visit = |row: &dyn Row| column::read(row, 0, field).map(|read| value = read);
    session.query(statement, &mut visit).await?;
    Ok(value)
}

fn made_key(session: &Session<'_>, field: FieldWalker<'_>) -> Result<Value, Error> {
    let lost = || Error::internal(format!("the database did not tell the new `{}`", field.name()));
    let number = session.last_insert_id().ok_or_else(lost)?;
    Ok(match field.scalar().is_some_and(|s| s.ty == prisma_schema::ScalarType::Int) {
        true => Value::Int(i32::try_from(number).map_err(|_| lost())?),
        false => Value::BigInt(number),
    })
}

fn record(columns: &[FieldId], row: &[Value]) -> Record {
    Record::new(columns.iter().copied().zip(row.iter().cloned()).collect())
}

/// Inserts rows, or changes those that have the same key; answers them. The key stays as it is.
pub(super) async fn insert_or_update(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    columns: &[FieldId],
    count: usize,
    values: Vec<Value>,
    conflict: Conflict,
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
    let Conflict::Update { key, .. } = &conflict else {
        return Err(Error::internal("an upsert without a change"));
    };
    let key = key.clone();
    // Nothing but the key is known: it may be a row that was there.
    let rows = values.chunks(columns.len().max(1));
    let records: Vec<_> = rows.map(|row| record(columns, row).only(&key)).collect::<Result<_, _>>()?;
    let mut insert = Insert { model: model.id(), columns, count, values, as_arrays: false, conflict, returning: &[] };
    run(session, &mut insert, None).await?;
    let found = read(session, model, &key, &records, answer).await?;
    // Keys that the program tells apart, and the database does not: the later changed what the earlier made.
    if found < records.len() as u64 {
        let message =
            "the database takes two of these keys for the same one, as its collation says: leave one of them out";
        return Err(invalid(model.field(key[0]), message));
    }
    Ok(found)
}

/// Changes the records that meet a filter, and answers them as they are then.
pub(super) async fn update(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    filter: Option<Filter>,
    changes: Vec<(FieldId, ScalarChange)>,
    limit: Option<u64>,
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
    let key = identifier(model)?;
    let mut found = find(session, model, filter.clone(), limit, &key).await?;
    let chunk = keys_per_statement(session, &key);
    let mut count = 0;
    for records in found.chunks(chunk) {
        let mut which = these(&key, records)?;
        if found.len() <= chunk {
            // What somebody else changed in the meantime is not to be changed once more.
            which = and(which, filter.clone());
        }
        let mut update =
            Update { model: model.id(), changes: changes.clone(), filter: Some(which), limit: None, returning: &[] };
        count += run(session, &mut update, None).await?;
    }
    if count == 0 {
        return Ok(0);
    }
    if count != found.len() as u64 {
        return Err(session.lost("another transaction changed some of the records between reading and writing them"));
    }
    for (field, change) in changes.iter().filter(|(field, _)| key.contains(field)) {
        for record in &mut found {
            let moved = changed(model.field(*field), record.get(*field)?, change)?;
            record.set(*field, moved);
        }
    }
    read_all(session, model, &key, &found, answer).await
}

/// A column of a key after a change.
fn changed(field: FieldWalker<'_>, old: &Value, change: &ScalarChange) -> Result<Value, Error> {
    let moved = match change {
        ScalarChange::Set(value) => Some(value.clone()),
        ScalarChange::Increment(by) => calculated(old, by, i64::checked_add, |a, b| a + b),
        ScalarChange::Decrement(by) => calculated(old, by, i64::checked_sub, |a, b| a - b),
        ScalarChange::Multiply(by) => calculated(old, by, i64::checked_mul, |a, b| a * b),
        ScalarChange::Divide(by) => calculated(old, by, i64::checked_div, |a, b| a / b),
        ScalarChange::Push(_) => None,
    };
    moved.ok_or_else(|| {
        let feature = format!("calculating with the key field `{}` of this type: `set` it", field.name());
        DriverError::Unsupported { feature }.into()
    })
}

/// What the database makes of two numbers of the same type; `None` if they have no such result, or one that is rounded.
fn calculated(a: &Value, b: &Value, whole: fn(i64, i64) -> Option<i64>, float: fn(f64, f64) -> f64) -> Option<Value> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => {
            whole((*a).into(), (*b).into()).and_then(|v| i32::try_from(v).ok()).map(Value::Int)
        }
        (Value::BigInt(a), Value::BigInt(b)) => whole(*a, *b).map(Value::BigInt),
        (Value::Float(a), Value::Float(b)) => Some(Value::Float(float(*a, *b))),
        _ => None,
    }
}

/// Deletes the records that meet a filter, and answers them as they were.
pub(super) async fn delete(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    filter: Option<Filter>,
    limit: Option<u64>,
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
    let filter = match limit {
        None => filter,
        Some(_) => {
            let key = identifier(model)?;
            let found = find(session, model, filter, limit, &key).await?;
            Some(these(&key, &found)?)
        }
    };
    let columns = answer.columns();
    let mut read = Find { model: model.id(), filter: filter.clone(), limit: None, columns: &columns, locks: true };
    match run(session, &mut read, Some(answer)).await? {
        0 => Ok(0),
        _ => run(session, &mut Delete { model: model.id(), filter, limit: None, returning: &[] }, None).await,
    }
}

/// The keys of the records that meet a filter.
async fn find(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    filter: Option<Filter>,
    limit: Option<u64>,
    key: &[FieldId],
) -> Result<Vec<Record>, Error> {
    let mut found = Answer::of(model, key.to_vec());
    // Without a lock: to lock what is not there would keep others from creating it.
    run(session, &mut Find { model: model.id(), filter, limit, columns: key, locks: false }, Some(&mut found)).await?;
    Ok(found.records)
}

/// Answers the rows with these keys, which have just been written.
async fn read_all(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    key: &[FieldId],
    records: &[Record],
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
    let count = read(session, model, key, records, answer).await?;
    match count == records.len() as u64 {
        true => Ok(count),
        false => Err(Error::internal(format!(
            "{} of `{}` were written, but {count} were found again by their key: the database keeps it in another form than was given",
            records.len(),
            model.name()
        ))),
    }
}

/// Answers how many of the records are there.
async fn read(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    key: &[FieldId],
    records: &[Record],
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
    if answer.take_known(records) {
        return Ok(records.len() as u64);
    }
    let columns = answer.columns();
    let mut count = 0;
    for records in records.chunks(keys_per_statement(session, key)) {
        let filter = Some(these(key, records)?);
        let mut read = Find { model: model.id(), filter, limit: None, columns: &columns, locks: true };
        count += run(session, &mut read, Some(answer)).await?;
    }
    Ok(count)
}

/// Half of what a statement can have, the other half being for the query's own values.
fn keys_per_statement(session: &Session<'_>, key: &[FieldId]) -> usize {
    rows_per_statement(session, 2 * key.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_move() {
        let text = "datasource db {\n provider = \"mysql\"\n url = \"\"\n}\nmodel M {\n id Int @id\n}";
        let sources = vec![prisma_schema::SourceFile::new("schema.prisma", text)];
        let schema = prisma_schema::parse(sources).unwrap().schema;
        let field = schema.find_model("M").unwrap().find_field("id").unwrap();
        let moved = |old: Value, change| changed(field, &old, &change).ok();
        let int = |n| Value::Int(n);
        assert_eq!(moved(int(7), ScalarChange::Set(int(3))), Some(int(3)));
        assert_eq!(moved(int(7), ScalarChange::Increment(int(3))), Some(int(10)));
        assert_eq!(moved(int(7), ScalarChange::Divide(int(-2))), Some(int(-3)), "cut, as DIV does");
        assert_eq!(moved(Value::BigInt(7), ScalarChange::Multiply(Value::BigInt(2))), Some(Value::BigInt(14)));
        assert_eq!(moved(int(i32::MAX), ScalarChange::Increment(int(1))), None);
        assert_eq!(moved(Value::Float(1.0), ScalarChange::Divide(Value::Float(4.0))), Some(Value::Float(0.25)));
        assert_eq!(moved(Value::Decimal(1.into()), ScalarChange::Increment(Value::Decimal(1.into()))), None);
    }
}
