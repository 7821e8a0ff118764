//! Where the rows of a read go.

use std::any::Any;

use crate::Error;
use crate::driver::Row;

/// Takes the records of one level of a selection; the typed API and the dynamic client each have theirs.
///
/// The engine calls [`row`](Sink::row) for each record, then for each relation of the selection [`child`](Sink::child), fills that
/// sink in the same way, and gives it back with [`attach`](Sink::attach).
pub trait Sink: Send {
    /// Takes the next record. Columns 0.. are those of the selection, then one for each of its aggregates;
    /// what follows belongs to the engine.
    ///
    /// # Errors
    /// A column that does not hold what the schema says: P2023.
    fn row(&mut self, row: &dyn Row) -> Result<(), Error>;

    /// Whether it has enough for the moment, as [`RowVisitor::is_full`](crate::driver::RowVisitor::is_full) says it.
    fn is_full(&self) -> bool {
        false
    }

    /// Turns round the order of the records taken so far (before any relation is attached).
    fn reverse(&mut self);

    /// A sink for the records of a relation, by its position in the selection.
    fn child(&self, relation: usize) -> Box<dyn Sink>;

    /// Gives back a child sink, filled: `groups` tells which of its records belong to which of this sink's.
    ///
    /// # Errors
    /// A required relation without a record.
    fn attach(&mut self, relation: usize, child: Box<dyn Sink>, groups: Groups) -> Result<(), Error>;

    /// The sink itself, to get its type back.
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// Which child records belong to which parent: parent `i` has the children at `positions[offsets[i]..offsets[i + 1]]`, in order.
/// A child belongs to one parent: what several parents have is taken once for each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Groups {
    /// One more than there are parents; the first is 0.
    pub offsets: Vec<u32>,
    /// Positions of child records.
    pub positions: Vec<u32>,
}

impl Groups {
    /// How many parents there are.
    pub fn parents(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// The same for the parents in the opposite order.
    #[must_use]
    pub fn reversed(&self) -> Groups {
        let mut groups = Groups { offsets: vec![0], positions: Vec::with_capacity(self.positions.len()) };
        for parent in (0..self.parents()).rev() {
            groups.positions.extend(self.of(parent));
            groups.offsets.push(u32::try_from(groups.positions.len()).unwrap_or(u32::MAX));
        }
        groups
    }

    /// The positions of the children of one parent.
    pub fn of(&self, parent: usize) -> &[u32] {
        match (self.offsets.get(parent), self.offsets.get(parent + 1)) {
            (Some(&from), Some(&to)) => self.positions.get(from as usize..to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}
