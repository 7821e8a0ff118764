//! Syntax trees to [`Schema`]: names find what they mean, attributes become data.
//!
//! What cannot be resolved is an error, and is left out or marked broken, so that the rules of [`crate::validate`] can
//! still look at the rest without finding the same mistake twice.

mod arguments;

mod block_attributes;
mod config;
mod defaults;
mod enums;
mod fields;
mod indexes;
mod names;
mod pairing;
mod predicates;
mod relations;

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::syntax::{self, Block, BlockKind};
use crate::{
    CompositeId, Datasource, EnumId, FieldId, ModelId, Provider, RelationMode, Schema, SourceFile, SourceId, Span,
};

pub(crate) use arguments::{choices, quoted_list};
pub(crate) use config::PreviewFeature;
pub use names::is_reserved;
pub(crate) use pairing::lower_first;
pub(crate) use relations::RelationEnd;

/// A schema without errors, and what the user should know nevertheless.
#[derive(Debug, Clone, PartialEq)]
pub struct Validated {
    /// The schema.
    pub schema: Schema,
    /// Warnings, in the order of the text.
    pub warnings: Vec<Diagnostic>,
}

/// Reads and validates a schema. The error holds all errors and warnings.
pub fn parse(sources: Vec<SourceFile>) -> Result<Validated, Diagnostics> {
    let mut diagnostics = Vec::new();
    let mut files = Vec::new();
    for (i, source) in sources.iter().enumerate() {
        let id = SourceId(u16::try_from(i).unwrap_or(u16::MAX));
        let (file, errors) = syntax::parse(source, id);
        files.push(file);
        diagnostics.extend(errors);
    }

    let mut resolver = Resolver::new(&files, diagnostics);
    resolver.resolve();
    let Resolver { tree, mut schema, mut sink, .. } = resolver;
    crate::validate::run(&schema, &tree, &mut sink);
    let diagnostics = Diagnostics::new(sources, sink);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    schema.sources = diagnostics.sources;
    Ok(Validated { schema, warnings: diagnostics.diagnostics })
}

/// What a name at the top level means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Model(ModelId),
    Enum(EnumId),
    Composite(CompositeId),
}

/// A block with fields, and where they stand in the text.
#[derive(Debug)]
pub(crate) struct FieldTree<'t> {
    pub(crate) block: &'t Block<'t>,
    /// By [`FieldId`].
    pub(crate) fields: Vec<&'t syntax::Field<'t>>,
    pub(crate) by_name: HashMap<&'t str, FieldId>,
}

/// The text behind the schema: by id, what each thing was written as, and what is broken.
#[derive(Debug, Default)]
pub(crate) struct Tree<'t> {
    pub(crate) datasource: Option<&'t Block<'t>>,
    pub(crate) models: Vec<FieldTree<'t>>,
    pub(crate) composites: Vec<FieldTree<'t>>,
    pub(crate) enums: Vec<&'t Block<'t>>,
    /// The names of their values.
    pub(crate) enum_values: Vec<HashSet<&'t str>>,
    pub(crate) preview_features: HashSet<PreviewFeature>,
    /// Fields about which an error was reported already.
    pub(crate) broken_fields: HashSet<(ModelId, FieldId)>,
    /// The models of those fields.
    pub(crate) models_with_broken_fields: HashSet<ModelId>,
    /// Models about whose keys an error was reported already.
    pub(crate) broken_keys: HashSet<ModelId>,
    /// By its place: the attribute that a key or index was written as.
    pub(crate) index_attributes: HashMap<Span, &'t syntax::Attribute<'t>>,
    /// What the relation fields say, in the order of the text.
    pub(crate) ends: Vec<RelationEnd<'t>>,
}

impl<'t> Tree<'t> {
    pub(crate) fn model(&self, id: ModelId) -> &FieldTree<'t> {
        &self.models[id.0 as usize]
    }

    pub(crate) fn field(&self, model: ModelId, field: FieldId) -> &'t syntax::Field<'t> {
        self.models[model.0 as usize].fields[field.0 as usize]
    }

    /// Whether a field of the model could not be read, or its type does not exist.
    pub(crate) fn has_unread_fields(&self, model: ModelId) -> bool {
        self.model(model).block.is_broken || self.models_with_broken_fields.contains(&model)
    }

    pub(crate) fn is_broken(&self, model: ModelId, field: FieldId) -> bool {
        self.broken_fields.contains(&(model, field))
    }
}

pub(crate) struct Resolver<'t> {
    files: &'t [syntax::File<'t>],
    sink: Vec<Diagnostic>,
    schema: Schema,
    tree: Tree<'t>,
    names: HashMap<&'t str, Named>,
    /// How many types did not exist so far.
    unknown_types: usize,
    lacking: Vec<Lacking>,
}

/// What a relation lacks that can be added for the user; the end is an index of [`Tree::ends`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lacking {
    /// The field at the other end.
    Opposite(usize),
    /// `fields` or `references`, on the end that should hold the key; of a 1-1 relation, the key is unique.
    ForeignKey { end: usize, is_unique: bool },
}

impl<'t> Resolver<'t> {
    /// What the relations of a schema lack, whatever else is wrong with it.
    pub(crate) fn lacking(files: &'t [syntax::File<'t>]) -> (Schema, Tree<'t>, Vec<Lacking>) {
        let mut resolver = Self::new(files, Vec::new());
        resolver.resolve();
        (resolver.schema, resolver.tree, resolver.lacking)
    }

    fn new(files: &'t [syntax::File<'t>], sink: Vec<Diagnostic>) -> Self {
        let schema = Schema {
            sources: Vec::new(),
            datasource: Datasource {
                name: "db".to_owned(),
                provider: Provider::Sqlite,
                url: None,
                direct_url: None,
                shadow_database_url: None,
                relation_mode: RelationMode::ForeignKeys,
                schemas: Vec::new(),
                extensions: Vec::new(),
                span: Span::default(),
            },
            generators: Vec::new(),
            models: Vec::new(),
            enums: Vec::new(),
            composites: Vec::new(),
            relations: Vec::new(),
        };
        Self {
            files,
            sink,
            schema,
            tree: Tree::default(),
            names: HashMap::new(),
            unknown_types: 0,
            lacking: Vec::new(),
        }
    }

    fn resolve(&mut self) {
        self.datasource();
        self.generators();
        self.collect_names();
        self.enums();
        self.composite_fields();
        self.model_fields();
        self.block_attributes();
        self.relations();
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.sink.push(Diagnostic::error(span, message));
    }

    /// The blocks of some kinds, in the order of the text.
    fn blocks(&self, kinds: &'static [BlockKind]) -> impl Iterator<Item = &'t Block<'t>> + use<'t> {
        self.files.iter().flat_map(|f| &f.items).filter_map(move |item| match item {
            syntax::Item::Block(block) if kinds.contains(&block.kind) => Some(block),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IndexKind, Link};

    const BLOG: &str = r#"
datasource db {
  provider = "sqlite"
  url      = env("DATABASE_URL")
}

/// Who writes.
model User {
  id    Int     @id @default(autoincrement())
  email String  @unique
  first String
  last  String
  role  Role    @default(AUTHOR)
  posts Post[]
  tags  Tag[]

  @@unique([first, last], name: "full")
  @@map("users")
}

model Post {
  id       Int   @id
  author   User? @relation(fields: [authorId], references: [id], onDelete: SetNull)
  authorId Int?  @map("author_id")

  @@index([authorId])
}

model Tag {
  id    Int    @id
  users User[]
}

enum Role {
  AUTHOR
  ADMIN  @map("admin")
}
"#;

    fn parse_text(text: &str) -> Result<Validated, Diagnostics> {
        parse(vec![SourceFile::new("schema.prisma", text)])
    }

    #[test]
    fn an_ordinary_schema() {
        let schema = parse_text(BLOG).unwrap_or_else(|e| panic!("{e}")).schema;
        let user = schema.find_model("User").unwrap();
        assert_eq!(user.database_name(), "users");
        assert_eq!(user.data().documentation.as_deref(), Some("Who writes."));
        let kinds: Vec<_> = user.indexes().map(|i| (i.kind(), i.client_name())).collect();
        assert_eq!(
            kinds,
            [
                (IndexKind::PrimaryKey, "id".to_owned()),
                (IndexKind::Unique, "email".to_owned()),
                (IndexKind::Unique, "full".to_owned())
            ]
        );

        let author = schema.find_model("Post").unwrap().find_field("author").unwrap();
        assert!(matches!(author.link(), Some(Link::Owning { .. })));
        assert_eq!(author.opposite().unwrap().name(), "posts");
        assert_eq!(author.relation().unwrap().name(), "PostToUser");
        let tags = user.find_field("tags").unwrap();
        let Some(Link::Join { table, own_column, other_column, .. }) = tags.link() else { panic!("no join") };
        assert_eq!((table, own_column, other_column), ("_TagToUser", "B", "A"));
    }

    #[test]
    fn all_errors_at_once() {
        let text =
            BLOG.replace("email String  @unique", "email Strng   @unique").replace("posts Post[]", "posts Pots[]");
        let errors = parse_text(&text).unwrap_err();
        let messages: Vec<_> = errors.errors().map(|e| (errors.start(e).line, e.help.as_deref())).collect();
        assert_eq!(messages[..2], [(10, Some("did you mean `String`?")), (14, Some("did you mean `Post`?")),]);
    }
}
