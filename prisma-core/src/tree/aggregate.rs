//! What is computed of records.

use super::{Arguments, FieldId, Filter, ModelId, Order};

/// Computes over the records that the arguments choose.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateQuery {
    /// The model.
    pub model: ModelId,
    /// Which records: `cursor`, `skip`, `take` and `distinct` apply before the computation.
    pub arguments: Arguments,
    /// What to compute, in this order.
    pub aggregates: Vec<Aggregate>,
}

/// Computes over the records of each group: those that have the same values in some fields.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupQuery {
    /// The model.
    pub model: ModelId,
    /// Which records are grouped.
    pub filter: Option<Filter>,
    /// The fields that are the same within a group, one at least.
    pub by: Vec<FieldId>,
    /// What to compute of each group, in this order.
    pub aggregates: Vec<Aggregate>,
    /// Which groups: conditions on fields of `by`, and on aggregates.
    pub having: Option<Filter>,
    /// The order of the groups: fields of `by`, and aggregates; ties are broken by the other fields of `by` where `take` or `skip`
    /// needs it.
    pub order: Vec<Order>,
    /// How many groups to pass over.
    pub skip: Option<u64>,
    /// How many groups at most; negative: from the end, the result still in the order asked for.
    pub take: Option<i64>,
}

/// One thing to compute over records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// How many records.
    Count,
    /// How many whose field is not NULL.
    CountField(FieldId),
    /// Sum of a number field; NULL if there are none.
    Sum(FieldId),
    /// Mean of a number field.
    Avg(FieldId),
    /// Least value.
    Min(FieldId),
    /// Greatest value.
    Max(FieldId),
}

impl Aggregate {
    /// Whether it is a number of records, never NULL.
    pub fn is_count(self) -> bool {
        matches!(self, Self::Count | Self::CountField(_))
    }

    /// The field that it is computed of.
    pub fn field(self) -> Option<FieldId> {
        match self {
            Self::Count => None,
            Self::CountField(field) | Self::Sum(field) | Self::Avg(field) | Self::Min(field) | Self::Max(field) => {
                Some(field)
            }
        }
    }
}
