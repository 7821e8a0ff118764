//! Paging: `skip`, `take` and `distinct`, over all records or within each parent.

use prisma_schema::ModelWalker;
use sea_query::{
    Expr, ExprTrait, Func, IntoIden, OrderedStatement, OverStatement, Query, SelectStatement, WindowStatement,
};

use super::order::OrderKey;
use super::select::Parents;
use super::{Dialect, Lowering, Shape, Slots};
use crate::Value;
use crate::tree::{Arguments, CompareOp, Condition, FieldId, Filter, GroupQuery, Mode, Operand};

pub(super) const PAGE: &str = "page";

/// How a statement keeps to `skip`, `take` and `distinct`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paging {
    pub(super) skip: bool,
    pub(super) take: bool,
    /// Rows are numbered within each parent, as LIMIT counts over all of them.
    pub(super) per_parent: bool,
    pub(super) distinct: bool,
    pub(super) reversed: bool,
    /// Whether ties of the order matter.
    pub(super) total: bool,
    /// The number for LIMIT, if it may stand in the text: one of a few, so that texts stay few.
    written: Option<u32>,
}

impl Paging {
    pub(super) fn of(model: ModelWalker<'_>, arguments: &Arguments, many_parents: bool) -> Self {
        let skip = arguments.skip.is_some_and(|n| n > 0);
        // One record at most needs no LIMIT, and no order for it.
        let take = arguments.take.is_some_and(|n| n == 0 || skip || !names_one(model, arguments.filter.as_ref()));
        let distinct = !arguments.distinct.is_empty();
        Self {
            skip,
            take,
            per_parent: (skip || take) && many_parents,
            distinct,
            reversed: arguments.take.is_some_and(|n| n < 0),
            total: skip || take || distinct || arguments.cursor.is_some(),
            written: usual(skip, arguments.take),
        }
    }

    /// Of the groups of a query.
    pub(super) fn of_groups(query: &GroupQuery) -> Self {
        let (skip, take) = (query.skip.is_some_and(|n| n > 0), query.take.is_some());
        let reversed = query.take.is_some_and(|n| n < 0);
        let written = usual(skip, query.take);
        Self { skip, take, per_parent: false, distinct: false, reversed, total: skip || take, written }
    }

    /// The values of [`limit`](Lowering::limit) or of the bounds of [`windowed`](Lowering::windowed).
    pub(super) fn values(self, dialect: &dyn Dialect, skip: Option<u64>, take: Option<i64>, shape: &mut Shape) {
        let skip = i64::try_from(skip.unwrap_or(0)).unwrap_or(i64::MAX);
        let take = take.filter(|_| self.take).map(|n| i64::try_from(n.unsigned_abs()).unwrap_or(i64::MAX));
        if self.per_parent {
            if self.skip {
                shape.value(Value::BigInt(skip));
            }
            if let Some(take) = take {
                shape.value(Value::BigInt(skip.saturating_add(take)));
            }
        } else {
            if self.take && dialect.writes_limits() {
                shape.number(self.written.unwrap_or(0));
            }
            match take {
                Some(_) if self.written.is_some() && dialect.writes_limits() => {}
                Some(take) => shape.value(Value::BigInt(take)),
                None if self.skip && dialect.offset_needs_limit() => shape.value(Value::BigInt(i64::MAX)),
                None => {}
            }
            if self.skip {
                shape.value(Value::BigInt(skip));
            }
        }
    }
}

/// How many records a page has, if it begins where all begin and is as long as pages often are.
fn usual(skip: bool, take: Option<i64>) -> Option<u32> {
    let take = u32::try_from(take.filter(|_| !skip)?.unsigned_abs()).ok()?;
    match take {
        1..=10 => Some(take),
        11..=100 => (take % 5 == 0).then_some(take),
        101..=1000 => (take % 50 == 0).then_some(take),
        _ => None,
    }
}

/// Whether a filter holds for one record at most: it gives the values of a unique key.
pub(crate) fn names_one(model: ModelWalker<'_>, filter: Option<&Filter>) -> bool {
    let gives = |filter: &Filter, id: FieldId| match filter {
        Filter::Scalar {
            field,
            condition: Condition::Compare(CompareOp::Eq, Operand::Value(_)),
            mode: Mode::Default,
        } => *field == id,
        _ => false,
    };
    let given = |id: FieldId| match filter {
        Some(Filter::And(all)) => all.iter().any(|f| gives(f, id)),
        Some(filter) => gives(filter, id),
        None => false,
    };
    filter.is_some() && model.unique_keys().any(|key| key.fields().all(|f| given(f.id())))
}

/// Whether the rows come in the opposite of the order asked for.
pub(crate) fn comes_reversed(model: ModelWalker<'_>, arguments: &Arguments, parents: Option<Parents<'_>>) -> bool {
    let paging = Paging::of(model, arguments, Parents::are_many(parents));
    paging.reversed && !paging.per_parent
}

impl Lowering<'_> {
    pub(super) fn limit(&mut self, select: &mut SelectStatement, paging: Paging) {
        if paging.take || paging.skip && self.dialect.offset_needs_limit() {
            let written = paging.written.filter(|_| self.dialect.writes_limits());
            select.limit(written.map_or_else(|| self.limit_slot(), Slots::written));
        }
        if paging.skip {
            select.offset(self.limit_slot());
        }
    }

    /// Rows numbered by window functions: `d` within those alike in the fields of `distinct`, `n` in the order asked for,
    /// within the parent where there is one.
    pub(super) fn windowed(
        &mut self,
        mut select: SelectStatement,
        width: usize,
        keys: &[OrderKey],
        parent: Vec<Expr>,
        distinct: Vec<Expr>,
        paging: Paging,
    ) -> SelectStatement {
        if paging.distinct {
            let forward = window(parent.iter().cloned().chain(distinct), keys, paging.reversed);
            select.expr_window_as(Func::cust("ROW_NUMBER"), forward, "d");
            for (i, key) in parent.iter().enumerate() {
                select.expr_as(key.clone(), format!("p{i}"));
            }
        }
        let partition = if paging.per_parent { parent.clone() } else { Vec::new() };
        select.expr_window_as(Func::cust("ROW_NUMBER"), window(partition, keys, false), "n");
        let mut select = outer(width).from_subquery(select, PAGE).take();
        if paging.distinct {
            select.and_where(own("d").eq(Expr::cust("1")));
            if paging.per_parent {
                let mut numbered = WindowStatement::new();
                for i in 0..parent.len() {
                    numbered.add_partition_by(own(&format!("p{i}")));
                }
                numbered.order_by_expr(own("n"), sea_query::Order::Asc);
                select.expr_window_as(Func::cust("ROW_NUMBER"), numbered, "n");
                select = outer(width).from_subquery(select, PAGE).take();
            }
        }
        if !paging.per_parent {
            select.order_by_expr(own("n"), sea_query::Order::Asc);
            self.limit(&mut select, paging);
            return select;
        }
        if paging.skip {
            let skipped = self.slot();
            select.and_where(own("n").gt(skipped));
        }
        if paging.take {
            let last = self.slot();
            select.and_where(own("n").lte(last));
        }
        let direction = if paging.reversed { sea_query::Order::Desc } else { sea_query::Order::Asc };
        select.order_by_expr(own("n"), direction);
        select
    }
}

pub(super) fn name(i: usize) -> String {
    format!("c{i}")
}

/// Numbers the rows as `n`, in the order of keys.
pub(super) fn row_number(select: &mut SelectStatement, keys: &[OrderKey]) {
    select.expr_window_as(Func::cust("ROW_NUMBER"), window([], keys, false), "n");
}

/// A column of the numbered rows.
pub(super) fn own(name: &str) -> Expr {
    Expr::col((PAGE, name.to_owned().into_iden()))
}

/// The first `width` columns of what is called a page.
pub(super) fn outer(width: usize) -> SelectStatement {
    let mut select = Query::select();
    for i in 0..width {
        select.expr_as(own(&name(i)), name(i));
    }
    select
}

fn window(partition: impl IntoIterator<Item = Expr>, keys: &[OrderKey], turned: bool) -> WindowStatement {
    let mut window = WindowStatement::new();
    for expr in partition {
        window.add_partition_by(expr);
    }
    for key in keys {
        order_by(&mut window, key, turned);
    }
    window
}

pub(super) fn order_by(statement: &mut impl OrderedStatement, key: &OrderKey, turned: bool) {
    let key = if turned { &key.turned() } else { key };
    match key.sea_nulls() {
        Some(nulls) => statement.order_by_expr_with_nulls(key.expr.clone(), key.sea_order(), nulls),
        None => statement.order_by_expr(key.expr.clone(), key.sea_order()),
    };
}
