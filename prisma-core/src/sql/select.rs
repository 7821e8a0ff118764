//! Reads: the SELECT of one level of a selection.

use prisma_schema::{FieldWalker, ModelWalker};
use sea_query::{Expr, ExprTrait, Query, SelectStatement};

use super::filter::{all_of, any_of};
use super::join::joined_shape;
use super::link::{SqlLink, link, link_fields};
use super::order::effective_order;
use super::page::{Paging, name, names_one, order_by};
use super::shape::padded;
use super::{Dialect, Lowering, Shape, StatementKind, Table};
use crate::tree::{Arguments, Columns, FieldId, Load, Lock, Selection};
use crate::{Error, Value};

/// What one statement reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Select<'a, 's> {
    pub(crate) model: ModelWalker<'s>,
    pub(crate) arguments: &'a Arguments,
    pub(crate) selection: &'a Selection,
    pub(crate) fetch: Fetch,
    /// For an included relation: whose records.
    pub(crate) parents: Option<Parents<'s>>,
}

/// How a statement reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fetch {
    pub(crate) kind: StatementKind,
    /// How relations are read.
    pub(crate) load: Load,
    /// Whether the rows are locked.
    pub(crate) lock: Option<Lock>,
}

impl Fetch {
    /// Relations by statements of their own, and no locks.
    pub(crate) fn plain(kind: StatementKind) -> Self {
        Self { kind, load: Load::Query, lock: None }
    }
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
    /// Whether the keys are bound as one list, and the page of each is looked up: [`reads_apart`](super::reads_apart).
    pub(crate) apart: bool,
}

impl Parents<'_> {
    /// Whether the records of several parents must be told apart to find the page of each.
    pub(super) fn are_many(parents: Option<Parents<'_>>) -> bool {
        parents.is_some_and(|parents| parents.many && !parents.apart)
    }
}

/// Which columns the engine reads, of those that stand in the row anyway and of those that it adds.
#[derive(Debug, Default)]
pub(crate) struct Layout<'s> {
    added: Vec<FieldId>,
    adds_join_key: bool,
    /// For each relation of the selection: the key by which its records are found; none where they are joined.
    pub(crate) links: Vec<KeyColumns<'s>>,
    /// Where the relations stand that are joined.
    pub(crate) joined: usize,
    /// For an included relation: the key of the parent that a record belongs to.
    pub(crate) parent: Option<KeyColumns<'s>>,
    /// What tells the record's own place, where it is asked for.
    pub(crate) key: Option<KeyColumns<'s>>,
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
        Self::with_key(model, selection, Load::Query, parent, &[])
    }

    /// The layout of a selection to which the columns of a key are added, if they are not in it.
    pub(crate) fn with_key(
        model: ModelWalker<'s>,
        selection: &Selection,
        load: Load,
        parent: Option<FieldWalker<'s>>,
        key: &[FieldWalker<'s>],
    ) -> Result<Self, Error> {
        let mut layout = Self::default();
        if selection.relations.is_empty() && parent.is_none() && key.is_empty() {
            return Ok(layout);
        }
        let columns = selected_fields(model, selection);
        layout.joined = columns.len() + selection.aggregates.len();
        let (joined, linked) = match load {
            Load::Query => (0, &selection.relations[..]),
            Load::Join => (selection.relations.len(), &[][..]),
        };
        let first_added = layout.joined + joined;
        let place = |added: &mut Vec<FieldId>, field: FieldId| {
            columns.iter().position(|&f| f == field).unwrap_or_else(|| {
                first_added
                    + added.iter().position(|&f| f == field).unwrap_or_else(|| {
                        added.push(field);
                        added.len() - 1
                    })
            })
        };
        for relation in linked {
            let fields = link_fields(model.field(relation.field))?;
            let key = fields.into_iter().map(|f| (place(&mut layout.added, f.id()), f)).collect();
            layout.links.push(KeyColumns(key));
        }
        if !key.is_empty() {
            let key = key.iter().map(|&f| (place(&mut layout.added, f.id()), f)).collect();
            layout.key = Some(KeyColumns(key));
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

/// The columns of a selection.
pub(crate) fn selected_fields(model: ModelWalker<'_>, selection: &Selection) -> Vec<FieldId> {
    match &selection.columns {
        Columns::All => model.client_scalars().map(FieldWalker::id).collect(),
        Columns::Fields(fields) => fields.clone(),
    }
}

/// The shape of a read. Values are moved out of the arguments and the selection; `keys` are those of the parents, one
/// row after the other.
pub(crate) fn shape(
    dialect: &'static dyn Dialect,
    fetch: Fetch,
    model: ModelWalker<'_>,
    arguments: &mut Arguments,
    selection: &mut Selection,
    parents: Option<(Parents<'_>, Vec<Value>)>,
) -> Shape {
    let mut shape = Shape::new(dialect, fetch.kind, model.id());
    shape.tag(fetch.lock.map_or(0, |lock| 1 + lock.strength as u8 + 2 * lock.wait as u8));
    let paging = Paging::of(model, arguments, Parents::are_many(parents.as_ref().map(|(parents, _)| *parents)));
    shape.tag(parents.as_ref().map_or(0, |(parents, _)| 1 + u8::from(parents.apart)));
    level_shape(&mut shape, model, paging, arguments, selection, fetch.load);
    if let Some((parents, keys)) = parents {
        shape.number(parents.field.model().id().0);
        shape.field(parents.field.id());
        match parents.apart {
            true => shape.value(Value::List(keys)),
            false => shape.rows(parents.count, keys),
        }
    }
    paging.values(dialect, arguments.skip, arguments.take, &mut shape);
    shape
}

/// The shape of one level, up to the parents and the values of its paging.
pub(super) fn level_shape(
    shape: &mut Shape,
    model: ModelWalker<'_>,
    paging: Paging,
    arguments: &mut Arguments,
    selection: &mut Selection,
    load: Load,
) {
    match &selection.columns {
        Columns::All => shape.tag(0),
        Columns::Fields(fields) => {
            shape.tag(1);
            shape.fields(fields);
        }
    }
    shape.count(selection.aggregates.len());
    for of_relation in &mut selection.aggregates {
        shape.field(of_relation.field);
        shape.aggregate(of_relation.aggregate);
        shape.optional_filter(of_relation.filter.as_mut());
    }
    shape.count(selection.relations.len());
    for relation in &mut selection.relations {
        shape.field(relation.field);
        if load == Load::Join {
            joined_shape(shape, model, relation);
        }
    }
    let cursor = arguments.cursor.is_some();
    let is_joined = load == Load::Join && !selection.relations.is_empty();
    let flags = [paging.skip, paging.take, paging.per_parent, paging.reversed, cursor, is_joined];
    shape.tag(flags.iter().fold(0, |byte, &flag| byte << 1 | u8::from(flag)));
    shape.order(&arguments.order);
    shape.fields(&arguments.distinct);
    if let Some(cursor) = &mut arguments.cursor {
        shape.order_values(&arguments.order);
        shape.unique(cursor);
    }
    shape.optional_filter(arguments.filter.as_mut());
}

/// The records that a statement reads: FROM, the table, and the key of the parent that a record belongs to.
type Source<'s> = (SelectStatement, Table<'s>, Vec<Expr>);

impl<'s> Lowering<'s> {
    /// The SELECT of a read; its columns are named `c0`, `c1` … if `named`.
    pub(crate) fn select(
        &mut self,
        read: Select<'_, 's>,
        layout: &Layout<'s>,
        named: bool,
    ) -> Result<SelectStatement, Error> {
        let Select { model, arguments, fetch, parents, .. } = read;
        if let Some(Parents { field, .. }) = parents.filter(|parents| parents.apart) {
            return self.select_apart(read, field, layout);
        }
        let paging = Paging::of(model, arguments, Parents::are_many(parents));
        let windowed = paging.per_parent || paging.distinct;
        let (mut select, table, parent) = self.source(read)?;
        let columns = self.columns(&mut select, &table, read, layout, &parent)?;
        let width = columns.len();
        for (i, column) in columns.into_iter().enumerate() {
            if named || windowed {
                select.expr_as(column, name(i))
            } else {
                select.expr(column)
            };
        }

        let order = effective_order(model, &arguments.order, paging.reversed, paging.total);
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
        if let Some(lock) = fetch.lock {
            self.dialect.lock(&mut select, lock, table.alias());
        }
        Ok(select)
    }

    /// The columns of a read, `parent` being the key of the parent that a record belongs to; what they need is joined to `select`.
    pub(super) fn columns(
        &mut self,
        select: &mut SelectStatement,
        table: &Table<'s>,
        read: Select<'_, 's>,
        layout: &Layout<'s>,
        parent: &[Expr],
    ) -> Result<Vec<Expr>, Error> {
        let Select { model, arguments, selection, fetch, .. } = read;
        let mut columns: Vec<Expr> =
            selected_fields(model, selection).into_iter().map(|field| table.column(field)).collect();
        let once = names_one(model, arguments.filter.as_ref());
        for of_relation in &selection.aggregates {
            columns.push(self.of_related(select, table, of_relation, once)?);
        }
        if fetch.load == Load::Join {
            for relation in &selection.relations {
                columns.push(self.joined(table, relation)?);
            }
        }
        columns.extend(layout.added.iter().map(|&f| table.column(f)));
        if layout.adds_join_key {
            columns.extend(parent.iter().cloned());
        }
        if columns.is_empty() {
            columns.push(Expr::cust("1"));
        }
        Ok(columns)
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
            return self.one_of_list(column.clone(), count, false);
        }
        let rows = (0..padded(self.dialect, count))
            .map(|_| all_of(key.iter().map(|column| column.clone().eq(self.slot())).collect()))
            .collect();
        any_of(rows)
    }
}
