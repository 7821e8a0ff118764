//! What to look at in the data before a migration: would it lose something, or fail halfway?

use std::fmt;

use crate::database::ObjectName;
use crate::flavour::Flavour;
use crate::read::{integer, read};
use prisma_core::Error;
use prisma_core::driver::Connection;

/// A question to the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// A table goes: has it rows?
    DropTable {
        /// The table.
        table: ObjectName,
    },
    /// A column goes: has it values?
    DropColumn {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
    },
    /// A column gets a type that may not hold its values.
    Cast {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
        /// The type that it has.
        from: String,
        /// The type that it gets.
        to: String,
    },
    /// The primary key changes.
    PrimaryKey {
        /// The table.
        table: ObjectName,
    },
    /// A table is rebuilt, and loses what no schema can say, whatever the data.
    Rebuild {
        /// The table.
        table: ObjectName,
        /// What it loses.
        lost: Vec<&'static str>,
    },
    /// A required column without a default comes: are there rows that would lack a value?
    AddRequired {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
    },
    /// A column becomes required, without a default: are there NULLs?
    MakeRequired {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
    },
    /// Values become unique: are there duplicates?
    Unique {
        /// The table.
        table: ObjectName,
        /// The columns.
        columns: Vec<String>,
        /// Those of them that are there already.
        old: Vec<String>,
    },
    /// Values of an enum go: are they in use?
    EnumValues {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
        /// Whether the column holds lists.
        is_list: bool,
        /// The values that go.
        values: Vec<String>,
    },
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    /// Data would be lost.
    Warning(String),
    /// The migration would fail.
    Unexecutable(String),
}

impl Check {
    /// Asks the data.
    pub(crate) async fn run(
        &self,
        connection: &mut dyn Connection,
        flavour: &dyn Flavour,
    ) -> Result<Option<Finding>, Error> {
        let Some(sql) = self.query(flavour) else { return Ok(Some(self.finding(0))) };
        let counts = read(connection, &sql, |row| integer(row, 0)).await?;
        Ok(counts.first().filter(|count| **count > 0).map(|count| self.finding(*count)))
    }

    /// What it means that so many were counted.
    fn finding(&self, count: i64) -> Finding {
        let rows = Counted(count, "row");
        let values = Counted(count, "value");
        match self {
            Self::DropTable { table } => {
                Finding::Warning(format!("the table `{table}` is to be dropped, with {rows} in it"))
            }
            Self::DropColumn { table, column } => {
                Finding::Warning(format!("the column `{column}` of `{table}` is to be dropped, with {values} in it"))
            }
            Self::Cast { table, column, from, to } => Finding::Warning(format!(
                "the column `{column}` of `{table}` changes from {from} to {to}: its {values} may not all survive that"
            )),
            Self::Rebuild { table, lost } => {
                Finding::Warning(format!("the table `{table}` must be rebuilt, which loses {}", lost.join(" and ")))
            }
            Self::PrimaryKey { table } => {
                Finding::Warning(format!("the primary key of `{table}`, which has {rows}, changes"))
            }
            Self::AddRequired { table, column } => Finding::Unexecutable(format!(
                "the required column `{column}` cannot be added to `{table}`, which has {rows}, since they would lack a \
                 value: make the field optional, or give it a default that the database knows"
            )),
            Self::MakeRequired { table, column } => Finding::Unexecutable(format!(
                "the column `{column}` of `{table}` cannot become required, since {rows} of it hold NULL: give them a \
                 value first, or give the field a default"
            )),
            Self::Unique { table, columns, .. } => Finding::Unexecutable(format!(
                "`{}` of `{table}` cannot become unique, since {} there more than once: remove the duplicates first",
                columns.join("`, `"),
                Standing(count),
            )),
            Self::EnumValues { table, column, values, .. } => Finding::Unexecutable(format!(
                "the enum of `{column}` of `{table}` cannot lose `{}`, since {rows} of it hold that: give them another \
                 value first",
                values.join("`, `"),
            )),
        }
    }

    /// A query for a count; 0 means that all is well. None if there is nothing to count.
    fn query(&self, flavour: &dyn Flavour) -> Option<String> {
        let names = flavour.names();
        let count = |table: &ObjectName, what: &str| format!("SELECT COUNT({what}) FROM {}", names.object(table));
        Some(match self {
            Self::Rebuild { .. } => return None,
            Self::DropTable { table } | Self::PrimaryKey { table } | Self::AddRequired { table, .. } => {
                count(table, "*")
            }
            Self::DropColumn { table, column } | Self::Cast { table, column, .. } => count(table, &names.name(column)),
            Self::MakeRequired { table, column } => {
                format!("{} WHERE {} IS NULL", count(table, "*"), names.name(column))
            }
            Self::EnumValues { table, column, is_list, values } => {
                format!("{} WHERE {}", count(table, "*"), flavour.holds_any(column, *is_list, values))
            }
            Self::Unique { table, old, .. } => {
                let mut duplicates = count(table, "*");
                if !old.is_empty() {
                    let given: Vec<_> = old.iter().map(|c| format!("{} IS NOT NULL", names.name(c))).collect();
                    duplicates += &format!(" WHERE {} GROUP BY {}", given.join(" AND "), names.list(old, ", "));
                }
                format!("SELECT COUNT(*) FROM ({duplicates} HAVING COUNT(*) > 1) AS {}", names.name("duplicates"))
            }
        })
    }
}

/// A number of things, with the right ending.
pub(crate) struct Counted(pub(crate) i64, pub(crate) &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}

struct Standing(i64);

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 value stands"),
            n => write!(f, "{n} values stand"),
        }
    }
}
