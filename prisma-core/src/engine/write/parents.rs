//! Relations whose foreign key the written record holds itself: they are written before it, so that its key is known.

use prisma_schema::{Arity, FieldId, FieldWalker, Link, ModelWalker, RelationMode};

use super::create::create_record;
use super::failure::{cannot_connect, invalid, misplaced, not_connected_one, one, required};
use super::nested;
use super::record::{Record, all, and, connected, equals, identifier, link, nullable, related};
use super::statement::{delete, find_one, update};
use super::update::update_if_there;
use crate::engine::Session;
use crate::tree::{ConnectOrCreate, NestedUpsert, NestedWrite, ScalarChange, Unique, WriteRelation};
use crate::{Error, ErrorKind, Value};

/// Whether the record that has this relation field holds its foreign key.
pub(super) fn holds_key(field: FieldWalker<'_>) -> bool {
    matches!(field.link(), Some(Link::Owning { .. }))
}

/// The relations whose foreign key the record holds, and the others, each in the order given.
pub(super) fn split(model: ModelWalker<'_>, relations: Vec<WriteRelation>) -> (Vec<WriteRelation>, Vec<WriteRelation>) {
    relations.into_iter().partition(|r| holds_key(model.field(r.field)))
}

/// Whether the foreign key that a `connect` gives is in the unique key itself, and the database's constraint tells if no such
/// record is there: then nothing needs to be read first.
pub(super) fn is_left_to_constraint(session: &Session<'_>, field: FieldWalker<'_>, unique: &Unique) -> bool {
    let Some(Link::Owning { references, .. }) = field.link() else { return false };
    leaves_to_constraint(session)
        && unique.filter.is_none()
        && unique.key.len() == references.len()
        && references.iter().all(|r| unique.key.iter().any(|(f, _)| f == r))
}

/// Whether the database refuses a reference to nothing, and can be asked afterwards which it was.
pub(super) fn leaves_to_constraint(session: &Session<'_>) -> bool {
    let engine = session.engine();
    engine.schema().datasource.relation_mode == RelationMode::ForeignKeys
        && (engine.dialect().survives_failed_statement() || !session.in_transaction())
}

/// Whether a record that points to the same record as this one is to be freed first: 1-1, and its key can be NULL.
pub(super) fn frees_other(field: FieldWalker<'_>) -> bool {
    matches!(field.link(), Some(Link::Owning { key, .. }) if key.is_one_to_one) && field.arity() == Arity::Optional
}

/// What was taken for granted when a record was written, to explain the database's refusal.
#[derive(Debug, Default)]
pub(super) struct Assumptions<'s> {
    /// Connected without a look.
    connected: Vec<(FieldWalker<'s>, Unique)>,
    /// 1-1 relations that got a record which may be taken.
    taken: Vec<FieldWalker<'s>>,
}

impl<'s> Assumptions<'s> {
    /// The error in terms of the relation that it comes from.
    pub(super) async fn explain(self, session: &mut Session<'s>, error: Error) -> Error {
        match error.kind() {
            ErrorKind::ForeignKey { .. } => {
                for (field, unique) in self.connected {
                    let model = match related(field) {
                        Ok(model) => model,
                        Err(e) => return e,
                    };
                    let columns = match identifier(model) {
                        Ok(columns) => columns,
                        Err(e) => return e,
                    };
                    // If this fails too, the first error is the one to tell.
                    if let Ok(None) = find_one(session, model, unique.clone().into_filter(), columns).await {
                        return cannot_connect(field, model, &unique);
                    }
                }
                error
            }
            ErrorKind::UniqueConstraint { fields: violated, .. } => {
                let taken = self.taken.into_iter().find(|field| match field.link() {
                    Some(Link::Owning { fields, .. }) => {
                        fields.len() == violated.len()
                            && fields.iter().all(|&f| violated.iter().any(|v| v == field.model().field(f).name()))
                    }
                    _ => false,
                });
                taken.map_or(error, required)
            }
            _ => error,
        }
    }
}

/// Does what is to be done before the record is written, and answers its foreign key; gives back a write that needs to know
/// the record first.
pub(super) async fn before<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    write: NestedWrite,
    assumptions: &mut Assumptions<'s>,
) -> Result<Before, Error> {
    let Link::Owning { fields, references, key } = link(field)? else {
        return Err(misplaced(field));
    };
    let model = related(field)?;
    let key_of = match write {
        NestedWrite::Create(creates) => {
            create_record(session, model, one(field, creates)?, None, references.to_vec()).await?
        }
        NestedWrite::Connect(uniques) => {
            let unique = one(field, uniques)?;
            if is_left_to_constraint(session, field, &unique) {
                let found = Record::new(unique.key.clone());
                assumptions.connected.push((field, unique));
                found
            } else {
                let found = find_one(session, model, unique.clone().into_filter(), references.to_vec()).await?;
                found.ok_or_else(|| cannot_connect(field, model, &unique))?
            }
        }
        NestedWrite::ConnectOrCreate(items) => {
            let ConnectOrCreate { unique, create } = one(field, items)?;
            match find_one(session, model, unique.into_filter(), references.to_vec()).await? {
                Some(found) => found,
                None => {
                    let made = create_record(session, model, create, None, references.to_vec()).await?;
                    return Ok(Before::Key(made.carry(references, fields)?));
                }
            }
        }
        NestedWrite::DisconnectOne(None) => return Ok(Before::Key(disconnected(field)?)),
        other => return Ok(Before::Later(other)),
    };
    let foreign_key = key_of.carry(references, fields)?;
    if key.is_one_to_one {
        assumptions.taken.push(field);
        if frees_other(field) {
            free(session, field, &foreign_key).await?;
        }
    }
    Ok(Before::Key(foreign_key))
}

/// What [`before`] answers.
pub(super) enum Before {
    /// The foreign key.
    Key(Vec<(FieldId, Value)>),
    /// A write for after the record.
    Later(NestedWrite),
}

/// A foreign key that points to nothing.
pub(super) fn disconnected(field: FieldWalker<'_>) -> Result<Vec<(FieldId, Value)>, Error> {
    let Link::Owning { fields, .. } = link(field)? else {
        return Err(misplaced(field));
    };
    if field.arity() == Arity::Required {
        return Err(required(field));
    }
    Ok(nullable(field.model(), fields).into_iter().map(|f| (f, Value::Null)).collect())
}

/// Takes the record that a 1-1 foreign key points to from the record that holds it so far.
async fn free(
    session: &mut Session<'_>,
    field: FieldWalker<'_>,
    foreign_key: &[(FieldId, Value)],
) -> Result<(), Error> {
    let filter = all(foreign_key.iter().map(|(f, v)| equals(*f, v.clone())).collect());
    let changes = disconnected(field)?.into_iter().map(|(f, v)| (f, ScalarChange::Set(v))).collect();
    update(session, field.model(), Some(filter), changes, None, None).await.map(drop)
}

/// Does what had to wait for the record: changes of the record that its foreign key points to, and of the key itself.
pub(super) async fn after<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &mut Record,
    write: NestedWrite,
) -> Result<(), Error> {
    let Link::Owning { fields, references, .. } = link(field)? else {
        return Err(misplaced(field));
    };
    let model = related(field)?;
    match write {
        NestedWrite::Upsert(items) => {
            let NestedUpsert { unique, filter, create, update } = one(field, items)?;
            let condition = and(and(connected(field, record)?, unique.map(Unique::into_filter)), filter);
            if update_if_there(session, model, condition, update, Vec::new()).await?.is_some() {
                return Ok(());
            }
            let made = create_record(session, model, create, None, references.to_vec()).await?;
            point_to(session, field, record, made.carry(references, fields)?).await
        }
        NestedWrite::DisconnectOne(filter) => {
            let key = disconnected(field)?;
            let condition = and(connected(field, record)?, filter);
            match find_one(session, model, condition, identifier(model)?).await? {
                Some(_) => point_to(session, field, record, key).await,
                None => Ok(()),
            }
        }
        NestedWrite::DeleteOne(filter) => {
            let key = disconnected(field)?;
            let condition = and(connected(field, record)?, filter);
            point_to(session, field, record, key).await?;
            match delete(session, model, Some(condition), None, None).await? {
                0 => Err(not_connected_one("delete", field, None)),
                _ => Ok(()),
            }
        }
        other => nested::write(session, field, record, other).await,
    }
}

/// Changes the foreign key of a record.
async fn point_to(
    session: &mut Session<'_>,
    field: FieldWalker<'_>,
    record: &mut Record,
    key: Vec<(FieldId, Value)>,
) -> Result<(), Error> {
    let this = record.same(&identifier(field.model())?)?;
    let changes = key.iter().map(|(f, v)| (*f, ScalarChange::Set(v.clone()))).collect();
    update(session, field.model(), Some(this), changes, None, None).await?;
    for (field, value) in key {
        record.set(field, value);
    }
    Ok(())
}

/// The error for a write that a new record cannot have.
pub(super) fn not_in_create(field: FieldWalker<'_>, write: &NestedWrite) -> Error {
    let name = match write {
        NestedWrite::Invalid(message) => return invalid(field, message),
        write => name(write),
    };
    invalid(
        field,
        format!(
            "`{name}` is not possible here; a relation of a new record takes `create`, `connect` and `connectOrCreate`, \
             and `createMany` if it is one to many"
        ),
    )
}

/// The error for a write that a relation of an existing record cannot have.
pub(super) fn not_in_update(field: FieldWalker<'_>, write: &NestedWrite) -> Error {
    if let NestedWrite::Invalid(message) = write {
        return invalid(field, message);
    }
    invalid(field, format!("`{}` is not possible on this relation", name(write)))
}

fn name(write: &NestedWrite) -> &'static str {
    match write {
        NestedWrite::Create(_) => "create",
        NestedWrite::CreateMany(_) => "createMany",
        NestedWrite::Connect(_) => "connect",
        NestedWrite::ConnectOrCreate(_) => "connectOrCreate",
        NestedWrite::Set(_) => "set",
        NestedWrite::Disconnect(_) | NestedWrite::DisconnectOne(_) => "disconnect",
        NestedWrite::Update(_) => "update",
        NestedWrite::UpdateMany(_) => "updateMany",
        NestedWrite::Upsert(_) => "upsert",
        NestedWrite::Delete(_) | NestedWrite::DeleteOne(_) => "delete",
        NestedWrite::DeleteMany(_) => "deleteMany",
        NestedWrite::Invalid(_) => "an invalid write",
    }
}
