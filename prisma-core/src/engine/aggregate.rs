//! Aggregates and groups.

use super::{Engine, Session};
use crate::Error;
use crate::driver::{RowVisitor, Statement};
use crate::sql::{self, SqlQuery};
use crate::tree::{AggregateQuery, GroupQuery};

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

/// Runs a query for groups: a row for each, with the columns that they are grouped by, then one for each thing computed. If `take` is
/// negative, they come in the opposite of the order asked for.
pub(crate) async fn group(
    session: &mut Session<'_>,
    mut query: GroupQuery,
    rows: &mut dyn RowVisitor,
) -> Result<(), Error> {
    let statement = group_statement(session.engine(), &mut query)?;
    session.query(statement, rows).await
}

/// The statement of a query for groups.
pub(crate) fn group_statement(engine: &Engine, query: &mut GroupQuery) -> Result<Statement, Error> {
    let shape = sql::group_shape(engine.dialect(), query);
    engine.statement(shape, |lowering| Ok(SqlQuery::Select(Box::new(lowering.group(query)?))))
}
