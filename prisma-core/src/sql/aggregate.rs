//! Aggregates.

use prisma_schema::ModelWalker;
use sea_query::{Asterisk, Expr, Func, IntoIden, Query, SelectStatement};

use super::select::{Layout, Select, shape as read_shape};
use super::{Dialect, Lowering, Shape, StatementKind};
use crate::Error;
use crate::tree::{Aggregate, AggregateQuery, Columns, FieldId, Selection};

const PAGE: &str = "page";

/// The shape of an aggregate; the values are moved out of the query.
pub(crate) fn aggregate_shape(
    dialect: &'static dyn Dialect,
    model: ModelWalker<'_>,
    query: &mut AggregateQuery,
) -> Shape {
    let mut selection = Selection::default();
    let mut shape = read_shape(dialect, StatementKind::Aggregate, model, &mut query.arguments, &mut selection, None);
    shape.count(query.aggregates.len());
    for aggregate in &query.aggregates {
        shape.tag(match aggregate {
            Aggregate::Count => 0,
            Aggregate::CountField(_) => 1,
            Aggregate::Sum(_) => 2,
            Aggregate::Avg(_) => 3,
            Aggregate::Min(_) => 4,
            Aggregate::Max(_) => 5,
        });
        if let Some(field) = field_of(aggregate) {
            shape.field(field);
        }
    }
    shape
}

impl<'s> Lowering<'s> {
    /// The SELECT of an aggregate: over the records themselves, or over those that paging leaves.
    pub(crate) fn aggregate(&mut self, query: &AggregateQuery) -> Result<SelectStatement, Error> {
        let model = self.schema.model(query.model);
        let arguments = &query.arguments;
        let paged = arguments.cursor.is_some()
            || arguments.take.is_some()
            || arguments.skip.is_some_and(|n| n > 0)
            || !arguments.distinct.is_empty();
        if !paged {
            let table = self.table(query.model);
            let mut select = Query::select();
            select.from(table.source());
            for aggregate in &query.aggregates {
                select.expr(computed(aggregate, |field| table.column(field)));
            }
            if let Some(filter) = &arguments.filter {
                let filter = self.filter(&table, filter)?;
                select.and_where(filter);
            }
            return Ok(select);
        }
        let mut fields: Vec<_> = query.aggregates.iter().filter_map(field_of).collect();
        fields.sort_unstable();
        fields.dedup();
        let selection = Selection { columns: Columns::Fields(fields.clone()), ..Selection::default() };
        let read = Select { model, arguments, selection: &selection, parents: None };
        let page = self.select(read, &Layout::default(), true)?;
        let mut select = Query::select();
        for aggregate in &query.aggregates {
            select.expr(computed(aggregate, |field| {
                let column = fields.binary_search(&field).unwrap_or_default();
                Expr::col((PAGE, format!("c{column}").into_iden()))
            }));
        }
        select.from_subquery(page, PAGE);
        Ok(select)
    }
}

fn field_of(aggregate: &Aggregate) -> Option<FieldId> {
    match *aggregate {
        Aggregate::Count => None,
        Aggregate::CountField(field)
        | Aggregate::Sum(field)
        | Aggregate::Avg(field)
        | Aggregate::Min(field)
        | Aggregate::Max(field) => Some(field),
    }
}

fn computed(aggregate: &Aggregate, column: impl Fn(FieldId) -> Expr) -> Expr {
    match *aggregate {
        Aggregate::Count => Func::count(Expr::col(Asterisk)),
        Aggregate::CountField(field) => Func::count(column(field)),
        Aggregate::Sum(field) => Func::sum(column(field)),
        Aggregate::Avg(field) => Func::avg(column(field)),
        Aggregate::Min(field) => Func::min(column(field)),
        Aggregate::Max(field) => Func::max(column(field)),
    }
    .into()
}
