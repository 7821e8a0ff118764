//! Writes of one record: `create`, `update`, `upsert`, `delete`; and what they share with those of many.

use std::marker::PhantomData;

use super::change::IntoChanges;
use super::create::CreateInput;
use super::filter::{IntoFilter, UniqueFilter};
use super::find::{Operation, Sql, awaitable};
use super::include::Level;
use super::model::{Model, Record};
use super::select::reading_methods;
use super::sink::RecordSink;
use crate::driver::BoxFuture;
use crate::engine::Handle;
use crate::tree::{self, Create, CreateMany as CreateManyNode, Filter, Selection, WriteQuery};
use crate::{Error, ErrorKind};

pub(super) async fn write_records<T: Record>(
    handle: &Handle,
    level: Level,
    query: impl FnOnce(Selection) -> WriteQuery,
) -> Result<Vec<T>, Error> {
    let Level { selection, plans } = level;
    let mut sink = RecordSink::<T>::new(plans.into());
    handle.write(query(selection), Some(&mut sink)).await?;
    sink.finish()
}

fn only<M: Model, T>(records: Vec<T>) -> Result<T, Error> {
    let cause = || "the record that was written is gone".to_owned();
    records
        .into_iter()
        .next()
        .ok_or_else(|| ErrorKind::RecordNotFound { model: M::NAME.to_owned(), cause: cause() }.into())
}

/// `to_sql` of a write that can say what it is.
macro_rules! first_statement {
    () => {
        /// SQL and parameters of the first statement, without running it.
        ///
        /// # Errors
        /// A write that makes no sense.
        pub fn to_sql(self) -> Result<Sql, Error> {
            let handle = self.handle;
            handle.write_to_sql(self.into_query()?).map(Sql)
        }
    };
}
pub(super) use first_statement;

/// A write that can say what it is, and answers how many records it was.
macro_rules! counting_write {
    ([$($generics:tt)*] $name:ident<$($types:ident),*>) => {
        impl<$($generics)*> Operation for $name<'_, $($types),*> {
            type Output = u64;

            fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<u64, Error>>
            where
                Self: 'a,
            {
                let query = self.into_query();
                Box::pin(async move { handle.write(query?, None).await })
            }
        }
        awaitable!([$($generics)*] $name<'db, $($types),*>);
    };
}
pub(super) use counting_write;

/// A write that answers one record of `M`, read as `T`. It runs when it is awaited.
macro_rules! one_record {
    ($(#[$doc:meta])* $name:ident, $node:ty, |$data:ident, $selection:ident| $query:expr) => {
        $(#[$doc])*
        #[must_use = "a query runs when it is awaited"]
        pub struct $name<'db, M, T> {
            handle: &'db Handle,
            node: $node,
            level: Level,
            types: PhantomData<fn() -> (M, T)>,
        }

        impl<'db, M: Model> $name<'db, M, M> {
            pub(super) fn new(handle: &'db Handle, node: $node) -> Self {
                Self { handle, node, level: Level::default(), types: PhantomData }
            }
        }

        impl<'db, M: Model, T> $name<'db, M, T> {
            reading_methods!($name<'db>, M, T, level);

            fn reading<U>(self) -> $name<'db, M, U> {
                $name { handle: self.handle, node: self.node, level: self.level, types: PhantomData }
            }

            /// SQL and parameters of the first statement, without running it.
            ///
            /// # Errors
            /// A write that makes no sense.
            pub fn to_sql(self) -> Result<Sql, Error> {
                let ($data, $selection) = (self.node, self.level.selection);
                self.handle.write_to_sql($query).map(Sql)
            }
        }

        impl<M: Model, T: Record<Model = M>> Operation for $name<'_, M, T> {
            type Output = T;

            fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<T, Error>>
            where
                Self: 'a,
            {
                let Level { selection: $selection, plans } = self.level;
                let $data = self.node;
                let query = $query;
                Box::pin(async move {
                    let mut sink = RecordSink::<T>::new(plans.into());
                    handle.write(query, Some(&mut sink)).await?;
                    only::<M, T>(sink.finish()?)
                })
            }
        }
        awaitable!([M: Model, T: Record<Model = M>] $name<'db, M, T>);
    };
}

one_record!(
    /// Creates one record.
    CreateOne, Create, |node, selection| WriteQuery::Create(M::ID, node, selection)
);
one_record!(
    /// Updates one record; P2025 if it is not there.
    UpdateOne, tree::Update, |node, selection| WriteQuery::Update(M::ID, node, selection)
);
one_record!(
    /// Updates one record, or creates it where it is not there.
    UpsertOne, Box<tree::Upsert>, |node, selection| WriteQuery::Upsert(M::ID, node, selection)
);
one_record!(
    /// Deletes one record and answers what it was; P2025 if it is not there.
    DeleteOne, tree::Delete, |node, selection| WriteQuery::Delete(M::ID, node, selection)
);

impl<M: Model, T> UpdateOne<'_, M, T> {
    /// A further condition that the record must meet; otherwise P2025. `None` is no condition.
    pub fn filter(mut self, filter: impl IntoFilter<M>) -> Self {
        Filter::add(&mut self.node.unique.filter, filter.into_node());
        self
    }
}
impl<M: Model, T> UpsertOne<'_, M, T> {
    /// A further condition that the record must meet to be updated. `None` is no condition.
    pub fn filter(mut self, filter: impl IntoFilter<M>) -> Self {
        Filter::add(&mut self.node.unique.filter, filter.into_node());
        self
    }
}
impl<M: Model, T> DeleteOne<'_, M, T> {
    /// A further condition that the record must meet; otherwise P2025. `None` is no condition.
    pub fn filter(mut self, filter: impl IntoFilter<M>) -> Self {
        Filter::add(&mut self.node.unique.filter, filter.into_node());
        self
    }
}

pub(super) fn update_node<M: Model>(unique: UniqueFilter<M>, changes: impl IntoChanges<M>) -> tree::Update {
    tree::Update { unique: unique.node, write: changes.into_changes() }
}

pub(super) fn upsert_node<M: Model>(
    unique: UniqueFilter<M>,
    create: impl CreateInput<M>,
    update: impl IntoChanges<M>,
) -> Box<tree::Upsert> {
    Box::new(tree::Upsert { unique: unique.node, create: create.into_create(), update: update.into_changes() })
}

/// The records of a `create_many` or its kin, whose create values must have no relations.
pub(super) fn create_many_node<M: Model, C: CreateInput<M>>(
    method: &str,
    records: impl IntoIterator<Item = C>,
) -> Result<CreateManyNode, Error> {
    let mut node = CreateManyNode::default();
    for record in records {
        let create = record.into_create();
        no_relations::<M>(method, create.relations.is_empty(), "`create` in a `batch` or a transaction")?;
        node.records.push(create.scalars);
    }
    Ok(node)
}

pub(super) fn no_relations<M: Model>(method: &str, none: bool, instead: &str) -> Result<(), Error> {
    if none {
        return Ok(());
    }
    let message = format!(
        "`{method}` on `{}` takes columns alone, and was given a relation: set its key fields, or use {instead}",
        M::NAME
    );
    Err(ErrorKind::InvalidQuery { code: "P2009", path: vec![M::NAME.to_owned()], message }.into())
}
