//! Rows become JSON objects.

use std::any::Any;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::input::Object;
use super::selection::Plan;
use super::value::encode;
use crate::driver::Row;
use crate::engine::{self, Engine};
use crate::{Error, Groups, Sink};

/// Takes the records of one level as JSON objects.
pub(super) struct JsonSink {
    engine: Arc<Engine>,
    plan: Arc<Plan>,
    pub(super) records: Vec<Object>,
}

impl JsonSink {
    pub(super) fn new(engine: Arc<Engine>, plan: Arc<Plan>) -> Self {
        Self { engine, plan, records: Vec::new() }
    }
}

impl Sink for JsonSink {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        let model = self.engine.schema().model(self.plan.model);
        let mut record = Map::new();
        for (i, &id) in self.plan.columns.iter().enumerate() {
            let field = model.field(id);
            record.insert(field.name().to_owned(), encode(field, engine::read_column(row, i, field)?));
        }
        if !self.plan.counts.is_empty() {
            let mut counts = Map::new();
            for (i, name) in self.plan.counts.iter().enumerate() {
                let count = row.integer(self.plan.columns.len() + i).map_err(|e| Error::internal(e.to_string()))?;
                counts.insert(name.clone(), json!(count.unwrap_or(0)));
            }
            record.insert("_count".to_owned(), Json::Object(counts));
        }
        self.records.push(record);
        Ok(())
    }

    fn reverse(&mut self) {
        self.records.reverse();
    }

    fn child(&self, relation: usize) -> Box<dyn Sink> {
        let (_, _, plan) = &self.plan.relations[relation];
        Box::new(JsonSink::new(Arc::clone(&self.engine), Arc::clone(plan)))
    }

    fn attach(&mut self, relation: usize, child: Box<dyn Sink>, groups: Groups) -> Result<(), Error> {
        let child = child.into_any().downcast::<JsonSink>();
        let mut children: Vec<Json> = match child {
            Ok(sink) => sink.records.into_iter().map(Json::Object).collect(),
            Err(_) => return Err(Error::internal("a sink came back as another type")),
        };
        let (name, is_list, _) = &self.plan.relations[relation];
        for (i, record) in self.records.iter_mut().enumerate() {
            let mut own = groups.of(i).iter().filter_map(|&p| children.get_mut(p as usize).map(Json::take));
            let value = match is_list {
                true => own.collect(),
                false => own.next().unwrap_or(Json::Null),
            };
            record.insert(name.clone(), value);
        }
        Ok(())
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
