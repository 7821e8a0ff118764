//! Fields of models.

use super::{CompositeId, DefaultValue, EnumId, ModelId, RelationId, RenamedFrom};
use crate::Span;

/// Which field of its model, in the order of the text, scalars and relations together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub u32);

/// How many values a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arity {
    /// One.
    Required,
    /// `?`: none or one.
    Optional,
    /// `[]`: any number.
    List,
}

/// A field of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Name in the schema.
    pub name: String,
    /// `@map`, where given.
    pub map: Option<String>,
    /// `@renamedFrom`, where given.
    pub renamed_from: Option<RenamedFrom>,
    /// The `///` text above it, lines joined by `\n`.
    pub documentation: Option<String>,
    /// Required, optional or list.
    pub arity: Arity,
    /// Column, relation or embedded document.
    pub kind: FieldKind,
    /// `@ignore`: in the database, not in the client.
    pub is_ignored: bool,
    /// The whole line.
    pub span: Span,
    /// The name.
    pub name_span: Span,
    /// The type, modifier included.
    pub type_span: Span,
}

/// What a field is.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// A column.
    Scalar(ScalarField),
    /// One end of a relation.
    Relation(RelationField),
    /// An embedded document (MongoDB).
    Composite(CompositeId),
}

/// What a column field holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ScalarField {
    /// Its type.
    pub ty: ScalarType,
    /// `@db.…`.
    pub native_type: Option<NativeType>,
    /// `@default`.
    pub default: Option<DefaultValue>,
    /// `map` of `@default`: the constraint's name, where given (SQL Server).
    pub default_map: Option<String>,
    /// `@updatedAt`.
    pub is_updated_at: bool,
}

/// Type of a column field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ScalarType {
    /// `String`
    String,
    /// `Boolean`
    Boolean,
    /// `Int`, 32 bits
    Int,
    /// `BigInt`, 64 bits
    BigInt,
    /// `Float`, 64 bits
    Float,
    /// `Decimal`
    Decimal,
    /// `DateTime`
    DateTime,
    /// `Json`
    Json,
    /// `Bytes`
    Bytes,
    /// An enum of the schema.
    Enum(EnumId),
    /// `Unsupported("type")`: in the database only; the client never sees it.
    Unsupported(String),
}

/// A native type attribute, such as `@db.VarChar(255)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeType {
    /// `VarChar`
    pub name: String,
    /// `["255"]`, as written.
    pub args: Vec<String>,
    /// The attribute.
    pub span: Span,
}

/// One end of a relation.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationField {
    /// The relation.
    pub relation: RelationId,
    /// The model at the other end.
    pub related_model: ModelId,
    /// The field at the other end.
    pub opposite: FieldId,
}

impl ScalarType {
    /// Its name in the schema language; of an enum, `enum`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Boolean => "Boolean",
            Self::Int => "Int",
            Self::BigInt => "BigInt",
            Self::Float => "Float",
            Self::Decimal => "Decimal",
            Self::DateTime => "DateTime",
            Self::Json => "Json",
            Self::Bytes => "Bytes",
            Self::Enum(_) => "enum",
            Self::Unsupported(_) => "Unsupported",
        }
    }

    /// Of a field whose type does not exist, about which an error was reported.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unsupported(text) if text.is_empty())
    }
}
