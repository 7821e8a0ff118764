//! UPDATE of the table of a model: of all records alike, or of each in its own way.

use prisma_schema::{FieldId, ScalarType};
use sea_query::{CaseStatement, Expr, ExprTrait, Query};

use super::{Lower, condition, returning, take_condition};
use crate::driver::DriverError;
use crate::sql::filter::{all_of, any_of};
use crate::sql::{Dialect, Lowering, Shape, SqlQuery, StatementKind, Table, table_ref};
use crate::tree::{Filter, ModelId, ScalarChange, Unique};
use crate::{Error, Value};

/// UPDATE of the records that meet a filter.
#[derive(Debug)]
pub(crate) struct Update<'q> {
    pub(crate) model: ModelId,
    pub(crate) changes: Vec<(FieldId, ScalarChange)>,
    pub(crate) filter: Option<Filter>,
    pub(crate) limit: Option<u64>,
    pub(crate) returning: &'q [FieldId],
}

impl Lower for Update<'_> {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::Update, self.model);
        take_changes(&mut shape, &mut self.changes);
        take_condition(&mut shape, self.filter.as_mut(), self.limit);
        shape.fields(self.returning);
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let table = Table::unaliased(lowering.schema.model(self.model));
        let mut update = Query::update();
        update.table(table_ref(table.model)).values(changed(lowering, &table, &self.changes)?);
        if let Some(condition) = condition(lowering, &table, self.filter.as_ref(), self.limit)? {
            update.and_where(condition);
        }
        if let Some(clause) = returning(lowering, &table, self.returning)? {
            update.returning(clause);
        }
        Ok(SqlQuery::Update(Box::new(update)))
    }
}

/// UPDATE of many records, each in its own way.
#[derive(Debug)]
pub(crate) struct UpdateEach {
    model: ModelId,
    /// The keys of each record.
    keys: Vec<Vec<(FieldId, Value)>>,
    /// For each column that changes: the numbers of the records in which it does, and how.
    columns: Vec<(FieldId, Vec<(usize, ScalarChange)>)>,
}

impl UpdateEach {
    pub(crate) fn new(model: ModelId, records: Vec<(Unique, Vec<(FieldId, ScalarChange)>)>) -> Self {
        let mut each = Self { model, keys: Vec::with_capacity(records.len()), columns: Vec::new() };
        for (number, (unique, changes)) in records.into_iter().enumerate() {
            each.keys.push(unique.key);
            for (field, change) in changes {
                match each.columns.iter_mut().find(|(f, _)| *f == field) {
                    Some((_, changes)) => changes.push((number, change)),
                    None => each.columns.push((field, vec![(number, change)])),
                }
            }
        }
        each
    }

    /// Whether a row is that of a record. Counterpart: [`take_key`].
    fn is(&self, lowering: &mut Lowering<'_>, table: &Table<'_>, number: usize) -> Expr {
        all_of(self.keys[number].iter().map(|(field, _)| table.column(*field).eq(lowering.slot())).collect())
    }
}

fn take_key(shape: &mut Shape, key: &[(FieldId, Value)]) {
    shape.count(key.len());
    for (field, value) in key {
        shape.field(*field);
        shape.value(value.clone());
    }
}

impl Lower for UpdateEach {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::UpdateEach, self.model);
        shape.count(self.columns.len());
        for (field, changes) in &mut self.columns {
            shape.field(*field);
            shape.count(changes.len());
            for (number, change) in changes {
                take_key(&mut shape, &self.keys[*number]);
                take_change(&mut shape, change);
            }
        }
        shape.count(self.keys.len());
        self.keys.iter().for_each(|key| take_key(&mut shape, key));
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let table = Table::unaliased(lowering.schema.model(self.model));
        let mut update = Query::update();
        update.table(table_ref(table.model));
        for (field, changes) in &self.columns {
            let mut case = CaseStatement::new();
            for (number, change) in changes {
                let is_it = self.is(lowering, &table, *number);
                case = case.case(is_it, changed_column(lowering, &table, *field, change)?);
            }
            update.value(table.column_name(*field), case.finally(table.column(*field)));
        }
        let any = (0..self.keys.len()).map(|number| self.is(lowering, &table, number)).collect();
        update.and_where(any_of(any));
        Ok(SqlQuery::Update(Box::new(update)))
    }
}

pub(super) fn take_changes(shape: &mut Shape, changes: &mut [(FieldId, ScalarChange)]) {
    shape.count(changes.len());
    for (field, change) in changes {
        shape.field(*field);
        take_change(shape, change);
    }
}

fn take_change(shape: &mut Shape, change: &mut ScalarChange) {
    let (tag, value) = match change {
        ScalarChange::Set(value) => (0, value),
        ScalarChange::Increment(value) => (1, value),
        ScalarChange::Decrement(value) => (2, value),
        ScalarChange::Multiply(value) => (3, value),
        ScalarChange::Divide(value) => (4, value),
        ScalarChange::Push(value) => (5, value),
    };
    shape.tag(tag);
    shape.value(std::mem::take(value));
}

pub(super) fn changed(
    lowering: &mut Lowering<'_>,
    table: &Table<'_>,
    changes: &[(FieldId, ScalarChange)],
) -> Result<Vec<(sea_query::DynIden, Expr)>, Error> {
    changes
        .iter()
        .map(|(field, change)| Ok((table.column_name(*field), changed_column(lowering, table, *field, change)?)))
        .collect()
}

/// What a column becomes. Counterpart: [`take_change`].
fn changed_column(
    lowering: &mut Lowering<'_>,
    table: &Table<'_>,
    field: FieldId,
    change: &ScalarChange,
) -> Result<Expr, Error> {
    let (dialect, column, value) = (lowering.dialect, table.column(field), lowering.slot());
    Ok(match change {
        ScalarChange::Set(_) => value,
        ScalarChange::Increment(_) => column.add(value),
        ScalarChange::Decrement(_) => column.sub(value),
        ScalarChange::Multiply(_) => column.mul(value),
        ScalarChange::Divide(_) => match table.model.field(field).scalar().map(|s| &s.ty) {
            Some(ScalarType::Decimal) => dialect.divide_decimal(column, value),
            Some(ScalarType::Int | ScalarType::BigInt) => dialect.divide_integer(column, value),
            _ => column.div(value),
        },
        ScalarChange::Push(_) => dialect.append(column, value).ok_or_else(|| {
            Error::from(DriverError::Unsupported { feature: "`push` on a list of scalars".to_owned() })
        })?,
    })
}
