//! The syntax tree.

use std::borrow::Cow;

use crate::Span;

/// One file, taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File<'t> {
    /// Blocks and the comments between them, in order.
    pub items: Vec<Item<'t>>,
    /// Names of blocks that were left out after an error.
    pub broken_blocks: std::collections::HashSet<&'t str>,
}

/// Something at the top level of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Item<'t> {
    /// A block.
    Block(Block<'t>),
    /// A comment between blocks.
    Comment(Comment<'t>),
}

impl Item<'_> {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            Item::Block(block) => block.span,
            Item::Comment(comment) => comment.span,
        }
    }
}

/// What a comment looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentKind {
    /// `// …`
    Line,
    /// `/// …`: documentation of what follows.
    Doc,
    /// `/* … */`
    Block,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment<'t> {
    /// Its form.
    pub kind: CommentKind,
    /// Its text, markers included, without trailing space.
    pub text: &'t str,
    /// Its place.
    pub span: Span,
}

impl Comment<'_> {
    /// The text without the marker and the one space behind it.
    pub fn content(&self) -> &str {
        let text = match self.kind {
            CommentKind::Doc => self.text.strip_prefix("///"),
            CommentKind::Line => self.text.strip_prefix("//"),
            CommentKind::Block => self.text.strip_prefix("/*").map(|t| t.strip_suffix("*/").unwrap_or(t)),
        };
        let text = text.unwrap_or(self.text);
        text.strip_prefix(' ').unwrap_or(text)
    }
}

/// A name and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident<'t> {
    /// The name.
    pub text: &'t str,
    /// Its place.
    pub span: Span,
}

/// The keyword of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// `datasource`
    Datasource,
    /// `generator`
    Generator,
    /// `model`
    Model,
    /// `view`
    View,
    /// `enum`
    Enum,
    /// `type`: a composite type
    Type,
}

impl BlockKind {
    /// All of them.
    pub const ALL: [BlockKind; 6] =
        [Self::Datasource, Self::Generator, Self::Model, Self::View, Self::Enum, Self::Type];

    /// The keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Datasource => "datasource",
            Self::Generator => "generator",
            Self::Model => "model",
            Self::View => "view",
            Self::Enum => "enum",
            Self::Type => "type",
        }
    }

    /// The kind with that keyword.
    pub fn from_keyword(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.keyword() == word)
    }

    /// What it is called in messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Type => "composite type",
            other => other.keyword(),
        }
    }
}

/// A block: keyword, name, and what stands between the braces.
#[derive(Debug, Clone, PartialEq)]
pub struct Block<'t> {
    /// The keyword.
    pub kind: BlockKind,
    /// The name.
    pub name: Ident<'t>,
    /// The `///` text above it.
    pub documentation: Option<String>,
    /// Comments behind the opening brace, on its line.
    pub open_comments: Vec<Comment<'t>>,
    /// What stands between the braces, comments included, in order.
    pub entries: Vec<Entry<'t>>,
    /// Comments behind the closing brace, on its line.
    pub trailing: Vec<Comment<'t>>,
    /// Whether a line of it was left out after an error.
    pub is_broken: bool,
    /// From the keyword to the closing brace.
    pub span: Span,
    /// The line of keyword, name and opening brace.
    pub header_span: Span,
}

impl<'t> Block<'t> {
    /// Its fields.
    pub fn fields(&self) -> impl Iterator<Item = &Field<'t>> {
        self.entries.iter().filter_map(|e| match &e.kind {
            EntryKind::Field(field) => Some(field),
            _ => None,
        })
    }

    /// Its `@@` attributes.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute<'t>> {
        self.entries.iter().filter_map(|e| match &e.kind {
            EntryKind::Attribute(attribute) => Some(attribute),
            _ => None,
        })
    }

    /// The first `@@` attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'t>> {
        self.attributes().find(|a| a.name == name)
    }

    /// Its values, if it is an enum.
    pub fn values(&self) -> impl Iterator<Item = &EnumValue<'t>> {
        self.entries.iter().filter_map(|e| match &e.kind {
            EntryKind::EnumValue(value) => Some(value),
            _ => None,
        })
    }

    /// Its `key = value` lines.
    pub fn properties(&self) -> impl Iterator<Item = &Property<'t>> {
        self.entries.iter().filter_map(|e| match &e.kind {
            EntryKind::Property(property) => Some(property),
            _ => None,
        })
    }
}

/// Something in a block, with the comments behind it on its line.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'t> {
    /// What it is.
    pub kind: EntryKind<'t>,
    /// Comments behind it, on its last line.
    pub trailing: Vec<Comment<'t>>,
    /// Whether there are comments inside it, which only its text shows.
    pub has_inner_comments: bool,
    /// Its place, without trailing comments.
    pub span: Span,
}

/// What stands in a block.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryKind<'t> {
    /// A field of a model, view or composite type.
    Field(Field<'t>),
    /// `@@name(...)`
    Attribute(Attribute<'t>),
    /// A value of an enum.
    EnumValue(EnumValue<'t>),
    /// `key = value`
    Property(Property<'t>),
    /// A comment on a line of its own.
    Comment(Comment<'t>),
}

/// `name Type @attributes`
#[derive(Debug, Clone, PartialEq)]
pub struct Field<'t> {
    /// The name.
    pub name: Ident<'t>,
    /// The type, without modifier.
    pub ty: FieldType<'t>,
    /// The modifier.
    pub arity: crate::Arity,
    /// The type, modifier included.
    pub type_span: Span,
    /// Its attributes.
    pub attributes: Vec<Attribute<'t>>,
    /// The `///` text above it and behind it.
    pub documentation: Option<String>,
    /// The whole.
    pub span: Span,
}

impl<'t> Field<'t> {
    /// The first attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'t>> {
        self.attributes.iter().find(|a| a.name == name)
    }
}

/// The type of a field as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType<'t> {
    /// A scalar, enum, model or composite type, by its name.
    Named(Ident<'t>),
    /// `Unsupported("…")`, unescaped, and its place.
    Unsupported(Cow<'t, str>, Span),
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue<'t> {
    /// The name.
    pub name: Ident<'t>,
    /// Its attributes.
    pub attributes: Vec<Attribute<'t>>,
    /// The `///` text above it and behind it.
    pub documentation: Option<String>,
    /// The whole.
    pub span: Span,
}

/// `key = value`
#[derive(Debug, Clone, PartialEq)]
pub struct Property<'t> {
    /// The key.
    pub name: Ident<'t>,
    /// The value; absent if nothing stands behind the `=`, which is an error.
    pub value: Option<Expression<'t>>,
    /// The whole.
    pub span: Span,
}

/// `@name(...)` or `@@name(...)`
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute<'t> {
    /// The name with its dots, without `@`: `default`, `db.VarChar`.
    pub name: &'t str,
    /// The name's place.
    pub name_span: Span,
    /// Whether it is written with `@@`.
    pub is_block: bool,
    /// The arguments; `None` without parentheses.
    pub arguments: Option<Vec<Argument<'t>>>,
    /// The whole.
    pub span: Span,
}

impl<'t> Attribute<'t> {
    /// The arguments, none without parentheses.
    pub fn arguments(&self) -> &[Argument<'t>] {
        self.arguments.as_deref().unwrap_or_default()
    }

    /// The argument of that name.
    pub fn argument(&self, name: &str) -> Option<&Argument<'t>> {
        self.arguments().iter().find(|a| a.name.as_ref().is_some_and(|n| n.text == name))
    }

    /// As it is written in messages: `@default`, `@@index`.
    pub fn display_name(&self) -> String {
        format!("{}{}", if self.is_block { "@@" } else { "@" }, self.name)
    }
}

/// An argument of an attribute or function.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument<'t> {
    /// `name:`, where given.
    pub name: Option<Ident<'t>>,
    /// The value; absent if nothing stands behind `name:`, which is an error.
    pub value: Option<Expression<'t>>,
    /// The whole.
    pub span: Span,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression<'t> {
    /// What it is.
    pub kind: ExpressionKind<'t>,
    /// Its place.
    pub span: Span,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind<'t> {
    /// `"text"`, unescaped.
    String(Cow<'t, str>),
    /// A number, as written.
    Number(&'t str),
    /// A name, with dots: `true`, `Desc`, `address.street`.
    Constant(&'t str),
    /// `name(arguments)`
    Function(Ident<'t>, Vec<Argument<'t>>),
    /// `[a, b]`
    Array(Vec<Expression<'t>>),
    /// `{ a: b }`, the predicate of a partial index.
    Object(Vec<(Ident<'t>, Expression<'t>)>),
}

impl Expression<'_> {
    /// What it is called in messages.
    pub fn noun(&self) -> &'static str {
        match self.kind {
            ExpressionKind::String(_) => "string",
            ExpressionKind::Number(_) => "number",
            ExpressionKind::Constant(_) => "name",
            ExpressionKind::Function(..) => "function call",
            ExpressionKind::Array(_) => "list",
            ExpressionKind::Object(_) => "object",
        }
    }
}
