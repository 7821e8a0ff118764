//! What to look at in the data before a migration: would it lose something, or fail halfway?

use std::collections::HashMap;
use std::fmt;

use prisma_core::Error;
use prisma_core::driver::Connection;
use prisma_schema::Provider;

use crate::database::ObjectName;
use crate::diff::Migration;
use crate::flavour::Flavour;
use crate::flavour_of;
use crate::read::{integer, read, text};

/// A question to the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// A table goes: has it rows?
    DropTable {
        /// The table.
        table: ObjectName,
        /// Tables that come, and could be this one under a new name.
        maybe: Vec<String>,
    },
    /// A column goes: has it values?
    DropColumn {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
        /// Columns that come, and could be this one under a new name.
        maybe: Vec<String>,
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
    /// A value of an enum goes, whatever the data, that a CHECK constraint or an index names.
    NamedValue {
        /// The table.
        table: ObjectName,
        /// The constraint or index.
        name: String,
        /// The value.
        value: String,
        /// The enum.
        of: String,
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

/// What the data says to a migration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// What would be lost.
    pub warnings: Vec<String>,
    /// What cannot be done with the data that is there.
    pub unexecutable: Vec<String>,
}

/// Asks the data what a migration would lose, and whether it can be done.
///
/// # Errors
/// A provider that this program was built without, or what the database reports.
pub async fn evaluate(
    provider: Provider,
    connection: &mut dyn Connection,
    migration: &Migration,
) -> Result<Findings, Error> {
    run(connection, flavour_of(provider)?, &migration.checks).await
}

pub(crate) async fn run(
    connection: &mut dyn Connection,
    flavour: &dyn Flavour,
    checks: &[Check],
) -> Result<Findings, Error> {
    let mut findings = Findings::default();
    for check in checks {
        match check.run(connection, flavour).await? {
            Some(Finding::Warning(text)) => findings.warnings.push(text),
            Some(Finding::Unexecutable(text)) => findings.unexecutable.push(text),
            None => {}
        }
    }
    Ok(findings)
}

/// How many rows point nowhere, by table and referenced table.
pub(crate) type BrokenReferences = HashMap<(String, String), i64>;

/// How many rows point nowhere, on a database that does not see to that itself while its schema changes.
pub(crate) async fn broken_references(
    connection: &mut dyn Connection,
    flavour: &dyn Flavour,
) -> Result<BrokenReferences, Error> {
    let Some(sql) = flavour.broken_references() else { return Ok(HashMap::new()) };
    let rows = read(connection, sql, |row| Ok(((text(row, 0)?, text(row, 1)?), integer(row, 2)?))).await?;
    Ok(rows.into_iter().collect())
}

/// What is broken now and was not before, one sentence for each pair of tables.
pub(crate) fn newly_broken(before: &BrokenReferences, now: &BrokenReferences) -> Vec<String> {
    let new = now.iter().filter(|(tables, count)| *count > before.get(tables).unwrap_or(&0));
    new.map(|((table, referenced), count)| {
        format!(
            "{} of `{table}` pointing to rows of `{referenced}` that are not there, which the foreign key forbids: \
             remove or correct what points nowhere first",
            Counted(*count, "row")
        )
    })
    .collect()
}

impl Check {
    /// What may become of the data, before anybody looked at it.
    pub(crate) fn foreseen(&self) -> String {
        match self {
            Self::DropTable { table, maybe } => {
                let hint = renamed_hint(maybe, "@@", &table.name);
                format!("the table `{table}` is dropped, with all rows that are in it{hint}")
            }
            Self::DropColumn { table, column, maybe } => {
                let hint = renamed_hint(maybe, "@", column);
                format!("the column `{column}` of `{table}` is dropped, with all values that are in it{hint}")
            }
            Self::Cast { table, column, from, to } => {
                format!(
                    "the column `{column}` of `{table}` changes from {from} to {to}: not all of its values may survive that"
                )
            }
            Self::Rebuild { table, lost } => {
                format!("the table `{table}` must be rebuilt, which loses {}", lost.join(" and "))
            }
            Self::NamedValue { table, name, value, of } => format!(
                "the enum `{of}` loses `{value}`, which `{name}` of `{table}` names: this fails unless that is dropped before"
            ),
            Self::PrimaryKey { table } => {
                format!("the primary key of `{table}` changes: if that fails halfway, the table is left without one")
            }
            Self::AddRequired { table, column } => format!(
                "the required column `{column}` is added to `{table}` without a default: this fails if the table has rows"
            ),
            Self::MakeRequired { table, column } => {
                format!("the column `{column}` of `{table}` becomes required: this fails if rows of it hold NULL")
            }
            Self::Unique { table, columns, .. } => format!(
                "`{}` of `{table}` becomes unique: this fails if values stand there more than once",
                columns.join("`, `")
            ),
            Self::EnumValues { table, column, values, .. } => format!(
                "the enum of `{column}` of `{table}` loses `{}`: this fails if rows of it hold that",
                values.join("`, `")
            ),
        }
    }

    /// Names what it asks for as `column` and `table` say, where they know another name.
    pub(crate) fn rename(
        &mut self,
        column: &dyn Fn(&ObjectName, &str) -> Option<String>,
        table: &dyn Fn(&ObjectName) -> Option<ObjectName>,
    ) {
        let (of, columns): (&mut ObjectName, &mut [String]) = match self {
            Self::DropTable { table, .. }
            | Self::PrimaryKey { table }
            | Self::Rebuild { table, .. }
            | Self::NamedValue { table, .. }
            // The column is a new one.
            | Self::AddRequired { table, .. } => (table, &mut []),
            Self::DropColumn { table, column, .. }
            | Self::Cast { table, column, .. }
            | Self::MakeRequired { table, column }
            | Self::EnumValues { table, column, .. } => (table, std::slice::from_mut(column)),
            Self::Unique { table, old, .. } => (table, old),
        };
        for name in columns {
            *name = column(of, name).unwrap_or_else(|| std::mem::take(name));
        }
        *of = table(of).unwrap_or_else(|| std::mem::take(of));
    }

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
            Self::DropTable { table, maybe } => {
                let hint = renamed_hint(maybe, "@@", &table.name);
                Finding::Warning(format!("the table `{table}` is to be dropped, with {rows} in it{hint}"))
            }
            Self::DropColumn { table, column, maybe } => {
                let hint = renamed_hint(maybe, "@", column);
                Finding::Warning(format!(
                    "the column `{column}` of `{table}` is to be dropped, with {values} in it{hint}"
                ))
            }
            Self::Cast { table, column, from, to } => Finding::Warning(format!(
                "the column `{column}` of `{table}` changes from {from} to {to}: its {values} may not all survive that"
            )),
            Self::Rebuild { table, lost } => {
                Finding::Warning(format!("the table `{table}` must be rebuilt, which loses {}", lost.join(" and ")))
            }
            Self::NamedValue { table, name, value, of } => Finding::Unexecutable(format!(
                "the enum `{of}` cannot lose `{value}`, since `{name}` of `{table}` names it: drop that by SQL first"
            )),
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
            Self::Rebuild { .. } | Self::NamedValue { .. } => return None,
            Self::DropTable { table, .. } | Self::PrimaryKey { table } | Self::AddRequired { table, .. } => {
                count(table, "*")
            }
            Self::DropColumn { table, column, .. } | Self::Cast { table, column, .. } => {
                count(table, &names.name(column))
            }
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

/// What to say if what goes is but called otherwise now.
fn renamed_hint(maybe: &[String], sign: &str, old: &str) -> String {
    if maybe.is_empty() {
        return String::new();
    }
    format!("; if it is `{}` now, say so there, and it stays: `{sign}renamedFrom(\"{old}\")`", maybe.join("` or `"))
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
