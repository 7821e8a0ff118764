//! One new record, with its relations.

use prisma_schema::{FieldId, FieldWalker, ModelWalker};

use super::children;
use super::parents::{self, Assumptions, Before};
use super::record::{self, Record, identifier, link_fields};
use super::rows::{self, Values};
use super::statement::{self, Answer};
use crate::driver::BoxFuture;
use crate::engine::Session;
use crate::tree::Create;
use crate::{Error, Value};

/// The foreign key that a new record gets from the record whose relation creates it: the relation field on the new
/// record's side, and the key.
pub(super) type Inherited<'s> = Option<(FieldWalker<'s>, Vec<(FieldId, Value)>)>;

/// Creates a record with its relations, to any depth; answers its identifier and the columns that are needed.
pub(super) fn create_record<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    create: Create,
    inherited: Inherited<'s>,
    needed: Vec<FieldId>,
) -> BoxFuture<'a, Result<Record, Error>> {
    Box::pin(async move {
        let mut answer = Answer::of(model, needed);
        create_into(session, model, create, inherited, &mut answer).await
    })
}

/// The same, where the columns that the record is inserted with go to the answer's sink too.
pub(super) async fn create_into<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    create: Create,
    inherited: Inherited<'s>,
    answer: &mut Answer<'_, '_>,
) -> Result<Record, Error> {
    let Create { scalars, relations } = create;
    let (before, after) = parents::split(model, relations);
    let mut values = Values::new(scalars);
    if let Some((relation, key)) = inherited {
        values.add_key(relation, key)?;
    }
    let mut assumptions = Assumptions::default();
    for relation in before {
        let field = model.field(relation.field);
        match parents::before(session, field, relation.write, &mut assumptions).await? {
            Before::Key(key) => values.add_key(field, key)?,
            Before::Later(write) => return Err(parents::not_in_create(field, &write)),
        }
    }
    if !after.is_empty() {
        answer.need(identifier(model)?);
        for relation in &after {
            answer.need(link_fields(model.field(relation.field))?);
        }
    }
    let rows = rows::single(model, values, session.now())?;
    if let Err(error) = statement::insert(session, model, rows, false, answer).await {
        return Err(assumptions.explain(session, error).await);
    }
    let record = answer.records.pop().unwrap_or_default();
    for relation in after {
        children::write(session, model.field(relation.field), &record, relation.write, true).await?;
    }
    Ok(record)
}

/// Creates records that all inherit the same foreign key; those without relations of their own in one statement.
/// Answers the columns that are needed, in no certain order.
pub(super) fn create_records<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    creates: Vec<Create>,
    inherited: Inherited<'s>,
    needed: Vec<FieldId>,
) -> BoxFuture<'a, Result<Vec<Record>, Error>> {
    Box::pin(async move {
        if creates.len() > 1 && creates.iter().all(|c| c.relations.is_empty()) {
            let rows = creates.into_iter().map(|c| c.scalars).collect();
            let mut answer = Answer::of(model, needed);
            insert_all(session, model, rows, inherited.as_ref(), false, &mut answer).await?;
            return Ok(answer.records);
        }
        let mut records = Vec::with_capacity(creates.len());
        for create in creates {
            records.push(create_record(session, model, create, inherited.clone(), needed.clone()).await?);
        }
        Ok(records)
    })
}

/// Inserts records without relations; answers how many.
pub(super) async fn insert_all<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    records: Vec<Vec<(FieldId, Value)>>,
    inherited: Option<&(FieldWalker<'s>, Vec<(FieldId, Value)>)>,
    skip_duplicates: bool,
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
    let records = match inherited {
        None => records,
        Some((relation, key)) => records
            .into_iter()
            .map(|given| {
                let mut values = Values::new(given);
                values.add_key(*relation, key.clone())?;
                Ok(values.into_inner())
            })
            .collect::<Result<_, Error>>()?,
    };
    let mut count = 0;
    for rows in rows::group(model, records, session.now())? {
        count += statement::insert(session, model, rows, skip_duplicates, answer).await?;
    }
    Ok(count)
}

/// The key that records of a relation inherit from their record: the relation field at their end, and its columns.
pub(super) fn inherited<'s>(
    field: FieldWalker<'s>,
    record: &Record,
    references: &[FieldId],
    fields: &[FieldId],
) -> Result<Inherited<'s>, Error> {
    let opposite = field.opposite().ok_or_else(|| Error::internal("a relation with one end"))?;
    let _ = record::link(opposite)?;
    Ok(Some((opposite, record.carry(references, fields)?)))
}
