//! Templates by the shape of the query that they were made for.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::{Dialect, Lowering, Shape, SqlQuery, Template};
use crate::driver::Statement;
use crate::{Error, ErrorKind};
use prisma_schema::Schema;

/// How many templates are kept; a program that makes more shapes than this starts over.
const CAPACITY: usize = 4096;

/// A statement with more values than this is seldom seen again.
pub(crate) const MOST_VALUES: usize = 2100;

/// SQL text by the shape of the query tree.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    templates: RwLock<FxHashMap<Box<[u8]>, Arc<Template>>>,
}

impl Cache {
    /// The statement of a shape: its template from the cache, or made by `lower` and kept, filled with the shape's values.
    ///
    /// # Errors
    /// More values than a statement can have: P2029. What `lower` reports.
    pub(crate) fn statement<'s>(
        &self,
        schema: &'s Schema,
        dialect: &'static dyn Dialect,
        shape: Shape,
        lower: impl FnOnce(&mut Lowering<'s>) -> Result<SqlQuery, Error>,
    ) -> Result<Statement, Error> {
        let (key, values) = shape.into_parts();
        let found = self.templates.read().unwrap_or_else(PoisonError::into_inner).get(&*key).map(Arc::clone);
        if let Some(template) = found {
            return template.fill(values);
        }
        if values.len() > dialect.max_parameters() {
            return Err(too_many(values.len(), dialect.max_parameters()));
        }
        let template = Arc::new(Template::new(dialect, &lower(&mut Lowering::new(schema, dialect))?)?);
        let keep = values.len() <= MOST_VALUES;
        if keep {
            let mut templates = self.templates.write().unwrap_or_else(PoisonError::into_inner);
            if templates.len() >= CAPACITY {
                templates.clear();
            }
            templates.insert(key[..].into(), Arc::clone(&template));
        }
        let mut statement = template.fill(values)?;
        statement.persistent = keep;
        Ok(statement)
    }

    /// How many templates are kept.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.templates.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}

fn too_many(count: usize, most: usize) -> Error {
    Error::new(ErrorKind::InvalidQuery {
        code: "P2029",
        path: Vec::new(),
        message: format!(
            "the query has {count} values, but one statement of this database can have {most}: split its lists into several queries"
        ),
    })
}
