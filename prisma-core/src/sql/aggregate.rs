//! Aggregates and groups.

use prisma_schema::ModelWalker;
use sea_query::{Asterisk, Expr, ExprTrait, Func, FunctionCall, IntoIden, Query, SelectStatement};

use super::order::order_by_all;
use super::page::{Paging, name, order_by};
use super::select::{Fetch, Layout, Select, shape as read_shape};
use super::{Dialect, Lowering, Shape, StatementKind, Table};
use crate::tree::{Aggregate, AggregateQuery, Columns, FieldId, Filter, GroupQuery, OrderTarget, Selection};
use crate::{Error, ErrorKind};

const PAGE: &str = "page";

/// The shape of an aggregate; the values are moved out of the query.
pub(crate) fn aggregate_shape(
    dialect: &'static dyn Dialect,
    model: ModelWalker<'_>,
    query: &mut AggregateQuery,
) -> Shape {
    let mut selection = Selection::default();
    let mut shape =
        read_shape(dialect, Fetch::plain(StatementKind::Aggregate), model, &mut query.arguments, &mut selection, None);
    shape.aggregates(&query.aggregates);
    shape
}

/// The shape of a query for groups; the values are moved out of it.
pub(crate) fn group_shape(dialect: &'static dyn Dialect, query: &mut GroupQuery) -> Shape {
    let mut shape = Shape::new(dialect, StatementKind::Group, query.model);
    let paging = Paging::of_groups(query);
    let flags = [paging.skip, paging.take, paging.reversed];
    shape.tag(flags.iter().fold(0, |byte, &flag| byte << 1 | u8::from(flag)));
    shape.fields(&query.by);
    shape.aggregates(&query.aggregates);
    shape.order(&query.order);
    shape.optional_filter(query.filter.as_mut());
    shape.optional_filter(query.having.as_mut());
    paging.values(dialect, query.skip, query.take, &mut shape);
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
            for &aggregate in &query.aggregates {
                select.expr(self.computed(&table, aggregate));
            }
            if let Some(filter) = &arguments.filter {
                let filter = self.filter(&table, filter)?;
                select.and_where(filter);
            }
            return Ok(select);
        }
        let mut fields: Vec<_> = query.aggregates.iter().filter_map(|a| a.field()).collect();
        fields.sort_unstable();
        fields.dedup();
        let selection = Selection { columns: Columns::Fields(fields.clone()), ..Selection::default() };
        let read = Select {
            model,
            arguments,
            selection: &selection,
            fetch: Fetch::plain(StatementKind::Aggregate),
            parents: None,
        };
        let page = self.select(read, &Layout::default(), true)?;
        let mut select = Query::select();
        // The columns of the page, under the names that its SELECT gives them.
        let columns = fields.iter().enumerate().map(|(i, &field)| (field, name(i).into_iden()));
        let table = Table::of_key(model, PAGE.into_iden(), columns.collect());
        for &aggregate in &query.aggregates {
            select.expr(self.computed(&table, aggregate));
        }
        select.from_subquery(page, PAGE);
        Ok(select)
    }

    /// The SELECT of a query for groups: the fields that they are grouped by, then what is computed.
    pub(crate) fn group(&mut self, query: &GroupQuery) -> Result<SelectStatement, Error> {
        let model = self.schema.model(query.model);
        check(model, query)?;
        let table = self.table(query.model);
        let mut select = Query::select();
        select.from(table.source());
        for &field in &query.by {
            select.expr(table.column(field)).add_group_by([table.column(field)]);
        }
        for &aggregate in &query.aggregates {
            select.expr(self.computed(&table, aggregate));
        }
        let paging = Paging::of_groups(query);
        let ties = query.by.iter().copied().filter(|_| paging.total);
        let order = order_by_all(&query.order, ties, paging.reversed);
        let keys = self.order_keys(&mut select, &table, &order)?;
        if let Some(filter) = &query.filter {
            let filter = self.filter(&table, filter)?;
            select.and_where(filter);
        }
        if let Some(having) = &query.having {
            let having = self.filter(&table, having)?;
            select.and_having(having);
        }
        for key in &keys {
            order_by(&mut select, key, false);
        }
        self.limit(&mut select, paging);
        Ok(select)
    }

    /// What is computed of the records of a table.
    pub(super) fn computed(&self, table: &Table<'s>, aggregate: Aggregate) -> Expr {
        let extreme = |function: fn(Expr) -> FunctionCall, field: FieldId| -> Expr {
            let column = table.column(field);
            match self.dialect.compared_as(table.model.field(field)) {
                Some((other, own)) => Expr::from(function(column.cast_as(other))).cast_as(own),
                None => function(column).into(),
            }
        };
        match aggregate {
            Aggregate::Count => Func::count(Expr::col(Asterisk)).into(),
            Aggregate::CountField(field) => Func::count(table.column(field)).into(),
            Aggregate::Sum(field) => Func::sum(table.column(field)).into(),
            Aggregate::Avg(field) => Func::avg(table.column(field)).into(),
            Aggregate::Min(field) => extreme(Func::min, field),
            Aggregate::Max(field) => extreme(Func::max, field),
        }
    }
}

/// What a group has one value of: the fields that it is grouped by, and what is computed. Otherwise P2019.
fn check(model: ModelWalker<'_>, query: &GroupQuery) -> Result<(), Error> {
    let refuse = |part: &str, message: String| {
        Error::new(ErrorKind::InvalidQuery { code: "P2019", path: vec![part.to_owned()], message })
    };
    if query.by.is_empty() {
        return Err(refuse("by", "a query for groups names one field at least to group by".to_owned()));
    }
    let other =
        |fields: Vec<FieldId>| fields.into_iter().find(|f| !query.by.contains(f)).map(|f| model.field(f).name());
    let mut fields = Vec::new();
    let has_relation = query.having.as_ref().is_some_and(|having| fields_of(having, &mut fields));
    if has_relation {
        return Err(refuse(
            "having",
            "`having` looks at the groups, which have no relations: put that into the filter".to_owned(),
        ));
    }
    if let Some(name) = other(fields) {
        return Err(refuse(
            "having",
            format!(
                "`having` looks at `{name}`, of which a group has many values: group by it, compute something of it, or put that into the filter"
            ),
        ));
    }
    let mut fields = Vec::new();
    for order in &query.order {
        match (&order.target, &order.path[..]) {
            (&OrderTarget::Scalar(field), []) => fields.push(field),
            (OrderTarget::Aggregate(_), _) => {}
            _ => {
                return Err(refuse(
                    "orderBy",
                    "groups are ordered by the fields that they are grouped by, and by what is computed".to_owned(),
                ));
            }
        }
    }
    match other(fields) {
        Some(name) => Err(refuse(
            "orderBy",
            format!(
                "the groups are ordered by `{name}`, of which a group has many values: group by it, or compute something of it"
            ),
        )),
        None => Ok(()),
    }
}

/// Adds the fields that a condition on groups looks at as they are; answers whether it looks at relations.
fn fields_of(having: &Filter, fields: &mut Vec<FieldId>) -> bool {
    match having {
        Filter::And(all) | Filter::Or(all) => {
            // All of them, since each adds its fields.
            let found: Vec<bool> = all.iter().map(|f| fields_of(f, fields)).collect();
            found.contains(&true)
        }
        Filter::Not(inner) => fields_of(inner, fields),
        Filter::Scalar { field, condition, .. } => {
            fields.extend([*field].into_iter().chain(condition.other_field()));
            false
        }
        Filter::Aggregate { condition, .. } => {
            fields.extend(condition.other_field());
            false
        }
        Filter::Search { fields: searched, .. } => {
            fields.extend(searched);
            false
        }
        Filter::Relation { .. } => true,
    }
}
