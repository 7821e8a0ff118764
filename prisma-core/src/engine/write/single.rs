//! Which writes are one statement, so that they need no transaction of their own.

use prisma_schema::{FieldId, ModelWalker};

use super::each;
use super::parents::{frees_other, is_left_to_constraint};
use super::referential::is_emulated;
use super::reply::is_plain;
use super::rows;
use super::statement::rows_per_insert;
use super::upsert::is_native;
use super::upsert_many;
use crate::Value;
use crate::engine::Session;
use crate::tree::{CreateMany, NestedWrite, UpsertMany, WriteQuery, WriteRelation};

/// Whether the write is one statement for certain.
pub(super) fn is_single_statement(session: &Session<'_>, query: &WriteQuery) -> bool {
    let schema = session.schema();
    let answers = session.engine().dialect().has_returning();
    let with_key = |model: ModelWalker<'_>, relations: &[WriteRelation]| {
        relations.iter().all(|relation| {
            let field = model.field(relation.field);
            match &relation.write {
                NestedWrite::Connect(uniques) => {
                    !frees_other(field) && matches!(&uniques[..], [u] if is_left_to_constraint(session, field, u))
                }
                NestedWrite::DisconnectOne(None) => super::parents::holds_key(field),
                _ => false,
            }
        })
    };
    match query {
        WriteQuery::Create(model, create, selection) => {
            answers && is_plain(selection) && with_key(schema.model(*model), &create.relations)
        }
        WriteQuery::Update(model, update, selection) => {
            answers
                && !is_emulated(session)
                && is_plain(selection)
                && with_key(schema.model(*model), &update.write.relations)
        }
        WriteQuery::Upsert(model, upsert, selection) => {
            answers && is_native(session, schema.model(*model), upsert, selection)
        }
        WriteQuery::Delete(_, _, selection) => answers && !is_emulated(session) && is_plain(selection),
        WriteQuery::UpdateMany(..) | WriteQuery::DeleteMany(..) => !is_emulated(session),
        WriteQuery::UpdateEach(model, each) => each::is_single_statement(session, schema.model(*model), each),
        WriteQuery::UpdateManyAndReturn(_, _, selection) => answers && !is_emulated(session) && is_plain(selection),
        WriteQuery::UpsertMany(model, many) => upserts_together(session, schema.model(*model), many),
        WriteQuery::UpsertManyAndReturn(model, many, selection) => {
            answers && is_plain(selection) && upserts_together(session, schema.model(*model), many)
        }
        WriteQuery::CreateMany(model, many) => fits(session, schema.model(*model), many),
        WriteQuery::CreateManyAndReturn(model, many, selection) => {
            answers && is_plain(selection) && fits(session, schema.model(*model), many)
        }
    }
}

/// Whether the records go into one INSERT.
fn fits(session: &Session<'_>, model: ModelWalker<'_>, many: &CreateMany) -> bool {
    // Where what was passed over is only known afterwards, an error may come when rows are there already.
    (!many.skip_duplicates || session.engine().dialect().skips_duplicates_alone())
        && are_together(session, model, &many.records, &[], 0)
}

/// Whether the records go into one INSERT that changes those that are there.
fn upserts_together(session: &Session<'_>, model: ModelWalker<'_>, many: &UpsertMany) -> bool {
    let excluded = many.update.as_ref().map_or(&[][..], |changes| &changes.excluded);
    are_together(session, model, &many.records, excluded, model.scalar_fields().count())
        && upsert_many::is_native(session, model, many).unwrap_or(false)
}

/// Whether records set the same columns, and are no more than one INSERT takes, if each has these columns too, and the statement so many parameters beside
/// them.
fn are_together(
    session: &Session<'_>,
    model: ModelWalker<'_>,
    records: &[Vec<(FieldId, Value)>],
    more: &[FieldId],
    beside: usize,
) -> bool {
    let [first, _, ..] = records else { return true };
    let same_columns = records.windows(2).all(|pair| pair[0].iter().map(|v| v.0).eq(pair[1].iter().map(|v| v.0)));
    let columns = || rows::columns(model, first, session.now()).chain(more.iter().copied());
    same_columns && !first.is_empty() && records.len() <= rows_per_insert(session, model, columns(), beside)
}
