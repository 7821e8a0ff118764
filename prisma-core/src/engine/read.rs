//! Reads, one level of the selection after the other: the records of the top, then for each relation the related records
//! of all of them in one statement.

use prisma_schema::{FieldWalker, ModelWalker};

use super::group::Keys;
use super::joined::Joined;
use super::strategy::{self, Choice};
use super::{Engine, Session, column};
use crate::driver::{BoxFuture, Row, RowVisitor, Statement};
use crate::sql::{self, Fetch, KeyColumns, Layout, Parents, Select, SqlQuery, StatementKind};
use crate::tree::{Arguments, FieldId, Load, ReadQuery, RelationSelection, Selection, Unique};
use crate::{Error, Groups, Sink, Value};

/// Runs a read, which is used up: its records go to `sink`.
pub(crate) fn read<'f, 's: 'f>(
    session: &'f mut Session<'s>,
    query: &'f mut ReadQuery,
    sink: &'f mut dyn Sink,
) -> impl Future<Output = Result<Ends, Error>> + Send + 'f {
    read_level(session, query, StatementKind::Read, &[], usize::MAX, sink)
}

/// The same for one page of many: answers the key of the last record, if there was one.
pub(crate) async fn read_page(
    session: &mut Session<'_>,
    query: &mut ReadQuery,
    sink: &mut dyn Sink,
) -> Result<Option<Unique>, Error> {
    let identifier = session.schema().model(query.model).identifier();
    let key: Vec<_> = identifier.into_iter().flat_map(|key| key.fields()).collect();
    let ends = read_level(session, query, StatementKind::Page, &key, usize::MAX, sink).await?;
    Ok(ends.last.map(|key| Unique { key, filter: None }))
}

/// Where some records that were read begin and end.
#[derive(Default)]
pub(crate) struct Ends {
    /// The key of the first record.
    pub(super) first: Option<Vec<(FieldId, Value)>>,
    /// The key of the last record.
    pub(super) last: Option<Vec<(FieldId, Value)>>,
    /// Whether the statement has given more records than were wanted.
    pub(super) more: bool,
}

/// Runs a read, which is used up: `most` of its records go to `sink`. Answers the values of `key` at both ends.
#[allow(clippy::manual_async_fn, reason = "a function would keep its arguments twice")]
pub(super) fn read_level<'f, 's: 'f>(
    session: &'f mut Session<'s>,
    query: &'f mut ReadQuery,
    kind: StatementKind,
    key: &'f [FieldWalker<'s>],
    most: usize,
    sink: &'f mut dyn Sink,
) -> impl Future<Output = Result<Ends, Error>> + Send + 'f {
    async move {
        let (statement, mut rows) = first_level(session.engine(), query, kind, key, most, sink)?;
        session.query(statement, &mut rows).await?;
        rows.settle();
        if !rows.joined.is_empty() {
            session.related += Joined::attach(std::mem::take(&mut rows.joined), rows.sink)?;
        }
        if !rows.keys.is_empty() {
            let (keys, included) = (std::mem::take(&mut rows.keys), std::mem::take(&mut query.selection.relations));
            relations(session, session.schema().model(query.model), included, keys, rows.sink).await?;
        }
        if let Some(shape) = rows.asks.take() {
            session.engine().sizes().note(shape, session.related);
        }
        Ok(std::mem::take(&mut rows.ends))
    }
}

/// The statement of the first level, which uses up the arguments, and who sees its rows. By itself, so that what is needed for it alone does
/// not stay in the future.
fn first_level<'k, 's>(
    engine: &'s Engine,
    query: &mut ReadQuery,
    kind: StatementKind,
    key: &[FieldWalker<'s>],
    most: usize,
    sink: &'k mut dyn Sink,
) -> Result<(Statement, Rows<'k, 's>), Error> {
    let (fetch, asks) = fetch(engine, kind, query, None);
    let ReadQuery { model, arguments, selection, .. } = query;
    let model = engine.schema().model(*model);
    let layout = Layout::with_key(model, selection, fetch.load, None, key)?;
    let reversed = sql::comes_reversed(model, arguments, None);
    let statement = level_statement(engine, fetch, model, &layout, arguments, selection, None)?;
    let joined = match fetch.load {
        Load::Join => Joined::children(model, selection, layout.joined, sink),
        Load::Query => Vec::new(),
    };
    let keys = layout.links.into_iter().map(Keys::new).collect();
    let ends = Ends::default();
    Ok((statement, Rows { sink, joined, keys, key: layout.key, reversed, left: most, ends, asks }))
}

/// Sees the rows of the first level.
struct Rows<'k, 's> {
    sink: &'k mut dyn Sink,
    joined: Vec<Joined<'s>>,
    keys: Vec<Keys<'s>>,
    key: Option<KeyColumns<'s>>,
    /// Whether they come in the opposite of the order asked for.
    reversed: bool,
    /// How many more records are wanted.
    left: usize,
    ends: Ends,
    /// The shape of the query, if how many related records it gives is to be noted.
    asks: Option<Box<[u8]>>,
}

impl Rows<'_, '_> {
    /// Brings what came into the order asked for.
    fn settle(&mut self) {
        if self.reversed {
            self.sink.reverse();
            self.keys.iter_mut().for_each(Keys::reverse);
            self.joined.iter_mut().for_each(Joined::reverse);
            std::mem::swap(&mut self.ends.first, &mut self.ends.last);
        }
    }
}

impl RowVisitor for Rows<'_, '_> {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        let Some(left) = self.left.checked_sub(1) else {
            self.ends.more = true;
            return Ok(());
        };
        self.left = left;
        self.sink.row(row)?;
        self.keys.iter_mut().try_for_each(|keys| keys.push(row))?;
        self.joined.iter_mut().try_for_each(|joined| joined.push(row))?;
        if let Some(KeyColumns(columns)) = &self.key {
            let last = self.ends.last.get_or_insert_default();
            last.clear();
            for &(column, field) in columns {
                last.push((field.id(), column::read(row, column, field)?));
            }
            if self.ends.first.is_none() {
                self.ends.first.clone_from(&self.ends.last);
            }
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.sink.is_full()
    }
}

/// The statement of the first level of a read.
pub(crate) fn first_statement(
    engine: &Engine,
    query: &mut ReadQuery,
    kind: StatementKind,
    key: &[FieldWalker<'_>],
) -> Result<Statement, Error> {
    let model = engine.schema().model(query.model);
    let (fetch, _) = fetch(engine, kind, query, None);
    let layout = Layout::with_key(model, &query.selection, fetch.load, None, key)?;
    level_statement(engine, fetch, model, &layout, &mut query.arguments, &mut query.selection, None)
}

/// How a query is read, and its shape if its size is to be noted.
pub(super) fn fetch(
    engine: &Engine,
    kind: StatementKind,
    query: &ReadQuery,
    records: Option<u64>,
) -> (Fetch, Option<Box<[u8]>>) {
    let Choice { load, asks } = strategy::choose(engine, query, records);
    (Fetch { kind, load, lock: query.options.lock }, asks)
}

pub(super) fn level_statement<'s>(
    engine: &'s Engine,
    fetch: Fetch,
    model: ModelWalker<'s>,
    layout: &Layout<'s>,
    arguments: &mut Arguments,
    selection: &mut Selection,
    parents: Option<(Parents<'s>, Vec<Value>)>,
) -> Result<Statement, Error> {
    let of = parents.as_ref().map(|(parents, _)| *parents);
    let shape = sql::read_shape(engine.dialect(), fetch, model, arguments, selection, parents);
    engine.statement(shape, |lowering| {
        let read = Select { model, arguments, selection, fetch, parents: of };
        Ok(SqlQuery::Select(Box::new(lowering.select(read, layout, false)?)))
    })
}

/// Reads the relations of records that are in `sink`, and theirs in turn.
pub(super) fn relations<'f, 's: 'f>(
    session: &'f mut Session<'s>,
    model: ModelWalker<'s>,
    relations: Vec<RelationSelection>,
    keys: Vec<Keys<'s>>,
    sink: &'f mut dyn Sink,
) -> BoxFuture<'f, Result<(), Error>> {
    Box::pin(async move {
        for (i, (relation, keys)) in relations.into_iter().zip(keys).enumerate() {
            let mut child = sink.child(i);
            let groups = one_relation(session, model, relation, keys, &mut *child).await?;
            sink.attach(i, child, groups)?;
        }
        Ok(())
    })
}

/// Reads the records of one relation into `sink`, and tells whose they are.
async fn one_relation<'s>(
    session: &mut Session<'s>,
    parent: ModelWalker<'s>,
    relation: RelationSelection,
    mut keys: Keys<'s>,
    sink: &mut dyn Sink,
) -> Result<Groups, Error> {
    let RelationSelection { field, mut arguments, mut selection } = relation;
    let field = parent.field(field);
    let model =
        field.related_model().ok_or_else(|| Error::internal(format!("`{}` is not a relation", field.name())))?;
    let mut layout = Layout::new(model, &selection, Some(field))?;
    let parent_key = layout.parent.take().ok_or_else(|| Error::internal("a relation without a key"))?;
    let mut links: Vec<_> = std::mem::take(&mut layout.links).into_iter().map(Keys::new).collect();
    let mut of_child = Vec::new();

    let (count, width) = (keys.len(), keys.width());
    let many = count > 1;
    let mut values = keys.take_values();
    let apart = many && sql::reads_apart(session.engine().dialect(), field, &arguments, &values)?;
    let most = if apart { usize::MAX } else { most_keys(session.engine(), width) };
    let mut left = count;
    while left > 0 {
        let count = left.min(most);
        left -= count;
        let rest = values.split_off(count * width);
        let of = (Parents { field, count, many, apart }, std::mem::replace(&mut values, rest));
        let statement = if left == 0 {
            level_statement(
                session.engine(),
                Fetch::plain(StatementKind::Read),
                model,
                &layout,
                &mut arguments,
                &mut selection,
                Some(of),
            )?
        } else {
            let (mut arguments, mut selection) = (arguments.clone(), selection.clone());
            level_statement(
                session.engine(),
                Fetch::plain(StatementKind::Read),
                model,
                &layout,
                &mut arguments,
                &mut selection,
                Some(of),
            )?
        };
        let mut visit = |row: &dyn Row| {
            let number = keys.find(row, &parent_key)?;
            for _ in 0..keys.uses(number) {
                sink.row(row)?;
                of_child.push(number);
                links.iter_mut().try_for_each(|keys| keys.push(row))?;
            }
            Ok(())
        };
        session.query(statement, &mut visit).await?;
    }
    if sql::comes_reversed(model, &arguments, Some(Parents { field, count, many, apart })) {
        sink.reverse();
        of_child.reverse();
        links.iter_mut().for_each(Keys::reverse);
    }
    session.related += of_child.len() as u64;
    relations(session, model, selection.relations, links, sink).await?;
    Ok(keys.group(&of_child))
}

/// How many keys one statement asks for: half of what it can have, the other half being for the query's own values.
pub(super) fn most_keys(engine: &Engine, width: usize) -> usize {
    let most = (engine.dialect().max_parameters() / 2 / width.max(1)).max(1);
    // A power of two, so that all full statements are of one shape.
    1 << most.ilog2()
}
