//! Changes of one record, with its relations.

use prisma_schema::{FieldId, Link, ModelWalker};

use super::children;
use super::failure::invalid;
use super::parents::{self, Assumptions, Before};
use super::record::{Record, identifier, link_fields};
use super::rows::both_given;
use super::statement::{self, Answer};
use crate::Error;
use crate::driver::BoxFuture;
use crate::engine::Now;
use crate::engine::Session;
use crate::generate;
use crate::tree::{Filter, NestedWrite, RecordChange, ScalarChange, WriteRelation};

/// Changes the one record that meets a filter, with its relations, to any depth; answers the columns that are needed, or `None` if
/// there is no such record. What is written before that is known is undone only with the transaction.
pub(super) fn update_record<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    filter: Filter,
    change: RecordChange,
    needed: Vec<FieldId>,
) -> BoxFuture<'a, Result<Option<Record>, Error>> {
    Box::pin(async move {
        let mut answer = Answer::of(model, needed);
        answer.need(identifier(model)?);
        update_into(session, model, filter, change, &mut answer).await
    })
}

/// The same, but nothing is written if the record is not there.
pub(super) fn update_if_there<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    filter: Filter,
    change: RecordChange,
    needed: Vec<FieldId>,
) -> BoxFuture<'a, Result<Option<Record>, Error>> {
    Box::pin(async move {
        let Some(filter) = sure(session, model, filter, &change).await? else { return Ok(None) };
        update_record(session, model, filter, change, needed).await
    })
}

/// The filter for a record that is looked up first, if the change writes other records before this one.
pub(super) async fn sure<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    filter: Filter,
    change: &RecordChange,
) -> Result<Option<Filter>, Error> {
    let writes_first = |r: &WriteRelation| {
        let field = model.field(r.field);
        parents::holds_key(field)
            && match &r.write {
                NestedWrite::Create(_) | NestedWrite::ConnectOrCreate(_) => true,
                NestedWrite::Connect(_) => parents::frees_other(field),
                _ => false,
            }
    };
    if !change.relations.iter().any(writes_first) {
        return Ok(Some(filter));
    }
    let id = identifier(model)?;
    let found = statement::find_one(session, model, filter, id.clone()).await?;
    found.map(|record| record.same(&id)).transpose()
}

/// Changes the one record that meets a filter, where the columns that it is updated with go to the answer's sink too.
pub(super) async fn update_into<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    filter: Filter,
    change: RecordChange,
    answer: &mut Answer<'_, '_>,
) -> Result<Option<Record>, Error> {
    let RecordChange { scalars, relations } = change;
    check(model, &scalars, &relations)?;
    let mut changes = with_updated_at(model, scalars, session.now());
    let (before, after) = parents::split(model, relations);
    let mut assumptions = Assumptions::default();
    let mut later = Vec::new();
    for WriteRelation { field, write } in before {
        let field = model.field(field);
        match Box::pin(parents::before(session, field, write, &mut assumptions)).await? {
            Before::Key(key) => {
                for (column, value) in key {
                    match changes.iter().find(|(f, _)| *f == column) {
                        None => changes.push((column, ScalarChange::Set(value))),
                        // Two relations may share a column, if they agree on it.
                        Some((_, ScalarChange::Set(same))) if *same == value => {}
                        Some(_) => return Err(both_given(field, column)),
                    }
                }
            }
            Before::Later(write) => later.push((field, write)),
        }
    }
    if !later.is_empty() || !after.is_empty() {
        answer.need(identifier(model)?);
        for field in later.iter().map(|(f, _)| *f).chain(after.iter().map(|r| model.field(r.field))) {
            answer.need(link_fields(field)?);
        }
    }
    if changes.is_empty() {
        answer.need(identifier(model)?);
    }
    let found = match changes.is_empty() {
        true => statement::find(session, model, filter, answer).await.map(|()| answer.count),
        false => statement::update(session, model, Some(filter), changes, None, Some(answer)).await,
    };
    match found {
        Ok(0) => return Ok(None),
        Ok(_) => {}
        Err(error) => return Err(Box::pin(assumptions.explain(session, error)).await),
    }
    let mut record = answer.records.pop().unwrap_or_default();
    for (field, write) in later {
        Box::pin(parents::after(session, field, &mut record, write)).await?;
    }
    for relation in after {
        children::write(session, model.field(relation.field), &record, relation.write, false).await?;
    }
    Ok(Some(record))
}

/// Adds the new `@updatedAt` to a change of columns; where no column changes, it stays.
pub(super) fn with_updated_at(
    model: ModelWalker<'_>,
    mut changes: Vec<(FieldId, ScalarChange)>,
    now: Now<'_>,
) -> Vec<(FieldId, ScalarChange)> {
    if changes.is_empty() {
        return changes;
    }
    for (field, change) in new_updated_at(model, now) {
        if !changes.iter().any(|(f, _)| *f == field) {
            changes.push((field, change));
        }
    }
    changes
}

/// The changes of all `@updatedAt` columns.
pub(super) fn new_updated_at(model: ModelWalker<'_>, now: Now<'_>) -> impl Iterator<Item = (FieldId, ScalarChange)> {
    model
        .scalar_fields()
        .filter_map(move |field| Some((field.id(), ScalarChange::Set(generate::on_update(field, now)?))))
}

/// Each column changes once: by itself, or through its relation.
fn check(
    model: ModelWalker<'_>,
    scalars: &[(FieldId, ScalarChange)],
    relations: &[WriteRelation],
) -> Result<(), Error> {
    for (i, (field, _)) in scalars.iter().enumerate() {
        if scalars[..i].iter().any(|(f, _)| f == field) {
            return Err(invalid(model.field(*field), "it is changed twice"));
        }
    }
    for relation in relations {
        let field = model.field(relation.field);
        if let Some(Link::Owning { fields, .. }) = field.link()
            && let Some(&twice) = fields.iter().find(|f| scalars.iter().any(|(s, _)| s == *f))
        {
            return Err(both_given(field, twice));
        }
    }
    Ok(())
}
