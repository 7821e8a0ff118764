//! A record that is changed if it is there, and created if it is not.

use prisma_schema::{Arity, DefaultFunction, DefaultValue, FieldId, FieldWalker, ModelWalker, RelationMode};

use super::create::create_into;
use super::record::Record;
use super::reply::is_plain;
use super::rows;
use super::statement::{self, Answer};
use super::update::{sure, update_into, with_updated_at};
use crate::Error;
use crate::engine::Session;
use crate::sql::write::Conflict;
use crate::tree::{Selection, Unique, Upsert, UpsertChanges};

/// Whether the database does it in one statement. As in Prisma: one unique key and nothing else names the record, the new record would have the
/// same values in it, no relations are written or read, and there is something to change.
pub(super) fn is_native(session: &Session<'_>, model: ModelWalker<'_>, upsert: &Upsert, selection: &Selection) -> bool {
    let Upsert { unique, create, update } = upsert;
    let dialect = session.engine().dialect();
    let given = |field| create.scalars.iter().any(|(f, v)| *f == field && !v.is_null());
    let key: Vec<FieldId> = unique.key.iter().map(|(field, _)| *field).collect();
    dialect.has_on_conflict()
        && (dialect.names_conflict() || conflicts_in_one_key(model, given, &key))
        && (dialect.has_returning() || !update.scalars.iter().any(|(f, _)| unique.key.iter().any(|(key, _)| key == f)))
        && session.schema().datasource.relation_mode == RelationMode::ForeignKeys
        && unique.filter.is_none()
        && unique.key.iter().all(|key| create.scalars.contains(key))
        && create.relations.is_empty()
        && update.relations.is_empty()
        && !update.scalars.is_empty()
        && is_plain(selection)
}

/// Whether a new record can be in conflict with no other key than the one that it is known by: all others have a field that is not
/// given, and then is NULL or new by itself.
pub(super) fn conflicts_in_one_key(
    model: ModelWalker<'_>,
    is_given: impl Fn(FieldId) -> bool,
    known_by: &[FieldId],
) -> bool {
    let is_new = |field: FieldWalker<'_>| {
        !is_given(field.id())
            && match field.scalar().and_then(|s| s.default.as_ref()) {
                None => field.arity() == Arity::Optional,
                Some(DefaultValue::Function(function)) => matches!(
                    function,
                    DefaultFunction::Autoincrement
                        | DefaultFunction::Uuid(_)
                        | DefaultFunction::Cuid(_)
                        | DefaultFunction::Ulid
                        | DefaultFunction::Nanoid(_)
                ),
                Some(_) => false,
            }
    };
    model.unique_keys().all(|key| {
        key.fields().any(is_new)
            || key.fields().count() == known_by.len() && key.fields().all(|f| known_by.contains(&f.id()))
    })
}

/// Upserts in one statement.
pub(super) async fn upsert_native<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    upsert: Upsert,
    answer: &mut Answer<'_, '_>,
) -> Result<(), Error> {
    let Upsert { unique, create, update } = upsert;
    let key: Vec<FieldId> = unique.key.into_iter().map(|(field, _)| field).collect();
    let row = rows::single(model, create.scalars, session.now())?;
    let scalars = with_updated_at(model, update.scalars, session.now());
    let changes = UpsertChanges { scalars, excluded: Vec::new() };
    statement::insert_or_update(session, model, row, Conflict::Update { key, changes }, answer).await
}

/// Upserts in a transaction: update, and create if there was nothing to update.
pub(super) async fn upsert_into<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    upsert: Upsert,
    answer: &mut Answer<'_, '_>,
) -> Result<Record, Error> {
    let Upsert { unique, create, update } = upsert;
    if let Some(filter) = sure(session, model, Unique::into_filter(unique), &update).await?
        && let Some(record) = update_into(session, model, filter, update, answer).await?
    {
        return Ok(record);
    }
    create_into(session, model, create, None, answer).await
}
