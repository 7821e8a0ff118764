//! Related records in a column of the record that they belong to, as JSON text: one statement for all levels.

use prisma_schema::{FieldWalker, ModelWalker, ScalarType};
use sea_query::{Expr, ExprTrait, Func, IntoIden, Query, SelectStatement};

use super::dialect::{Cell, JoinDialect, SortKey};
use super::filter::all_of;
use super::link::{Related, link_fields, subquery};
use super::lower::not_a_relation;
use super::order::{OrderKey, effective_order};
use super::page::{PAGE, Paging, name, order_by, own, row_number};
use super::select::{level_shape, selected_fields};
use super::{Lowering, Shape, Table};
use crate::Error;
use crate::driver::{DriverError, ElementType};
use crate::engine::element_type;
use crate::tree::{Aggregate, FieldId, Load, RelationAggregate, RelationSelection, Selection};

/// The shape of related records in a column. Counterpart: [`Lowering::joined`].
pub(super) fn joined_shape(shape: &mut Shape, parent: ModelWalker<'_>, relation: &mut RelationSelection) {
    let Some(model) = parent.field(relation.field).related_model() else { return };
    let paging = Paging::of(model, &relation.arguments, whole_source(shape.dialect().join()));
    level_shape(shape, model, paging, &mut relation.arguments, &mut relation.selection, Load::Join);
    paging.values(shape.dialect(), relation.arguments.skip, relation.arguments.take, shape);
}

/// Whether a page is made of the related records of all parents, and each takes its own out of it.
fn whole_source(dialect: Option<&dyn JoinDialect>) -> bool {
    dialect.is_some_and(|dialect| !dialect.correlates_sources())
}

impl<'s> Lowering<'s> {
    /// The related records of a record of `outer`: `[[…],[…]]`, each with its columns, what is computed of it, and its own relations.
    pub(super) fn joined(&mut self, outer: &Table<'s>, relation: &RelationSelection) -> Result<Expr, Error> {
        let RelationSelection { field, arguments, selection } = relation;
        let dialect = self.dialect.join().ok_or_else(|| DriverError::Unsupported {
            feature: "reading relations by a join: read them by queries".to_owned(),
        })?;
        let field = outer.model.field(*field);
        let model = field.related_model().ok_or_else(|| not_a_relation(outer.model, field.id()))?;
        let key: Vec<_> = link_fields(field)?.into_iter().map(|f| outer.column(f.id())).collect();
        let Related { mut select, table, keys: parent, .. } = self.related(field)?;
        let row = self.row(dialect, &mut select, &table, selection)?;

        let whole = whole_source(Some(dialect));
        let paging = Paging::of(model, arguments, whole);
        let order = effective_order(model, &arguments.order, paging.reversed, paging.total);
        let keys = self.order_keys(&mut select, &table, &order)?;
        if let Some(cursor) = &arguments.cursor {
            let again = self.related(field)?;
            self.cursor(&mut select, &keys, &parent, &order, cursor, (again.select, again.table, again.keys))?;
        }
        if let Some(filter) = &arguments.filter {
            let filter = self.filter(&table, filter)?;
            select.and_where(filter);
        }
        if !(paging.skip || paging.take || paging.distinct) {
            select.and_where(same(parent, &key));
            let rows = dialect.rows(row, keys.into_iter().map(sort_key).collect());
            return Ok(subquery(select.expr(self.list(rows)).take()));
        }

        select.expr_as(row, name(0));
        let mut width = 1;
        if whole {
            for key in &parent {
                select.expr_as(key.clone(), name(width));
                width += 1;
            }
        } else {
            select.and_where(same(parent.clone(), &key));
        }
        let page = if paging.per_parent || paging.distinct {
            let distinct = arguments.distinct.iter().map(|&f| table.column(f)).collect();
            let mut page = self.windowed(select, width, &keys, parent, distinct, paging);
            page.expr_as(own("n"), "n");
            page
        } else {
            row_number(&mut select, &keys);
            for key in &keys {
                order_by(&mut select, key, false);
            }
            self.limit(&mut select, paging);
            select
        };
        let mut all = Query::select();
        if whole {
            all.and_where(same((1..width).map(|i| own(&name(i))).collect(), &key));
        }
        let order = if paging.reversed { sea_query::Order::Desc } else { sea_query::Order::Asc };
        let rows = dialect.rows(own(&name(0)), vec![SortKey { value: own("n"), order, nulls: None }]);
        Ok(subquery(all.expr(self.list(rows)).from_subquery(page, PAGE.into_iden()).take()))
    }

    /// A record as `[…]`.
    fn row(
        &mut self,
        dialect: &dyn JoinDialect,
        select: &mut SelectStatement,
        table: &Table<'s>,
        selection: &Selection,
    ) -> Result<Expr, Error> {
        let mut cells = Vec::new();
        for field in selected_fields(table.model, selection) {
            cells.push(dialect.cell(cell(table.model.field(field)), table.column(field)));
        }
        for of_relation in &selection.aggregates {
            // The records of one parent are read at a time: each is asked by itself.
            let computed = self.of_related(select, table, of_relation, true)?;
            cells.push(dialect.cell(computed_cell(table.model, of_relation), computed));
        }
        for relation in &selection.relations {
            cells.push(self.joined(table, relation)?);
        }
        let mut parts = vec![constant("[")];
        for (i, cell) in cells.into_iter().enumerate() {
            if i > 0 {
                parts.push(constant(","));
            }
            parts.push(cell);
        }
        parts.push(constant("]"));
        Ok(self.dialect.concat(parts))
    }

    /// Rows with brackets round them.
    fn list(&self, rows: Expr) -> Expr {
        let rows = Func::coalesce([rows, constant("")]).into();
        self.dialect.concat(vec![constant("["), rows, constant("]")])
    }
}

fn constant(text: &str) -> Expr {
    Expr::Constant(text.to_owned().into())
}

fn same(left: Vec<Expr>, right: &[Expr]) -> Expr {
    all_of(left.into_iter().zip(right).map(|(left, right)| left.eq(right.clone())).collect())
}

fn sort_key(key: OrderKey) -> SortKey {
    SortKey { order: key.sea_order(), nulls: key.sea_nulls(), value: key.expr }
}

fn cell(field: FieldWalker<'_>) -> Cell<'_> {
    Cell {
        element: element_type(field).unwrap_or(ElementType::String),
        is_list: field.arity() == prisma_schema::Arity::List,
        native: field.scalar().and_then(|s| s.native_type.as_ref()).map(|n| n.name.as_str()),
    }
}

/// How what is computed of related records is read.
fn computed_cell<'s>(model: ModelWalker<'s>, of: &RelationAggregate) -> Cell<'s> {
    let field = |id: FieldId| model.field(of.field).related_model().map(|related| related.field(id));
    let is = |id: FieldId, types: &[ScalarType]| {
        field(id).and_then(|f| f.scalar()).is_some_and(|scalar| types.contains(&scalar.ty))
    };
    let element = match of.aggregate {
        Aggregate::Count | Aggregate::CountField(_) => ElementType::BigInt,
        Aggregate::Min(id) | Aggregate::Max(id) => match field(id) {
            Some(field) => return cell(field),
            None => ElementType::String,
        },
        Aggregate::Sum(id) | Aggregate::Avg(id) if is(id, &[ScalarType::Decimal]) => ElementType::Decimal,
        Aggregate::Sum(id) if is(id, &[ScalarType::Int, ScalarType::BigInt]) => ElementType::BigInt,
        Aggregate::Sum(_) | Aggregate::Avg(_) => ElementType::Float,
    };
    Cell { element, is_list: false, native: None }
}
