//! The validated schema: what every other part of the project reads.
//!
//! A [`Schema`] is plain data with typed ids; the walkers ([`ModelWalker`], [`FieldWalker`] …) are the way to read it.
//! Order of models, fields and enums is the order of the text, so that an id made at compile time means the same
//! when the same text is read again at run time.

mod default;
mod field;
mod model;
mod names;
mod places;
mod psl;
mod relation;
mod renamed;
mod walk;

pub use default::{DefaultFunction, DefaultValue, Literal};
pub use field::{Arity, Field, FieldId, FieldKind, NativeType, RelationField, ScalarField, ScalarType};
pub use model::{
    CompositeId, CompositeType, Enum, EnumId, EnumValue, Index, IndexField, IndexKind, Model, ModelId, SortOrder,
};
pub use names::default_relation_name;
pub(crate) use psl::{BlockText, EntryText, enum_text, index_text};
pub use relation::{ForeignKey, JoinTable, KeyList, KeyLists, ReferentialAction, Relation, RelationId, RelationKind};
pub use renamed::RenamedFrom;
pub use walk::{EnumWalker, FieldWalker, IndexWalker, Link, ModelWalker, RelationWalker};

use crate::{Provider, SourceFile, Span};

/// A validated schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The files that it was read from.
    pub sources: Vec<SourceFile>,
    /// The one `datasource` block.
    pub datasource: Datasource,
    /// The `generator` blocks.
    pub generators: Vec<Generator>,
    /// Models and views, in the order of the text.
    pub models: Vec<Model>,
    /// Enums, in the order of the text.
    pub enums: Vec<Enum>,
    /// Composite types, in the order of the text.
    pub composites: Vec<CompositeType>,
    /// Relations, in the order of their first field in the text.
    pub relations: Vec<Relation>,
}

/// The `datasource` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Datasource {
    /// The name after the keyword: the prefix of native types (`@db.…`).
    pub name: String,
    /// Which database.
    pub provider: Provider,
    /// `url`; absent since Prisma 7, then it comes from the command line, `prisma.toml` or `DATABASE_URL`.
    pub url: Option<StringOrEnv>,
    /// `directUrl`.
    pub direct_url: Option<StringOrEnv>,
    /// `shadowDatabaseUrl`.
    pub shadow_database_url: Option<StringOrEnv>,
    /// Who keeps references whole.
    pub relation_mode: RelationMode,
    /// `schemas = [...]`: names of database schemas.
    pub schemas: Vec<String>,
    /// `extensions = [...]` (PostgreSQL).
    pub extensions: Vec<Extension>,
    /// The whole block; empty at the file's start if the schema has none.
    pub span: Span,
}

/// An extension of PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Name in the schema.
    pub name: String,
    /// `map`: name in the database, where given.
    pub map: Option<String>,
    /// `schema`, where given.
    pub schema: Option<String>,
    /// `version`, where given.
    pub version: Option<String>,
}

/// A literal, or the name of an environment variable (`env("NAME")`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StringOrEnv {
    /// The text itself.
    Literal(String),
    /// The variable that holds it.
    Env(String),
}

/// `relationMode` of the datasource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RelationMode {
    /// Foreign keys in the database.
    #[default]
    ForeignKeys,
    /// No foreign keys: the client emulates the referential actions.
    Prisma,
}

impl RelationMode {
    /// Its name in a datasource.
    pub fn name(self) -> &'static str {
        match self {
            Self::ForeignKeys => "foreignKeys",
            Self::Prisma => "prisma",
        }
    }
}

/// A `generator` block: kept for tools, not acted on by the macros.
#[derive(Debug, Clone, PartialEq)]
pub struct Generator {
    /// The name after the keyword.
    pub name: String,
    /// `provider`.
    pub provider: StringOrEnv,
    /// `previewFeatures`.
    pub preview_features: Vec<String>,
    /// What else it says, by name, in the order of the text: what it means is up to the generator.
    pub settings: Vec<(String, SettingValue)>,
    /// The whole block.
    pub span: Span,
}

/// The value of a generator's own property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// Text, or a variable that holds it.
    Text(StringOrEnv),
    /// A number, or a word without quotes, as written.
    Word(String),
    /// A list.
    List(Vec<SettingValue>),
}

impl Schema {
    /// A model by its id.
    pub fn model(&self, id: ModelId) -> ModelWalker<'_> {
        ModelWalker::new(self, id)
    }

    /// All models and views.
    pub fn walk_models(&self) -> impl Iterator<Item = ModelWalker<'_>> + Clone {
        (0..self.models.len() as u32).map(|i| self.model(ModelId(i)))
    }

    /// A model by its name in the schema.
    pub fn find_model(&self, name: &str) -> Option<ModelWalker<'_>> {
        self.walk_models().find(|m| m.name() == name)
    }

    /// An enum by its id.
    pub fn enumeration(&self, id: EnumId) -> EnumWalker<'_> {
        EnumWalker::new(self, id)
    }

    /// All enums.
    pub fn walk_enums(&self) -> impl Iterator<Item = EnumWalker<'_>> + Clone {
        (0..self.enums.len() as u32).map(|i| self.enumeration(EnumId(i)))
    }

    /// A relation by its id.
    pub fn relation(&self, id: RelationId) -> RelationWalker<'_> {
        RelationWalker::new(self, id)
    }

    /// All relations.
    pub fn walk_relations(&self) -> impl Iterator<Item = RelationWalker<'_>> + Clone {
        (0..self.relations.len() as u32).map(|i| self.relation(RelationId(i)))
    }

    /// The provider of the datasource.
    pub fn provider(&self) -> Provider {
        self.datasource.provider
    }
}
