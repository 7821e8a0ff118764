//! Orders.

use prisma_schema::{Arity, ModelWalker};
use sea_query::{Expr, ExprTrait, NullOrdering, SelectStatement};

use super::filter::no_search;
use super::link::{SqlLink, link};
use super::{Dialect, Lowering, Table, all_of};
use crate::Error;
use crate::tree::{Direction, FieldId, Nulls, Order, OrderTarget};

/// The order that a statement needs: what the query asks for, the identifier behind it where the place of each record
/// matters, and all of it turned round if records are counted from the end.
pub(super) fn effective_order(model: ModelWalker<'_>, order: &[Order], reversed: bool, total: bool) -> Vec<Order> {
    let key = model.identifier().filter(|_| total && !is_total(model, order));
    let key = key.into_iter().flat_map(|key| key.fields()).map(|f| f.id());
    order_by_all(order, key, reversed)
}

/// An order in which no two records are alike: what the query asks for, and the identifier behind it where that is needed.
pub(crate) fn total_order(model: ModelWalker<'_>, order: &[Order]) -> Vec<Order> {
    effective_order(model, order, false, true)
}

/// Whether NULLs come before everything else.
pub(crate) fn nulls_first(dialect: &dyn Dialect, direction: Direction, nulls: Option<Nulls>) -> bool {
    nulls.map_or((direction == Direction::Asc) == dialect.nulls_sort_low(), |nulls| nulls == Nulls::First)
}

/// An order with further fields behind it, all of it turned round if need be.
pub(super) fn order_by_all(order: &[Order], fields: impl IntoIterator<Item = FieldId>, reversed: bool) -> Vec<Order> {
    let mut order = order.to_vec();
    for field in fields {
        if !order.iter().any(|o| is_column(o, field)) {
            let target = OrderTarget::Scalar(field);
            order.push(Order { path: Vec::new(), target, direction: Direction::Asc, nulls: None });
        }
    }
    if reversed {
        for order in &mut order {
            (order.direction, order.nulls) = turned(order.direction, order.nulls);
        }
    }
    order
}

fn is_column(order: &Order, field: FieldId) -> bool {
    order.path.is_empty() && order.target == OrderTarget::Scalar(field)
}

/// Whether no two records are alike in this order.
fn is_total(model: ModelWalker<'_>, order: &[Order]) -> bool {
    model
        .unique_keys()
        .any(|key| key.fields().all(|f| f.arity() == Arity::Required && order.iter().any(|o| is_column(o, f.id()))))
}

fn turned(direction: Direction, nulls: Option<Nulls>) -> (Direction, Option<Nulls>) {
    let direction = match direction {
        Direction::Asc => Direction::Desc,
        Direction::Desc => Direction::Asc,
    };
    let nulls = nulls.map(|nulls| match nulls {
        Nulls::First => Nulls::Last,
        Nulls::Last => Nulls::First,
    });
    (direction, nulls)
}

/// One key of an order, lowered.
#[derive(Debug, Clone)]
pub(super) struct OrderKey {
    pub(super) expr: Expr,
    pub(super) direction: Direction,
    pub(super) nulls: Option<Nulls>,
    pub(super) nullable: bool,
}

impl OrderKey {
    /// The key in the opposite order.
    pub(super) fn turned(&self) -> Self {
        let (direction, nulls) = turned(self.direction, self.nulls);
        Self { expr: self.expr.clone(), direction, nulls, nullable: self.nullable }
    }

    pub(super) fn sea_order(&self) -> sea_query::Order {
        match self.direction {
            Direction::Asc => sea_query::Order::Asc,
            Direction::Desc => sea_query::Order::Desc,
        }
    }

    /// Where NULLs are to go, if that was asked for and there can be any.
    pub(super) fn sea_nulls(&self) -> Option<NullOrdering> {
        self.nulls.filter(|_| self.nullable).map(|nulls| match nulls {
            Nulls::First => NullOrdering::First,
            Nulls::Last => NullOrdering::Last,
        })
    }
}

impl<'s> Lowering<'s> {
    /// The keys of an order on `table`; what they need of other tables is joined to `select`.
    pub(super) fn order_keys(
        &mut self,
        select: &mut SelectStatement,
        table: &Table<'s>,
        order: &[Order],
    ) -> Result<Vec<OrderKey>, Error> {
        let mut joined: Vec<(&[FieldId], Table<'s>)> = Vec::new();
        let mut keys = Vec::with_capacity(order.len());
        for order in order {
            let mut at = table.clone();
            for step in 1..=order.path.len() {
                let path = &order.path[..step];
                at = match joined.iter().find(|(p, _)| *p == path) {
                    Some((_, table)) => table.clone(),
                    None => {
                        let next = self.join_one(select, &at, order.path[step - 1])?;
                        joined.push((path, next.clone()));
                        next
                    }
                };
            }
            let (expr, nullable) = match &order.target {
                &OrderTarget::Scalar(field) => {
                    let optional = at.model.field(field).arity() != Arity::Required;
                    (at.column(field), optional || !order.path.is_empty())
                }
                OrderTarget::Related(of) => (self.of_related(select, &at, of, false)?, !of.aggregate.is_count()),
                &OrderTarget::Aggregate(aggregate) => (self.computed(&at, aggregate), !aggregate.is_count()),
                OrderTarget::Relevance { fields, .. } => {
                    let columns = fields.iter().map(|&field| at.column(field)).collect();
                    let query = self.slot();
                    (self.dialect.relevance(columns, query).ok_or_else(no_search)?, false)
                }
            };
            keys.push(OrderKey { expr, direction: order.direction, nulls: order.nulls, nullable });
        }
        Ok(keys)
    }

    /// Joins the record at the other end of a to-one relation, if there is one.
    fn join_one(&mut self, select: &mut SelectStatement, from: &Table<'s>, field: FieldId) -> Result<Table<'s>, Error> {
        let field = from.model.field(field);
        let not_to_one = || Error::internal(format!("`{}.{}` is not to-one", from.model.name(), field.name()));
        if field.arity() == Arity::List {
            return Err(not_to_one());
        }
        let SqlLink::Key { own, other, .. } = link(field)? else {
            return Err(not_to_one());
        };
        let next = self.table(field.related_model().ok_or_else(not_to_one)?.id());
        let on = own.iter().zip(other).map(|(&own, &other)| next.column(other).eq(from.column(own)));
        select.left_join(next.source(), all_of(on.collect()));
        Ok(next)
    }
}
