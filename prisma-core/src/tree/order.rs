//! Orders of records.

use super::{Aggregate, FieldId, RelationAggregate};

/// One key of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Relation fields of to-one relations, followed from the model on.
    pub path: Vec<FieldId>,
    /// What is compared, on the model at the end of the path.
    pub target: OrderTarget,
    /// Up or down.
    pub direction: Direction,
    /// Where NULLs go, if said.
    pub nulls: Option<Nulls>,
}

/// What an order compares.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderTarget {
    /// A column.
    Scalar(FieldId),
    /// What is computed of related records, such as their number.
    Related(RelationAggregate),
    /// What is computed of the records of a group: in [`GroupQuery::order`](super::GroupQuery::order) alone.
    Aggregate(Aggregate),
    /// How well the texts of these columns meet a query of full-text search.
    Relevance {
        /// The columns.
        fields: Vec<FieldId>,
        /// What is searched for.
        search: String,
    },
}

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Direction {
    Asc,
    Desc,
}

/// Where NULLs go in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Nulls {
    First,
    Last,
}
