//! INSERT, UPDATE and DELETE on the table of a model, and the SELECT that finds what a write depends on.
//!
//! Each statement gives its [`Shape`] first, which moves the values out, and is lowered only if that shape is new.

mod insert;
mod join;
mod update;

pub(crate) use insert::{Conflict, Insert, array};
pub(crate) use join::{Join, JoinColumns, Unjoin};
use prisma_schema::{FieldId, FieldWalker};
use sea_query::{Expr, ExprTrait, Query, Returning, ReturningClause, SelectStatement};
pub(crate) use update::{Update, UpdateEach};

use super::{Dialect, Lowering, Shape, SqlQuery, StatementKind, Table, table_ref};
use crate::driver::DriverError;
use crate::tree::{Filter, ModelId};
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
