//! Filters.

use prisma_schema::{Arity, ScalarType};
use sea_query::{BinOper, Expr, ExprTrait, Func, Query};

use super::lower::not_a_relation;
use super::shape::{LIKE_ESCAPE, is_whole};
use super::{Dialect, Lowering, Table};
use crate::Error;
use crate::driver::DriverError;
use crate::tree::{
    Aggregate, CompareOp, Condition, FieldId, Filter, ListCondition, MatchKind, Mode, Operand, Quantifier, Unique,
};

/// Above this many terms, AND and OR are nested in halves: databases and recursion have a limit of depth.
const MOST_FLAT: usize = 64;

impl<'s> Lowering<'s> {
    /// A filter on the records of `table`.
    pub(crate) fn filter(&mut self, table: &Table<'s>, filter: &Filter) -> Result<Expr, Error> {
        // Nothing but calls in the arms: this recurs as deep as the filter is, and what an arm holds counts in each frame.
        match filter {
            Filter::And(all) => self.filters(table, all).map(all_of),
            Filter::Or(any) => self.filters(table, any).map(any_of),
            Filter::Not(inner) => self.filter(table, inner).map(ExprTrait::not),
            Filter::Scalar { field, condition, mode } => self.condition(table, *field, condition, *mode),
            Filter::Aggregate { aggregate, condition, mode } => {
                self.aggregate_condition(table, *aggregate, condition, *mode)
            }
            Filter::Search { fields, .. } => self.search(table, fields),
            Filter::Relation { field, quantifier, filter } => self.relation(table, *field, *quantifier, filter),
        }
    }

    fn aggregate_condition(
        &mut self,
        table: &Table<'s>,
        aggregate: Aggregate,
        condition: &Condition,
        mode: Mode,
    ) -> Result<Expr, Error> {
        let computed = self.computed(table, aggregate);
        self.value_condition(table, computed, condition, mode)
    }

    fn search(&mut self, table: &Table<'s>, fields: &[FieldId]) -> Result<Expr, Error> {
        let columns = fields.iter().map(|&field| table.column(field)).collect();
        let query = self.slot();
        self.dialect.search(columns, query).ok_or_else(no_search)
    }

    fn filters(&mut self, table: &Table<'s>, filters: &[Filter]) -> Result<Vec<Expr>, Error> {
        filters.iter().map(|f| self.filter(table, f)).collect()
    }

    /// The condition that names one record.
    pub(crate) fn unique(&mut self, table: &Table<'s>, unique: &Unique) -> Result<Expr, Error> {
        let mut all: Vec<_> = unique.key.iter().map(|(field, _)| table.column(*field).eq(self.slot())).collect();
        if let Some(filter) = &unique.filter {
            all.push(self.filter(table, filter)?);
        }
        Ok(all_of(all))
    }

    fn condition(
        &mut self,
        table: &Table<'s>,
        field: FieldId,
        condition: &Condition,
        mode: Mode,
    ) -> Result<Expr, Error> {
        let column = table.column(field);
        Ok(match condition {
            Condition::Compare(op @ (CompareOp::Eq | CompareOp::Ne), operand) if is_json(table, field) => {
                let right = self.operand(table, operand);
                let same = self.same_json(column, right);
                if *op == CompareOp::Ne { same.not() } else { same }
            }
            Condition::List(condition) => self.list_condition(table, field, condition, mode),
            Condition::Json { path, test } => self.json_condition(table, field, path, test, mode)?,
            other => self.value_condition(table, column, other, mode)?,
        })
    }

    /// A condition that can be put to any value: of a column, or one that is computed.
    fn value_condition(
        &mut self,
        table: &Table<'s>,
        value: Expr,
        condition: &Condition,
        mode: Mode,
    ) -> Result<Expr, Error> {
        let dialect = self.dialect;
        let fold = |expr: Expr| match mode {
            Mode::Default => expr,
            Mode::Insensitive => dialect.fold_case(expr),
        };
        Ok(match condition {
            Condition::Compare(op, operand) => {
                let right = self.operand(table, operand);
                compare(fold(value), *op, fold(right))
            }
            Condition::In { values, negated } if is_whole(values) && dialect.has_arrays() => {
                is_element(value, self.slot(), *negated)
            }
            Condition::In { values, negated } if is_whole(values) => {
                let list = self.slot();
                let Some((elements, element)) = dialect.elements(list) else {
                    return Err(Error::internal("a list was bound as one value where it cannot be"));
                };
                let mut select = Query::select();
                let alias = self.alias();
                select.expr(fold(Expr::col((alias.clone(), element)))).from_function(elements, alias);
                let value = fold(value);
                if *negated { value.not_in_subquery(select) } else { value.in_subquery(select) }
            }
            Condition::In { values, negated } => {
                let mut list = self.markers(values.len());
                match (list.len(), negated) {
                    (0, false) => never(),
                    (0, true) => always(),
                    (1, false) => fold(value).eq(fold(list.remove(0))),
                    (1, true) => fold(value).ne(fold(list.remove(0))),
                    (_, false) => fold(value).is_in(list.into_iter().map(fold)),
                    (_, true) => fold(value).is_not_in(list.into_iter().map(fold)),
                }
            }
            Condition::Match(kind, operand) => {
                let pattern = match operand {
                    Operand::Value(_) => self.slot(),
                    Operand::Field(other) => pattern_of(dialect, *kind, table.column(*other)),
                };
                dialect.like(value, pattern, mode)
            }
            Condition::IsNull => value.is_null(),
            Condition::IsNotNull => value.is_not_null(),
            Condition::List(_) | Condition::Json { .. } => {
                return Err(Error::internal("a condition for columns alone was put to a computed value"));
            }
        })
    }

    fn operand(&mut self, table: &Table<'s>, operand: &Operand) -> Expr {
        match operand {
            Operand::Value(_) => self.slot(),
            Operand::Field(other) => table.column(*other),
        }
    }

    /// By operators of arrays, which indexes help with.
    fn list_condition(&mut self, table: &Table<'s>, field: FieldId, condition: &ListCondition, mode: Mode) -> Expr {
        let column = table.column(field);
        match condition {
            ListCondition::Has(Operand::Value(_)) => column.binary(CONTAINS, self.slot()),
            ListCondition::Has(Operand::Field(other)) if mode == Mode::Insensitive => {
                // A function's alias is the name of its one column too.
                let (alias, dialect) = (self.alias(), self.dialect);
                let mut select = Query::select();
                select.expr(dialect.fold_case(Expr::col(alias.clone())));
                select.from_function(Func::cust("unnest").arg(column), alias);
                dialect.fold_case(table.column(*other)).in_subquery(select)
            }
            ListCondition::Has(Operand::Field(other)) => is_element(table.column(*other), column, false),
            ListCondition::HasEvery(operand) => column.binary(CONTAINS, self.operand(table, operand)),
            ListCondition::HasSome(operand) => column.binary(OVERLAPS, self.operand(table, operand)),
            ListCondition::IsEmpty(is_empty) => {
                let length: Expr = Func::cust("cardinality").arg(column).into();
                if *is_empty { length.eq(Expr::cust("0")) } else { length.gt(Expr::cust("0")) }
            }
        }
    }

    fn same_json(&self, column: Expr, right: Expr) -> Expr {
        match self.dialect.json() {
            Some(json) => json.equals(json.column(column), right),
            None => column.eq(right),
        }
    }

    fn relation(
        &mut self,
        table: &Table<'s>,
        field: FieldId,
        quantifier: Quantifier,
        filter: &Filter,
    ) -> Result<Expr, Error> {
        if table.model.field(field).relation_field().is_none() {
            return Err(not_a_relation(table.model, field));
        }
        match quantifier {
            Quantifier::Some | Quantifier::Is => self.is_related(table, field, Some(filter), false),
            Quantifier::None | Quantifier::IsNot => {
                self.is_related(table, field, Some(filter), false).map(ExprTrait::not)
            }
            Quantifier::Every => self.is_related(table, field, Some(filter), true).map(ExprTrait::not),
            Quantifier::IsNull => self.is_unrelated(table, field),
            Quantifier::IsNotNull => self.is_related(table, field, None, false),
        }
    }
}

fn is_json(table: &Table<'_>, field: FieldId) -> bool {
    let field = table.model.field(field);
    field.arity() != Arity::List && field.scalar().is_some_and(|s| s.ty == ScalarType::Json)
}

/// A text out of the database as a pattern of LIKE, its own `%`, `_` and `\` plain.
pub(super) fn pattern_of(dialect: &dyn Dialect, kind: MatchKind, text: Expr) -> Expr {
    let constant = |text: &str| Expr::Constant(text.to_owned().into());
    let plain = ["\\", "%", "_"].into_iter().fold(text, |text, c| {
        Func::cust("REPLACE").args([text, constant(c), constant(&format!("{LIKE_ESCAPE}{c}"))]).into()
    });
    let any = || constant("%");
    dialect.concat(match kind {
        MatchKind::Contains => vec![any(), plain, any()],
        MatchKind::StartsWith => vec![plain, any()],
        MatchKind::EndsWith => vec![any(), plain],
    })
}

/// Of arrays: all elements of the right are in the left.
const CONTAINS: BinOper = BinOper::Custom("@>");
/// Of arrays: they have an element in common.
const OVERLAPS: BinOper = BinOper::Custom("&&");

/// Whether a value is among the elements of an array, or (`negated`) is not.
pub(super) fn is_element(value: Expr, array: Expr, negated: bool) -> Expr {
    match negated {
        false => value.eq(Func::cust("ANY").arg(array)),
        true => value.ne(Func::cust("ALL").arg(array)),
    }
}

/// The error of a provider without full-text search.
pub(super) fn no_search() -> Error {
    DriverError::Unsupported { feature: "full-text search".to_owned() }.into()
}

pub(super) fn compare(left: Expr, op: CompareOp, right: Expr) -> Expr {
    match op {
        CompareOp::Eq => left.eq(right),
        CompareOp::Ne => left.ne(right),
        CompareOp::Lt => left.lt(right),
        CompareOp::Lte => left.lte(right),
        CompareOp::Gt => left.gt(right),
        CompareOp::Gte => left.gte(right),
    }
}

fn always() -> Expr {
    Expr::cust("1=1")
}

fn never() -> Expr {
    Expr::cust("1=0")
}

/// All of them hold.
pub(crate) fn all_of(terms: Vec<Expr>) -> Expr {
    joined(terms, ExprTrait::and).unwrap_or_else(always)
}

/// One of them holds.
pub(crate) fn any_of(terms: Vec<Expr>) -> Expr {
    joined(terms, ExprTrait::or).unwrap_or_else(never)
}

fn joined(mut terms: Vec<Expr>, join: fn(Expr, Expr) -> Expr) -> Option<Expr> {
    if terms.len() > MOST_FLAT {
        let rest = terms.split_off(terms.len() / 2);
        return match (joined(terms, join), joined(rest, join)) {
            (Some(a), Some(b)) => Some(join(a, b)),
            (a, b) => a.or(b),
        };
    }
    terms.into_iter().reduce(join)
}
