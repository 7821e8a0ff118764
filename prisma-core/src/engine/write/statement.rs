//! The statements of a write, run on a session.

use std::future::ready;

use futures_util::future::Either;
use prisma_schema::{FieldId, FieldWalker, Link, ModelWalker};

use super::failure::in_model;
use super::record::{self, Record};
use super::rows::Rows;
use super::{referential, returning};
use crate::driver::{BoxFuture, Row, RowVisitor, Statement};
use crate::engine::Session;
use crate::sql::write::{Conflict, Delete, Find, Insert, Join, JoinColumns, Lower, Unjoin, Update};
use crate::sql::{JoinTable, MOST_VALUES};
use crate::tree::{Filter, ScalarChange};
use crate::{Error, Sink, Value};

/// What the rows of a statement answer: columns for the sink first, then those that the write itself needs.
pub(super) struct Answer<'m, 'k> {
    model: ModelWalker<'m>,
    sink: Option<&'k mut dyn Sink>,
    /// The columns that are asked for; the sink's are the first `offset`.
    columns: Vec<FieldId>,
    offset: usize,
    /// What the write needs of each row.
    pub(super) records: Vec<Record>,
    /// How many rows came.
    pub(super) count: u64,
}

impl<'m, 'k> Answer<'m, 'k> {
    /// Columns that the write needs.
    pub(super) fn of(model: ModelWalker<'m>, columns: Vec<FieldId>) -> Self {
        Self { model, sink: None, columns, offset: 0, records: Vec::new(), count: 0 }
    }

    /// Columns that go to a sink.
    pub(super) fn into_sink(model: ModelWalker<'m>, columns: Vec<FieldId>, sink: &'k mut dyn Sink) -> Self {
        let offset = columns.len();
        Self { model, sink: Some(sink), columns, offset, records: Vec::new(), count: 0 }
    }

    /// Whether any column is asked for.
    pub(super) fn asks(&self) -> bool {
        !self.columns.is_empty()
    }

    /// All columns that are asked for.
    pub(super) fn columns(&self) -> Vec<FieldId> {
        self.columns.clone()
    }

    /// Takes records that are known already, if the write alone asks and they lack nothing; whether it did.
    pub(super) fn take_known(&mut self, records: &[Record]) -> bool {
        let known = |record: &Record| record.only(&self.columns).ok();
        let Some(records) = records.iter().map(known).collect::<Option<Vec<_>>>().filter(|_| self.sink.is_none())
        else {
            return false;
        };
        self.count += records.len() as u64;
        self.records.extend(records);
        true
    }

    /// Asks for more columns for the write itself.
    pub(super) fn need(&mut self, fields: impl IntoIterator<Item = FieldId>) {
        for field in fields {
            if !self.columns[self.offset..].contains(&field) {
                self.columns.push(field);
            }
        }
    }
}

impl RowVisitor for Answer<'_, '_> {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        self.count += 1;
        if let Some(sink) = &mut self.sink {
            sink.row(row)?;
        }
        let mut values = Vec::with_capacity(self.columns.len() - self.offset);
        for (column, &field) in self.columns.iter().enumerate().skip(self.offset) {
            values.push((field, crate::engine::column::read(row, column, self.model.field(field))?));
        }
        if !values.is_empty() {
            self.records.push(Record::new(values));
        }
        Ok(())
    }
}

/// Inserts rows, in as many statements as their parameters need. Answers how many were inserted, if nothing else is
/// asked.
pub(super) async fn insert(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    mut rows: Rows,
    skip_duplicates: bool,
    answer: &mut Answer<'_, '_>,
) -> Result<u64, Error> {
    let as_arrays = rows.count > 1 && goes_in_arrays(session, model, rows.columns.iter().copied());
    let chunk = rows_per_insert(session, model, rows.columns.iter().copied(), 0);
    let mut inserted = 0;
    while rows.count > 0 {
        let (count, values) = rows.split_first(chunk);
        let columns = &rows.columns[..];
        let done = if asks_afterwards(session, answer) {
            Box::pin(returning::insert(session, model, columns, count, values, skip_duplicates, answer)).await
        } else {
            let conflict = if skip_duplicates { Conflict::Skip } else { Conflict::Fail };
            let returning = &answer.columns;
            let mut insert = Insert { model: model.id(), columns, count, values, as_arrays, conflict, returning };
            let statement = lowered(session, &mut insert);
            run_lowered(session, statement, Some(answer)).await
        };
        inserted += done.map_err(|e| in_model(model, columns, e))?;
    }
    Ok(inserted)
}

/// How many rows go into one statement whose length does not depend on it: so many that the next statement costs nothing, and few enough that
/// a statement is not all there is in memory.
const MOST_ROWS: usize = 32_768;

/// Whether many rows with values for these fields can be bound as an array for each field.
fn goes_in_arrays(session: &Session<'_>, model: ModelWalker<'_>, mut fields: impl Iterator<Item = FieldId>) -> bool {
    let dialect = session.engine().dialect();
    fields.all(|field| dialect.array_type(model.field(field)).is_some())
}

/// How many rows with values for these columns go into one INSERT, with so many parameters beside them; of rows that the database makes
/// alone, one.
pub(super) fn rows_per_insert(
    session: &Session<'_>,
    model: ModelWalker<'_>,
    columns: impl Iterator<Item = FieldId> + Clone,
    beside: usize,
) -> usize {
    match columns.clone().count() {
        0 => 1,
        _ if goes_in_arrays(session, model, columns) => MOST_ROWS,
        count => rows_in_values(session, count, beside),
    }
}

/// How many rows of so many columns go into one statement.
pub(super) fn rows_per_statement(session: &Session<'_>, columns: usize) -> usize {
    match columns {
        0 => 1,
        n => (session.engine().dialect().max_parameters() / n).max(1),
    }
}

/// Inserts rows, or changes those that have the same values in the conflict's key; in as many statements as their parameters need.
pub(super) async fn insert_or_update(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    mut rows: Rows,
    conflict: Conflict,
    answer: &mut Answer<'_, '_>,
) -> Result<(), Error> {
    let (asks, returning) = (asks_afterwards(session, answer), answer.columns());
    let changes = match &conflict {
        Conflict::Update { changes, .. } => changes.scalars.len(),
        Conflict::Fail | Conflict::Skip => 0,
    };
    let as_arrays = rows.count > 1 && goes_in_arrays(session, model, rows.columns.iter().copied());
    let chunk = rows_per_insert(session, model, rows.columns.iter().copied(), changes);
    while rows.count > 0 {
        let (count, values) = rows.split_first(chunk);
        let (columns, conflict, returning) = (&rows.columns[..], conflict.clone(), &returning[..]);
        let written = if asks {
            Box::pin(returning::insert_or_update(session, model, columns, count, values, conflict, answer)).await
        } else {
            let mut insert = Insert { model: model.id(), columns, count, values, as_arrays, conflict, returning };
            run(session, &mut insert, Some(answer)).await
        };
        written.map_err(|e| in_model(model, columns, e))?;
    }
    Ok(())
}

/// How many rows of so many columns go into one INSERT as rows of parameters, with so many parameters beside them: no more than may stay
/// prepared, so that many rows are the same statement many times.
fn rows_in_values(session: &Session<'_>, columns: usize, beside: usize) -> usize {
    let parameters = session.engine().dialect().max_parameters().min(MOST_VALUES).saturating_sub(beside);
    (parameters / columns).max(1)
}

/// Changes the records that meet a filter; answers how many. What points to them follows.
pub(super) fn update<'a, 's: 'a>(
    session: &'a mut Session<'_>,
    model: ModelWalker<'s>,
    filter: Option<Filter>,
    changes: Vec<(FieldId, ScalarChange)>,
    limit: Option<u64>,
    answer: Option<&'a mut Answer<'_, '_>>,
) -> impl Future<Output = Result<u64, Error>> + Send {
    let moves_key = match referential::is_emulated(session) {
        true => referential::moves_key(model, changes.iter().map(|(f, _)| *f)),
        false => Ok(false),
    };
    match moves_key {
        Ok(false) => Either::Left(update_rows(session, model, filter, changes, limit, answer)),
        Ok(true) => Either::Right(
            Box::pin(referential::update(session, model, filter, changes, limit, answer)) as BoxFuture<'_, _>
        ),
        Err(error) => Either::Right(Box::pin(ready(Err(error))) as BoxFuture<'_, _>),
    }
}

/// The same within a recursion.
pub(super) fn update_boxed<'a, 's: 'a>(
    session: &'a mut Session<'_>,
    model: ModelWalker<'s>,
    filter: Option<Filter>,
    changes: Vec<(FieldId, ScalarChange)>,
) -> BoxFuture<'a, Result<u64, Error>> {
    Box::pin(update(session, model, filter, changes, None, None))
}

/// Changes the rows that meet a filter, and no others.
pub(super) fn update_rows<'a, 's: 'a>(
    session: &'a mut Session<'_>,
    model: ModelWalker<'s>,
    filter: Option<Filter>,
    changes: Vec<(FieldId, ScalarChange)>,
    limit: Option<u64>,
    answer: Option<&'a mut Answer<'_, '_>>,
) -> impl Future<Output = Result<u64, Error>> + Send {
    let written: Vec<FieldId> = changes.iter().map(|(f, _)| *f).collect();
    let updated = match answer {
        Some(answer) if asks_afterwards(session, answer) => {
            let updated = returning::update(session, model, filter, changes, limit, answer);
            Either::Right(Box::pin(updated) as BoxFuture<'_, _>)
        }
        answer => {
            let returning = answer.as_ref().map_or(&[][..], |a| &a.columns);
            let mut update = Update { model: model.id(), changes, filter, limit, returning };
            let statement = lowered(session, &mut update);
            Either::Left(run_lowered(session, statement, answer))
        }
    };
    async move { updated.await.map_err(|e| in_model(model, &written, e)) }
}

/// Deletes the records that meet a filter; answers how many. What points to them goes along, is freed, or stands against it.
pub(super) async fn delete(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    filter: Option<Filter>,
    limit: Option<u64>,
    answer: Option<&mut Answer<'_, '_>>,
) -> Result<u64, Error> {
    if referential::is_emulated(session) {
        return Box::pin(referential::delete(session, model, filter, limit, answer)).await;
    }
    delete_rows(session, model, filter, limit, answer).await
}

/// Deletes the rows that meet a filter, and no others.
pub(super) async fn delete_rows(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    filter: Option<Filter>,
    limit: Option<u64>,
    answer: Option<&mut Answer<'_, '_>>,
) -> Result<u64, Error> {
    let deleted = match answer {
        Some(answer) if asks_afterwards(session, answer) => {
            Box::pin(returning::delete(session, model, filter, limit, answer)).await
        }
        answer => {
            let returning = answer.as_ref().map_or_else(Vec::new, |a| a.columns());
            run(session, &mut Delete { model: model.id(), filter, limit, returning: &returning }, answer).await
        }
    };
    deleted.map_err(|e| in_model(model, &[], e))
}

/// Reads columns of the records that meet a filter.
pub(super) async fn find(
    session: &mut Session<'_>,
    model: ModelWalker<'_>,
    filter: Filter,
    answer: &mut Answer<'_, '_>,
) -> Result<(), Error> {
    let columns = answer.columns();
    let mut find = Find { model: model.id(), filter: Some(filter), limit: None, columns: &columns, locks: false };
    run(session, &mut find, Some(answer)).await.map(drop)
}

/// The columns of the one record that meets a filter, if there is one.
pub(super) async fn find_one<'s>(
    session: &mut Session<'s>,
    model: ModelWalker<'s>,
    filter: Filter,
    columns: Vec<FieldId>,
) -> Result<Option<Record>, Error> {
    let mut answer = Answer::of(model, columns);
    find(session, model, filter, &mut answer).await?;
    Ok(answer.records.pop())
}

/// Writes pairs of an implicit m-n relation.
pub(super) async fn join(
    session: &mut Session<'_>,
    field: FieldWalker<'_>,
    own: &Value,
    mut others: Vec<Value>,
) -> Result<(), Error> {
    let chunk = rows_per_statement(session, 2);
    while !others.is_empty() {
        let rest = if others.len() > chunk { others.split_off(chunk) } else { Vec::new() };
        let mut join = Join { model: field.model().id(), table: join_columns(field)?, own: own.clone(), others };
        run(session, &mut join, None).await.map_err(|e| in_model(field.model(), &[], e))?;
        others = rest;
    }
    Ok(())
}

/// Removes pairs of an implicit m-n relation: those with `others`, or (`but`) all but those.
pub(super) async fn unjoin(
    session: &mut Session<'_>,
    field: FieldWalker<'_>,
    own: &Value,
    others: Vec<Value>,
    but: bool,
) -> Result<(), Error> {
    let mut unjoin = Unjoin { model: field.model().id(), table: join_columns(field)?, own: own.clone(), others, but };
    run(session, &mut unjoin, None).await.map(drop)
}

fn join_columns(field: FieldWalker<'_>) -> Result<JoinColumns<'_>, Error> {
    match record::link(field)? {
        Link::Join { schema, table, own_column, other_column } => {
            let table = JoinTable { schema, table };
            Ok(JoinColumns { field: field.id(), table, own: own_column, other: other_column })
        }
        _ => Err(Error::internal("a join table was asked of a relation that has none")),
    }
}

/// Whether what a write answers must be read by other statements.
fn asks_afterwards(session: &Session<'_>, answer: &Answer<'_, '_>) -> bool {
    answer.asks() && !session.engine().dialect().has_returning()
}

/// Runs a statement; with columns to answer, the rows count, else what the database says that it changed.
pub(super) fn run<'a, 's, 'm, 'k>(
    session: &'a mut Session<'s>,
    statement: &mut dyn Lower,
    answer: Option<&'a mut Answer<'m, 'k>>,
) -> impl Future<Output = Result<u64, Error>> + Send + use<'a, 's, 'm, 'k> {
    let statement = lowered(session, statement);
    run_lowered(session, statement, answer)
}

fn lowered(session: &Session<'_>, statement: &mut dyn Lower) -> Result<Statement, Error> {
    let shape = statement.shape(session.engine().dialect());
    session.engine().statement(shape, |lowering| statement.lower(lowering))
}

#[allow(clippy::manual_async_fn, reason = "a function would keep its arguments twice")]
fn run_lowered<'a, 's, 'm, 'k>(
    session: &'a mut Session<'s>,
    statement: Result<Statement, Error>,
    answer: Option<&'a mut Answer<'m, 'k>>,
) -> impl Future<Output = Result<u64, Error>> + Send + use<'a, 's, 'm, 'k> {
    async move {
        match answer {
            Some(answer) if answer.asks() => {
                let before = answer.count;
                session.query(statement?, answer).await?;
                Ok(answer.count - before)
            }
            _ => session.execute(statement?).await,
        }
    }
}
