//! The typed layer: what the generated code is made of, and the queries that users write with it.
//!
//! Everything here only builds the [query tree](crate::tree) and decodes rows; it knows no SQL. Generated code names these
//! items through `prisma_client::__private` or the facade; it adds no logic of its own.

mod actions;
mod aggregate;
mod arguments;
mod batch;
mod cell;
mod change;
mod client;
mod column;
mod create;
mod field;
mod filter;
mod find;
mod from_row;
mod group;
mod include;
pub mod json;
mod json_filter;
mod json_row;
mod list;
mod lock;
mod mapped_row;
mod model;
mod not_included;
mod order;
mod page;
pub mod provider;
mod queries;
mod raw;
mod raw_sql;
mod related;
mod relation;
mod replace;
mod search;
mod select;
mod sink;
mod stream;
mod transaction;
mod tuples;
mod upsert_many;
mod value;
mod write;
mod write_many;

pub use crate::engine::PageCursor;
pub use actions::{Actions, IntoUnique, IntoUniques};
pub use aggregate::{Aggregate, Aggregates, Computed, ComputedValue, Extremes, Summed, count};
pub use arguments::{Arguments, DistinctFields, RecordCount};
pub use batch::Batch;
pub use cell::{Cell, ToCell};
pub use change::{Change, IntoChanges, TakesChanges};
pub use client::{Client, ClientSchema, GeneratedClient};
pub use column::{ColumnTuple, Columns, Decode, FieldType, Nullable, OneValue};
pub use create::{
    CreateBuilder, CreateInput, CreateNode, IsSet, IsSetIn, NestedCreate, NestedCreates, NestedInput, OrCreate, Set,
    ToManyArity, add_create, one_create, set_column, set_relation,
};
pub use field::{CompoundKey, Field, IntoKey, Plain, UniqueKey};
pub use filter::{Combine, Filter, InsensitiveFilters, IntoFilter, UniqueFilter};
pub use find::{
    Count, Exists, Find, FindKind, First, FirstOrError, ManyRows, Operation, Sql, UniqueOne, UniqueOneOrError,
};
pub use from_row::{ColumnNames, FromRow};
pub use group::{GroupBy, GroupKeys, GroupOrderBy, Having, IntoGroupOrder, IntoHaving};
pub use include::{Include, IncludeQuery, Included, Inclusion, IntoInclude, SlotOf, With};
pub use json_filter::{IntoJsonOrdered, IntoJsonPath, JsonArrayContains, JsonPath, JsonScalar};
pub use lock::RowLocks;
pub use model::{
    Arity, Ends, Many, Model, NotIncluded, One, Optional, Record, Relation, RelationEnds, RelationField, Slot,
    SlotTuple, Slots, WithRelations,
};
pub use not_included::IsIncluded;
pub use order::{IntoOrder, OrderBy};
pub use page::{FindPage, Page};
pub use queries::Queries;
pub use raw::{ExecuteRaw, QueryRaw};
pub use raw_sql::{IntoRawSql, RawSql, SqlArgument, SqlValue};
pub use related::{Related, SameModel};
pub use relation::{OptionalArity, ToMany, ToOne, ToOneArity};
pub use replace::{Here, Next, NextBlock, Position, Replace, Settled, Within, at};
pub use search::{FullTextSearch, Relevance, TextFields};
pub use select::{IntoSelect, NothingIncluded, ReadAs, RelatedAs, Select, SelectAs, column_as, related_as};
pub use stream::RecordStream;
pub use transaction::{Transaction, TransactionCall};
pub use upsert_many::{
    Excluded, Found, HasExcluded, IntoKeyFields, Known, MissingOn, NamesKey, UpsertMany, UpsertManyAndReturn,
};
pub use value::{EnumScalar, IntoElements, IntoOperand, IntoValue, Number, Ordered, OwnedInOption, Scalar, Text};
pub use write::{CreateOne, DeleteOne, UpdateOne, UpsertOne};
pub use write_many::{
    Bounded, CreateMany, CreateManyAndReturn, DeleteMany, Filtered, MissingFilterOrAll, UpdateEach, UpdateMany,
    UpdateManyAndReturn,
};
