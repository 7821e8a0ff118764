//! What is written.

use super::{FieldId, Filter, ModelId, Selection, Unique};
use crate::Value;

/// A write, with what it answers.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteQuery {
    /// Creates one record; answers it.
    Create(ModelId, Create, Selection),
    /// Creates many; answers how many.
    CreateMany(ModelId, CreateMany),
    /// Creates many; answers them.
    CreateManyAndReturn(ModelId, CreateMany, Selection),
    /// Updates one record; answers it, or fails with P2025.
    Update(ModelId, Update, Selection),
    /// Updates many; answers how many.
    UpdateMany(ModelId, UpdateMany),
    /// Updates many, each in its own way; answers how many.
    UpdateEach(ModelId, UpdateEach),
    /// Updates many; answers them.
    UpdateManyAndReturn(ModelId, UpdateMany, Selection),
    /// Updates one record or creates it; answers it.
    Upsert(ModelId, Box<Upsert>, Selection),
    /// Updates many records or creates them, known by a unique key; answers how many.
    UpsertMany(ModelId, UpsertMany),
    /// Updates many records or creates them; answers them.
    UpsertManyAndReturn(ModelId, UpsertMany, Selection),
    /// Deletes one record; answers what it was, or fails with P2025.
    Delete(ModelId, Delete, Selection),
    /// Deletes many; answers how many.
    DeleteMany(ModelId, DeleteMany),
}

impl WriteQuery {
    /// What it answers of records of which model, if it answers any.
    pub fn selection(&self) -> Option<(ModelId, &Selection)> {
        match self {
            Self::Create(model, _, selection)
            | Self::CreateManyAndReturn(model, _, selection)
            | Self::Update(model, _, selection)
            | Self::UpdateManyAndReturn(model, _, selection)
            | Self::Upsert(model, _, selection)
            | Self::UpsertManyAndReturn(model, _, selection)
            | Self::Delete(model, _, selection) => Some((*model, selection)),
            Self::CreateMany(..)
            | Self::UpdateMany(..)
            | Self::UpdateEach(..)
            | Self::UpsertMany(..)
            | Self::DeleteMany(..) => None,
        }
    }
}

/// A record to create. Defaults that the client makes, and `@updatedAt`, are added by the engine where no value is given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Create {
    /// Values of columns.
    pub scalars: Vec<(FieldId, Value)>,
    /// Relations, in the order given.
    pub relations: Vec<WriteRelation>,
}

/// Records to create without relations.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CreateMany {
    /// The records; the sets of columns may differ.
    pub records: Vec<Vec<(FieldId, Value)>>,
    /// Leave out those that violate a unique constraint.
    pub skip_duplicates: bool,
}

/// A change of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Which.
    pub unique: Unique,
    /// What changes.
    pub write: RecordChange,
}

/// Changes of columns and relations of one record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecordChange {
    /// Changes of columns.
    pub scalars: Vec<(FieldId, ScalarChange)>,
    /// Changes of relations, in the order given.
    pub relations: Vec<WriteRelation>,
}

/// A change of a column. On a NULL, arithmetic gives NULL, as in SQL and in Prisma.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum ScalarChange {
    Set(Value),
    Increment(Value),
    Decrement(Value),
    Multiply(Value),
    Divide(Value),
    /// Appends to a list.
    Push(Value),
}

/// A change of many records.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateMany {
    /// Which; `None`: all.
    pub filter: Option<Filter>,
    /// What changes.
    pub scalars: Vec<(FieldId, ScalarChange)>,
    /// How many at most.
    pub limit: Option<u64>,
}

/// A change of many records, each in its own way; those that are not there are passed over.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UpdateEach {
    /// Which record, by the fields of a unique key, and what changes of it.
    pub records: Vec<(Unique, Vec<(FieldId, ScalarChange)>)>,
}

/// An update, or a create where there is nothing to update.
#[derive(Debug, Clone, PartialEq)]
pub struct Upsert {
    /// Which.
    pub unique: Unique,
    /// If it is not there.
    pub create: Create,
    /// If it is.
    pub update: RecordChange,
}

/// Records to create, or to change where one with the same key is there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UpsertMany {
    /// The records; the sets of columns may differ.
    pub records: Vec<Vec<(FieldId, Value)>>,
    /// The fields of the unique key that they are known by.
    pub key: Vec<FieldId>,
    /// What changes of those that are there; `None`: each column that is given, but the key's.
    pub update: Option<UpsertChanges>,
}

/// Changes of columns of records that are there already when they are to be created.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UpsertChanges {
    /// Changes of their own.
    pub scalars: Vec<(FieldId, ScalarChange)>,
    /// Columns that get what the new record would have had.
    pub excluded: Vec<FieldId>,
}

impl UpsertChanges {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.scalars.is_empty() && self.excluded.is_empty()
    }

    /// The columns that change.
    pub fn fields(&self) -> impl Iterator<Item = FieldId> {
        self.scalars.iter().map(|(f, _)| *f).chain(self.excluded.iter().copied())
    }
}

/// The end of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// Which.
    pub unique: Unique,
}

/// The end of many records.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteMany {
    /// Which; `None`: all.
    pub filter: Option<Filter>,
    /// How many at most.
    pub limit: Option<u64>,
}

/// What is done to one relation of a record that is written.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteRelation {
    /// The relation field.
    pub field: FieldId,
    /// What is done.
    pub write: NestedWrite,
}

/// What is done to related records. Those that name or filter records see only those that are connected to the record
/// written, but for `Connect`, `ConnectOrCreate` and `Set`. To-one relations take lists of one.
#[derive(Debug, Clone, PartialEq)]
pub enum NestedWrite {
    /// Creates and connects.
    Create(Vec<Create>),
    /// Creates and connects, scalars alone; 1-n only.
    CreateMany(CreateMany),
    /// Connects; if one is not there, P2025, or in a one-to-many relation P2018.
    Connect(Vec<Unique>),
    /// Connects, or creates if not there.
    ConnectOrCreate(Vec<ConnectOrCreate>),
    /// To-many: exactly these are connected afterwards; what is not there is passed over.
    Set(Vec<Unique>),
    /// To-many: these are connected no more; what is not there or not connected is passed over. P2014 if they need the relation.
    Disconnect(Vec<Unique>),
    /// To-one: whatever is connected (and meets the filter) is connected no more.
    DisconnectOne(Option<Filter>),
    /// Changes connected records; P2025 if one is not connected.
    Update(Vec<NestedUpdate>),
    /// Changes all connected records that meet a filter.
    UpdateMany(Vec<NestedUpdateMany>),
    /// Changes a connected record, or creates one.
    Upsert(Vec<NestedUpsert>),
    /// To-many: deletes connected records; P2017 if one is not connected.
    Delete(Vec<Unique>),
    /// To-one: deletes the connected record (if it meets the filter); P2025 if there is none.
    DeleteOne(Option<Filter>),
    /// Deletes all connected records that meet one of the filters.
    DeleteMany(Vec<Filter>),
    /// Makes no sense, as its text says: P2009.
    Invalid(String),
}

/// A record to connect, or to create where it is not there.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectOrCreate {
    /// Which.
    pub unique: Unique,
    /// If it is not there.
    pub create: Create,
}

/// A change of a connected record.
#[derive(Debug, Clone, PartialEq)]
pub struct NestedUpdate {
    /// Which; `None` for to-one.
    pub unique: Option<Unique>,
    /// A further condition, for to-one.
    pub filter: Option<Filter>,
    /// What changes.
    pub write: RecordChange,
}

/// A change of all connected records that meet a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct NestedUpdateMany {
    /// Which; `None`: all connected ones.
    pub filter: Option<Filter>,
    /// What changes.
    pub scalars: Vec<(FieldId, ScalarChange)>,
}

/// A change of a connected record, or a new one.
#[derive(Debug, Clone, PartialEq)]
pub struct NestedUpsert {
    /// Which; `None` for to-one.
    pub unique: Option<Unique>,
    /// A further condition, for to-one.
    pub filter: Option<Filter>,
    /// If it is not there.
    pub create: Create,
    /// If it is.
    pub update: RecordChange,
}
