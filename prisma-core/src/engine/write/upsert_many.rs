//! Many records of columns alone, each changed if it is there, and created if it is not.

use std::collections::BTreeMap;

use prisma_schema::{FieldId, ModelWalker};
use rustc_hash::{FxHashMap, FxHashSet};

use super::failure::invalid;
use super::many::{Asked, answer};
use super::record::{Record, describe, nullable};
use super::referential::{is_emulated, moves_key};
use super::reply::read_back;
use super::rows::{self, Rows};
use super::statement;
use super::update::new_updated_at;
use super::upsert::{conflicts_in_one_key, upsert_into};
use crate::engine::{Session, encode};
use crate::sql::write::Conflict;
use crate::tree::{Create, RecordChange, ScalarChange, Unique, Upsert, UpsertChanges, UpsertMany};
use crate::{Error, Value};

/// Rows with the same columns, and what changes of those that are there.
type Group = (Rows, UpsertChanges);

/// Creates or changes the records; answers how many there are.
pub(super) async fn upsert<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    many: UpsertMany,
    asked: Asked<'_>,
) -> Result<u64, Error> {
    check(model, &many)?;
    let (count, is_native, key) = (many.records.len(), is_native(session, model, &many)?, many.key.clone());
    let (mut answer, reply) = answer(model, asked)?;
    let mut written = Vec::new();
    for (rows, changes) in groups(session, model, many)? {
        if is_native {
            let conflict = Conflict::Update { key: key.clone(), changes };
            statement::insert_or_update(session, model, rows, conflict, &mut answer).await?;
            continue;
        }
        for row in rows.values.chunks(rows.columns.len().max(1)) {
            let upsert = single(&rows.columns, row, &key, &changes)?;
            written.push(upsert_into(session, model, upsert, &mut answer).await?);
        }
    }
    written.append(&mut answer.records);
    read_back(session, model, written, reply).await?;
    Ok(count as u64)
}

/// Whether the database knows by itself which records are there: it looks at the one key and at no other, and nothing follows a change.
pub(super) fn is_native(session: &Session<'_>, model: ModelWalker<'_>, many: &UpsertMany) -> Result<bool, Error> {
    let dialect = session.engine().dialect();
    let given = |field| many.records.iter().flatten().any(|(f, v)| *f == field && !v.is_null());
    let changed: Vec<FieldId> = match &many.update {
        Some(changes) => changes.fields().collect(),
        None => many.records.iter().flatten().map(|(f, _)| *f).filter(|f| !many.key.contains(f)).collect(),
    };
    Ok(dialect.has_on_conflict()
        && (dialect.names_conflict() || conflicts_in_one_key(model, given, &many.key))
        && !(is_emulated(session) && moves_key(model, changed.into_iter())?))
}

/// P2009 for what can be told before anything runs: a record without its key, one that is there twice, a key that would change.
fn check(model: ModelWalker<'_>, many: &UpsertMany) -> Result<(), Error> {
    let field = |id: FieldId| model.field(id);
    if let Some(changes) = &many.update {
        let mut seen = FxHashSet::default();
        for id in changes.fields() {
            if many.key.contains(&id) {
                return Err(invalid(field(id), "records are known by it in `upsert_many`, so that it cannot change"));
            }
            if !seen.insert(id) {
                return Err(invalid(field(id), "it is changed twice"));
            }
        }
    }
    let mut seen: FxHashMap<Vec<u8>, usize> = FxHashMap::default();
    for (number, record) in (1..).zip(&many.records) {
        let mut unique = Unique { key: Vec::with_capacity(many.key.len()), filter: None };
        let mut bytes = Vec::new();
        for &id in &many.key {
            match record.iter().find(|(f, v)| *f == id && !v.is_null()) {
                Some((_, value)) => {
                    encode(value, &mut bytes);
                    unique.key.push((id, value.clone()));
                }
                None => {
                    let message =
                        format!("records are known by it in `upsert_many`, and record {number} does not set it");
                    return Err(invalid(field(id), message));
                }
            }
        }
        if let Some(first) = seen.insert(bytes, number) {
            let message = format!(
                "records {first} and {number} of `upsert_many` are the same one, with {}: leave one of them out",
                describe(model, &unique)
            );
            return Err(invalid(field(many.key[0]), message));
        }
    }
    Ok(())
}

/// The rows, completed, and what changes of those that are there.
fn groups(session: &Session<'_>, model: ModelWalker<'_>, many: UpsertMany) -> Result<Vec<Group>, Error> {
    let UpsertMany { mut records, key, update } = many;
    let group = |records, mut changes: UpsertChanges| -> Result<Vec<Group>, Error> {
        if !changes.is_empty() {
            let updated_at = new_updated_at(model, session.now());
            let updated_at: Vec<_> = updated_at.filter(|(f, _)| !changes.fields().any(|c| c == *f)).collect();
            changes.scalars.extend(updated_at);
        }
        let groups = rows::group(model, records, session.now())?;
        for &field in &changes.excluded {
            if groups.iter().any(|rows| !rows.columns.contains(&field)) {
                let message =
                    "`set_excluded` needs its value, and not every record sets it: the database would make it";
                return Err(invalid(model.field(field), message));
            }
        }
        Ok(groups.into_iter().map(|rows| (rows, changes.clone())).collect())
    };
    if let Some(changes) = update {
        let nullable: Vec<FieldId> = nullable(model, &changes.excluded);
        for record in &mut records {
            let missing = nullable.iter().filter(|f| !record.iter().any(|(given, _)| given == *f));
            let missing: Vec<_> = missing.map(|&f| (f, Value::Null)).collect();
            record.extend(missing);
        }
        return group(records, changes);
    }
    // What one record leaves out is not to become NULL because another one has it.
    let mut alike: BTreeMap<Vec<FieldId>, Vec<Vec<(FieldId, Value)>>> = BTreeMap::new();
    for record in records {
        let mut given: Vec<FieldId> = record.iter().map(|(f, _)| *f).filter(|f| !key.contains(f)).collect();
        given.sort_unstable();
        alike.entry(given).or_default().push(record);
    }
    let groups =
        alike.into_iter().map(|(excluded, records)| group(records, UpsertChanges { excluded, ..Default::default() }));
    Ok(groups.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// One row by itself.
fn single(columns: &[FieldId], row: &[Value], key: &[FieldId], changes: &UpsertChanges) -> Result<Upsert, Error> {
    let scalars: Vec<_> = columns.iter().copied().zip(row.iter().cloned()).collect();
    let record = Record::new(scalars.clone());
    let unique = Unique { key: record.carry(key, key)?, filter: None };
    let mut update = RecordChange { scalars: changes.scalars.clone(), relations: Vec::new() };
    for (field, value) in record.carry(&changes.excluded, &changes.excluded)? {
        update.scalars.push((field, ScalarChange::Set(value)));
    }
    Ok(Upsert { unique, create: Create { scalars, relations: Vec::new() }, update })
}
