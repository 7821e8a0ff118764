//! Changes of many records, each in its own way.

use prisma_schema::{FieldId, ModelWalker};

use super::failure::in_model;
use super::referential::is_emulated;
use super::statement;
use super::update::with_updated_at;
use crate::Error;
use crate::engine::Session;
use crate::sql::write;
use crate::tree::{ScalarChange, Unique, UpdateEach};

/// One record and its changes.
type Each = (Unique, Vec<(FieldId, ScalarChange)>);

/// More would make a statement that takes the database long to read.
const MOST_RECORDS: usize = 1000;

/// Changes the records; answers how many were there.
pub(super) async fn update(session: &mut Session<'_>, model: ModelWalker<'_>, each: UpdateEach) -> Result<u64, Error> {
    let mut count = 0;
    let mut records: Vec<Each> = each.records.into_iter().filter(|(_, changes)| !changes.is_empty()).collect();
    if !goes_together(session, &records) {
        for (unique, changes) in records {
            let changes = with_updated_at(model, changes, session.now());
            count += statement::update(session, model, Some(unique.into_filter()), changes, None, None).await?;
        }
        return Ok(count);
    }
    for (_, changes) in &mut records {
        *changes = with_updated_at(model, std::mem::take(changes), session.now());
    }
    let chunk = chunk(session, model, &records);
    while !records.is_empty() {
        let rest = if records.len() > chunk { records.split_off(chunk) } else { Vec::new() };
        let written: Vec<FieldId> = records.iter().flat_map(|(_, changes)| changes.iter().map(|(f, _)| *f)).collect();
        let updated = statement::run(session, &mut write::UpdateEach::new(model.id(), records), None).await;
        count += updated.map_err(|e| in_model(model, &written, e))?;
        records = rest;
    }
    Ok(count)
}

/// Whether it is one statement for certain.
pub(super) fn is_single_statement(session: &Session<'_>, model: ModelWalker<'_>, each: &UpdateEach) -> bool {
    each.records.len() <= 1 && !is_emulated(session)
        || goes_together(session, &each.records) && each.records.len() <= chunk(session, model, &each.records)
}

/// Whether one statement may change them all: not where something follows the changes, nor where what names a record changes too.
fn goes_together(session: &Session<'_>, records: &[Each]) -> bool {
    let names = |field: FieldId| records.iter().any(|(unique, _)| unique.key.iter().any(|(key, _)| *key == field));
    !is_emulated(session)
        && records.iter().all(|(unique, changes)| unique.filter.is_none() && !changes.iter().any(|(f, _)| names(*f)))
}

/// How many records go into one statement.
fn chunk(session: &Session<'_>, model: ModelWalker<'_>, records: &[Each]) -> usize {
    let updated_at = model.scalar_fields().filter(|f| crate::generate::on_update(*f, session.now()).is_some()).count();
    let width = |(unique, changes): &Each| unique.key.len() + (changes.len() + updated_at) * (unique.key.len() + 1);
    let widest = records.iter().map(width).max().unwrap_or(1).max(1);
    (session.engine().dialect().max_parameters() / widest).clamp(1, MOST_RECORDS)
}
