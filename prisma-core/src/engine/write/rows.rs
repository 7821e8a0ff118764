//! Rows to insert: values given, completed by those that the client makes.

use prisma_schema::{Arity, FieldId, FieldWalker, ModelWalker};

use super::failure::invalid;
use crate::engine::Now;
use crate::generate;
use crate::{Error, Value};

/// Rows with the same columns.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rows {
    /// The columns, in the order of the schema; none: the database makes them all.
    pub columns: Vec<FieldId>,
    /// How many.
    pub count: usize,
    /// A value for each column of each row, one row after the other.
    pub values: Vec<Value>,
}

impl Rows {
    /// Takes the first rows away: so many, or as many as there are.
    pub(super) fn split_first(&mut self, count: usize) -> (usize, Vec<Value>) {
        let count = count.min(self.count);
        self.count -= count;
        let rest = self.values.split_off(count * self.columns.len());
        (count, std::mem::replace(&mut self.values, rest))
    }
}

/// The values of one record, each column once.
#[derive(Debug, Default)]
pub(super) struct Values {
    values: Vec<(FieldId, Value)>,
    /// How many of them were given for the columns themselves; the others come from relations.
    given: usize,
}

impl Values {
    /// The values that were given for the columns themselves.
    pub(super) fn new(given: Vec<(FieldId, Value)>) -> Self {
        Self { given: given.len(), values: given }
    }

    /// Adds the foreign key that a relation gives.
    ///
    /// # Errors
    /// One of its columns was given too: P2009.
    pub(super) fn add_key(&mut self, relation: FieldWalker<'_>, key: &[(FieldId, Value)]) -> Result<(), Error> {
        for (field, value) in key {
            match self.values.iter().position(|(f, _)| f == field) {
                None => self.values.push((*field, value.clone())),
                // Two relations may share a column, if they agree on it.
                Some(at) if at >= self.given && self.values[at].1 == *value => {}
                Some(_) => return Err(both_given(relation, *field)),
            }
        }
        Ok(())
    }

    /// The values.
    pub(super) fn into_inner(self) -> Vec<(FieldId, Value)> {
        self.values
    }
}

/// The error for a foreign key that is given both by its column and by its relation.
pub(super) fn both_given(relation: FieldWalker<'_>, field: FieldId) -> Error {
    let column = relation.model().field(field).name();
    invalid(
        relation,
        format!("`{column}` is set twice: by itself and through the relation `{}`; write one of them", relation.name()),
    )
}

/// The columns of a row that was given these, once it is completed.
pub(super) fn columns<'s>(
    model: ModelWalker<'s>,
    given: &'s [(FieldId, Value)],
    now: Now<'s>,
) -> impl Iterator<Item = FieldId> + Clone {
    let is_given = |field: FieldWalker<'_>| given.iter().any(|(id, _)| *id == field.id());
    model
        .scalar_fields()
        .filter(move |&f| is_given(f) || !matches!(generate::on_create(f, now), Ok(None)))
        .map(FieldWalker::id)
}

/// One row, completed.
pub(super) fn single(model: ModelWalker<'_>, mut values: Vec<(FieldId, Value)>, now: Now<'_>) -> Result<Rows, Error> {
    let (plan, columns) = Plan::new(model, &values, &[], now)?;
    let mut rows = Rows { values: Vec::with_capacity(columns.len()), columns, count: 0 };
    plan.add(&mut values, now, &mut rows)?;
    Ok(rows)
}

/// Rows, completed and put together by their columns: where some lack an optional column that others have, it is NULL, as
/// it would be without them; only columns that the database fills make groups of their own.
pub(super) fn group(
    model: ModelWalker<'_>,
    mut records: Vec<Vec<(FieldId, Value)>>,
    now: Now<'_>,
) -> Result<Vec<Rows>, Error> {
    let nullable = nullable(model, &records);
    let mut plans: Vec<Plan<'_>> = Vec::new();
    let mut groups: Vec<Rows> = Vec::new();
    let mut left = records.len();
    for record in &mut records {
        // Most often it is like the one before.
        let at = match plans.iter().rposition(|plan| plan.is_for(record)) {
            Some(at) => at,
            None => {
                let (mut plan, columns) = Plan::new(model, record, &nullable, now)?;
                plan.group = groups.iter().position(|rows| rows.columns == columns).unwrap_or(groups.len());
                if plan.group == groups.len() {
                    groups.push(Rows { values: Vec::with_capacity(columns.len() * left), columns, count: 0 });
                }
                plans.push(plan);
                plans.len() - 1
            }
        };
        plans[at].add(record, now, &mut groups[plans[at].group])?;
        left -= 1;
    }
    Ok(groups)
}

/// The columns that some record gives a value for, and that are NULL in those that give none.
fn nullable(model: ModelWalker<'_>, records: &[Vec<(FieldId, Value)>]) -> Vec<FieldId> {
    let mut nullable: Vec<FieldId> = Vec::new();
    let mut before: &[(FieldId, Value)] = &[];
    for record in records {
        if !given(record).eq(given(before)) {
            for field in given(record) {
                let walker = model.field(field);
                let is_nullable =
                    walker.arity() == Arity::Optional && walker.scalar().is_some_and(|s| s.default.is_none());
                if is_nullable && !nullable.contains(&field) {
                    nullable.push(field);
                }
            }
            before = record;
        }
    }
    nullable
}

fn given(record: &[(FieldId, Value)]) -> impl Iterator<Item = FieldId> {
    record.iter().map(|(field, _)| *field)
}

/// How records that give values for the same fields, in the same order, become rows.
struct Plan<'s> {
    given: Vec<FieldId>,
    /// Where the value of each column comes from.
    sources: Vec<Source<'s>>,
    /// The number of the group that the rows go to.
    group: usize,
}

#[derive(Clone, Copy)]
enum Source<'s> {
    /// It is the value at this place of the record.
    Given(usize),
    /// The client makes it.
    Made(FieldWalker<'s>),
    Null,
}

impl<'s> Plan<'s> {
    /// The plan for records like this one, and the columns of their rows, in the order of the schema.
    fn new(
        model: ModelWalker<'s>,
        record: &[(FieldId, Value)],
        nullable: &[FieldId],
        now: Now<'_>,
    ) -> Result<(Self, Vec<FieldId>), Error> {
        let most = model.data().fields.len();
        let (mut sources, mut columns) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let mut used = 0;
        for field in model.scalar_fields() {
            let mut places = (0..record.len()).filter(|&place| record[place].0 == field.id());
            let source = match places.next() {
                Some(place) => {
                    if places.next().is_some() {
                        return Err(invalid(field, "it is set twice"));
                    }
                    used += 1;
                    Source::Given(place)
                }
                None if generate::on_create(field, now)?.is_some() => Source::Made(field),
                None if nullable.contains(&field.id()) => Source::Null,
                None => continue,
            };
            sources.push(source);
            columns.push(field.id());
        }
        if used < record.len() {
            return Err(Error::internal(format!(
                "a value is given for a field of `{}` that is no column",
                model.name()
            )));
        }
        Ok((Self { given: given(record).collect(), sources, group: 0 }, columns))
    }

    fn is_for(&self, record: &[(FieldId, Value)]) -> bool {
        given(record).eq(self.given.iter().copied())
    }

    /// Moves the values of a record into a row.
    fn add(&self, record: &mut [(FieldId, Value)], now: Now<'_>, rows: &mut Rows) -> Result<(), Error> {
        for source in &self.sources {
            rows.values.push(match *source {
                Source::Given(place) => std::mem::take(&mut record[place].1),
                Source::Made(field) => generate::on_create(field, now)?.unwrap_or_default(),
                Source::Null => Value::Null,
            });
        }
        rows.count += 1;
        Ok(())
    }
}
