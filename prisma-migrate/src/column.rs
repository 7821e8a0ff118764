//! What a column holds: its type, its default, and how it counts.

use std::fmt;

use crate::database::ObjectName;

/// The type of a column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnType {
    /// The type, or that of the elements of a list.
    pub base: BaseType,
    /// Whether the column holds lists.
    pub is_list: bool,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseType {
    /// A type of the database's own, as Prisma writes it: `VARCHAR`, `191`.
    Native {
        /// Its name.
        name: String,
        /// What stands in its parentheses.
        arguments: Vec<u32>,
    },
    /// An enum that is a type of its own.
    Enum(ObjectName),
    /// An enum whose values are part of the column's type.
    Values(Vec<String>),
    /// What no schema can say but as `Unsupported`, as the database spells it.
    Other(String),
}

impl Default for BaseType {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl ColumnType {
    /// The type of an element, as messages name it.
    pub(crate) fn base_text(&self) -> String {
        Self { base: self.base.clone(), is_list: false }.to_string()
    }

    /// A type of the database's own, without arguments.
    pub(crate) fn native(name: &str) -> Self {
        Self { base: BaseType::Native { name: name.to_owned(), arguments: Vec::new() }, is_list: false }
    }
}

/// As messages name it.
impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.base {
            BaseType::Native { name, arguments } => {
                f.write_str(name)?;
                for (i, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if i == 0 { "(" } else { "," })?;
                }
                f.write_str(if arguments.is_empty() { "" } else { ")" })?;
            }
            BaseType::Enum(name) => name.fmt(f)?,
            BaseType::Values(values) => write!(f, "ENUM({})", values.join(", "))?,
            BaseType::Other(text) => f.write_str(text)?,
        }
        f.write_str(if self.is_list { "[]" } else { "" })
    }
}

/// What a column holds if nothing is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnDefault {
    /// Text, and what is written like it: the value of an enum, JSON, an instant, a UUID.
    Text(String),
    /// A number, as written.
    Number(String),
    /// A truth value.
    Boolean(bool),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<ColumnDefault>),
    /// The time at which the row is made.
    Now,
    /// SQL.
    Expression(String),
}

/// How a column counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Autoincrement {
    /// The sequence that it counts by and owns, where known.
    pub sequence: Option<String>,
    /// Whether that is part of the column (`GENERATED … AS IDENTITY`), not its default.
    pub is_identity: bool,
    /// The options of the sequence, where given.
    pub options: SequenceOptions,
}

/// How a sequence counts; what is not given is as the database has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SequenceOptions {
    /// `VIRTUAL` (CockroachDB)
    pub is_virtual: bool,
    /// `CACHE`
    pub cache: Option<i64>,
    /// `START`
    pub start: Option<i64>,
    /// `INCREMENT`
    pub increment: Option<i64>,
    /// `MINVALUE`
    pub min_value: Option<i64>,
    /// `MAXVALUE`
    pub max_value: Option<i64>,
}
