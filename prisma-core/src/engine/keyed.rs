//! The read of several unique keys in one statement: who asked for a key gets its record.

use prisma_schema::FieldWalker;
use rustc_hash::FxHashMap;

use super::column::element_type;
use super::group::{encode, values};
use super::joined::Joined;
use super::read::{fetch, level_statement, most_keys, relations};
use super::{Session, group};
use crate::driver::{ElementType, Row, RowVisitor};
use crate::sql::{KeyColumns, Layout, StatementKind};
use crate::tree::{CompareOp, Condition, Filter, Load, Mode, Operand, ReadQuery};
use crate::{Error, Groups, Sink, Value};

/// Reads the records with keys of the fields `key`, none of which is NULL. `asked` may name one several times: each gets a record of its own, or none.
pub(super) async fn read<'s>(
    session: &mut Session<'s>,
    query: ReadQuery,
    key: &[FieldWalker<'s>],
    asked: Vec<Vec<Value>>,
    sink: &mut dyn Sink,
) -> Result<Groups, Error> {
    let engine = session.engine();
    let (fetch, _) = fetch(engine, StatementKind::Keyed, &query, Some(asked.len() as u64));
    let ReadQuery { model, arguments, mut selection, .. } = query;
    let model = session.schema().model(model);
    let mut layout = Layout::with_key(model, &selection, fetch.load, None, key)?;
    let columns = layout.key.take().ok_or_else(|| Error::internal("a read of keys without a key"))?;
    let (links, joined) = (std::mem::take(&mut layout.links), layout.joined);

    let is_exact = asked.iter().all(|values| key.iter().zip(values).all(|(field, value)| is_exact(*field, value)));
    let mut rows = Rows {
        joined: match fetch.load {
            Load::Join => Joined::children(model, &selection, joined, sink),
            Load::Query => Vec::new(),
        },
        sink,
        links: links.into_iter().map(group::Keys::new).collect(),
        columns,
        index: FxHashMap::default(),
        askers: Vec::new(),
        only: None,
        records: vec![None; asked.len()],
        taken: 0,
        seen: 0,
    };
    let mut keys = Vec::new();
    for (asker, values) in asked.into_iter().enumerate() {
        let mut bytes = Vec::with_capacity(16 * values.len());
        values.iter().for_each(|value| encode(value, &mut bytes));
        let number = *rows.index.entry(bytes.into()).or_insert_with(|| {
            keys.push(values);
            keys.len() - 1
        });
        rows.askers.resize(keys.len(), Vec::new());
        rows.askers[number].push(asker);
    }

    let mut left: Vec<usize> = (0..keys.len()).collect();
    let mut most = most_keys(engine, key.len());
    while !left.is_empty() {
        let (count, seen) = (left.len(), rows.seen);
        for numbers in left.chunks(most) {
            rows.only = (numbers.len() == 1).then(|| numbers[0]);
            let condition = one_of(key, numbers.iter().map(|&number| keys[number].clone()).collect());
            let (mut arguments, mut selection) = (arguments.clone(), selection.clone());
            arguments.filter = Some(match arguments.filter {
                Some(filter) => condition.and(filter),
                None => condition,
            });
            let statement = level_statement(engine, fetch, model, &layout, &mut arguments, &mut selection, None)?;
            session.query(statement, &mut rows).await?;
        }
        left.retain(|&number| rows.is_missing(number));
        // What the database takes for the same may be written otherwise: "Ada" and "ada", 1.50 and 1.5. It is asked until it knows no more of
        // those that are left, at the end for each of them by itself.
        if is_exact || rows.seen == seen || most == 1 {
            break;
        }
        if left.len() == count {
            most = 1;
        }
    }

    let Rows { sink, joined, links, records, .. } = rows;
    match fetch.load {
        Load::Join => drop(Joined::attach(joined, sink)?),
        Load::Query if selection.relations.is_empty() => {}
        Load::Query => relations(session, model, std::mem::take(&mut selection.relations), links, sink).await?,
    }
    let mut groups = Groups { offsets: vec![0], positions: Vec::with_capacity(records.len()) };
    for record in records {
        groups.positions.extend(record);
        groups.offsets.push(groups.positions.len() as u32);
    }
    Ok(groups)
}

/// The condition that a key is one of these.
fn one_of(key: &[FieldWalker<'_>], keys: Vec<Vec<Value>>) -> Filter {
    let scalar =
        |field: &FieldWalker<'_>, condition| Filter::Scalar { field: field.id(), condition, mode: Mode::Default };
    if let [field] = key {
        return scalar(field, Condition::In { values: keys.into_iter().flatten().collect(), negated: false });
    }
    // A power of two, so that shapes stay few.
    let padded = keys.len().next_power_of_two();
    let mut any: Vec<_> = keys
        .into_iter()
        .map(|values| {
            let equal = |(field, value)| scalar(field, Condition::Compare(CompareOp::Eq, Operand::Value(value)));
            Filter::And(key.iter().zip(values).map(equal).collect())
        })
        .collect();
    if let Some(last) = any.last().cloned() {
        any.resize(padded, last);
    }
    Filter::Or(any)
}

/// Whether the database takes a value of a key for the same only if it is the same.
fn is_exact(field: FieldWalker<'_>, value: &Value) -> bool {
    matches!(
        (element_type(field), value),
        (Some(ElementType::Int | ElementType::BigInt), Value::Int(_) | Value::BigInt(_))
            | (Some(ElementType::Boolean), Value::Boolean(_))
            | (Some(ElementType::Uuid), Value::Uuid(_))
    )
}

/// Sees the records, each as often as it is asked for.
struct Rows<'k, 's> {
    sink: &'k mut dyn Sink,
    joined: Vec<Joined<'s>>,
    links: Vec<group::Keys<'s>>,
    columns: KeyColumns<'s>,
    /// The number of a key by its bytes.
    index: FxHashMap<Box<[u8]>, usize>,
    /// Who asks for each key.
    askers: Vec<Vec<usize>>,
    /// The key that the statement is for, if it is for one alone.
    only: Option<usize>,
    /// For each who asks, the position of the record.
    records: Vec<Option<u32>>,
    taken: u32,
    seen: usize,
}

impl Rows<'_, '_> {
    fn is_missing(&self, key: usize) -> bool {
        self.askers[key].first().is_some_and(|&asker| self.records[asker].is_none())
    }
}

impl RowVisitor for Rows<'_, '_> {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        self.seen += 1;
        let found = || Ok::<_, Error>(values(row, &self.columns)?.and_then(|(key, _)| self.index.get(&key).copied()));
        let number = self.only.map_or_else(found, |number| Ok(Some(number)))?;
        let Some(number) = number.filter(|&number| self.is_missing(number)) else { return Ok(()) };
        for &asker in &self.askers[number] {
            self.sink.row(row)?;
            self.links.iter_mut().try_for_each(|keys| keys.push(row))?;
            self.joined.iter_mut().try_for_each(|joined| joined.push(row))?;
            self.records[asker] = Some(self.taken);
            self.taken += 1;
        }
        Ok(())
    }
}
