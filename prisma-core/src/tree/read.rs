//! What is read.

use super::{Aggregate, FieldId, Filter, ModelId, Order, Unique};

/// Reads records of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadQuery {
    /// The model.
    pub model: ModelId,
    /// Which records, in which order.
    pub arguments: Arguments,
    /// What of them.
    pub selection: Selection,
    /// How it is read.
    pub options: ReadOptions,
}

/// How records are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// How relations are read, if not as the client says.
    pub load: Option<Load>,
    /// Whether the rows of the records are locked until the transaction ends; those of relations are not.
    pub lock: Option<Lock>,
    /// Whether a read by a unique key is answered together with others of its kind.
    pub batched: bool,
}

/// A lock on rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Lock {
    /// Against whom.
    pub strength: LockStrength,
    /// What happens where another transaction has a lock.
    pub wait: LockWait,
}

/// Against whom a row is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LockStrength {
    /// Others neither change it nor lock it.
    #[default]
    Update,
    /// Others do not change it.
    Share,
}

/// What happens where another transaction has a lock on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LockWait {
    /// The query waits for it to end.
    #[default]
    Wait,
    /// The row is passed over.
    SkipLocked,
    /// The query fails with P2034.
    NoWait,
}

/// How the relations of records are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Load {
    /// One statement for each relation, for all records together.
    #[default]
    Query,
    /// One statement for all: the related records stand in a column of the record, as JSON.
    Join,
}

/// Which records, in which order: the same at the top and in an included relation, where they apply to each parent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arguments {
    /// The condition.
    pub filter: Option<Filter>,
    /// The order; ties are broken by the identifier where a cursor, `take` or `skip` needs it.
    pub order: Vec<Order>,
    /// Start at this record, itself included; no such record: no result.
    pub cursor: Option<Box<Unique>>,
    /// How many to pass over, counted from the cursor or from the end where `take` starts.
    pub skip: Option<u64>,
    /// How many at most; negative: from the end, or backwards from the cursor, the result still in the order asked for.
    pub take: Option<i64>,
    /// Only the first record of each combination of these fields; applied before `skip` and `take`.
    pub distinct: Vec<FieldId>,
}

/// What is read of each record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection {
    /// The columns.
    pub columns: Columns,
    /// The relations, each at most once.
    pub relations: Vec<RelationSelection>,
    /// What is computed of related records (`_count`).
    pub aggregates: Vec<RelationAggregate>,
    /// Those of `columns` that nobody named: they are there since all were asked for.
    pub unnamed: Vec<FieldId>,
}

/// The columns that are read, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Columns {
    /// All that the client sees, in the order of the schema ([`client_scalars`](prisma_schema::ModelWalker::client_scalars)).
    #[default]
    All,
    /// These.
    Fields(Vec<FieldId>),
}

/// A relation that is read along.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationSelection {
    /// The relation field.
    pub field: FieldId,
    /// Which of the related records, for each parent (to-one: `filter` alone).
    pub arguments: Arguments,
    /// What of them.
    pub selection: Selection,
}

/// Something computed of related records that is read along, such as their number.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationAggregate {
    /// The to-many relation field.
    pub field: FieldId,
    /// What is computed; its field is one of the related model.
    pub aggregate: Aggregate,
    /// Of which of them.
    pub filter: Option<Filter>,
}

impl RelationAggregate {
    /// How many records a relation leads to.
    pub fn count(field: FieldId) -> Self {
        Self { field, aggregate: Aggregate::Count, filter: None }
    }
}
