//! Which writes are one statement, so that they need no transaction of their own.

use prisma_schema::ModelWalker;

use super::each;
use super::parents::{frees_other, is_left_to_constraint};
use super::referential::is_emulated;
use super::reply::is_plain;
use super::statement::rows_per_insert;
use super::upsert::is_native;
use crate::engine::Session;
use crate::tree::{CreateMany, NestedWrite, WriteQuery, WriteRelation};

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
        WriteQuery::CreateMany(model, many) => fits(session, schema.model(*model), many),
        WriteQuery::CreateManyAndReturn(model, many, selection) => {
            answers && is_plain(selection) && fits(session, schema.model(*model), many)
        }
    }
}

/// Whether the records go into one INSERT.
fn fits(session: &Session<'_>, model: ModelWalker<'_>, many: &CreateMany) -> bool {
    let same_columns = many.records.windows(2).all(|pair| pair[0].iter().map(|v| v.0).eq(pair[1].iter().map(|v| v.0)));
    // Where what was passed over is only known afterwards, an error may come when rows are there already.
    (!many.skip_duplicates || session.engine().dialect().skips_duplicates_alone())
        && (many.records.len() <= 1
            || same_columns
                && many.records.first().is_some_and(|r| !r.is_empty())
                && many.records.len() <= rows_per_insert(session, model))
}
