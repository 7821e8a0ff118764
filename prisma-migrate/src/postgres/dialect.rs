//! What PostgreSQL and CockroachDB spell alike, and where they differ.

use std::fmt::Write;

use super::convert;
use crate::column::{Autoincrement, BaseType, ColumnDefault, ColumnType, SequenceOptions};
use crate::database::{Column, ObjectName};
use crate::default::{Holder, time};
use crate::diff::ColumnChange;
use crate::expression::Quoting;
use crate::native::{Family, NativeTypes};
use crate::sql::{DOUBLE_QUOTES as NAMES, hex, text};

/// The SQL of PostgreSQL, or of CockroachDB.
#[derive(Debug)]
pub(crate) struct Spelling {
    /// The native types.
    pub(crate) types: &'static NativeTypes,
    /// Whether what makes a column count is its type (`SERIAL`) and a sequence, not a default.
    pub(crate) has_serial_types: bool,
    /// Whether a unique constraint is dropped as such, not as an index.
    pub(crate) drops_constraints: bool,
    /// Whether a namespace can be dropped with all that is in it, even the usual one.
    pub(crate) drops_namespaces: bool,
}

impl Spelling {
    /// How the default of a column is read and compared.
    pub(crate) fn holder(&self, ty: &ColumnType) -> Holder {
        Holder { family: self.types.row(ty).map(|r| r.family), is_list: ty.is_list, quoting: Quoting::Standard }
    }

    /// A default.
    pub(crate) fn default(&self, default: &ColumnDefault, ty: &ColumnType) -> String {
        match default {
            ColumnDefault::Text(value) => match self.holder(ty).family {
                // The schema has an instant for it.
                Some(Family::Time) => {
                    text(&time(value).map_or_else(|| value.clone(), |t| t.format("%H:%M:%S%.f").to_string()))
                }
                _ => text(value),
            },
            ColumnDefault::Number(number) => number.clone(),
            ColumnDefault::Boolean(value) => value.to_string(),
            ColumnDefault::Bytes(bytes) => format!("'\\x{}'", hex(bytes)),
            ColumnDefault::List(elements) => {
                let elements: Vec<_> = elements.iter().map(|e| self.default(e, ty)).collect();
                format!("ARRAY[{}]::{}", elements.join(", "), self.type_name(ty))
            }
            ColumnDefault::Now => "CURRENT_TIMESTAMP".to_owned(),
            ColumnDefault::Expression(sql) => sql.clone(),
        }
    }

    /// The type of a column in its definition, which may say that it counts.
    pub(super) fn counted_type(&self, column: &Column) -> String {
        let name = self.type_name(&column.data_type);
        let counts = column.autoincrement.as_ref().is_some_and(|a| !a.is_identity);
        match name.as_str() {
            _ if !counts || !self.has_serial_types => name,
            "SMALLINT" => "SMALLSERIAL".to_owned(),
            "BIGINT" => "BIGSERIAL".to_owned(),
            _ => "SERIAL".to_owned(),
        }
    }

    /// What in the definition of a column says that it counts, beside its type.
    pub(super) fn counter(&self, counter: &Autoincrement) -> Option<String> {
        match counter.is_identity {
            true => Some(identity(&counter.options)),
            false => (!self.has_serial_types).then(|| "DEFAULT unique_rowid()".to_owned()),
        }
    }

    /// A column begins to count, or ends; what its old default was is dropped by now.
    pub(super) fn alter_counter(
        &self,
        table: &ObjectName,
        change: &ColumnChange,
        before: &mut Vec<String>,
        lines: &mut Vec<String>,
        after: &mut Vec<String>,
    ) {
        let (table_sql, column) = (NAMES.object(table), NAMES.name(&change.to.name));
        match change.from.autoincrement.as_ref().filter(|a| !a.is_identity && self.has_serial_types) {
            Some(Autoincrement { sequence: Some(sequence), .. }) => {
                after.push(format!("DROP SEQUENCE {};", NAMES.object(&table.sibling(sequence))));
            }
            // What the schema knows has the usual name; what others made may have another, and is left alone.
            Some(_) => {
                let usual = NAMES.object(&sequence_name(table, &change.to.name));
                after.push(format!("DROP SEQUENCE IF EXISTS {usual};"));
            }
            None => {}
        }
        match &change.to.autoincrement {
            None => {}
            Some(counter) if counter.is_identity => {
                lines.push(format!("ALTER COLUMN {column} ADD {}", identity(&counter.options)));
            }
            Some(_) if !self.has_serial_types => {
                lines.push(format!("ALTER COLUMN {column} SET DEFAULT unique_rowid()"));
            }
            Some(_) => {
                let sequence = NAMES.object(&sequence_name(table, &change.to.name));
                before.push(format!("CREATE SEQUENCE {sequence};"));
                lines.push(format!("ALTER COLUMN {column} SET DEFAULT nextval({})", text(&sequence)));
                after.push(format!("ALTER SEQUENCE {sequence} OWNED BY {table_sql}.{column};"));
                // It goes on where the rows that are there end.
                after.push(format!(
                    "SELECT setval({}, COALESCE((SELECT MAX({column}) FROM {table_sql}), 0) + 1, false);",
                    text(&sequence)
                ));
            }
        }
    }

    /// A column that counts gets a type of another size: so does its sequence.
    pub(super) fn resize_sequence(&self, table: &ObjectName, change: &ColumnChange) -> Option<String> {
        let sequence = change.from.autoincrement.as_ref()?.sequence.as_ref().filter(|_| self.has_serial_types)?;
        let goes_on = change.to.autoincrement.is_some() && !change.has_new_autoincrement && change.has_new_type;
        let ty = self.type_name(&change.to.data_type);
        goes_on.then(|| format!("ALTER SEQUENCE {} AS {ty};", NAMES.object(&table.sibling(sequence))))
    }

    /// The statements that make these changes.
    pub(super) fn altered(&self, table: &str, lines: Vec<String>) -> Vec<String> {
        vec![format!("ALTER TABLE {table} {};", lines.join(",\n"))]
    }

    /// What must be written behind a column's name so that its values get another type; none if they get it by themselves.
    pub(super) fn using(&self, from: &ColumnType, to: &ColumnType) -> Option<String> {
        let name = self.type_name(to);
        let list = if to.is_list { "[]" } else { "" };
        match (&from.base, &to.base, convert::cast(self.types, from, to)) {
            (BaseType::Enum(_), BaseType::Enum(_), _) => Some(format!("::text{list}::{name}")),
            (.., Some(through)) if !through.is_empty() && name != "INTEGER" && name != "INT4" => {
                Some(format!("{through}{list}::{name}"))
            }
            (.., Some(_)) => Some(format!("::{name}")),
            // The elements of a list are never cast by themselves.
            (.., None) => to.is_list.then(|| format!("::{name}")),
        }
    }
}

/// The name of the sequence that a column counts by, cut so that it fits.
pub(crate) fn sequence_name(table: &ObjectName, column: &str) -> ObjectName {
    const LIMIT: usize = 63 - "_seq".len();
    let mut stem = format!("{}_{column}", table.name);
    if stem.len() > LIMIT {
        let end = (0..=LIMIT).rev().find(|i| stem.is_char_boundary(*i)).unwrap_or(0);
        stem.truncate(end);
    }
    table.sibling(stem + "_seq")
}

/// The options of a sequence, with what goes without saying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SequenceNumbers {
    cache: i64,
    start: i64,
    increment: i64,
    min_value: i64,
    max_value: i64,
}

impl SequenceNumbers {
    pub(crate) fn of(options: &SequenceOptions) -> Self {
        let increment = options.increment.unwrap_or(1);
        let is_upwards = increment > 0;
        let min_value = options.min_value.unwrap_or(if is_upwards { 1 } else { i64::MIN });
        let max_value = options.max_value.unwrap_or(if is_upwards { i64::MAX } else { -1 });
        let start = options.start.unwrap_or(if is_upwards { min_value } else { max_value });
        Self { cache: options.cache.unwrap_or(1), start, increment, min_value, max_value }
    }

    /// The options that are not as they would be without a word.
    pub(crate) fn without_usual(self, is_virtual: bool) -> SequenceOptions {
        let mut options = SequenceOptions { is_virtual, ..SequenceOptions::default() };
        options.increment = Some(self.increment).filter(|n| *n != 1);
        let usual = Self::of(&options);
        options.cache = Some(self.cache).filter(|n| *n != usual.cache);
        options.min_value = Some(self.min_value).filter(|n| !is_same_limit(*n, usual.min_value));
        options.max_value = Some(self.max_value).filter(|n| !is_same_limit(*n, usual.max_value));
        options.start = Some(self.start).filter(|n| !is_same_limit(*n, Self::of(&options).start));
        options
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (self.cache, self.increment) == (other.cache, other.increment)
            && is_same_limit(self.start, other.start)
            && is_same_limit(self.min_value, other.min_value)
            && is_same_limit(self.max_value, other.max_value)
    }

    /// What is another number in `to`, as SQL.
    fn changes(&self, to: &Self) -> String {
        let all = [
            ("MINVALUE", self.min_value, to.min_value),
            ("MAXVALUE", self.max_value, to.max_value),
            ("INCREMENT", self.increment, to.increment),
            ("START", self.start, to.start),
            ("CACHE", self.cache, to.cache),
        ];
        let changed = all.into_iter().filter(|(_, a, b)| !is_same_limit(*a, *b));
        changed.map(|(word, _, new)| format!(" {word} {new}")).collect()
    }
}

/// A sequence ends where its type does, of which there are three.
fn is_same_limit(a: i64, b: i64) -> bool {
    const LARGEST: [i64; 3] = [i16::MAX as i64, i32::MAX as i64, i64::MAX];
    const LEAST: [i64; 3] = [i16::MIN as i64, i32::MIN as i64, i64::MIN];
    a == b || [LARGEST, LEAST].iter().any(|limits| limits.contains(&a) && limits.contains(&b))
}

pub(super) fn alter_sequence(name: &ObjectName, from: &SequenceOptions, to: &SequenceOptions) -> String {
    let changes = SequenceNumbers::of(from).changes(&SequenceNumbers::of(to));
    format!("ALTER SEQUENCE {}{changes};", NAMES.object(name))
}

fn identity(options: &SequenceOptions) -> String {
    let mut sql = "GENERATED BY DEFAULT AS IDENTITY".to_owned();
    let mut parts = Vec::new();
    if options.is_virtual {
        parts.push("VIRTUAL".to_owned());
    }
    for (word, value) in [
        ("CACHE", options.cache),
        ("START", options.start),
        ("INCREMENT", options.increment),
        ("MINVALUE", options.min_value),
        ("MAXVALUE", options.max_value),
    ] {
        parts.extend(value.map(|v| format!("{word} {v}")));
    }
    if !parts.is_empty() {
        let _ = write!(sql, " ({})", parts.join(" "));
    }
    sql
}
