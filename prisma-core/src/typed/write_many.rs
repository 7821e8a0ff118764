//! Writes of many records: the `_many` forms of `create`, `update` and `delete`, and `update_each`.

use std::marker::PhantomData;

use super::arguments::RecordCount;
use super::filter::IntoFilter;
use super::find::{Operation, Sql, awaitable};
use super::include::Level;
use super::model::{Model, Record};
use super::select::reading_methods;
use super::write::{counting_write, first_statement, no_relations, write_records};
use crate::driver::BoxFuture;
use crate::engine::Handle;
use crate::tree::{self, CreateMany as CreateManyNode, Filter, RecordChange, WriteQuery};
use crate::{Error, ErrorKind};

/// Creates many records and answers how many. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct CreateMany<'db, M> {
    handle: &'db Handle,
    node: Result<CreateManyNode, Error>,
    model: PhantomData<fn() -> M>,
}

/// Creates many records and answers them. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct CreateManyAndReturn<'db, M, T> {
    handle: &'db Handle,
    node: Result<CreateManyNode, Error>,
    level: Level,
    types: PhantomData<fn() -> (M, T)>,
}

impl<'db, M: Model> CreateMany<'db, M> {
    pub(super) fn new(handle: &'db Handle, node: Result<CreateManyNode, Error>) -> Self {
        Self { handle, node, model: PhantomData }
    }

    /// Leaves out the records that are there already, by any unique key.
    pub fn skip_duplicates(mut self) -> Self {
        if let Ok(node) = &mut self.node {
            node.skip_duplicates = true;
        }
        self
    }

    fn into_query(self) -> Result<WriteQuery, Error> {
        Ok(WriteQuery::CreateMany(M::ID, self.node?))
    }

    first_statement!();
}

impl<'db, M: Model> CreateManyAndReturn<'db, M, M> {
    pub(super) fn new(handle: &'db Handle, node: Result<CreateManyNode, Error>) -> Self {
        Self { handle, node, level: Level::default(), types: PhantomData }
    }
}

impl<'db, M: Model, T> CreateManyAndReturn<'db, M, T> {
    /// Leaves out the records that are there already, by any unique key.
    pub fn skip_duplicates(mut self) -> Self {
        if let Ok(node) = &mut self.node {
            node.skip_duplicates = true;
        }
        self
    }

    reading_methods!(CreateManyAndReturn<'db>, M, T, level);

    fn reading<U>(self) -> CreateManyAndReturn<'db, M, U> {
        CreateManyAndReturn { handle: self.handle, node: self.node, level: self.level, types: PhantomData }
    }
}

counting_write!([M: Model] CreateMany<M>);

impl<M: Model, T: Record<Model = M>> Operation for CreateManyAndReturn<'_, M, T> {
    type Output = Vec<T>;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Vec<T>, Error>>
    where
        Self: 'a,
    {
        Box::pin(async move {
            let node = self.node?;
            write_records(handle, self.level, |selection| WriteQuery::CreateManyAndReturn(M::ID, node, selection)).await
        })
    }
}
awaitable!([M: Model, T: Record<Model = M>] CreateManyAndReturn<'db, M, T>);

/// State of a write to many records that does not say which.
#[derive(Debug)]
pub enum MissingFilterOrAll {}
/// State of a write to many records that says which.
#[derive(Debug)]
pub enum Filtered {}

/// State of a write to many records that may be awaited.
#[diagnostic::on_unimplemented(
    message = "this would write to every record of the table",
    label = "neither `.filter(…)` nor `.all()` was called",
    note = "say which records with `.filter(…)`, or `.all()` if every record is meant"
)]
pub trait Bounded: Send + 'static {}
impl Bounded for Filtered {}

/// What a write to many records is told about them.
#[derive(Default)]
struct Which {
    filter: Option<Filter>,
    all: bool,
    limit: Option<u64>,
}

impl Which {
    /// `filter(None)` alone is no licence to write to every record.
    fn check<M: Model>(self, method: &str) -> Result<(Option<Filter>, Option<u64>), Error> {
        if self.filter.is_none() && !self.all {
            let message = format!(
                "`{method}` on `{}` was given `None` as its only filter: call `.all()` if every record is meant",
                M::NAME
            );
            return Err(ErrorKind::InvalidQuery { code: "P2009", path: vec![M::NAME.to_owned()], message }.into());
        }
        Ok((self.filter, self.limit))
    }
}

macro_rules! many_records {
    ($name:ident [$($record:ident)?]) => {
        impl<'db, M: Model, $($record,)? S> $name<'db, M, $($record,)? S> {
            fn bounded(self) -> $name<'db, M, $($record,)? Filtered> {
                $name { handle: self.handle, which: self.which, rest: self.rest, types: PhantomData }
            }

            /// Only records that meet the condition; several are combined by "and". With `None` alone, the write fails when it runs.
            pub fn filter(mut self, filter: impl IntoFilter<M>) -> $name<'db, M, $($record,)? Filtered> {
                Filter::add(&mut self.which.filter, filter.into_node());
                self.bounded()
            }

            /// Every record of the table, if no filter says otherwise.
            pub fn all(mut self) -> $name<'db, M, $($record,)? Filtered> {
                self.which.all = true;
                self.bounded()
            }

            /// At most so many records.
            pub fn limit(mut self, records: impl RecordCount<u64>) -> Self {
                self.which.limit = Some(records.into_count());
                self
            }
        }
    };
}

/// Updates many records and answers how many. It runs when it is awaited, once it says which.
#[must_use = "a query runs when it is awaited"]
pub struct UpdateMany<'db, M, S> {
    handle: &'db Handle,
    which: Which,
    rest: RecordChange,
    types: PhantomData<fn() -> (M, S)>,
}
many_records!(UpdateMany []);

impl<'db, M: Model> UpdateMany<'db, M, MissingFilterOrAll> {
    pub(super) fn new(handle: &'db Handle, changes: RecordChange) -> Self {
        Self { handle, which: Which::default(), rest: changes, types: PhantomData }
    }
}

fn update_many<M: Model>(method: &str, which: Which, changes: RecordChange) -> Result<tree::UpdateMany, Error> {
    no_relations::<M>(method, changes.relations.is_empty(), "`update` on each record")?;
    let (filter, limit) = which.check::<M>(method)?;
    Ok(tree::UpdateMany { filter, scalars: changes.scalars, limit })
}

impl<M: Model, S: Bounded> UpdateMany<'_, M, S> {
    fn into_query(self) -> Result<WriteQuery, Error> {
        Ok(WriteQuery::UpdateMany(M::ID, update_many::<M>("update_many", self.which, self.rest)?))
    }

    first_statement!();
}

counting_write!([M: Model, S: Bounded] UpdateMany<M, S>);

/// Updates many records, each in its own way, and answers how many were there. It runs when it is awaited.
///
/// It is one statement, or several in a transaction: where there are more than a thousand records, where what names a record changes too, and with
/// `relationMode = "prisma"`. A record that is named twice in one statement changes once.
#[must_use = "a query runs when it is awaited"]
pub struct UpdateEach<'db, M> {
    handle: &'db Handle,
    node: Result<tree::UpdateEach, Error>,
    model: PhantomData<fn() -> M>,
}

impl<'db, M: Model> UpdateEach<'db, M> {
    pub(super) fn new(handle: &'db Handle, updates: impl Iterator<Item = tree::Update>) -> Self {
        let record = |update: tree::Update| {
            no_relations::<M>("update_each", update.write.relations.is_empty(), "`update` on each record")?;
            Ok((update.unique, update.write.scalars))
        };
        let node = updates.map(record).collect::<Result<_, _>>().map(|records| tree::UpdateEach { records });
        Self { handle, node, model: PhantomData }
    }

    fn into_query(self) -> Result<WriteQuery, Error> {
        Ok(WriteQuery::UpdateEach(M::ID, self.node?))
    }

    first_statement!();
}

counting_write!([M: Model] UpdateEach<M>);

/// Updates many records and answers them. It runs when it is awaited, once it says which.
#[must_use = "a query runs when it is awaited"]
pub struct UpdateManyAndReturn<'db, M, T, S> {
    handle: &'db Handle,
    which: Which,
    rest: (RecordChange, Level),
    types: PhantomData<fn() -> (M, T, S)>,
}
many_records!(UpdateManyAndReturn[T]);

impl<'db, M: Model> UpdateManyAndReturn<'db, M, M, MissingFilterOrAll> {
    pub(super) fn new(handle: &'db Handle, changes: RecordChange) -> Self {
        Self { handle, which: Which::default(), rest: (changes, Level::default()), types: PhantomData }
    }
}

impl<'db, M: Model, T, S> UpdateManyAndReturn<'db, M, T, S> {
    reading_methods!(UpdateManyAndReturn<'db, S>, M, T, rest.1);

    fn reading<U>(self) -> UpdateManyAndReturn<'db, M, U, S> {
        UpdateManyAndReturn { handle: self.handle, which: self.which, rest: self.rest, types: PhantomData }
    }
}

impl<M: Model, T: Record<Model = M>, S: Bounded> Operation for UpdateManyAndReturn<'_, M, T, S> {
    type Output = Vec<T>;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Vec<T>, Error>>
    where
        Self: 'a,
    {
        let (changes, level) = self.rest;
        let node = update_many::<M>("update_many_and_return", self.which, changes);
        Box::pin(async move {
            let node = node?;
            write_records(handle, level, |selection| WriteQuery::UpdateManyAndReturn(M::ID, node, selection)).await
        })
    }
}
awaitable!([M: Model, T: Record<Model = M>, S: Bounded] UpdateManyAndReturn<'db, M, T, S>);

/// Deletes many records and answers how many. It runs when it is awaited, once it says which.
#[must_use = "a query runs when it is awaited"]
pub struct DeleteMany<'db, M, S> {
    handle: &'db Handle,
    which: Which,
    rest: (),
    types: PhantomData<fn() -> (M, S)>,
}
many_records!(DeleteMany []);

impl<'db, M: Model> DeleteMany<'db, M, MissingFilterOrAll> {
    pub(super) fn new(handle: &'db Handle) -> Self {
        Self { handle, which: Which::default(), rest: (), types: PhantomData }
    }
}

impl<M: Model, S: Bounded> DeleteMany<'_, M, S> {
    fn into_query(self) -> Result<WriteQuery, Error> {
        let (filter, limit) = self.which.check::<M>("delete_many")?;
        Ok(WriteQuery::DeleteMany(M::ID, tree::DeleteMany { filter, limit }))
    }

    first_statement!();
}

counting_write!([M: Model, S: Bounded] DeleteMany<M, S>);
