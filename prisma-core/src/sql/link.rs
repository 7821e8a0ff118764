//! From a record to those that a relation links it with.

use prisma_schema::{Arity, FieldWalker, IndexKind, Link, ModelWalker};
use sea_query::{Expr, ExprTrait, Func, IntoIden, JoinType, Query, SelectStatement};

use super::filter::{all_of, any_of};
use super::lower::{JoinTable, not_a_relation};
use super::{Lowering, Table};
use crate::Error;
use crate::tree::{FieldId, Filter, RelationAggregate};

/// How a relation field finds its records in SQL.
#[derive(Debug, Clone, Copy)]
pub(super) enum SqlLink<'s> {
    /// `own` fields of this model equal `other` fields of the related one.
    Key {
        own: &'s [FieldId],
        other: &'s [FieldId],
        /// Whether this model holds the foreign key.
        owning: bool,
    },
    /// Through a table: `own_column` holds this model's key, `other_column` the related model's.
    Join { table: JoinTable<'s>, own_column: &'static str, other_column: &'static str },
}

/// How a relation field finds its records.
pub(super) fn link<'s>(field: FieldWalker<'s>) -> Result<SqlLink<'s>, Error> {
    Ok(match field.link().ok_or_else(|| not_a_relation(field.model(), field.id()))? {
        Link::Owning { fields, references, .. } => SqlLink::Key { own: fields, other: references, owning: true },
        Link::Referenced { references, fields, .. } => SqlLink::Key { own: references, other: fields, owning: false },
        Link::Join { schema, table, own_column, other_column } => {
            SqlLink::Join { table: JoinTable { schema, table }, own_column, other_column }
        }
    })
}

/// The scalar fields by which a model's records find those at the other end of a relation.
pub(super) fn link_fields<'s>(field: FieldWalker<'s>) -> Result<Vec<FieldWalker<'s>>, Error> {
    let model = field.model();
    Ok(match link(field)? {
        SqlLink::Key { own, .. } => own.iter().map(|&id| model.field(id)).collect(),
        SqlLink::Join { .. } => vec![single_key(model)?],
    })
}

/// The key of a model that an implicit m-n table points to.
fn single_key(model: ModelWalker<'_>) -> Result<FieldWalker<'_>, Error> {
    model
        .identifier()
        .and_then(|key| key.fields().next())
        .ok_or_else(|| Error::internal(format!("`{}` has no key", model.name())))
}

/// The records at the other end of a relation: a SELECT that lacks only its columns.
pub(crate) struct Related<'s> {
    /// FROM, with the join table where there is one.
    pub(crate) select: SelectStatement,
    /// The table at the other end.
    pub(crate) table: Table<'s>,
    /// What equals the fields of [`link_fields`], in the same order.
    pub(crate) keys: Vec<Expr>,
    /// Whether a key can be NULL.
    pub(crate) nullable: bool,
}

impl<'s> Lowering<'s> {
    /// The records at the other end of a relation.
    pub(crate) fn related(&mut self, field: FieldWalker<'s>) -> Result<Related<'s>, Error> {
        let other = field.related_model().ok_or_else(|| not_a_relation(field.model(), field.id()))?;
        let mut select = Query::select();
        let own = match link(field)? {
            SqlLink::Key { other, .. } => other,
            SqlLink::Join { table: join, own_column, other_column } => {
                let join_alias = self.alias();
                let table = self.table(other.id());
                let key = single_key(other)?;
                let on = table.column(key.id()).eq(Expr::col((join_alias.clone(), other_column)));
                select.from(join.aliased(join_alias.clone())).inner_join(table.source(), on);
                let keys = vec![Expr::col((join_alias, own_column))];
                return Ok(Related { select, table, keys, nullable: false });
            }
        };
        let table = self.table(other.id());
        select.from(table.source());
        let keys = own.iter().map(|&id| table.column(id)).collect();
        let nullable = own.iter().any(|&id| other.field(id).arity() != Arity::Required);
        Ok(Related { select, table, keys, nullable })
    }

    /// Whether a record of `table` is linked with one that meets a filter, or (`negated`) with one that does not. The
    /// answer is never NULL, so that NOT turns it round.
    pub(crate) fn is_related(
        &mut self,
        table: &Table<'s>,
        field: FieldId,
        filter: Option<&Filter>,
        negated: bool,
    ) -> Result<Expr, Error> {
        let field = table.model.field(field);
        let fields = link_fields(field)?;
        // An empty condition asks nothing of the other end.
        let filter = filter.filter(|f| negated || !matches!(f, Filter::And(all) if all.is_empty()));
        let nullable = fields.iter().any(|f| f.arity() != Arity::Required);
        let mut terms = Vec::new();
        if nullable {
            terms.extend(fields.iter().map(|f| table.column(f.id()).is_not_null()));
        }
        let by_key = match link(field)? {
            SqlLink::Key { own, other, owning: true } => uses_only(filter, other).then_some((own, other)),
            _ => None,
        };
        if let (Some((fields, references)), Some(other)) = (by_key, field.related_model()) {
            if let Some(filter) = filter {
                let keys = references.iter().zip(fields).map(|(&r, &f)| (r, table.column_name(f))).collect();
                let expr = self.filter(&Table::of_key(other, table.alias(), keys), filter)?;
                terms.push(if negated { expr.not() } else { expr });
            }
            return Ok(all_of(terms));
        }
        let mut related = match self.related_by_join_table(field, filter, None)? {
            Some(related) => related,
            None => self.related(field)?,
        };
        if let Some(filter) = filter {
            let expr = self.filter(&related.table, filter)?;
            related.select.and_where(if negated { expr.not() } else { expr });
        }
        let own: Vec<_> = fields.iter().map(|f| table.column(f.id())).collect();
        if self.dialect.correlates_relation_filters() {
            for (own, key) in own.into_iter().zip(related.keys) {
                related.select.and_where(key.eq(own));
            }
            return Ok(Expr::exists(related.select.expr(Expr::cust("1")).take()));
        }
        if related.nullable {
            for key in &related.keys {
                related.select.and_where(key.clone().is_not_null());
            }
        }
        related.select.exprs(related.keys);
        terms.push(match <[Expr; 1]>::try_from(own) {
            Ok([own]) => own.in_subquery(related.select),
            Err(own) => Expr::tuple(own).in_subquery(related.select),
        });
        Ok(all_of(terms))
    }

    /// Whether a record of `table` is linked with none.
    pub(crate) fn is_unrelated(&mut self, table: &Table<'s>, field: FieldId) -> Result<Expr, Error> {
        match link(table.model.field(field))? {
            SqlLink::Key { own, owning: true, .. } => {
                let optional = own.iter().filter(|&&f| table.model.field(f).arity() != Arity::Required);
                Ok(any_of(optional.map(|&f| table.column(f).is_null()).collect()))
            }
            _ => Ok(self.is_related(table, field, None, false)?.not()),
        }
    }

    /// The join table alone, where nothing is asked of the other end but its key: by a filter, or as a `column`.
    fn related_by_join_table(
        &mut self,
        field: FieldWalker<'s>,
        filter: Option<&Filter>,
        column: Option<FieldId>,
    ) -> Result<Option<Related<'s>>, Error> {
        let (SqlLink::Join { table: join, own_column, other_column }, Some(other)) =
            (link(field)?, field.related_model())
        else {
            return Ok(None);
        };
        let key = single_key(other)?.id();
        if !uses_only(filter, &[key]) || column.is_some_and(|column| column != key) {
            return Ok(None);
        }
        let alias = self.alias();
        let mut select = Query::select();
        select.from(join.aliased(alias.clone()));
        let table = Table::of_key(other, alias.clone(), vec![(key, other_column.into_iden())]);
        let keys = vec![Expr::col((alias, own_column))];
        Ok(Some(Related { select, table, keys, nullable: false }))
    }

    /// What is computed of the records that a relation links a record of `table` with. `once`: asked of one record only.
    ///
    /// It is computed for each record where an index finds the related ones; otherwise for all records together, in a
    /// table that is joined to `select`.
    pub(crate) fn of_related(
        &mut self,
        select: &mut SelectStatement,
        table: &Table<'s>,
        of_relation: &RelationAggregate,
        once: bool,
    ) -> Result<Expr, Error> {
        let &RelationAggregate { field, aggregate, ref filter } = of_relation;
        let (field, filter) = (table.model.field(field), filter.as_ref());
        let mut related = match self.related_by_join_table(field, filter, aggregate.field())? {
            Some(related) => related,
            None => self.related(field)?,
        };
        if let Some(filter) = filter {
            let filter = self.filter(&related.table, filter)?;
            related.select.and_where(filter);
        }
        let own = link_fields(field)?.into_iter().map(|f| table.column(f.id()));
        let computed = self.computed(&related.table, aggregate);
        if once || finds_by_index(field)? {
            for (own, key) in own.zip(related.keys) {
                related.select.and_where(key.eq(own));
            }
            related.select.expr(computed);
            return Ok(subquery(related.select));
        }
        let alias = self.alias();
        let at = |name: String| Expr::col((alias.clone(), name.into_iden()));
        let on = own.enumerate().map(|(i, own)| at(format!("k{i}")).eq(own)).collect();
        for (i, key) in related.keys.into_iter().enumerate() {
            related.select.expr_as(key.clone(), format!("k{i}")).add_group_by([key]);
        }
        related.select.expr_as(computed, "n");
        select.join_subquery(JoinType::LeftJoin, related.select, alias.clone(), all_of(on));
        let computed = at("n".to_owned());
        Ok(if aggregate.is_count() { Func::coalesce([computed, Expr::cust("0")]).into() } else { computed })
    }
}

/// Whether the database has an index that leads from a key to the related records.
pub(super) fn finds_by_index(field: FieldWalker<'_>) -> Result<bool, Error> {
    Ok(match (link(field)?, field.related_model()) {
        (SqlLink::Key { other, .. }, Some(model)) => model
            .indexes()
            .filter(|index| index.kind() != IndexKind::Fulltext && index.data().predicate.is_none())
            .any(|index| index.fields().next().is_some_and(|first| other.contains(&first.id()))),
        _ => true,
    })
}

/// A SELECT of one value as an expression.
pub(crate) fn subquery(select: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(select.into()))
}

/// Whether a filter looks at nothing but these fields.
fn uses_only(filter: Option<&Filter>, fields: &[FieldId]) -> bool {
    filter.is_none_or(|filter| match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().all(|f| uses_only(Some(f), fields)),
        Filter::Not(inner) => uses_only(Some(inner), fields),
        Filter::Scalar { field, condition, .. } => {
            fields.contains(field) && condition.other_field().is_none_or(|other| fields.contains(&other))
        }
        Filter::Search { fields: searched, .. } => searched.iter().all(|f| fields.contains(f)),
        Filter::Aggregate { .. } | Filter::Relation { .. } => false,
    })
}
