//! SQL text made once for a shape of query, and filled with values each time.
//!
//! The lowering never sees a value: for each it asks [`Slots`] for a marker and puts that into the statement. When the
//! statement is written out, sea-query tells in which order the markers came, and the template keeps that order.

use std::sync::Arc;

use super::{Dialect, SqlQuery};
use crate::driver::Statement;
use crate::{Error, Value};

/// Hands out the markers that stand for values while a statement is built: 0, 1, 2 … in the order of asking.
#[derive(Debug, Default)]
pub struct Slots {
    next: u32,
}

impl Slots {
    /// The next marker, to be bound as a value.
    pub fn value(&mut self) -> sea_query::Value {
        sea_query::Value::BigInt(Some(i64::from(self.number())))
    }

    /// The next marker, for LIMIT and OFFSET.
    pub fn limit(&mut self) -> u64 {
        u64::from(self.number())
    }

    /// A number for LIMIT that stands in the text itself, if the dialect [writes it](Dialect::writes_limits).
    pub fn written(number: u32) -> u64 {
        WRITTEN + u64::from(number)
    }

    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }
}

/// From here on, what stands for LIMIT is no marker, but [written](Slots::written).
const WRITTEN: u64 = 1 << 32;

/// The number that is to be written for a LIMIT, if it is no marker.
#[cfg(feature = "postgres")]
pub(super) fn written(limit: &sea_query::Value) -> Option<u64> {
    match limit {
        sea_query::Value::BigUnsigned(Some(n)) => n.checked_sub(WRITTEN),
        _ => None,
    }
}

/// SQL text with the order of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    sql: Arc<str>,
    /// For each placeholder the marker's number; `None` if it is 0, 1, 2 ….
    order: Option<Box<[u32]>>,
}

impl Template {
    /// Writes a statement out.
    ///
    /// # Errors
    /// A value in the statement that is no marker: a defect of the lowering.
    pub fn new(dialect: &dyn Dialect, query: &SqlQuery) -> Result<Self, Error> {
        let (sql, values) = dialect.render(query);
        let mut order = Vec::with_capacity(values.0.len());
        for value in values.0 {
            order.push(
                match value {
                    sea_query::Value::BigInt(Some(n)) => u32::try_from(n).ok(),
                    sea_query::Value::BigUnsigned(Some(n)) => u32::try_from(n).ok(),
                    _ => None,
                }
                .ok_or_else(|| Error::internal("a statement was built with a value instead of a slot"))?,
            );
        }
        let plain = order.iter().enumerate().all(|(i, &n)| i == n as usize);
        Ok(Self { sql: sql.into(), order: (!plain).then(|| order.into()) })
    }

    /// The text.
    pub fn sql(&self) -> &Arc<str> {
        &self.sql
    }

    /// The statement with its values, given in the order in which the markers were asked for.
    ///
    /// # Errors
    /// Fewer values than markers: a defect of the caller.
    pub fn fill(&self, mut values: Vec<Value>) -> Result<Statement, Error> {
        let values = match &self.order {
            None => values,
            Some(order) => {
                let mut uses = vec![0u32; values.len()];
                for &n in order {
                    *uses.get_mut(n as usize).ok_or_else(|| Error::internal("a statement lacks a value"))? += 1;
                }
                order
                    .iter()
                    .map(|&n| {
                        let n = n as usize;
                        uses[n] -= 1;
                        if uses[n] == 0 { std::mem::take(&mut values[n]) } else { values[n].clone() }
                    })
                    .collect()
            }
        };
        Ok(Statement { sql: Arc::clone(&self.sql), values, persistent: true })
    }
}
