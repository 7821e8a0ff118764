//! Which related records belong to which parents.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::column::{self, element_type, inconsistent};
use crate::driver::{ElementType, Row};
use crate::sql::KeyColumns;
use crate::{Error, Groups, Value};

/// Stands for no key: one of the columns is NULL.
const NONE: u32 = u32::MAX;

/// The keys by which the records of one relation are found: each once, and which of them each parent has.
#[derive(Debug)]
pub(super) struct Keys<'s> {
    columns: KeyColumns<'s>,
    index: Index,
    /// The values of the distinct keys, one key after the other.
    values: Vec<Value>,
    /// For each parent the number of its key.
    of_parent: Vec<u32>,
    /// For each key how many parents have it.
    uses: Vec<u32>,
}

/// The number of a key by its value.
#[derive(Debug)]
enum Index {
    /// As long as they come in order, their numbers are their places, and whoever asks in order too is told at once: `hint` is the
    /// place that was asked for last.
    Ascending {
        keys: Vec<i64>,
        hint: usize,
    },
    Integers(FxHashMap<i64, u32>),
    Texts(FxHashMap<Box<str>, u32>),
    /// Compound keys and other types, as bytes.
    Rows(FxHashMap<Box<[u8]>, u32>),
}

impl Index {
    /// Takes an integer as number `next`; the number that it has already, if it is known.
    fn insert(&mut self, key: i64, next: u32) -> Option<u32> {
        if let Self::Ascending { keys, .. } = self {
            match keys.last() {
                Some(&last) if last == key => return Some(next - 1),
                Some(&last) if last > key => {
                    *self = Self::Integers(keys.iter().copied().zip(0..).collect());
                }
                _ => {
                    keys.push(key);
                    return None;
                }
            }
        }
        let Self::Integers(index) = self else { return None };
        match index.entry(key) {
            Entry::Occupied(number) => Some(*number.get()),
            Entry::Vacant(place) => {
                place.insert(next);
                None
            }
        }
    }
}

impl<'s> Keys<'s> {
    pub(super) fn new(columns: KeyColumns<'s>) -> Self {
        let index = match &columns.0[..] {
            [(_, field)] => match element_type(*field) {
                Some(ElementType::Int | ElementType::BigInt) => Index::Ascending { keys: Vec::new(), hint: 0 },
                Some(ElementType::String) => Index::Texts(FxHashMap::default()),
                _ => Index::Rows(FxHashMap::default()),
            },
            _ => Index::Rows(FxHashMap::default()),
        };
        Self { columns, index, values: Vec::new(), of_parent: Vec::new(), uses: Vec::new() }
    }

    /// How many distinct keys there are.
    pub(super) fn len(&self) -> usize {
        self.values.len().checked_div(self.width()).unwrap_or(0)
    }

    /// How many columns a key has.
    pub(super) fn width(&self) -> usize {
        self.columns.0.len()
    }

    /// The values of the distinct keys, one key after the other. They are needed no more afterwards.
    pub(super) fn take_values(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.values)
    }

    /// Turns round the order of the parents.
    pub(super) fn reverse(&mut self) {
        self.of_parent.reverse();
    }

    /// Takes the key of the next parent.
    pub(super) fn push(&mut self, row: &dyn Row) -> Result<(), Error> {
        let next = (self.values.len() / self.width().max(1)) as u32;
        let number = match &mut self.index {
            Index::Ascending { .. } | Index::Integers(_) => match integer(row, &self.columns)? {
                None => NONE,
                Some(key) => match self.index.insert(key, next) {
                    Some(number) => number,
                    None => {
                        self.values.push(Value::BigInt(key));
                        next
                    }
                },
            },
            Index::Texts(index) => {
                let (at, field) = self.columns.0[0];
                match row.text(at).map_err(|e| inconsistent(field, &e))? {
                    None => NONE,
                    Some(key) => match index.get(&*key) {
                        Some(&number) => number,
                        None => {
                            index.insert(key.as_ref().into(), next);
                            self.values.push(Value::String(key.into_owned()));
                            next
                        }
                    },
                }
            }
            Index::Rows(index) => match values(row, &self.columns)? {
                None => NONE,
                Some((key, values)) => *index.entry(key).or_insert_with(|| {
                    self.values.extend(values);
                    next
                }),
            },
        };
        self.of_parent.push(number);
        if number != NONE {
            match self.uses.get_mut(number as usize) {
                Some(uses) => *uses += 1,
                None => self.uses.push(1),
            }
        }
        Ok(())
    }

    /// How many parents have a key: each of them gets a record of its own.
    pub(super) fn uses(&self, number: u32) -> u32 {
        self.uses.get(number as usize).copied().unwrap_or(0)
    }

    /// The number of the key that a related record names in `columns`.
    pub(super) fn find(&mut self, row: &dyn Row, columns: &KeyColumns<'_>) -> Result<u32, Error> {
        let number = match &mut self.index {
            Index::Ascending { keys, hint } => {
                let Some(key) = integer(row, columns)? else { return Ok(NONE) };
                let is_at = |place: usize| keys.get(place) == Some(&key);
                let place = match *hint {
                    hint if is_at(hint) => Some(hint),
                    hint if is_at(hint + 1) => Some(hint + 1),
                    _ => keys.binary_search(&key).ok(),
                };
                *hint = place.unwrap_or(*hint);
                return Ok(place.map_or(NONE, |place| place as u32));
            }
            Index::Integers(index) => integer(row, columns)?.and_then(|key| index.get(&key)),
            Index::Texts(index) => {
                let (at, field) = columns.0[0];
                let text = row.text(at).map_err(|e| inconsistent(field, &e))?;
                text.and_then(|key| index.get(&*key))
            }
            Index::Rows(index) => values(row, columns)?.and_then(|(key, _)| index.get(&key)),
        };
        Ok(number.copied().unwrap_or(NONE))
    }

    /// Groups related records, given the number of the key of each, for the parents. Each record was taken as often as its key
    /// has [`uses`](Self::uses), one right after the other.
    pub(super) fn group(&self, of_child: &[u32]) -> Groups {
        let count = self.uses.len();
        // First by key: where each key's records begin, then the records in their order.
        let mut begins = vec![0u32; count + 1];
        for &number in of_child {
            if let Some(end) = begins.get_mut(number as usize + 1) {
                *end += 1;
            }
        }
        for i in 0..count {
            begins[i + 1] += begins[i];
        }
        let mut at = begins.clone();
        let mut positions = vec![0u32; begins[count] as usize];
        for (child, &number) in of_child.iter().enumerate() {
            if let Some(at) = at.get_mut(number as usize) {
                positions[*at as usize] = child as u32;
                *at += 1;
            }
        }
        if self.of_parent.len() == count && self.of_parent.iter().enumerate().all(|(i, &n)| i == n as usize) {
            return Groups { offsets: begins, positions };
        }
        // Then by parent: the first one takes the first of each run of copies, the second one the second …
        let mut taken = vec![0u32; count];
        let mut groups = Groups { offsets: Vec::with_capacity(self.of_parent.len() + 1), positions: Vec::new() };
        groups.offsets.push(0);
        for &number in &self.of_parent {
            if number != NONE {
                let number = number as usize;
                let copies = &positions[begins[number] as usize..begins[number + 1] as usize];
                let own = copies.iter().skip(taken[number] as usize).step_by(self.uses[number] as usize);
                groups.positions.extend(own);
                taken[number] += 1;
            }
            groups.offsets.push(groups.positions.len() as u32);
        }
        groups
    }
}

fn integer(row: &dyn Row, columns: &KeyColumns<'_>) -> Result<Option<i64>, Error> {
    let (at, field) = columns.0[0];
    row.integer(at).map_err(|e| inconsistent(field, &e))
}

/// A key as bytes and as values.
pub(super) type KeyRow = (Box<[u8]>, Vec<Value>);

/// A key; `None` if one of its columns is NULL.
pub(super) fn values(row: &dyn Row, columns: &KeyColumns<'_>) -> Result<Option<KeyRow>, Error> {
    let mut bytes = Vec::with_capacity(16 * columns.0.len());
    let mut values = Vec::with_capacity(columns.0.len());
    for &(at, field) in &columns.0 {
        let value = column::read(row, at, field)?;
        if value.is_null() {
            return Ok(None);
        }
        encode(&value, &mut bytes);
        values.push(value);
    }
    Ok(Some((bytes.into(), values)))
}

/// Bytes that are the same for equal values of one type, and that end where they end.
pub(super) fn encode(value: &Value, out: &mut Vec<u8>) {
    let text = |text: &[u8], out: &mut Vec<u8>| {
        out.extend_from_slice(&text.len().to_le_bytes());
        out.extend_from_slice(text);
    };
    match value {
        Value::Null => out.push(0),
        Value::Boolean(v) => out.push(1 + u8::from(*v)),
        Value::Int(v) => out.extend_from_slice(&i64::from(*v).to_le_bytes()),
        Value::BigInt(v) => out.extend_from_slice(&v.to_le_bytes()),
        Value::Float(v) => out.extend_from_slice(&v.to_bits().to_le_bytes()),
        Value::Decimal(v) => {
            let (digits, scale) = v.normalized().into_bigint_and_exponent();
            text(&digits.to_signed_bytes_le(), out);
            out.extend_from_slice(&scale.to_le_bytes());
        }
        Value::String(v) | Value::Enum(v) => text(v.as_bytes(), out),
        Value::Bytes(v) => text(v, out),
        Value::DateTime(v) => {
            out.extend_from_slice(&v.timestamp().to_le_bytes());
            out.extend_from_slice(&v.timestamp_subsec_nanos().to_le_bytes());
        }
        Value::Date(v) => text(v.to_string().as_bytes(), out),
        Value::Time(v) => text(v.to_string().as_bytes(), out),
        Value::Json(v) => text(v.to_string().as_bytes(), out),
        Value::Uuid(v) => out.extend_from_slice(v.as_bytes()),
        Value::List(v) => {
            out.extend_from_slice(&v.len().to_le_bytes());
            v.iter().for_each(|v| encode(v, out));
        }
    }
}
