//! Reads: the SELECT of one level of a selection.

use prisma_schema::{FieldWalker, ModelWalker};
use sea_query::{
    Expr, ExprTrait, Func, IntoIden, OrderedStatement, OverStatement, Query, SelectStatement, WindowStatement,
};

use super::filter::{all_of, any_of};
use super::link::{SqlLink, link, link_fields};
use super::order::{OrderKey, effective_order};
use super::shape::padded;
use super::{Dialect, Lowering, Shape, StatementKind, Table};
use crate::tree::{Arguments, Columns, FieldId, Selection};
use crate::{Error, Value};

/// What one statement reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Select<'a, 's> {
    pub(crate) model: ModelWalker<'s>,
    pub(crate) arguments: &'a Arguments,
    pub(crate) selection: &'a Selection,
    /// For an included relation: whose records.
    pub(crate) parents: Option<Parents<'s>>,
}

/// The records whose related records are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parents<'s> {
    /// The relation field, on the parents' model.
    pub(crate) field: FieldWalker<'s>,
    /// How many keys this statement asks for.
    pub(crate) count: usize,
    /// Whether there is more than one key, in this statement and those beside it.
    pub(crate) many: bool,
}

/// Which columns the engine reads, of those that stand in the row anyway and of those that it adds.
#[derive(Debug, Default)]
pub(crate) struct Layout<'s> {
    added: Vec<FieldId>,
    adds_join_key: bool,
    /// For each relation of the selection: the key by which its records are found.
    pub(crate) links: Vec<KeyColumns<'s>>,
    /// For an included relation: the key of the parent that a record belongs to.
    pub(crate) parent: Option<KeyColumns<'s>>,
}

/// The columns of a key: where they stand, and the fields that tell their types.
#[derive(Debug)]
pub(crate) struct KeyColumns<'s>(pub(crate) Vec<(usize, FieldWalker<'s>)>);

impl<'s> Layout<'s> {
    /// The layout of a selection. `parent` is the relation field that leads to it.
    pub(crate) fn new(
        model: ModelWalker<'s>,
        selection: &Selection,
        parent: Option<FieldWalker<'s>>,
    ) -> Result<Self, Error> {
        let mut layout = Self::default();
        if selection.relations.is_empty() && parent.is_none() {
            return Ok(layout);
        }
        let columns: Vec<FieldId> = match &selection.columns {
            Columns::All => model.client_scalars().map(FieldWalker::id).collect(),
            Columns::Fields(fields) => fields.clone(),
        };
        let first_added = columns.len() + selection.counts.len();
        let place = |added: &mut Vec<FieldId>, field: FieldId| {
            columns.iter().position(|&f| f == field).unwrap_or_else(|| {
                first_added
                    + added.iter().position(|&f| f == field).unwrap_or_else(|| {
                        added.push(field);
                        added.len() - 1
                    })
            })
        };
        for relation in &selection.relations {
            let fields = link_fields(model.field(relation.field))?;
            let key = fields.into_iter().map(|f| (place(&mut layout.added, f.id()), f)).collect();
            layout.links.push(KeyColumns(key));
        }
        if let Some(field) = parent {
            layout.parent = Some(KeyColumns(match link(field)? {
                SqlLink::Key { other, .. } => {
                    other.iter().map(|&id| (place(&mut layout.added, id), model.field(id))).collect()
                }
                SqlLink::Join { .. } => {
                    layout.adds_join_key = true;
                    let at = first_added + layout.added.len();
                    link_fields(field)?.into_iter().map(|f| (at, f)).collect()
                }
            }));
        }
        Ok(layout)
    }
}

/// How a statement keeps to `skip`, `take` and `distinct`.
#[derive(Debug, Clone, Copy)]
struct Paging {
    skip: bool,
    take: bool,
    /// Rows are numbered within each parent, as LIMIT counts over all of them.
    per_parent: bool,
    distinct: bool,
    reversed: bool,
    /// Whether ties of the order matter.
    total: bool,
}

impl Paging {
    fn of(arguments: &Arguments, parents: Option<Parents<'_>>) -> Self {
        let (skip, take) = (arguments.skip.is_some_and(|n| n > 0), arguments.take.is_some());
        let distinct = !arguments.distinct.is_empty();
        Self {
            skip,
            take,
            per_parent: (skip || take) && parents.is_some_and(|p| p.many),
            distinct,
            reversed: arguments.take.is_some_and(|n| n < 0),
            total: skip || take || distinct || arguments.cursor.is_some(),
        }
    }
}

/// Whether the rows come in the opposite of the order asked for.
pub(crate) fn comes_reversed(arguments: &Arguments, parents: Option<Parents<'_>>) -> bool {
    let paging = Paging::of(arguments, parents);
    paging.reversed && !paging.per_parent
}

/// The shape of a read. Values are moved out of the arguments and the selection; `keys` are those of the parents, one
/// row after the other.
pub(crate) fn shape(
    dialect: &'static dyn Dialect,
    kind: StatementKind,
    model: ModelWalker<'_>,
    arguments: &mut Arguments,
    selection: &mut Selection,
    parents: Option<(Parents<'_>, Vec<Value>)>,
) -> Shape {
    let mut shape = Shape::new(dialect, kind, model.id());
    match &selection.columns {
        Columns::All => shape.tag(0),
        Columns::Fields(fields) => {
            shape.tag(1);
            shape.fields(fields);
        }
    }
    shape.count(selection.counts.len());
    for count in &mut selection.counts {
        shape.field(count.field);
        shape.optional_filter(count.filter.as_mut());
    }
    shape.count(selection.relations.len());
    for relation in &selection.relations {
        shape.field(relation.field);
    }
    let paging = Paging::of(arguments, parents.as_ref().map(|(p, _)| *p));
    let cursor = arguments.cursor.is_some();
    let flags = [paging.skip, paging.take, paging.per_parent, paging.reversed, cursor, parents.is_some()];
    shape.tag(flags.iter().fold(0, |byte, &flag| byte << 1 | u8::from(flag)));
    shape.order(&arguments.order);
    shape.fields(&arguments.distinct);
    if let Some(cursor) = &mut arguments.cursor {
        shape.unique(cursor);
    }
    shape.optional_filter(arguments.filter.as_mut());
    if let Some((parents, keys)) = parents {
        shape.number(parents.field.model().id().0);
        shape.field(parents.field.id());
        shape.rows(parents.count, keys);
    }
    let skip = i64::try_from(arguments.skip.unwrap_or(0)).unwrap_or(i64::MAX);
    let take = arguments.take.map(|n| i64::try_from(n.unsigned_abs()).unwrap_or(i64::MAX));
    if paging.per_parent {
        if paging.skip {
            shape.value(Value::BigInt(skip));
        }
        if let Some(take) = take {
            shape.value(Value::BigInt(skip.saturating_add(take)));
        }
    } else {
        match take {
            Some(take) => shape.value(Value::BigInt(take)),
            None if paging.skip && dialect.offset_needs_limit() => shape.value(Value::BigInt(i64::MAX)),
            None => {}
        }
        if paging.skip {
            shape.value(Value::BigInt(skip));
        }
    }
    shape
}

/// The records that a statement reads: FROM, the table, and the key of the parent that a record belongs to.
type Source<'s> = (SelectStatement, Table<'s>, Vec<Expr>);

const PARENT: &str = "page";

impl<'s> Lowering<'s> {
    /// The SELECT of a read; its columns are named `c0`, `c1` … if `named`.
    pub(crate) fn select(
        &mut self,
        read: Select<'_, 's>,
        layout: &Layout<'s>,
        named: bool,
    ) -> Result<SelectStatement, Error> {
        let Select { model, arguments, selection, parents } = read;
        let paging = Paging::of(arguments, parents);
        let windowed = paging.per_parent || paging.distinct;
        let (mut select, table, parent) = self.source(read)?;

        let mut columns: Vec<Expr> = match &selection.columns {
            Columns::All => model.client_scalars().map(|f| table.column(f.id())).collect(),
            Columns::Fields(fields) => fields.iter().map(|&f| table.column(f)).collect(),
        };
        for count in &selection.counts {
            columns.push(self.related_count(&table, count.field, count.filter.as_ref())?);
        }
        columns.extend(layout.added.iter().map(|&f| table.column(f)));
        if layout.adds_join_key {
            columns.extend(parent.iter().cloned());
        }
        if columns.is_empty() {
            columns.push(Expr::cust("1"));
        }
        let width = columns.len();
        for (i, column) in columns.into_iter().enumerate() {
            if named || windowed {
                select.expr_as(column, name(i))
            } else {
                select.expr(column)
            };
        }

        let order = effective_order(model, arguments, paging.reversed, paging.total);
        let keys = self.order_keys(&mut select, &table, &order)?;
        if let Some(cursor) = &arguments.cursor {
            let again = self.source(read)?;
            self.cursor(&mut select, &keys, &parent, &order, cursor, again)?;
        }
        if let Some(filter) = &arguments.filter {
            let filter = self.filter(&table, filter)?;
            select.and_where(filter);
        }
        if let Some(parents) = parents {
            let of_parents = self.one_of(&parent, parents.count);
            select.and_where(of_parents);
        }
        if windowed {
            let distinct = arguments.distinct.iter().map(|&f| table.column(f)).collect();
            return Ok(self.windowed(select, width, &keys, parent, distinct, paging));
        }
        for key in &keys {
            order_by(&mut select, key, false);
        }
        self.limit(&mut select, paging);
        Ok(select)
    }

    fn source(&mut self, read: Select<'_, 's>) -> Result<Source<'s>, Error> {
        Ok(match read.parents {
            Some(parents) => {
                let related = self.related(parents.field)?;
                (related.select, related.table, related.keys)
            }
            None => {
                let table = self.table(read.model.id());
                let mut select = Query::select();
                select.from(table.source());
                (select, table, Vec::new())
            }
        })
    }

    /// Whether a key is one of `count` given ones. Counterpart: [`Shape::rows`].
    pub(crate) fn one_of(&mut self, key: &[Expr], count: usize) -> Expr {
        if let [column] = key {
            let mut list = self.list(count);
            return match list.len() {
                1 => column.clone().eq(list.remove(0)),
                _ => column.clone().is_in(list),
            };
        }
        let rows = (0..padded(self.dialect, count))
            .map(|_| all_of(key.iter().map(|column| column.clone().eq(self.slot())).collect()))
            .collect();
        any_of(rows)
    }

    fn limit(&mut self, select: &mut SelectStatement, paging: Paging) {
        if paging.take || paging.skip && self.dialect.offset_needs_limit() {
            select.limit(self.limit_slot());
        }
        if paging.skip {
            select.offset(self.limit_slot());
        }
    }

    /// Rows numbered by window functions: `d` within those alike in the fields of `distinct`, `n` in the order asked for,
    /// within the parent where there is one.
    fn windowed(
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
        let mut select = outer(select, width);
        if paging.distinct {
            select.and_where(own("d").eq(Expr::cust("1")));
            if paging.per_parent {
                let mut numbered = WindowStatement::new();
                for i in 0..parent.len() {
                    numbered.add_partition_by(own(&format!("p{i}")));
                }
                numbered.order_by_expr(own("n"), sea_query::Order::Asc);
                select.expr_window_as(Func::cust("ROW_NUMBER"), numbered, "n");
                select = outer(select, width);
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

fn name(i: usize) -> String {
    format!("c{i}")
}

/// A column of the numbered rows.
fn own(name: &str) -> Expr {
    Expr::col((PARENT, name.to_owned().into_iden()))
}

/// The first `width` columns of numbered rows.
fn outer(inner: SelectStatement, width: usize) -> SelectStatement {
    let mut select = Query::select();
    for i in 0..width {
        select.expr_as(own(&name(i)), name(i));
    }
    select.from_subquery(inner, PARENT);
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

fn order_by(statement: &mut impl OrderedStatement, key: &OrderKey, turned: bool) {
    let key = if turned { &key.turned() } else { key };
    match key.sea_nulls() {
        Some(nulls) => statement.order_by_expr_with_nulls(key.expr.clone(), key.sea_order(), nulls),
        None => statement.order_by_expr(key.expr.clone(), key.sea_order()),
    };
}
