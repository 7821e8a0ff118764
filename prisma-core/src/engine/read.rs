//! Reads, one level of the selection after the other.

use super::Session;
use crate::driver::{Row, Statement};
use crate::sql::{self, Layout, Select, SqlQuery, StatementKind};
use crate::tree::{Arguments, ModelId, ReadQuery, Selection};
use crate::{Error, Sink};

use super::Engine;

/// Runs a read: its records go to `sink`.
pub(crate) async fn read(session: &mut Session<'_>, query: ReadQuery, sink: &mut dyn Sink) -> Result<(), Error> {
    let ReadQuery { model, mut arguments, mut selection } = query;
    let reversed = sql::comes_reversed(&arguments, None);
    let statement = statement(session.engine(), model, &mut arguments, &mut selection)?;
    session.query(statement, &mut |row: &dyn Row| sink.row(row)).await?;
    if reversed {
        sink.reverse();
    }
    Ok(())
}

/// The statement of the first level of a read.
pub(crate) fn statement(
    engine: &Engine,
    model: ModelId,
    arguments: &mut Arguments,
    selection: &mut Selection,
) -> Result<Statement, Error> {
    let model = engine.schema().model(model);
    let shape = sql::read_shape(engine.dialect(), StatementKind::Read, model, arguments, selection, None);
    engine.statement(shape, |lowering| {
        let layout = Layout::new(model, selection, None)?;
        let read = Select { model, arguments, selection, parents: None };
        Ok(SqlQuery::Select(Box::new(lowering.select(read, &layout, false)?)))
    })
}
