//! Changes of the records that a record is connected with, whoever holds the foreign key.

use prisma_schema::FieldWalker;

use super::children;
use super::failure::{not_connected, not_connected_one};
use super::record::{Record, and, any, connected, named, related};
use super::statement;
use super::update::{update_if_there, update_record, with_updated_at};
use crate::Error;
use crate::engine::Session;
use crate::tree::{Filter, NestedUpdate, NestedUpdateMany, NestedUpsert, NestedWrite, Unique};

/// Writes one relation of a record that was there before.
pub(super) async fn write<'s>(
    session: &mut Session<'s>,
    field: FieldWalker<'s>,
    record: &Record,
    write: NestedWrite,
) -> Result<(), Error> {
    let model = related(field)?;
    let connected = connected(field, record)?;
    match write {
        NestedWrite::Update(items) => {
            for NestedUpdate { unique, filter, write } in items {
                let condition = condition(&connected, unique.as_ref(), filter);
                if update_record(session, model, condition, write, Vec::new()).await?.is_none() {
                    return Err(not_connected_one("update", field, unique.as_ref()));
                }
            }
            Ok(())
        }
        NestedWrite::UpdateMany(items) => {
            for NestedUpdateMany { filter, scalars } in items {
                let changes = with_updated_at(model, scalars, session.now());
                if !changes.is_empty() {
                    let condition = and(connected.clone(), filter);
                    statement::update(session, model, Some(condition), changes, None, None).await?;
                }
            }
            Ok(())
        }
        NestedWrite::Upsert(items) => {
            for NestedUpsert { unique, filter, create, update } in items {
                let condition = condition(&connected, unique.as_ref(), filter);
                if update_if_there(session, model, condition, update, Vec::new()).await?.is_none() {
                    children::create(session, field, record, vec![create], false).await?;
                }
            }
            Ok(())
        }
        NestedWrite::Delete(uniques) if uniques.is_empty() => Ok(()),
        NestedWrite::Delete(uniques) => {
            let condition = connected.and(named(&uniques));
            let count = statement::delete(session, model, Some(condition), None, None).await?;
            match count < children::distinct(&uniques, count) as u64 {
                true => Err(not_connected(field)),
                false => Ok(()),
            }
        }
        NestedWrite::DeleteOne(filter) => {
            match statement::delete(session, model, Some(and(connected, filter)), None, None).await? {
                0 => Err(not_connected_one("delete", field, None)),
                _ => Ok(()),
            }
        }
        NestedWrite::DeleteMany(filters) if filters.is_empty() => Ok(()),
        NestedWrite::DeleteMany(filters) => {
            statement::delete(session, model, Some(connected.and(any(filters))), None, None).await.map(drop)
        }
        other => Err(super::parents::not_in_update(field, &other)),
    }
}

fn condition(connected: &Filter, unique: Option<&Unique>, filter: Option<Filter>) -> Filter {
    let named = unique.cloned().map(Unique::into_filter);
    and(and(connected.clone(), named), filter)
}
