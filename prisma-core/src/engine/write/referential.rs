//! Referential actions where the database has no foreign keys (`relationMode = "prisma"`): what deleting a record or changing its key
//! means for the records that point to it.

use prisma_schema::{FieldId, FieldWalker, Link, ModelWalker, ReferentialAction, RelationMode};

use super::failure::required;
use super::record::{
    Record, all, any, connected, equals, identifier, link_fields, nullable, one_of, related, single_id,
};
use super::statement::{self, Answer, rows_per_statement};
use crate::driver::BoxFuture;
use crate::engine::Session;
use crate::tree::{Filter, ModelId, ScalarChange};
use crate::{Error, Value};

/// Whether it is for the client to keep references whole.
pub(super) fn is_emulated(session: &Session<'_>) -> bool {
    session.schema().datasource.relation_mode == RelationMode::Prisma
}

/// The relation fields through which other records may point to those of the model.
fn pointed_to<'s>(model: ModelWalker<'s>) -> impl Iterator<Item = FieldWalker<'s>> {
    model.fields().filter(|f| matches!(f.link(), Some(Link::Referenced { .. } | Link::Join { .. })))
}

/// Identifier, and all columns that others may point to.
fn key_columns(model: ModelWalker<'_>) -> Result<Vec<FieldId>, Error> {
    let mut columns = identifier(model)?;
    for field in pointed_to(model) {
        columns.extend(link_fields(field)?);
    }
    columns.sort_unstable();
    columns.dedup();
    Ok(columns)
}

async fn find(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    filter: Filter,
    columns: Vec<FieldId>,
) -> Result<Vec<Record>, Error> {
    let mut answer = Answer::of(model, columns);
    statement::find(session, model, filter, &mut answer).await?;
    Ok(answer.records)
}

/// Conditions that `fields` equal `keys` of one of the records, each small enough for one statement. A key with a NULL is nobody's.
fn pointing(
    session: &Session<'_>,
    records: &[Record],
    keys: &[FieldId],
    fields: &[FieldId],
) -> Result<Vec<Filter>, Error> {
    let mut values = Vec::with_capacity(records.len());
    for record in records {
        let key = record.carry(keys, fields)?;
        if key.iter().all(|(_, value)| !value.is_null()) {
            values.push(key);
        }
    }
    let chunk = rows_per_statement(session, 2 * fields.len());
    let filters = values.chunks(chunk).map(|chunk| match fields {
        [field] => one_of(*field, chunk.iter().flatten().map(|(_, v)| v.clone()).collect(), false),
        _ => any(chunk.iter().map(|key| all(key.iter().map(|(f, v)| equals(*f, v.clone())).collect())).collect()),
    });
    Ok(filters.collect())
}

/// Deletes the records that meet a filter, and does to those that point to them what `onDelete` says.
pub(super) fn delete<'a, 's: 'a>(
    session: &'a mut Session<'_>,
    model: ModelWalker<'s>,
    filter: Option<Filter>,
    limit: Option<u64>,
    answer: Option<&'a mut Answer<'_, '_>>,
) -> BoxFuture<'a, Result<u64, Error>> {
    Box::pin(async move {
        let mut records = find(session, model, filter.unwrap_or(Filter::And(Vec::new())), key_columns(model)?).await?;
        records.truncate(limit.and_then(|l| usize::try_from(l).ok()).unwrap_or(usize::MAX));
        let mut doomed = vec![(model.id(), records.clone())];
        let schema = model.schema();
        let mut next = 0;
        // First it is found out what goes along and what stands against it; then the last go first.
        while let Some((model, records)) = doomed.get(next).cloned() {
            condemn(session, schema.model(model), &records, &mut doomed).await?;
            next += 1;
        }
        for (model, records) in doomed.drain(1..).rev() {
            remove(session, schema.model(model), &records, None).await?;
        }
        remove(session, model, &records, answer).await
    })
}

/// Adds the records that go along with these; P2014 if others need them.
async fn condemn(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    records: &[Record],
    doomed: &mut Vec<(ModelId, Vec<Record>)>,
) -> Result<(), Error> {
    for field in pointed_to(model) {
        let Some(Link::Referenced { references, fields, .. }) = field.link() else { continue };
        let action = field.relation().and_then(|r| r.on_delete());
        if matches!(action, Some(ReferentialAction::SetNull)) {
            continue;
        }
        let other = related(field)?;
        for filter in pointing(session, records, references, fields)? {
            let mut found = find(session, other, filter, key_columns(other)?).await?;
            found.retain(|r| !doomed.iter().any(|(m, known)| *m == other.id() && known.contains(r)));
            match action {
                _ if found.is_empty() => {}
                Some(ReferentialAction::Cascade) => doomed.push((other.id(), found)),
                _ => return Err(required(field)),
            }
        }
    }
    Ok(())
}

/// Deletes records, frees those that point to them where they may, and removes their pairs of m-n relations.
async fn remove(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    records: &[Record],
    mut answer: Option<&mut Answer<'_, '_>>,
) -> Result<u64, Error> {
    for field in pointed_to(model) {
        match field.link() {
            Some(Link::Referenced { references, fields, .. })
                if matches!(field.relation().and_then(|r| r.on_delete()), Some(ReferentialAction::SetNull)) =>
            {
                for filter in pointing(session, records, references, fields)? {
                    set_null(session, field, fields, filter).await?;
                }
            }
            Some(Link::Join { .. }) => {
                let id = single_id(model)?;
                for record in records {
                    statement::unjoin(session, field, record.get(id)?, Vec::new(), true).await?;
                }
            }
            _ => {}
        }
    }
    let id = identifier(model)?;
    let mut count = 0;
    for filter in pointing(session, records, &id, &id)? {
        count += statement::delete_rows(session, model, Some(filter), None, answer.as_deref_mut()).await?;
    }
    Ok(count)
}

async fn set_null(
    session: &mut Session<'_>,
    field: FieldWalker<'_>,
    fields: &[FieldId],
    filter: Filter,
) -> Result<(), Error> {
    let other = related(field)?;
    let changes = nullable(other, fields).into_iter().map(|f| (f, ScalarChange::Set(Value::Null))).collect();
    // The key that goes may be one that others point to.
    statement::update_boxed(session, other, Some(filter), changes).await.map(drop)
}

/// Whether a change of these columns concerns records that point to the model's.
pub(super) fn moves_key(model: ModelWalker<'_>, changed: impl Iterator<Item = FieldId> + Clone) -> Result<bool, Error> {
    for field in pointed_to(model) {
        if link_fields(field)?.iter().any(|f| changed.clone().any(|c| c == *f)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Changes the records that meet a filter, one after the other, and does to those that point to them what `onUpdate` says.
pub(super) fn update<'a, 's: 'a>(
    session: &'a mut Session<'_>,
    model: ModelWalker<'s>,
    filter: Option<Filter>,
    changes: Vec<(FieldId, ScalarChange)>,
    limit: Option<u64>,
    mut answer: Option<&'a mut Answer<'_, '_>>,
) -> BoxFuture<'a, Result<u64, Error>> {
    Box::pin(async move {
        let columns = key_columns(model)?;
        let mut records = find(session, model, filter.unwrap_or(Filter::And(Vec::new())), columns.clone()).await?;
        records.truncate(limit.and_then(|l| usize::try_from(l).ok()).unwrap_or(usize::MAX));
        let id = identifier(model)?;
        for old in &records {
            let mut pairs = Vec::new();
            for field in pointed_to(model).filter(|f| matches!(f.link(), Some(Link::Join { .. }))) {
                let other = related(field)?;
                let other_id = single_id(other)?;
                let others = find(session, other, connected(field, old)?, vec![other_id]).await?;
                pairs.push((field, others.iter().map(|r| r.get(other_id).cloned()).collect::<Result<Vec<_>, _>>()?));
            }
            let mut moved = Answer::of(model, columns.clone());
            let this = old.same(&id)?;
            statement::update_rows(session, model, Some(this), changes.clone(), None, Some(&mut moved)).await?;
            let Some(new) = moved.records.pop() else { continue };
            for field in pointed_to(model) {
                if let Some(Link::Referenced { references, fields, .. }) = field.link() {
                    follow(session, field, references, fields, old, &new).await?;
                }
            }
            for (field, others) in pairs {
                let id = single_id(model)?;
                if old.get(id)? != new.get(id)? {
                    statement::unjoin(session, field, old.get(id)?, Vec::new(), true).await?;
                    statement::join(session, field, new.get(id)?, others).await?;
                }
            }
            if let Some(answer) = answer.as_deref_mut().filter(|a| a.asks()) {
                statement::find(session, model, new.same(&id)?, answer).await?;
            }
        }
        Ok(records.len() as u64)
    })
}

/// Does to the records that point to a key that has moved what `onUpdate` says.
async fn follow(
    session: &mut Session<'_>,
    field: FieldWalker<'_>,
    references: &[FieldId],
    fields: &[FieldId],
    old: &Record,
    new: &Record,
) -> Result<(), Error> {
    let target = new.carry(references, fields)?;
    if target == old.carry(references, fields)? {
        return Ok(());
    }
    let other = related(field)?;
    for filter in pointing(session, std::slice::from_ref(old), references, fields)? {
        match field.relation().and_then(|r| r.on_update()) {
            Some(ReferentialAction::Cascade) => {
                let changes = target.iter().map(|(f, v)| (*f, ScalarChange::Set(v.clone()))).collect();
                statement::update_boxed(session, other, Some(filter), changes).await?;
            }
            Some(ReferentialAction::SetNull) => set_null(session, field, fields, filter).await?,
            _ => {
                if !find(session, other, filter, identifier(other)?).await?.is_empty() {
                    return Err(required(field));
                }
            }
        }
    }
    Ok(())
}
