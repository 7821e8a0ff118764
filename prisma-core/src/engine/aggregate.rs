//! Aggregates.

use super::{Engine, Session};
use crate::Error;
use crate::driver::{RowVisitor, Statement};
use crate::sql::{self, SqlQuery};
use crate::tree::AggregateQuery;

/// Runs an aggregate: one row, with a column for each thing computed.
pub(crate) async fn aggregate(
    session: &mut Session<'_>,
    mut query: AggregateQuery,
    rows: &mut dyn RowVisitor,
) -> Result<(), Error> {
    let statement = statement(session.engine(), &mut query)?;
    session.query(statement, rows).await
}

/// The statement of an aggregate.
pub(crate) fn statement(engine: &Engine, query: &mut AggregateQuery) -> Result<Statement, Error> {
    let shape = sql::aggregate_shape(engine.dialect(), engine.schema().model(query.model), query);
    engine.statement(shape, |lowering| Ok(SqlQuery::Select(Box::new(lowering.aggregate(query)?))))
}
