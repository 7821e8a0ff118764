//! Conditions on records.

use super::{Aggregate, FieldId, JsonKey, JsonTest};
use crate::Value;

/// A condition on the records of a model.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All hold; an empty list holds always.
    And(Vec<Filter>),
    /// One at least holds; an empty list holds never.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// A condition on a column.
    Scalar {
        /// The column field.
        field: FieldId,
        /// What must hold.
        condition: Condition,
        /// Whether case matters, for text.
        mode: Mode,
    },
    /// A condition on what is computed of the records of a group: in [`GroupQuery::having`](super::GroupQuery::having) alone.
    Aggregate {
        /// What is computed.
        aggregate: Aggregate,
        /// What must hold.
        condition: Condition,
        /// Whether case matters, for text.
        mode: Mode,
    },
    /// The words of some texts, taken together, meet a query of full-text search.
    Search {
        /// The column fields.
        fields: Vec<FieldId>,
        /// What is searched for, in the database's own language.
        query: Value,
    },
    /// A condition on related records.
    Relation {
        /// The relation field.
        field: FieldId,
        /// How many of them.
        quantifier: Quantifier,
        /// The condition, on the related model.
        filter: Box<Filter>,
    },
}

impl Filter {
    /// Both filters; `And` lists are joined.
    #[must_use]
    pub fn and(self, other: Filter) -> Filter {
        match (self, other) {
            (Filter::And(mut a), Filter::And(b)) => {
                a.extend(b);
                Filter::And(a)
            }
            (Filter::And(mut a), b) => {
                a.push(b);
                Filter::And(a)
            }
            (a, Filter::And(mut b)) => {
                b.insert(0, a);
                Filter::And(b)
            }
            (a, b) => Filter::And(vec![a, b]),
        }
    }

    /// One of both filters at least; a list on the left is added to.
    #[must_use]
    pub fn or(self, other: Filter) -> Filter {
        match self {
            Filter::Or(mut any) => {
                any.push(other);
                Filter::Or(any)
            }
            one => Filter::Or(vec![one, other]),
        }
    }

    /// Adds a further condition to one that may be absent.
    pub fn add(filter: &mut Option<Filter>, more: Option<Filter>) {
        if let Some(more) = more {
            *filter = Some(match filter.take() {
                Some(filter) => filter.and(more),
                None => more,
            });
        }
    }
}

/// A condition on one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Compared with a value or another column.
    Compare(CompareOp, Operand),
    /// One of the values (`negated`: none of them). An empty list: never (negated: always).
    In {
        /// The values; none is NULL.
        values: Vec<Value>,
        /// `notIn`
        negated: bool,
    },
    /// A part of the text is the operand, whose `%` and `_` are plain characters.
    Match(MatchKind, Operand),
    /// Of what is in a `Json` column.
    Json {
        /// Where in it; an empty path is the value itself.
        path: Vec<JsonKey>,
        /// What must hold there.
        test: JsonTest,
    },
    /// A list of scalars, looked at as a whole. None of them holds for a list that is NULL.
    List(ListCondition),
    /// Is NULL.
    IsNull,
    /// Is not NULL.
    IsNotNull,
}

impl Condition {
    /// Another column of the record that it looks at.
    pub fn other_field(&self) -> Option<FieldId> {
        match self {
            Self::Compare(_, operand)
            | Self::Match(_, operand)
            | Self::List(
                ListCondition::Has(operand) | ListCondition::HasEvery(operand) | ListCondition::HasSome(operand),
            ) => match operand {
                Operand::Field(other) => Some(*other),
                Operand::Value(_) => None,
            },
            Self::Json { test, .. } => test.other_field(),
            Self::In { .. } | Self::List(ListCondition::IsEmpty(_)) | Self::IsNull | Self::IsNotNull => None,
        }
    }
}

/// A condition on a list of scalars.
#[derive(Debug, Clone, PartialEq)]
pub enum ListCondition {
    /// The operand, of the type of the elements, is among them.
    Has(Operand),
    /// All elements of the operand, a list, are among them.
    HasEvery(Operand),
    /// One element at least of the operand, a list, is among them.
    HasSome(Operand),
    /// There are none (or, if false, some).
    IsEmpty(bool),
}

/// How two values are compared. `Ne` on a NULL column gives NULL, as in SQL and in Prisma.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
}

/// Which part of a text is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum MatchKind {
    Contains,
    StartsWith,
    EndsWith,
}

/// Whether case matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// As the column's collation says.
    #[default]
    Default,
    /// It does not.
    Insensitive,
}

/// What a column is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A value, not NULL.
    Value(Value),
    /// Another column of the same record.
    Field(FieldId),
}

/// How many of the related records must meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// To-many: one at least.
    Some,
    /// To-many: all (also if there are none).
    Every,
    /// To-many: none.
    None,
    /// To-one: there is one, and it does.
    Is,
    /// To-one: there is none, or it does not.
    IsNot,
    /// To-one: there is none. The filter is not looked at.
    IsNull,
    /// To-one: there is one. The filter is not looked at.
    IsNotNull,
}

/// Names at most one record: the values of a unique key, and further conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct Unique {
    /// The fields of one unique key, each with its value, none NULL.
    pub key: Vec<(FieldId, Value)>,
    /// Further conditions.
    pub filter: Option<Filter>,
}

impl Unique {
    /// The same as an ordinary filter.
    pub fn into_filter(self) -> Filter {
        let Self { mut key, filter } = self;
        let equals = |(field, value)| Filter::Scalar {
            field,
            condition: Condition::Compare(CompareOp::Eq, Operand::Value(value)),
            mode: Mode::Default,
        };
        match (key.len(), &filter) {
            // Most often.
            (1, None) => equals(key.remove(0)),
            _ => Filter::And(key.into_iter().map(equals).chain(filter).collect()),
        }
    }
}
