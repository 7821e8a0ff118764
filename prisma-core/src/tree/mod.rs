//! The query tree: filter, order, selection, write and aggregate over model and field ids, with their values.
//!
//! It is the one meeting point. The typed API and the JSON protocol both build it; SQL and other databases' queries are both
//! made from it. It knows no dialect and no text. A [`FieldId`] is always one of the model in whose context it stands.

mod aggregate;
mod filter;
mod json;
mod order;
mod read;
mod write;

pub use aggregate::{Aggregate, AggregateQuery, GroupQuery};
pub use filter::{CompareOp, Condition, Filter, ListCondition, MatchKind, Mode, Operand, Quantifier, Unique};
pub use json::{JsonKey, JsonTest};
pub use order::{Direction, Nulls, Order, OrderTarget};
pub use prisma_schema::{FieldId, ModelId};
pub use read::{
    Arguments, Columns, Load, Lock, LockStrength, LockWait, ReadOptions, ReadQuery, RelationAggregate,
    RelationSelection, Selection,
};
pub use write::{
    ConnectOrCreate, Create, CreateMany, Delete, DeleteMany, NestedUpdate, NestedUpdateMany, NestedUpsert, NestedWrite,
    RecordChange, ScalarChange, Update, UpdateEach, UpdateMany, Upsert, UpsertChanges, UpsertMany, WriteQuery,
    WriteRelation,
};
