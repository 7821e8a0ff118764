//! Values of `@default`.

/// The argument of `@default(...)`.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultValue {
    /// A constant.
    Literal(Literal),
    /// A constant list, for list fields.
    List(Vec<Literal>),
    /// A function.
    Function(DefaultFunction),
}

/// A constant of the schema language.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `"text"`, unescaped.
    String(String),
    /// A number, as written.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A value of the field's enum, by its name in the schema.
    EnumValue(String),
}

/// The functions that `@default` knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultFunction {
    /// `autoincrement()`: by the database.
    Autoincrement,
    /// `sequence(...)`, CockroachDB: arguments as written.
    Sequence(Vec<(String, String)>),
    /// `now()`.
    Now,
    /// `uuid()`, `uuid(4)`, `uuid(7)`: the version.
    Uuid(u8),
    /// `cuid()`, `cuid(1)`, `cuid(2)`: the version.
    Cuid(u8),
    /// `ulid()`.
    Ulid,
    /// `nanoid()`, `nanoid(n)`: the length, 2 to 255.
    Nanoid(u8),
    /// `dbgenerated("sql")`: by the database.
    DbGenerated(Option<String>),
    /// `auto()`, MongoDB.
    Auto,
}

impl DefaultFunction {
    /// Its name in the schema language.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Autoincrement => "autoincrement",
            Self::Sequence(_) => "sequence",
            Self::Now => "now",
            Self::Uuid(_) => "uuid",
            Self::Cuid(_) => "cuid",
            Self::Ulid => "ulid",
            Self::Nanoid(_) => "nanoid",
            Self::DbGenerated(_) => "dbgenerated",
            Self::Auto => "auto",
        }
    }

    /// Whether the database makes the value, so that the client leaves it out of an INSERT.
    pub fn is_by_database(&self) -> bool {
        matches!(self, Self::Autoincrement | Self::Sequence(_) | Self::DbGenerated(_) | Self::Auto)
    }
}
