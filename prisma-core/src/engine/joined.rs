//! Related records that come in a column of the record that they belong to, as JSON text.
//!
//! [`JoinDialect`](crate::sql::JoinDialect) says how the text is made: an array of rows, each an array of its columns, of what is computed of it, and of
//! its own relations in the same form.

use std::borrow::Cow;
use std::str::FromStr;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use prisma_schema::{FieldWalker, ModelWalker};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::column::inconsistent;
use crate::driver::{ColumnError, ElementType, Row};
use crate::sql::selected_fields;
use crate::temporal::{date_time_of_millis, date_time_of_text, time_of_text};
use crate::tree::Selection;
use crate::{Error, Groups, Sink, Value};

/// The records of one relation, as far as they have come.
pub(super) struct Joined<'s> {
    field: FieldWalker<'s>,
    /// Where they stand in the row of the record that they belong to.
    column: usize,
    sink: Box<dyn Sink>,
    children: Vec<Joined<'s>>,
    /// For each parent, how many records are there when its own are all there; the first is 0.
    offsets: Vec<u32>,
    count: u32,
    reversed: bool,
}

impl<'s> Joined<'s> {
    /// The relations of a selection, the first of which stands at `column`.
    pub(super) fn children(model: ModelWalker<'s>, selection: &Selection, column: usize, sink: &dyn Sink) -> Vec<Self> {
        let relation = |(i, relation): (usize, &crate::tree::RelationSelection)| {
            let field = model.field(relation.field);
            let sink = sink.child(i);
            let children = field.related_model().map(|model| {
                let nested = &relation.selection;
                let column = selected_fields(model, nested).len() + nested.aggregates.len();
                Self::children(model, nested, column, &*sink)
            });
            let children = children.unwrap_or_default();
            Self { field, column: column + i, sink, children, offsets: vec![0], count: 0, reversed: false }
        };
        selection.relations.iter().enumerate().map(relation).collect()
    }

    /// Takes the records of the next parent out of its row.
    pub(super) fn push(&mut self, row: &dyn Row) -> Result<(), Error> {
        let text = row.text(self.column).map_err(|e| inconsistent(self.field, &e))?;
        self.take(text.as_deref().unwrap_or_default())
    }

    fn take(&mut self, text: &str) -> Result<(), Error> {
        let rows: Vec<Vec<&RawValue>> = serde_json::from_str(text).map_err(|_| self.cut(text))?;
        for cells in &rows {
            let row = JoinedRow(cells);
            self.sink.row(&row)?;
            for child in &mut self.children {
                child.take(cells.get(child.column).map_or("", |cell| cell.get()))?;
            }
            self.count += 1;
        }
        self.offsets.push(self.count);
        Ok(())
    }

    /// The error for text that is not whole: databases limit how long one may be.
    fn cut(&self, text: &str) -> Error {
        let error = ColumnError {
            column: self.column,
            expected: "all related records in one value (where they are too many for it, read them with `.load(Load::Query)`)",
            found: format!("{} bytes that are no JSON", text.len()),
        };
        inconsistent(self.field, &error)
    }

    /// Turns round the order of the parents.
    pub(super) fn reverse(&mut self) {
        self.reversed = true;
    }

    /// Gives the records to the sink of their parents; how many there are, at all levels.
    pub(super) fn attach(children: Vec<Self>, sink: &mut dyn Sink) -> Result<u64, Error> {
        let mut all = 0;
        for (i, mut child) in children.into_iter().enumerate() {
            all += u64::from(child.count) + Self::attach(child.children, &mut *child.sink)?;
            let groups = Groups { offsets: child.offsets, positions: (0..child.count).collect() };
            let groups = if child.reversed { groups.reversed() } else { groups };
            sink.attach(i, child.sink, groups)?;
        }
        Ok(all)
    }
}

/// One record, by its columns.
struct JoinedRow<'a>(&'a [&'a RawValue]);

/// What a value of JSON is, as text: unquoted, or as it stands.
enum Stored<'a> {
    Text(Cow<'a, str>),
    Plain(&'a str),
}

/// A number that was a float in the database: its bits.
fn float_of(text: &str) -> Option<f64> {
    match (text.strip_prefix('r'), text.strip_prefix('f')) {
        (Some(double), _) => match double.split_once('p') {
            None => double.parse().ok(),
            Some((digits, power)) => {
                // Step by step, since the power by itself may be beyond what a float holds.
                let power: i32 = power.parse().ok()?;
                let step = 2f64.powi(power.signum() * 32);
                Some((0..power.abs() / 32).fold(digits.parse().ok()?, |number: f64, _| number * step))
            }
        },
        // What was written, as far as the column kept it: 0.1, not 0.10000000149011612.
        (_, Some(single)) => single.parse::<f64>().ok().and_then(|v| (v as f32).to_string().parse().ok()),
        _ => None,
    }
}

impl<'a> Stored<'a> {
    fn of(raw: &'a str) -> Option<Self> {
        match raw {
            "null" => None,
            raw => Some(match raw.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
                None => Self::Plain(raw),
                Some(text) if !text.contains('\\') => Self::Text(Cow::Borrowed(text)),
                Some(_) => serde_json::from_str(raw).map_or(Self::Plain(raw), |text| Self::Text(Cow::Owned(text))),
            }),
        }
    }

    fn digits(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Plain(text) => text,
        }
    }

    fn float(&self) -> Option<f64> {
        float_of(self.digits()).or_else(|| self.digits().parse().ok())
    }

    fn decimal(&self) -> Option<BigDecimal> {
        match float_of(self.digits()) {
            // The shortest digits that mean this number: 0.1 is 0.1, not the 55 digits that the bits stand for.
            Some(float) => BigDecimal::from_str(&float.to_string()).ok(),
            None => {
                let digits = self.digits();
                // Without the zeros that only fill the column's scale.
                let digits = if digits.contains('.') && !digits.contains(['e', 'E']) {
                    digits.trim_end_matches('0').trim_end_matches('.')
                } else {
                    digits
                };
                BigDecimal::from_str(digits).ok()
            }
        }
    }

    fn date_time(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Plain(millis) => DateTime::from_timestamp_millis(millis.parse().ok()?),
            Self::Text(text) => match (float_of(text), text.parse()) {
                (Some(millis), _) => date_time_of_millis(millis),
                (None, Ok(micros)) => DateTime::from_timestamp_micros(micros),
                (None, Err(_)) => date_time_of_text(text.trim()),
            },
        }
    }

    fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Plain(days) => {
                let since = TimeDelta::try_days(days.parse().ok()?)?;
                DateTime::UNIX_EPOCH.date_naive().checked_add_signed(since)
            }
            Self::Text(text) => text.parse().ok().or_else(|| self.date_time().map(|v| v.date_naive())),
        }
    }

    fn time(&self) -> Option<NaiveTime> {
        time_of_text(self.digits()).or_else(|| self.date_time().map(|v| v.time()))
    }

    fn boolean(&self) -> Option<bool> {
        match self.digits() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        let digits = self.digits().as_bytes();
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let pairs = digits.chunks(2).map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
            _ => None,
        });
        pairs.collect()
    }

    fn integer(&self) -> Option<i64> {
        self.digits().parse().ok()
    }

    fn element(self, element: ElementType) -> Option<Value> {
        Some(match element {
            ElementType::Boolean => Value::Boolean(self.boolean()?),
            ElementType::Int => Value::Int(self.digits().parse().ok()?),
            ElementType::BigInt => Value::BigInt(self.integer()?),
            ElementType::Float => Value::Float(self.float()?),
            ElementType::Decimal => Value::Decimal(self.decimal()?),
            ElementType::String => Value::String(self.digits().to_owned()),
            ElementType::Enum => Value::Enum(self.digits().to_owned()),
            ElementType::Bytes => Value::Bytes(self.bytes()?),
            ElementType::DateTime => Value::DateTime(self.date_time()?),
            ElementType::Date => Value::Date(self.date()?),
            ElementType::Time => Value::Time(self.time()?),
            ElementType::Json => Value::Json(serde_json::from_str(self.digits()).ok()?),
            ElementType::Uuid => Value::Uuid(Uuid::parse_str(self.digits()).ok()?),
        })
    }
}

impl<'a> JoinedRow<'a> {
    fn read<T>(
        &self,
        column: usize,
        expected: &'static str,
        read: impl FnOnce(Stored<'a>) -> Option<T>,
    ) -> Result<Option<T>, ColumnError> {
        let Some(raw) = self.0.get(column) else {
            return Err(ColumnError { column, expected, found: "no such column".to_owned() });
        };
        let Some(stored) = Stored::of(raw.get()) else { return Ok(None) };
        match read(stored) {
            Some(value) => Ok(Some(value)),
            None => {
                let mut found = raw.get().to_owned();
                if let Some((end, _)) = found.char_indices().nth(60) {
                    found.truncate(end);
                }
                Err(ColumnError { column, expected, found })
            }
        }
    }
}

impl Row for JoinedRow<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    /// Names are for raw queries, which have no relations.
    fn column_name(&self, _: usize) -> &str {
        ""
    }

    fn boolean(&self, column: usize) -> Result<Option<bool>, ColumnError> {
        self.read(column, "a boolean", |stored| stored.boolean())
    }

    fn integer(&self, column: usize) -> Result<Option<i64>, ColumnError> {
        self.read(column, "an integer of 64 bits", |stored| stored.integer())
    }

    fn float(&self, column: usize) -> Result<Option<f64>, ColumnError> {
        self.read(column, "a number", |stored| stored.float())
    }

    fn decimal(&self, column: usize) -> Result<Option<BigDecimal>, ColumnError> {
        self.read(column, "a decimal number", |stored| stored.decimal())
    }

    fn text(&self, column: usize) -> Result<Option<Cow<'_, str>>, ColumnError> {
        self.read(column, "text", |stored| match stored {
            Stored::Text(text) => Some(text),
            Stored::Plain(_) => None,
        })
    }

    fn bytes(&self, column: usize) -> Result<Option<Cow<'_, [u8]>>, ColumnError> {
        self.read(column, "bytes", |stored| stored.bytes().map(Cow::Owned))
    }

    fn date_time(&self, column: usize) -> Result<Option<DateTime<Utc>>, ColumnError> {
        self.read(column, "a date and time", |stored| stored.date_time())
    }

    fn date(&self, column: usize) -> Result<Option<NaiveDate>, ColumnError> {
        self.read(column, "a date", |stored| stored.date())
    }

    fn time(&self, column: usize) -> Result<Option<NaiveTime>, ColumnError> {
        self.read(column, "a time of day", |stored| stored.time())
    }

    fn json(&self, column: usize) -> Result<Option<serde_json::Value>, ColumnError> {
        self.read(column, "JSON", |stored| serde_json::from_str(stored.digits()).ok())
    }

    fn uuid(&self, column: usize) -> Result<Option<Uuid>, ColumnError> {
        self.read(column, "a UUID", |stored| Uuid::parse_str(stored.digits()).ok())
    }

    fn list(&self, column: usize, element: ElementType) -> Result<Option<Vec<Value>>, ColumnError> {
        self.read(column, "a list", |stored| {
            let elements: Vec<&RawValue> = serde_json::from_str(stored.digits()).ok()?;
            let value = |raw: &RawValue| Stored::of(raw.get()).map_or(Some(Value::Null), |v| v.element(element));
            elements.into_iter().map(value).collect()
        })
    }

    fn dynamic(&self, column: usize) -> Result<Value, ColumnError> {
        self.read(column, "a value", |stored| serde_json::from_str(stored.digits()).ok().map(Value::Json))
            .map(Option::unwrap_or_default)
    }
}
