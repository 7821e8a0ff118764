//! Writes of many records without relations.

use prisma_schema::ModelWalker;

use super::create::create_many;
use super::reply::{Reply, choose, read_back};
use super::statement::{self, Answer};
use super::update::with_updated_at;
use crate::engine::Session;
use crate::tree::{CreateMany, Selection, UpdateMany};
use crate::{Error, Sink};

/// What is asked of the records that are written, and where they go.
pub(super) type Asked<'k> = Option<(Selection, &'k mut dyn Sink)>;

/// Creates records; answers how many.
pub(super) async fn create<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    many: CreateMany,
    asked: Asked<'_>,
) -> Result<u64, Error> {
    let (mut answer, reply) = answer(model, asked)?;
    let count = create_many(session, model, many, None, &mut answer).await?;
    read_back(session, model, answer.records, reply).await?;
    Ok(count)
}

/// Changes the records that meet a filter; answers how many. Where nothing changes, none is, as in Prisma.
pub(super) async fn update<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    many: UpdateMany,
    asked: Asked<'_>,
) -> Result<u64, Error> {
    let UpdateMany { filter, scalars, limit } = many;
    let (mut answer, reply) = answer(model, asked)?;
    if scalars.is_empty() {
        return Ok(0);
    }
    let changes = with_updated_at(model, scalars, session.now());
    let count = statement::update(session, model, filter, changes, limit, Some(&mut answer)).await?;
    read_back(session, model, answer.records, reply).await?;
    Ok(count)
}

/// Where the answer of a write comes from, if anybody asks.
pub(super) fn answer<'m, 'k>(model: ModelWalker<'m>, asked: Asked<'k>) -> Result<(Answer<'m, 'k>, Reply<'k>), Error> {
    match asked {
        Some((selection, sink)) => choose(model, selection, Some(sink), true),
        None => choose(model, Selection::default(), None, true),
    }
}
