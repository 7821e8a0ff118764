//! A page of the records of each parent, parent by parent: where an index leads from a parent to its records, no more are read than the
//! pages hold. Numbering the records of all parents ([`windowed`](Lowering::windowed)) reads them all.

use prisma_schema::FieldWalker;
use sea_query::{Condition, Expr, ExprTrait, Func, FunctionCall, JoinType, Query, SelectStatement};

use super::dialect::Pages;
use super::link::{finds_by_index, link_fields};
use super::order::effective_order;
use super::page::{PAGE, Paging, name, order_by, outer};
use super::select::Select;
use super::write::array;
use super::{Dialect, Layout, Lowering};
use crate::tree::{Arguments, OrderTarget};
use crate::{Error, Value};

const PARENTS: &str = "parents";

/// Whether the pages of several parents with these keys are read so.
pub(crate) fn reads_apart(
    dialect: &dyn Dialect,
    field: FieldWalker<'_>,
    arguments: &Arguments,
    keys: &[Value],
) -> Result<bool, Error> {
    let is_page = arguments.take.is_some() || arguments.skip.is_some_and(|n| n > 0);
    let is_plain = arguments.cursor.is_none() && arguments.distinct.is_empty();
    let (true, [key], Some(model)) = (is_page && is_plain, &link_fields(field)?[..], field.related_model()) else {
        return Ok(false);
    };
    let is_possible = match dialect.pages() {
        Pages::Numbered => false,
        Pages::Lateral => dialect.array_type(*key).is_some(),
        Pages::ByKey => {
            let is_own = |target: &OrderTarget| matches!(target, OrderTarget::Scalar(_));
            model.identifier().is_some_and(|id| id.fields().count() == 1)
                && arguments.order.iter().all(|order| order.path.is_empty() && is_own(&order.target))
                && keys.iter().all(|key| dialect.takes_from_list(key))
        }
    };
    Ok(is_possible && finds_by_index(field)?)
}

impl<'s> Lowering<'s> {
    /// The SELECT of a read for several parents whose keys are bound as one list.
    pub(super) fn select_apart(
        &mut self,
        read: Select<'_, 's>,
        field: FieldWalker<'s>,
        layout: &Layout<'s>,
    ) -> Result<SelectStatement, Error> {
        match self.dialect.pages() {
            Pages::ByKey => self.pages_by_key(read, field, layout),
            Pages::Lateral => self.lateral_pages(read, field, layout),
            Pages::Numbered => Err(Error::internal("pages apart, where there are none")),
        }
    }

    /// The records whose keys are among those of a page that is looked up for each parent.
    fn pages_by_key(
        &mut self,
        read: Select<'_, 's>,
        field: FieldWalker<'s>,
        layout: &Layout<'s>,
    ) -> Result<SelectStatement, Error> {
        let Select { model, arguments, .. } = read;
        let paging = Paging::of(model, arguments, false);
        let related = self.related(field)?;
        let (mut page, inner) = (related.select, related.table);
        let table = self.table(model.id());
        let of_parent = |column: &'static str| Expr::col((PARENTS, column));
        let (element, place) = ("value", "key");
        let mut select = Query::select();
        // In this order: a parent, its page, and what the columns need beside each record.
        select.join(JoinType::CrossJoin, table.source(), Condition::all());
        for column in self.columns(&mut select, &table, read, layout, &[of_parent(element)])? {
            select.expr(column);
        }
        if let Some(filter) = &arguments.filter {
            let filter = self.filter(&inner, filter)?;
            page.and_where(filter);
        }
        let list = self.slot();
        let Some((elements, _)) = self.dialect.elements(list) else {
            return Err(Error::internal("a list was bound as one value where it cannot be"));
        };
        select.from_function(elements, PARENTS);
        for key in related.keys {
            page.and_where(key.eq(of_parent(element)));
        }
        let order = effective_order(model, &arguments.order, paging.reversed, paging.total);
        for key in self.order_keys(&mut page, &inner, &order)? {
            order_by(&mut page, &key, false);
        }
        self.limit(&mut page, paging);
        let id = model.identifier().and_then(|key| key.fields().next());
        let id = id.ok_or_else(|| Error::internal(format!("`{}` has no key", model.name())))?.id();
        page.expr(inner.column(id));
        select.and_where(table.column(id).in_subquery(page));
        select.order_by_expr(of_parent(place), sea_query::Order::Asc);
        for key in self.order_keys(&mut select, &table, &order)? {
            order_by(&mut select, &key, false);
        }
        Ok(select)
    }

    /// A page for each parent in a lateral join, which gives the records of each in their order.
    fn lateral_pages(
        &mut self,
        read: Select<'_, 's>,
        field: FieldWalker<'s>,
        layout: &Layout<'s>,
    ) -> Result<SelectStatement, Error> {
        let Select { model, arguments, .. } = read;
        let paging = Paging::of(model, arguments, false);
        let related = self.related(field)?;
        let (mut page, table) = (related.select, related.table);
        let columns = self.columns(&mut page, &table, read, layout, &related.keys)?;
        let width = columns.len();
        for (i, column) in columns.into_iter().enumerate() {
            page.expr_as(column, name(i));
        }
        let order = effective_order(model, &arguments.order, paging.reversed, paging.total);
        for key in self.order_keys(&mut page, &table, &order)? {
            order_by(&mut page, &key, false);
        }
        if let Some(filter) = &arguments.filter {
            let filter = self.filter(&table, filter)?;
            page.and_where(filter);
        }
        let mut parents: Option<FunctionCall> = None;
        for (key, own) in related.keys.into_iter().zip(link_fields(field)?) {
            parents = Some(Func::cust("UNNEST").arg(array(self, own)?));
            // A function of one column gives it its own alias.
            page.and_where(key.eq(Expr::col((PARENTS, PARENTS))));
        }
        let parents = parents.ok_or_else(|| Error::internal("a relation without a key"))?;
        self.limit(&mut page, paging);
        let mut select = outer(width);
        select.from_function(parents, PARENTS);
        select.join_lateral(JoinType::InnerJoin, page, PAGE, Expr::cust("TRUE"));
        Ok(select)
    }
}
