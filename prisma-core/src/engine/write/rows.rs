//! Rows to insert: values given, completed by those that the client makes.

use chrono::{DateTime, Utc};
use prisma_schema::{Arity, FieldId, FieldWalker, ModelWalker};
use rustc_hash::FxHashMap;

use super::failure::invalid;
use crate::generate;
use crate::{Error, Value};

/// Rows with the same columns.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rows {
    /// The columns, in the order of the schema; none: the database makes them all.
    pub columns: Vec<FieldId>,
    /// A value for each column of each row.
    pub rows: Vec<Vec<Value>>,
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
    pub(super) fn add_key(&mut self, relation: FieldWalker<'_>, key: Vec<(FieldId, Value)>) -> Result<(), Error> {
        for (field, value) in key {
            match self.values.iter().position(|(f, _)| *f == field) {
                None => self.values.push((field, value)),
                // Two relations may share a column, if they agree on it.
                Some(at) if at >= self.given && self.values[at].1 == value => {}
                Some(_) => return Err(both_given(relation, field)),
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

/// One row, completed.
pub(super) fn single(model: ModelWalker<'_>, values: Vec<(FieldId, Value)>, now: DateTime<Utc>) -> Result<Rows, Error> {
    let row = complete(model, values, now)?;
    let (columns, row) = row.into_iter().unzip();
    Ok(Rows { columns, rows: vec![row] })
}

/// Rows, completed and put together by their columns: where some lack an optional column that others have, it is NULL, as
/// it would be without them; only columns that the database fills make groups of their own.
pub(super) fn group(
    model: ModelWalker<'_>,
    records: Vec<Vec<(FieldId, Value)>>,
    now: DateTime<Utc>,
) -> Result<Vec<Rows>, Error> {
    let mut records = records.into_iter().map(|r| complete(model, r, now)).collect::<Result<Vec<_>, _>>()?;
    let mut union: Vec<FieldId> = Vec::new();
    for record in &records {
        if !record.iter().map(|(f, _)| f).eq(&union) {
            union.extend(record.iter().map(|(f, _)| *f));
            union.sort_unstable();
            union.dedup();
        }
    }
    let nullable: Vec<FieldId> = union
        .into_iter()
        .filter(|&f| {
            let field = model.field(f);
            field.arity() == Arity::Optional && field.scalar().is_some_and(|s| s.default.is_none())
        })
        .collect();
    let mut groups: Vec<Rows> = Vec::new();
    let mut by_columns: FxHashMap<Vec<FieldId>, usize> = FxHashMap::default();
    for record in &mut records {
        let missing: Vec<_> =
            nullable.iter().filter(|f| record.binary_search_by_key(*f, |(f, _)| *f).is_err()).copied().collect();
        if !missing.is_empty() {
            record.extend(missing.into_iter().map(|f| (f, Value::Null)));
            record.sort_unstable_by_key(|(f, _)| *f);
        }
        let (columns, row): (Vec<_>, Vec<_>) = std::mem::take(record).into_iter().unzip();
        let at = match by_columns.get(&columns) {
            Some(&at) => at,
            None => {
                by_columns.insert(columns.clone(), groups.len());
                groups.push(Rows { columns, rows: Vec::new() });
                groups.len() - 1
            }
        };
        groups[at].rows.push(row);
    }
    Ok(groups)
}

/// Adds the values that the client makes, and puts the columns in the order of the schema.
fn complete(
    model: ModelWalker<'_>,
    mut values: Vec<(FieldId, Value)>,
    now: DateTime<Utc>,
) -> Result<Vec<(FieldId, Value)>, Error> {
    let mut given: Vec<FieldId> = values.iter().map(|(f, _)| *f).collect();
    given.sort_unstable();
    if let Some(twice) = given.windows(2).find(|w| w[0] == w[1]) {
        return Err(invalid(model.field(twice[0]), "it is set twice"));
    }
    for field in model.scalar_fields() {
        if given.binary_search(&field.id()).is_err()
            && let Some(value) = generate::on_create(field, now)?
        {
            values.push((field.id(), value));
        }
    }
    values.sort_unstable_by_key(|(f, _)| *f);
    Ok(values)
}
