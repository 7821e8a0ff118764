//! What a write answers: the columns of its own statement where they suffice, else a read of the records.

use std::future::{Ready, ready};

use futures_util::future::Either;
use prisma_schema::{FieldId, ModelWalker};

use super::record::{Record, identifier, these};
use super::statement::Answer;
use crate::driver::BoxFuture;
use crate::engine::{Session, read};
use crate::sql::selected_fields;
use crate::tree::{
    Arguments, Direction, NestedWrite, Order, OrderTarget, ReadOptions, ReadQuery, Selection, WriteRelation,
};
use crate::{Error, Sink};

/// Whether nothing but columns is asked for.
pub(super) fn is_plain(selection: &Selection) -> bool {
    selection.relations.is_empty() && selection.aggregates.is_empty()
}

/// Where the answer of a write comes from.
pub(super) enum Reply<'a> {
    /// Nobody asks, or the statement's own rows have gone to the sink.
    Done,
    /// A read, when all is written.
    Read(Selection, &'a mut dyn Sink),
}

/// Chooses where the answer comes from; `settled`: what is written after the record itself leaves its columns as they are.
pub(super) fn choose<'m, 'k>(
    model: ModelWalker<'m>,
    selection: Selection,
    sink: Option<&'k mut dyn Sink>,
    settled: bool,
) -> Result<(Answer<'m, 'k>, Reply<'k>), Error> {
    let Some(sink) = sink else { return Ok((Answer::of(model, Vec::new()), Reply::Done)) };
    let columns = selected_fields(model, &selection);
    if settled && is_plain(&selection) && !columns.is_empty() {
        return Ok((Answer::into_sink(model, columns, sink), Reply::Done));
    }
    Ok((Answer::of(model, identifier(model)?), Reply::Read(selection, sink)))
}

/// Whether what is written after a record leaves the record's columns as they are: only new or newly connected records, which
/// are of another model and write no relations of their own.
pub(super) fn is_settled(model: ModelWalker<'_>, relations: &[WriteRelation]) -> bool {
    relations.iter().all(|relation| {
        let field = model.field(relation.field);
        super::parents::holds_key(field)
            && matches!(
                relation.write,
                NestedWrite::Create(_)
                    | NestedWrite::Connect(_)
                    | NestedWrite::ConnectOrCreate(_)
                    | NestedWrite::DisconnectOne(None)
            )
            || field.related_model().is_some_and(|m| m.id() != model.id())
                && match &relation.write {
                    NestedWrite::Create(creates) => creates.iter().all(|c| c.relations.is_empty()),
                    NestedWrite::CreateMany(_) | NestedWrite::Connect(_) => true,
                    NestedWrite::ConnectOrCreate(items) => items.iter().all(|i| i.create.relations.is_empty()),
                    _ => false,
                }
    })
}

/// Reads the records that were written, in the order of their identifiers, if that is how they are answered.
pub(super) fn read_back<'a, 's: 'a, 'k: 'a>(
    session: &'a mut Session<'s>,
    model: ModelWalker<'s>,
    records: impl IntoIterator<Item = Record>,
    reply: Reply<'k>,
) -> BackFuture<'a> {
    match reply {
        Reply::Done => Either::Left(ready(Ok(()))),
        Reply::Read(selection, sink) => {
            let records = records.into_iter().collect();
            Either::Right(Box::pin(read_written(session, model, records, selection, sink)))
        }
    }
}

/// Done, most often.
type BackFuture<'a> = Either<Ready<Result<(), Error>>, BoxFuture<'a, Result<(), Error>>>;

async fn read_written(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    records: Vec<Record>,
    selection: Selection,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    if records.is_empty() {
        return Ok(());
    }
    let key = identifier(model)?;
    let mut order = Vec::new();
    if records.len() > 1 {
        let by = |&field: &FieldId| Order {
            path: Vec::new(),
            target: OrderTarget::Scalar(field),
            direction: Direction::Asc,
            nulls: None,
        };
        order = key.iter().map(by).collect();
    }
    let arguments = Arguments { filter: Some(these(&key, &records)?), order, ..Arguments::default() };
    let mut query = ReadQuery { model: model.id(), arguments, selection, options: ReadOptions::default() };
    read::read(session, &mut query, sink).await.map(drop)
}
