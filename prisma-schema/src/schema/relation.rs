//! Relations between models.

use super::{FieldId, ModelId};

/// Which relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationId(pub u32);

/// A relation: always with a field at both ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// `@relation("name")`, or the name that Prisma gives: both models in alphabetical order, `AToB`.
    pub name: String,
    /// How it is stored.
    pub kind: RelationKind,
}

/// How a relation is stored.
#[derive(Debug, Clone, PartialEq)]
pub enum RelationKind {
    /// 1-1 or 1-n through a foreign key.
    ForeignKey(ForeignKey),
    /// Implicit m-n through a table of its own.
    JoinTable(JoinTable),
    /// m-n through a list of keys at each end (MongoDB).
    KeyLists(KeyLists),
}

/// The foreign key of a 1-1 or 1-n relation.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignKey {
    /// The model that holds the key, and its relation field.
    pub model: ModelId,
    /// The relation field on the model that holds the key.
    pub field: FieldId,
    /// The model that is pointed to.
    pub referenced_model: ModelId,
    /// The relation field there.
    pub referenced_field: FieldId,
    /// Scalar fields of `model`.
    pub fields: Vec<FieldId>,
    /// Scalar fields of `referenced_model`, of the same number.
    pub references: Vec<FieldId>,
    /// `onDelete`, where given.
    pub on_delete: Option<ReferentialAction>,
    /// `onUpdate`, where given.
    pub on_update: Option<ReferentialAction>,
    /// `map`: the constraint's name, where given.
    pub map: Option<String>,
    /// Whether it is 1-1: the fields are unique, and the other end is no list.
    pub is_one_to_one: bool,
}

/// An m-n relation that both ends hold a list of keys for.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyLists {
    /// Both ends; of a relation of a model with itself, in the order of the text.
    pub ends: [KeyList; 2],
}

/// One end of such a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyList {
    /// The model that holds the keys.
    pub model: ModelId,
    /// The relation field.
    pub field: FieldId,
    /// The scalar list of this model that holds them.
    pub keys: FieldId,
    /// The field of the other model that they point to.
    pub references: FieldId,
}

/// The table of an implicit m-n relation: columns `A` and `B`.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinTable {
    /// Name in the database: `_` and the relation's name.
    pub table: String,
    /// The end that column `A` points to: model and relation field.
    pub a: (ModelId, FieldId),
    /// The end that column `B` points to: model and relation field.
    pub b: (ModelId, FieldId),
}

/// What happens to a row when the row that it points to goes or changes its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferentialAction {
    /// It goes or changes too.
    Cascade,
    /// The change is refused.
    Restrict,
    /// The database's own default: refused when the statement or transaction ends.
    NoAction,
    /// Its key becomes NULL.
    SetNull,
    /// Its key becomes the default value.
    SetDefault,
}
