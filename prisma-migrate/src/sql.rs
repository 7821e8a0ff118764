//! Pieces of SQL text that several providers have in common, with names quoted by sea-query.
//!
//! Statements are laid out by hand: Prisma's layout is not sea-query's, which also leaves out the names of foreign keys on
//! SQLite and the operator classes of indexes.

use prisma_schema::ReferentialAction;
use sea_query::{DynIden, Quote, QuotedBuilder};

use crate::database::{ForeignKey, IndexColumn, ObjectName};

/// How a provider quotes names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names(u8);

/// Names in double quotes.
pub(crate) const DOUBLE_QUOTES: Names = Names(b'"');
/// Names in backticks.
#[cfg(feature = "mysql")]
pub(crate) const BACKTICKS: Names = Names(b'`');

impl QuotedBuilder for Names {
    fn quote(&self) -> Quote {
        Quote::new(self.0)
    }
}

impl Names {
    /// A name.
    pub(crate) fn name(self, name: &str) -> String {
        let mut sql = String::with_capacity(name.len() + 2);
        // Owned: sea-query takes a borrowed name for one that needs no escaping.
        self.prepare_iden(&DynIden::from(name.to_owned()), &mut sql);
        sql
    }

    /// Names with a separator between.
    pub(crate) fn list<'a>(self, names: impl IntoIterator<Item = &'a String>, separator: &str) -> String {
        names.into_iter().map(|n| self.name(n)).collect::<Vec<_>>().join(separator)
    }

    /// The name of a table or a type.
    pub(crate) fn object(self, object: &ObjectName) -> String {
        match &object.namespace {
            Some(namespace) => format!("{}.{}", self.name(namespace), self.name(&object.name)),
            None => self.name(&object.name),
        }
    }

    /// The columns of a key or index.
    pub(crate) fn columns(self, columns: &[IndexColumn], separator: &str) -> String {
        let column = |c: &IndexColumn| {
            let mut sql = self.name(&c.name);
            if let Some(length) = c.length {
                sql += &format!("({length})");
            }
            if let Some(class) = &c.operator_class {
                sql += &format!(" {}", class.name);
            }
            if c.is_descending {
                sql += " DESC";
            }
            sql
        };
        columns.iter().map(column).collect::<Vec<_>>().join(separator)
    }

    /// The statement that gives a table another name.
    pub(crate) fn rename_table(self, from: &ObjectName, to: &ObjectName) -> String {
        format!("ALTER TABLE {} RENAME TO {};", self.object(from), self.name(&to.name))
    }

    /// The statement that gives a column another name.
    pub(crate) fn rename_column(self, table: &ObjectName, from: &str, to: &str) -> String {
        format!("ALTER TABLE {} RENAME COLUMN {} TO {};", self.object(table), self.name(from), self.name(to))
    }

    /// A foreign key, from `FOREIGN KEY` on.
    pub(crate) fn foreign_key(self, key: &ForeignKey) -> String {
        format!(
            "FOREIGN KEY ({}) REFERENCES {}({}) ON DELETE {} ON UPDATE {}",
            self.list(&key.columns, ", "),
            self.object(&key.referenced_table),
            self.list(&key.referenced_columns, ", "),
            action(key.on_delete),
            action(key.on_update)
        )
    }
}

/// Text in single quotes.
pub(crate) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Texts in single quotes.
pub(crate) fn texts<'a>(values: impl IntoIterator<Item = &'a String>) -> String {
    values.into_iter().map(|v| text(v)).collect::<Vec<_>>().join(", ")
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A referential action.
pub(crate) fn action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    }
}

/// A referential action, as catalogues name it.
pub(crate) fn read_action(name: &str) -> ReferentialAction {
    match name {
        "CASCADE" => ReferentialAction::Cascade,
        "RESTRICT" => ReferentialAction::Restrict,
        "SET NULL" => ReferentialAction::SetNull,
        "SET DEFAULT" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}
