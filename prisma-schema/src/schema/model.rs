//! Models, enums and indexes.

use super::{Field, FieldId, RenamedFrom};
use crate::Span;

/// Which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId(pub u32);

/// Which enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub u32);

/// Which composite type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CompositeId(pub u32);

/// A `type` block: a document within a document (MongoDB).
#[derive(Debug, Clone, PartialEq)]
pub struct CompositeType {
    /// Name in the schema.
    pub name: String,
    /// The `///` text above it, lines joined by `\n`.
    pub documentation: Option<String>,
    /// Its fields: scalars and composite types.
    pub fields: Vec<Field>,
    /// The whole block.
    pub span: Span,
    /// The name.
    pub name_span: Span,
}

/// A `model` or `view` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Name in the schema.
    pub name: String,
    /// `@@map`, where given.
    pub map: Option<String>,
    /// `@@schema`, where given.
    pub schema: Option<String>,
    /// `@@renamedFrom`, where given.
    pub renamed_from: Option<RenamedFrom>,
    /// The `///` text above it, lines joined by `\n`.
    pub documentation: Option<String>,
    /// Whether it is a `view`.
    pub is_view: bool,
    /// `@@ignore`.
    pub is_ignored: bool,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Primary key, uniques and indexes: the primary key first, then those of fields, then those of the block.
    pub indexes: Vec<Index>,
    /// `@shardKey` and `@@shardKey` (MySQL, preview).
    pub shard_key: Vec<FieldId>,
    /// The whole block.
    pub span: Span,
    /// The name.
    pub name_span: Span,
}

/// What an index is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexKind {
    /// `@id`, `@@id`
    PrimaryKey,
    /// `@unique`, `@@unique`
    Unique,
    /// `@@index`
    Normal,
    /// `@@fulltext`
    Fulltext,
}

/// Ascending or descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SortOrder {
    /// `Asc`
    #[default]
    Asc,
    /// `Desc`
    Desc,
}

/// A primary key, unique constraint or index.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// What it is for.
    pub kind: IndexKind,
    /// Its fields, in order, at least one.
    pub fields: Vec<IndexField>,
    /// `name`: the accessor in the client of a compound key.
    pub name: Option<String>,
    /// `map`: the constraint's name in the database, where given.
    pub map: Option<String>,
    /// `type`, as written (`Hash`, `Gin` …).
    pub algorithm: Option<String>,
    /// `clustered` (SQL Server), where given.
    pub clustered: Option<bool>,
    /// The predicate of a partial index, as SQL, where given.
    pub predicate: Option<String>,
    /// Whether it is written at its field, as `@id` or `@unique`.
    pub on_field: bool,
    /// The attribute.
    pub span: Span,
}

/// A field within an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexField {
    /// The field.
    pub field: FieldId,
    /// Fields of composite types, from `field` inwards; empty but for MongoDB.
    pub path: Vec<FieldId>,
    /// `sort`, where given.
    pub sort: Option<SortOrder>,
    /// `length`, where given (MySQL).
    pub length: Option<u32>,
    /// `ops`, as written, where given.
    pub operator_class: Option<String>,
}

/// An `enum` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// Name in the schema.
    pub name: String,
    /// `@@map`, where given.
    pub map: Option<String>,
    /// `@@schema`, where given.
    pub schema: Option<String>,
    /// `@@renamedFrom`, where given.
    pub renamed_from: Option<RenamedFrom>,
    /// The `///` text above it.
    pub documentation: Option<String>,
    /// Its values, at least one.
    pub values: Vec<EnumValue>,
    /// The whole block.
    pub span: Span,
    /// The name.
    pub name_span: Span,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValue {
    /// Name in the schema.
    pub name: String,
    /// `@map`: what the database holds, where given.
    pub map: Option<String>,
    /// `@renamedFrom`, where given.
    pub renamed_from: Option<RenamedFrom>,
    /// The `///` text above it.
    pub documentation: Option<String>,
    /// The whole line.
    pub span: Span,
}

impl EnumValue {
    /// What the database holds.
    pub fn database_name(&self) -> &str {
        self.map.as_deref().unwrap_or(&self.name)
    }
}
