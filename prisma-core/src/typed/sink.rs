//! Rows become records of a known type.

use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;

use super::aggregate::COMPUTED;
use super::column::{Columns, Decode};
use super::model::{Arity, Model, Record, Relation, Slots};
use crate::driver::{ColumnError, Row};
use crate::{Error, Groups, Sink};

/// The included relations of a level; none most often, which takes no memory.
#[derive(Clone)]
pub(super) struct Plans(Option<Arc<[IncludePlan]>>);

impl From<Vec<IncludePlan>> for Plans {
    fn from(plans: Vec<IncludePlan>) -> Self {
        Self((!plans.is_empty()).then(|| plans.into()))
    }
}

impl Deref for Plans {
    type Target = [IncludePlan];
    fn deref(&self) -> &[IncludePlan] {
        self.0.as_deref().unwrap_or_default()
    }
}

/// One included relation, with what is needed to make its records without knowing their type.
#[derive(Clone)]
pub(super) struct IncludePlan {
    slot: usize,
    name: &'static str,
    nested: Plans,
    make: fn(Plans) -> Box<dyn Sink>,
    distribute: Distribute,
}

/// Records of a child sink, and their groups, to the values of the relation's slot for each parent.
type Distribute = fn(Box<dyn Sink>, &Groups, &str) -> Result<Box<dyn Any + Send>, Error>;

impl IncludePlan {
    /// The plan of relation `R` read as records `T` into a slot.
    pub(super) fn new<R: Relation, T: Record>(slot: usize, nested: Vec<IncludePlan>) -> Self {
        Self {
            slot,
            name: R::NAME,
            nested: nested.into(),
            make: |plans| Box::new(RecordSink::<T>::new(plans)),
            distribute: |child, groups, name| {
                let records = finish::<T>(child)?;
                Ok(Box::new(R::Arity::distribute(records, groups, name)?.into_iter()))
            },
        }
    }
}

/// The records of a sink that was made for `T`.
pub(super) fn finish<T: Record>(sink: Box<dyn Sink>) -> Result<Vec<T>, Error> {
    match sink.into_any().downcast::<RecordSink<T>>() {
        Ok(sink) => sink.finish(),
        Err(_) => Err(Error::internal("a sink came back as another type")),
    }
}

/// Takes rows as records `T`.
pub(super) struct RecordSink<T: Record> {
    base: Vec<T::Base>,
    plans: Plans,
    slots: Slots,
}

impl<T: Record> RecordSink<T> {
    pub(super) fn new(plans: Plans) -> Self {
        Self { base: Vec::new(), plans, slots: Slots::default() }
    }

    pub(super) fn finish(mut self) -> Result<Vec<T>, Error> {
        if self.plans.is_empty() {
            // Nothing included: the rows are the records already.
            if let Some(records) = (&mut self.base as &mut dyn Any).downcast_mut::<Vec<T>>() {
                return Ok(std::mem::take(records));
            }
        }
        let mut records = Vec::with_capacity(self.base.len());
        for base in self.base {
            self.slots.start_record();
            records.push(T::assemble(base, &mut self.slots)?);
        }
        Ok(records)
    }
}

impl<T: Record> Sink for RecordSink<T> {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        let base = T::Base::decode(&mut Columns::new(row)).map_err(|e| column_error::<T>(&e))?;
        self.base.push(base);
        Ok(())
    }

    fn reverse(&mut self) {
        self.base.reverse();
    }

    fn child(&self, relation: usize) -> Box<dyn Sink> {
        let plan = &self.plans[relation];
        (plan.make)(plan.nested.clone())
    }

    fn attach(&mut self, relation: usize, child: Box<dyn Sink>, groups: Groups) -> Result<(), Error> {
        let plan = &self.plans[relation];
        let values = (plan.distribute)(child, &groups, plan.name)?;
        self.slots.fill(plan.slot, values);
        Ok(())
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// P2023 with the name of the field that the column is read for.
pub(super) fn column_error<T: Record>(error: &ColumnError) -> Error {
    let field = T::Base::FIELDS.get(error.column).copied().unwrap_or(COMPUTED);
    Error::column(<T::Model as Model>::NAME, field, error)
}
