//! Cursors: the records from a given one on.

use sea_query::{DynIden, Expr, ExprTrait, IntoIden, JoinType, SelectStatement};

use super::filter::{all_of, any_of};
use super::order::{OrderKey, nulls_first};
use super::{Lowering, Table};
use crate::Error;
use crate::tree::{Direction, Order, Unique};

impl<'s> Lowering<'s> {
    /// Joins the record of the cursor to `select`, and keeps the records that do not come before it in the order of
    /// `keys`. Without such a record nothing is left. `from` makes the SELECT of the same records once more; what it
    /// gives as keys of the parent must be the same for both.
    pub(super) fn cursor(
        &mut self,
        select: &mut SelectStatement,
        keys: &[OrderKey],
        parent: &[Expr],
        order: &[Order],
        cursor: &Unique,
        (mut inner, table, inner_parent): (SelectStatement, Table<'s>, Vec<Expr>),
    ) -> Result<(), Error> {
        let alias = "cursor".into_iden();
        let inner_keys = self.order_keys(&mut inner, &table, order)?;
        for (i, key) in inner_keys.into_iter().enumerate() {
            inner.expr_as(key.expr, format!("k{i}"));
        }
        for (i, key) in inner_parent.into_iter().enumerate() {
            inner.expr_as(key, format!("p{i}"));
        }
        let unique = self.unique(&table, cursor)?;
        inner.and_where(unique);
        let at = |name: String| Expr::col((alias.clone(), name.into_iden()));
        let same_parent = parent.iter().enumerate().map(|(i, key)| key.clone().eq(at(format!("p{i}"))));
        let on = self.not_before(keys, &alias).into_iter().chain(same_parent).collect();
        select.join_subquery(JoinType::InnerJoin, inner, alias.clone(), all_of(on));
        Ok(())
    }

    /// Whether a record is that of the cursor or comes after it: the keys compared as a tuple.
    fn not_before(&self, keys: &[OrderKey], alias: &DynIden) -> Option<Expr> {
        let at = |i: usize| Expr::col((alias.clone(), format!("k{i}").into_iden()));
        let (last, _) = keys.split_last()?;
        let mut any = Vec::with_capacity(keys.len() + 1);
        for (i, key) in keys.iter().enumerate() {
            let mut all: Vec<_> = keys[..i].iter().enumerate().map(|(j, k)| same(k, at(j))).collect();
            // The last key of a total order differs between any two records, so that the record itself is let in here.
            let is_last = i + 1 == keys.len() && !last.nullable;
            all.push(self.after(key, at(i), is_last));
            any.push(all_of(all));
        }
        if last.nullable {
            any.push(all_of(keys.iter().enumerate().map(|(j, k)| same(k, at(j))).collect()));
        }
        Some(any_of(any))
    }

    fn after(&self, key: &OrderKey, cursor: Expr, or_same: bool) -> Expr {
        let column = key.expr.clone();
        let compared = match (key.direction, or_same) {
            (Direction::Asc, false) => column.gt(cursor.clone()),
            (Direction::Asc, true) => column.gte(cursor.clone()),
            (Direction::Desc, false) => column.lt(cursor.clone()),
            (Direction::Desc, true) => column.lte(cursor.clone()),
        };
        if !key.nullable {
            return compared;
        }
        let nulls_first = nulls_first(self.dialect, key.direction, key.nulls);
        let (null, value) = if nulls_first { (cursor, key.expr.clone()) } else { (key.expr.clone(), cursor) };
        compared.or(null.is_null().and(value.is_not_null()))
    }
}

fn same(key: &OrderKey, cursor: Expr) -> Expr {
    let equal = key.expr.clone().eq(cursor.clone());
    if key.nullable { equal.or(key.expr.clone().is_null().and(cursor.is_null())) } else { equal }
}
