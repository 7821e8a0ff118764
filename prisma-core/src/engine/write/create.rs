//! One new record, with its relations.

use prisma_schema::{FieldId, FieldWalker, Link, ModelWalker};

use super::children;
use super::parents::{self, Assumptions, Before};
use super::record::{Record, identifier, link_fields};
use super::rows::{self, Values};
use super::statement::{self, Answer};
use crate::driver::BoxFuture;
use crate::engine::Session;
use crate::tree::{Create, CreateMany, WriteRelation};
use crate::{Error, Value};

/// The foreign key that a new record gets from the record whose relation creates it: the relation field on the new
/// record's side, and the key.
pub(super) type InheritedKey<'s> = (FieldWalker<'s>, Vec<(FieldId, Value)>);

/// Creates a record with its relations, to any depth; answers its identifier and the columns that are needed.
pub(super) fn create_record<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    create: Create,
    inherited: Option<InheritedKey<'s>>,
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
    inherited: Option<InheritedKey<'s>>,
    answer: &mut Answer<'_, '_>,
) -> Result<Record, Error> {
    let Create { scalars, relations } = create;
    let (before, after) = parents::split(model, relations);
    let mut assumptions = Assumptions::default();
    let values = values(session, model, scalars, before, inherited.as_ref(), &mut assumptions).await?;
    if !after.is_empty() {
        answer.need(identifier(model)?);
        for relation in &after {
            answer.need(link_fields(model.field(relation.field))?);
        }
    }
    let rows = rows::single(model, values.into_inner(), session.now())?;
    if let Err(error) = statement::insert(session, model, rows, false, answer).await {
        return Err(Box::pin(assumptions.explain(session, error)).await);
    }
    let record = answer.records.pop().unwrap_or_default();
    for relation in after {
        children::write(session, model.field(relation.field), &record, relation.write, true).await?;
    }
    Ok(record)
}

/// The columns of a new record: those given, the key that it inherits, and the keys of the relations that are written first.
async fn values<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    scalars: Vec<(FieldId, Value)>,
    before: Vec<WriteRelation>,
    inherited: Option<&InheritedKey<'s>>,
    assumptions: &mut Assumptions<'s>,
) -> Result<Values, Error> {
    let mut values = Values::new(scalars);
    if let Some((relation, key)) = inherited {
        values.add_key(*relation, key)?;
    }
    for WriteRelation { field, write } in before {
        let field = model.field(field);
        match Box::pin(parents::before(session, field, write, assumptions)).await? {
            Before::Key(key) => values.add_key(field, &key)?,
            Before::Later(write) => return Err(parents::not_in_create(field, &write)),
        }
    }
    Ok(values)
}

/// Creates records that all inherit the same foreign key; answers the columns that are needed, in no certain order.
/// Records that nothing else waits for go into one statement.
pub(super) fn create_records<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    creates: Vec<Create>,
    inherited: Option<InheritedKey<'s>>,
    needed: Vec<FieldId>,
) -> BoxFuture<'a, Result<Vec<Record>, Error>> {
    Box::pin(async move {
        if creates.len() < 2 || !creates.iter().all(|create| is_one_row(model, create)) {
            let mut records = Vec::with_capacity(creates.len());
            for create in creates {
                records.push(create_record(session, model, create, inherited.clone(), needed.clone()).await?);
            }
            return Ok(records);
        }
        let mut answer = Answer::of(model, needed);
        let mut assumptions = Assumptions::default();
        let mut rows = Vec::with_capacity(creates.len());
        for Create { scalars, relations } in creates {
            let row = values(session, model, scalars, relations, inherited.as_ref(), &mut assumptions).await?;
            rows.push(row.into_inner());
        }
        match insert_all(session, model, rows, false, &mut answer).await {
            Ok(_) => Ok(answer.records),
            Err(error) => Err(Box::pin(assumptions.explain(session, error)).await),
        }
    })
}

/// Whether a new record is one row and nothing after it, which no record beside it has to do with.
fn is_one_row(model: ModelWalker<'_>, create: &Create) -> bool {
    create.relations.iter().all(|relation| match model.field(relation.field).link() {
        Some(Link::Owning { key, .. }) => !key.is_one_to_one && key.referenced_model != model.id(),
        _ => false,
    })
}

/// Creates records of columns alone; answers how many.
pub(super) async fn create_many<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    many: CreateMany,
    inherited: Option<&InheritedKey<'s>>,
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
    let CreateMany { mut records, skip_duplicates } = many;
    if let Some((relation, key)) = inherited {
        for record in &mut records {
            let mut values = Values::new(std::mem::take(record));
            values.add_key(*relation, key)?;
            *record = values.into_inner();
        }
    }
    insert_all(session, model, records, skip_duplicates, answer).await
}

async fn insert_all(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    records: Vec<Vec<(FieldId, Value)>>,
    skip_duplicates: bool,
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
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
) -> Result<InheritedKey<'s>, Error> {
    let opposite = field.opposite().ok_or_else(|| Error::internal("a relation with one end"))?;
    Ok((opposite, record.carry(references, fields)?))
}
