//! INSERT, UPDATE and DELETE on the table of a model, and the SELECT that finds what a write depends on.
//!
//! Each statement gives its [`Shape`] first, which moves the values out, and is lowered only if that shape is new.

use prisma_schema::{FieldId, FieldWalker, ScalarType};
use sea_query::{
    CaseStatement, Expr, ExprTrait, Func, OnConflict, Query, Returning, ReturningClause, SchemaName, SelectStatement,
    TypeRef,
};

use super::filter::{all_of, any_of};
use super::lower::identifier;
use super::{ArrayType, Dialect, JoinTable, Lowering, Shape, SqlQuery, StatementKind, Table, table_ref};
use crate::driver::DriverError;
use crate::tree::{Filter, ModelId, ScalarChange, Unique, UpsertChanges};
use crate::{Error, Value};

/// A statement of which the cache asks its shape, and its SQL if the shape is new.
pub(crate) trait Lower {
    /// The shape, with the values.
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape;

    /// The statement.
    ///
    /// # Errors
    /// What the provider cannot do; defects.
    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error>;
}

/// INSERT of rows with the same columns.
#[derive(Debug)]
pub(crate) struct Insert<'q> {
    pub(crate) model: ModelId,
    pub(crate) columns: &'q [FieldId],
    /// How many rows.
    pub(crate) count: usize,
    /// A value for each column of each row, one row after the other.
    pub(crate) values: Vec<Value>,
    /// Whether each column is bound as one array, so that the statement is the same for any number of rows: each of the columns has an
    /// [array type](Dialect::array_type).
    pub(crate) as_arrays: bool,
    pub(crate) conflict: Conflict,
    pub(crate) returning: &'q [FieldId],
}

/// What an INSERT does with a row that violates a unique constraint.
#[derive(Debug, Clone)]
pub(crate) enum Conflict {
    /// It fails.
    Fail,
    /// It leaves the row out.
    Skip,
    /// It changes the row that has the same values in `key`; without changes, it leaves that as it is.
    Update { key: Vec<FieldId>, changes: UpsertChanges },
}

impl Lower for Insert<'_> {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::Create, self.model);
        shape.fields(self.columns);
        if self.as_arrays {
            // No rows stand for any number.
            shape.count(0);
            for column in 0..self.columns.len() {
                let values = self.values.iter_mut().skip(column).step_by(self.columns.len());
                shape.value(Value::List(values.map(std::mem::take).collect()));
            }
        } else {
            shape.count(self.count);
            shape.all_values(std::mem::take(&mut self.values));
        }
        match &mut self.conflict {
            Conflict::Fail => shape.tag(0),
            Conflict::Skip => shape.tag(1),
            Conflict::Update { key, changes } => {
                shape.tag(2);
                shape.fields(key);
                take_changes(&mut shape, &mut changes.scalars);
                shape.fields(&changes.excluded);
            }
        }
        shape.fields(self.returning);
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let table = Table::unaliased(lowering.schema.model(self.model));
        let mut insert = Query::insert();
        insert.into_table(table_ref(table.model)).columns(self.columns.iter().map(|&f| table.column_name(f)));
        match self.columns {
            [] => {
                insert.or_default_values();
            }
            columns if self.as_arrays => {
                // Several in one SELECT go on in step, and all have as many elements.
                let mut rows = Query::select();
                for &column in columns {
                    rows.expr(Func::cust("UNNEST").arg(array(lowering, table.model.field(column))?));
                }
                insert.select_from(rows).map_err(|e| Error::internal(e.to_string()))?;
            }
            columns => {
                for _ in 0..self.count {
                    let row: Vec<Expr> = columns.iter().map(|_| lowering.slot()).collect();
                    insert.values(row).map_err(|e| Error::internal(e.to_string()))?;
                }
            }
        }
        match &self.conflict {
            Conflict::Fail => {}
            Conflict::Skip => {
                insert.on_conflict(OnConflict::new().do_nothing().to_owned());
            }
            Conflict::Update { key, changes } => {
                let mut conflict = OnConflict::columns(key.iter().map(|&f| table.column_name(f)));
                conflict.values(changed(lowering, &table, &changes.scalars)?);
                conflict.update_columns(changes.excluded.iter().map(|&f| table.column_name(f)));
                if let (Some(&kept), true) = (key.first(), changes.is_empty()) {
                    // A row that nothing is done to would not be answered.
                    conflict.value(table.column_name(kept), table.column(kept));
                }
                insert.on_conflict(conflict);
            }
        }
        if let Some(clause) = returning(lowering, &table, self.returning)? {
            insert.returning(clause);
        }
        Ok(SqlQuery::Insert(Box::new(insert)))
    }
}

/// The marker for an array of a field's values.
fn array(lowering: &mut Lowering<'_>, field: FieldWalker<'_>) -> Result<Expr, Error> {
    let values = lowering.slot();
    match lowering.dialect.array_type(field) {
        Some(ArrayType::BuiltIn(name)) => Ok(values.cast_as(format!("{name}[]"))),
        Some(ArrayType::Enum(id)) => {
            let data = lowering.schema.enumeration(id).data();
            let schema = data.schema.as_deref().map(|schema| SchemaName(None, identifier(schema)));
            let name = identifier(data.map.as_deref().unwrap_or(&data.name));
            Ok(Expr::cust_with_exprs("CAST($1 AS $2[])", [values, Expr::TypeName(TypeRef(schema, name))]))
        }
        None => Err(Error::internal(format!("`{}` has no arrays", field.name()))),
    }
}

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

/// DELETE of the records that meet a filter.
#[derive(Debug)]
pub(crate) struct Delete<'q> {
    pub(crate) model: ModelId,
    pub(crate) filter: Option<Filter>,
    pub(crate) limit: Option<u64>,
    pub(crate) returning: &'q [FieldId],
}

impl Lower for Delete<'_> {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::Delete, self.model);
        take_condition(&mut shape, self.filter.as_mut(), self.limit);
        shape.fields(self.returning);
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let table = Table::unaliased(lowering.schema.model(self.model));
        let mut delete = Query::delete();
        delete.from_table(table_ref(table.model));
        if let Some(condition) = condition(lowering, &table, self.filter.as_ref(), self.limit)? {
            delete.and_where(condition);
        }
        if let Some(clause) = returning(lowering, &table, self.returning)? {
            delete.returning(clause);
        }
        Ok(SqlQuery::Delete(Box::new(delete)))
    }
}

/// SELECT of some columns of the records that meet a filter.
#[derive(Debug)]
pub(crate) struct Find<'q> {
    pub(crate) model: ModelId,
    pub(crate) filter: Option<Filter>,
    pub(crate) limit: Option<u64>,
    pub(crate) columns: &'q [FieldId],
    /// Whether the rows are locked as a write would, and read as they are by then.
    pub(crate) locks: bool,
}

impl Lower for Find<'_> {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::Find, self.model);
        take_condition(&mut shape, self.filter.as_mut(), self.limit);
        shape.fields(self.columns);
        shape.tag(u8::from(self.locks));
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let target = Table::unaliased(lowering.schema.model(self.model));
        let mut select = choose(lowering, &target, self.columns, self.filter.as_ref(), self.limit)?;
        if self.locks {
            select.lock_exclusive();
        }
        Ok(SqlQuery::Select(Box::new(select)))
    }
}

/// INSERT into the table of an implicit m-n relation; pairs that are there already are passed over.
#[derive(Debug)]
pub(crate) struct Join<'q> {
    pub(crate) model: ModelId,
    pub(crate) table: JoinColumns<'q>,
    /// The record of this model, and those that it is connected with.
    pub(crate) own: Value,
    pub(crate) others: Vec<Value>,
}

/// The table of an implicit m-n relation, seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JoinColumns<'q> {
    /// The relation field.
    pub(crate) field: FieldId,
    pub(crate) table: JoinTable<'q>,
    pub(crate) own: &'static str,
    pub(crate) other: &'static str,
}

impl Lower for Join<'_> {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::Connect, self.model);
        shape.field(self.table.field);
        shape.count(self.others.len());
        for other in &mut self.others {
            shape.value(self.own.clone());
            shape.value(std::mem::take(other));
        }
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let mut insert = Query::insert();
        insert.into_table(self.table.table.plain()).columns([self.table.own, self.table.other]);
        for _ in &self.others {
            let pair = [lowering.slot(), lowering.slot()];
            insert.values(pair).map_err(|e| Error::internal(e.to_string()))?;
        }
        insert.on_conflict(lowering.dialect.leave_alone(self.table.own));
        Ok(SqlQuery::Insert(Box::new(insert)))
    }
}

/// DELETE from the table of an implicit m-n relation.
#[derive(Debug)]
pub(crate) struct Unjoin<'q> {
    pub(crate) model: ModelId,
    pub(crate) table: JoinColumns<'q>,
    pub(crate) own: Value,
    pub(crate) others: Vec<Value>,
    /// Whether `others` are those that stay.
    pub(crate) but: bool,
}

impl Lower for Unjoin<'_> {
    fn shape(&mut self, dialect: &'static dyn Dialect) -> Shape {
        let mut shape = Shape::new(dialect, StatementKind::Disconnect, self.model);
        shape.field(self.table.field);
        shape.tag(u8::from(self.but));
        shape.value(std::mem::take(&mut self.own));
        shape.list(self.others.iter_mut().map(std::mem::take));
        shape
    }

    fn lower(&self, lowering: &mut Lowering<'_>) -> Result<SqlQuery, Error> {
        let mut delete = Query::delete();
        delete.from_table(self.table.table.plain());
        delete.and_where(Expr::col(self.table.own).eq(lowering.slot()));
        if !(self.others.is_empty() && self.but) {
            let other = Expr::col(self.table.other);
            delete.and_where(lowering.one_of_list(other, self.others.len(), self.but));
        }
        Ok(SqlQuery::Delete(Box::new(delete)))
    }
}

fn take_changes(shape: &mut Shape, changes: &mut [(FieldId, ScalarChange)]) {
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

fn changed(
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

fn take_condition(shape: &mut Shape, filter: Option<&mut Filter>, limit: Option<u64>) {
    shape.optional_filter(filter);
    shape.tag(u8::from(limit.is_some()));
    take_limit(shape, limit);
}

fn take_limit(shape: &mut Shape, limit: Option<u64>) {
    if let Some(most) = limit {
        shape.value(Value::BigInt(i64::try_from(most).unwrap_or(i64::MAX)));
    }
}

/// Which records an UPDATE or DELETE is about: by the filter itself, or by their identifiers where the first few are meant, or where the
/// database does not look at other tables while it changes one.
fn condition<'s>(
    lowering: &mut Lowering<'s>,
    target: &Table<'s>,
    filter: Option<&Filter>,
    limit: Option<u64>,
) -> Result<Option<Expr>, Error> {
    let set_apart = !lowering.dialect.changes_what_it_reads();
    if limit.is_none() && !(set_apart && filter.is_some_and(looks_elsewhere)) {
        return filter.map(|f| lowering.filter(target, f)).transpose();
    }
    let identifier = identifier_fields(target)?;
    let mut chosen = choose(lowering, target, &identifier, filter, limit)?;
    if set_apart {
        // A derived table is computed first; DISTINCT keeps it from being merged into the statement.
        let alias = lowering.alias();
        chosen.distinct();
        let columns = identifier.iter().map(|&f| Expr::col((alias.clone(), target.column_name(f))));
        chosen = Query::select().exprs(columns).from_subquery(chosen, alias).to_owned();
    }
    Ok(Some(match &identifier[..] {
        [id] => target.column(*id).in_subquery(chosen),
        ids => Expr::tuple(ids.iter().map(|&f| target.column(f))).in_subquery(chosen),
    }))
}

/// The SELECT of some columns of the records that a write is about.
fn choose<'s>(
    lowering: &mut Lowering<'s>,
    target: &Table<'s>,
    columns: &[FieldId],
    filter: Option<&Filter>,
    limit: Option<u64>,
) -> Result<SelectStatement, Error> {
    let table = lowering.table(target.model.id());
    let mut chosen = Query::select();
    chosen.from(table.source()).exprs(columns.iter().map(|&f| table.column(f)));
    if let Some(filter) = filter {
        let filter = lowering.filter(&table, filter)?;
        chosen.and_where(filter);
    }
    if limit.is_some() {
        chosen.limit(lowering.limit_slot());
    }
    Ok(chosen)
}

fn identifier_fields(table: &Table<'_>) -> Result<Vec<FieldId>, Error> {
    let key = table.model.identifier();
    let key = key.ok_or_else(|| Error::internal(format!("`{}` has no unique key", table.model.name())))?;
    Ok(key.fields().map(FieldWalker::id).collect())
}

/// Whether a filter asks anything of other records.
fn looks_elsewhere(filter: &Filter) -> bool {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().any(looks_elsewhere),
        Filter::Not(inner) => looks_elsewhere(inner),
        Filter::Scalar { .. } | Filter::Search { .. } | Filter::Aggregate { .. } => false,
        Filter::Relation { .. } => true,
    }
}

/// The columns of the written rows that are answered. A database that cannot do so is to be asked by a SELECT.
fn returning(lowering: &Lowering<'_>, table: &Table<'_>, fields: &[FieldId]) -> Result<Option<ReturningClause>, Error> {
    if fields.is_empty() {
        return Ok(None);
    }
    if !lowering.dialect.has_returning() {
        return Err(DriverError::Unsupported { feature: "columns in the answer of a write".to_owned() }.into());
    }
    Ok(Some(Returning::new().columns(fields.iter().map(|&f| table.column_name(f)))))
}
