//! Relations whose foreign key the other record holds, and implicit m-n relations: written after the record itself.

use std::future::ready;

use prisma_schema::{Arity, FieldId, FieldWalker, Link, ModelWalker};

use super::create::{create_many, create_record, create_records, inherited};
use super::failure::{cannot_connect, connected_fewer, invalid, misplaced, one, required};
use super::nested;
use super::parents::{leaves_to_constraint, not_in_create};
use super::record::{Record, and, but, connected, identifier, link, named, nullable, related, single_id};
use super::statement::{self, Answer};
use crate::driver::BoxFuture;
use crate::engine::Session;
use crate::tree::{ConnectOrCreate, Create, CreateMany, Filter, NestedWrite, ScalarChange, Unique};
use crate::{Error, ErrorKind, Value};

/// Writes one relation of a record. `fresh`: the record is new, so that nothing is connected yet.
pub(super) fn write<'a, 's: 'a>(
    session: &'a mut Session<'s>,
    field: FieldWalker<'s>,
    record: &'a Record,
    write: NestedWrite,
    fresh: bool,
) -> BoxFuture<'a, Result<(), Error>> {
    // Each kind in a box of its own size.
    match write {
        NestedWrite::Create(creates) => Box::pin(create(session, field, record, creates, fresh)),
        NestedWrite::CreateMany(many) => Box::pin(create_rows(session, field, record, many)),
        NestedWrite::Connect(uniques) => Box::pin(connect(session, field, record, uniques, fresh)),
        NestedWrite::ConnectOrCreate(items) => Box::pin(async move {
            for item in items {
                connect_or_create(session, field, record, item, fresh).await?;
            }
            Ok(())
        }),
        write if fresh => Box::pin(ready(Err(not_in_create(field, &write)))),
        NestedWrite::Set(uniques) => Box::pin(set(session, field, record, uniques)),
        NestedWrite::Disconnect(uniques) if uniques.is_empty() => Box::pin(ready(Ok(()))),
        NestedWrite::Disconnect(uniques) => Box::pin(disconnect(session, field, record, Some(named(&uniques)))),
        NestedWrite::DisconnectOne(filter) => Box::pin(disconnect(session, field, record, filter)),
        other => Box::pin(nested::write(session, field, record, other)),
    }
}

/// Creates records of columns alone.
async fn create_rows<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &Record,
    many: CreateMany,
) -> Result<(), Error> {
    let Link::Referenced { references, fields, .. } = link(field)? else {
        return Err(invalid(field, "`createMany` is possible for one-to-many relations only"));
    };
    let model = related(field)?;
    let key = inherited(field, record, references, fields)?;
    let mut answer = Answer::of(model, Vec::new());
    create_many(session, model, many, Some(&key), &mut answer).await.map(drop)
}

/// Creates records and connects them.
pub(super) async fn create<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &Record,
    creates: Vec<Create>,
    fresh: bool,
) -> Result<(), Error> {
    let model = related(field)?;
    match link(field)? {
        Link::Referenced { references, fields, key } => {
            let inherited = inherited(field, record, references, fields)?;
            if !key.is_one_to_one {
                return create_records(session, model, creates, Some(inherited), Vec::new()).await.map(drop);
            }
            let create = one(field, creates)?;
            if !fresh {
                free(session, field, record, None).await?;
            }
            let made = create_record(session, model, create, Some(inherited), Vec::new()).await;
            made.map(drop).map_err(|e| occupied(field, fields, e))
        }
        Link::Join { .. } => {
            let id = single_id(model)?;
            let made = create_records(session, model, creates, None, vec![id]).await?;
            let others = made.iter().map(|r| r.get(id).cloned()).collect::<Result<_, _>>()?;
            statement::join(session, field, record.get(single_id(field.model())?)?, others).await
        }
        Link::Owning { .. } => Err(misplaced(field)),
    }
}

/// Connects records that are there.
async fn connect<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &Record,
    uniques: Vec<Unique>,
    fresh: bool,
) -> Result<(), Error> {
    if uniques.is_empty() {
        return Ok(());
    }
    let model = related(field)?;
    match link(field)? {
        Link::Referenced { references, fields, key } => {
            let changes = set_key(record, references, fields)?;
            if !key.is_one_to_one {
                return connect_children(session, field, model, &uniques, changes).await;
            }
            let unique = one(field, uniques)?;
            if !fresh {
                free(session, field, record, Some(&unique)).await?;
            }
            let filter = unique.clone().into_filter();
            let count = statement::update(session, model, Some(filter), changes, None, None).await;
            match count.map_err(|e| occupied(field, fields, e))? {
                0 => Err(cannot_connect(field, model, &unique)),
                _ => Ok(()),
            }
        }
        Link::Join { .. } => {
            let own = record.get(single_id(field.model())?)?;
            if !leaves_ids_to_constraint(session, model, &uniques)? {
                let others = ids(session, field, model, &uniques, true).await?;
                return statement::join(session, field, own, others).await;
            }
            let others = uniques.iter().flat_map(|u| &u.key).map(|(_, id)| id.clone()).collect();
            let joined = statement::join(session, field, own, others).await;
            if matches!(&joined, Err(e) if matches!(e.kind(), ErrorKind::ForeignKey { .. })) {
                // One is not there: this tells which.
                ids(session, field, model, &uniques, true).await?;
            }
            joined
        }
        Link::Owning { .. } => Err(misplaced(field)),
    }
}

/// Gives the foreign key of a one-to-many relation to the records that are named; P2018 if one is not there.
async fn connect_children<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    model: ModelWalker<'s>,
    uniques: &[Unique],
    changes: Vec<(FieldId, ScalarChange)>,
) -> Result<(), Error> {
    let mut count = 0;
    for some in pieces(session, uniques) {
        count += statement::update(session, model, Some(named(some)), changes.clone(), None, None).await?;
    }
    if count < uniques.len() as u64 {
        // Named twice, or not there?
        let missing = missing(session, model, uniques).await?.count();
        if missing > 0 {
            return Err(connected_fewer(field, uniques.len(), uniques.len() - missing));
        }
    }
    Ok(())
}

/// Whether the join table's foreign key tells if a record to connect is missing, and its id is given already.
fn leaves_ids_to_constraint(session: &Session<'_>, model: ModelWalker<'_>, uniques: &[Unique]) -> Result<bool, Error> {
    let id = single_id(model)?;
    Ok(leaves_to_constraint(session)
        && uniques.iter().all(|u| u.filter.is_none() && matches!(u.key[..], [(field, _)] if field == id)))
}

async fn connect_or_create<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &Record,
    item: ConnectOrCreate,
    fresh: bool,
) -> Result<(), Error> {
    let ConnectOrCreate { unique, create: new } = item;
    let model = related(field)?;
    match link(field)? {
        Link::Referenced { references, fields, key } => {
            if key.is_one_to_one && !fresh {
                free(session, field, record, Some(&unique)).await?;
            }
            let changes = set_key(record, references, fields)?;
            let found = statement::update(session, model, Some(unique.into_filter()), changes, None, None).await;
            match found.map_err(|e| if key.is_one_to_one { occupied(field, fields, e) } else { e })? {
                0 => create(session, field, record, vec![new], true).await,
                _ => Ok(()),
            }
        }
        Link::Join { .. } => {
            let id = single_id(model)?;
            let other = match statement::find_one(session, model, unique.into_filter(), vec![id]).await? {
                Some(found) => found,
                None => create_record(session, model, new, None, vec![id]).await?,
            };
            let own = record.get(single_id(field.model())?)?;
            statement::join(session, field, own, vec![other.get(id)?.clone()]).await
        }
        Link::Owning { .. } => Err(misplaced(field)),
    }
}

/// Makes these the connected records, and no others. Those that are not there are passed over.
async fn set<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &Record,
    uniques: Vec<Unique>,
) -> Result<(), Error> {
    let model = related(field)?;
    match link(field)? {
        Link::Referenced { references, fields, .. } => {
            let others = (!uniques.is_empty()).then(|| but(model, &uniques));
            release(session, field, record, others).await?;
            if uniques.is_empty() {
                return Ok(());
            }
            let changes = set_key(record, references, fields)?;
            for some in pieces(session, &uniques) {
                statement::update(session, model, Some(named(some)), changes.clone(), None, None).await?;
            }
            Ok(())
        }
        Link::Join { .. } => {
            let others = match uniques.is_empty() {
                true => Vec::new(),
                false => ids(session, field, model, &uniques, false).await?,
            };
            let own = record.get(single_id(field.model())?)?;
            statement::unjoin(session, field, own, others.clone(), true).await?;
            statement::join(session, field, own, others).await
        }
        Link::Owning { .. } => Err(misplaced(field)),
    }
}

/// Disconnects the connected records that meet the filter, if there are any.
async fn disconnect<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &Record,
    filter: Option<Filter>,
) -> Result<(), Error> {
    match link(field)? {
        Link::Referenced { fields, .. } => {
            if nullable(related(field)?, fields).is_empty() {
                return Err(required(field));
            }
            release(session, field, record, filter).await
        }
        Link::Join { .. } => {
            let model = related(field)?;
            let id = single_id(model)?;
            let mut answer = Answer::of(model, vec![id]);
            statement::find(session, model, and(connected(field, record)?, filter), &mut answer).await?;
            let others: Vec<_> = answer.records.iter().map(|r| r.get(id).cloned()).collect::<Result<_, _>>()?;
            if others.is_empty() {
                return Ok(());
            }
            statement::unjoin(session, field, record.get(single_id(field.model())?)?, others, false).await
        }
        Link::Owning { .. } => Err(misplaced(field)),
    }
}

/// Takes the foreign key away from the connected records that meet the filter.
///
/// # Errors
/// There are such, and they need it: P2014.
async fn release<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &Record,
    filter: Option<Filter>,
) -> Result<(), Error> {
    let Link::Referenced { fields, .. } = link(field)? else {
        return Err(misplaced(field));
    };
    let model = related(field)?;
    let filter = and(connected(field, record)?, filter);
    let columns = nullable(model, fields);
    let needs_it = field.opposite().is_some_and(|o| o.arity() == Arity::Required);
    if columns.is_empty() || needs_it {
        let id = identifier(model)?;
        return match statement::find_one(session, model, filter, id).await? {
            Some(_) => Err(required(field)),
            None => Ok(()),
        };
    }
    let changes = columns.into_iter().map(|f| (f, ScalarChange::Set(Value::Null))).collect();
    statement::update(session, model, Some(filter), changes, None, None).await.map(drop)
}

/// Makes room in a 1-1 relation: the record connected so far, unless it is this one, loses its key. One that needs it is left for the
/// unique constraint to refuse.
async fn free<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &Record,
    unless: Option<&Unique>,
) -> Result<(), Error> {
    if field.opposite().is_some_and(|o| o.arity() == Arity::Required) {
        return Ok(());
    }
    let model = related(field)?;
    release(session, field, record, unless.map(|u| but(model, std::slice::from_ref(u)))).await
}

/// P2014 instead of P2002 where a 1-1 relation is taken by a record that needs it.
fn occupied(field: FieldWalker<'_>, key: &[FieldId], error: Error) -> Error {
    let Some(model) = field.related_model() else { return error };
    match error.kind() {
        ErrorKind::UniqueConstraint { model: Some(name), fields }
            if name == model.name()
                && fields.len() == key.len()
                && key.iter().all(|&f| fields.iter().any(|v| v == model.field(f).name())) =>
        {
            required(field)
        }
        _ => error,
    }
}

fn set_key(record: &Record, references: &[FieldId], fields: &[FieldId]) -> Result<Vec<(FieldId, ScalarChange)>, Error> {
    Ok(record.carry(references, fields)?.into_iter().map(|(f, v)| (f, ScalarChange::Set(v))).collect())
}

/// The ids of the records that are named; `all`: P2025 if one is not there.
async fn ids<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    model: ModelWalker<'s>,
    uniques: &[Unique],
    all: bool,
) -> Result<Vec<Value>, Error> {
    let id = single_id(model)?;
    let mut answer = Answer::of(model, vec![id]);
    for some in pieces(session, uniques) {
        statement::find(session, model, named(some), &mut answer).await?;
    }
    if all
        && answer.count < uniques.len() as u64
        && let Some(unique) = missing(session, model, uniques).await?.next()
    {
        return Err(cannot_connect(field, model, unique));
    }
    answer.records.iter().map(|r| r.get(id).cloned()).collect()
}

/// Those of the names that no record has: to be asked when fewer records than names were found, which may also be since two name the
/// same.
async fn missing<'u>(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    uniques: &'u [Unique],
) -> Result<impl Iterator<Item = &'u Unique> + use<'u>, Error> {
    let id = identifier(model)?;
    let mut missing = Vec::new();
    for unique in uniques {
        let mut answer = Answer::of(model, id.clone());
        statement::find(session, model, unique.clone().into_filter(), &mut answer).await?;
        if answer.count == 0 {
            missing.push(unique);
        }
    }
    Ok(missing.into_iter())
}

/// As many names at a time as fit into one statement beside other values.
fn pieces<'u>(session: &Session<'_>, uniques: &'u [Unique]) -> std::slice::Chunks<'u, Unique> {
    let values = uniques.iter().map(|u| u.key.len()).max().unwrap_or(1).max(1);
    uniques.chunks((session.engine().dialect().max_parameters() / 2 / values).max(1))
}

/// How many different records are named at least, if fewer than there are names were found.
pub(super) fn distinct(uniques: &[Unique], found: u64) -> usize {
    if found >= uniques.len() as u64 {
        return uniques.len();
    }
    uniques.iter().enumerate().filter(|(i, u)| !uniques[..*i].contains(u)).count()
}
