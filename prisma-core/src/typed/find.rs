//! Reads: `find_unique`, `find_first`, `find_many`, `count`, `exists`.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::sync::PoisonError;

use super::arguments::{Arguments, argument_methods};
use super::filter::UniqueFilter;
use super::include::Level;
use super::model::{Arity, Model, Optional, Record};
use super::select::reading_methods;
use super::sink::{self, Plans, RecordSink};
use super::stream::RecordStream;
use crate::driver::{BoxFuture, Row, Statement};
use crate::engine::{Handle, Making, unique_key};
use crate::tree::{Aggregate, AggregateQuery, Load, ReadOptions, ReadQuery};
use crate::{Error, ErrorKind, Value};

/// A read of records of `M` as `T`; `K` tells how many. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct Find<'db, M, T, K> {
    pub(super) handle: &'db Handle,
    arguments: Arguments<M>,
    level: Level,
    pub(super) options: ReadOptions,
    types: PhantomData<fn() -> (T, K)>,
}

/// How many records a read gives.
pub trait FindKind: Send + 'static {
    /// What the read gives.
    type Output<T: Send>: Send;
    /// How many records are asked for.
    const LIMIT: Option<i64>;
    /// Whether they are asked for by a unique key.
    const BY_KEY: bool = false;

    /// The output, from the records found.
    ///
    /// # Errors
    /// P2025 where a record is needed and not found.
    fn output<M: Model, T: Send>(records: Vec<T>) -> Result<Self::Output<T>, Error>;
}

/// Any number of records.
#[derive(Debug)]
pub enum ManyRows {}
/// The first record, if there is one.
#[derive(Debug)]
pub enum First {}
/// The first record.
#[derive(Debug)]
pub enum FirstOrError {}
/// The record of a unique key, if it is there.
#[derive(Debug)]
pub enum UniqueOne {}
/// The record of a unique key.
#[derive(Debug)]
pub enum UniqueOneOrError {}

impl FindKind for ManyRows {
    type Output<T: Send> = Vec<T>;
    const LIMIT: Option<i64> = None;
    fn output<M: Model, T: Send>(records: Vec<T>) -> Result<Vec<T>, Error> {
        Ok(records)
    }
}

fn one_or_error<M: Model, T>(records: Vec<T>, cause: &str) -> Result<T, Error> {
    records
        .into_iter()
        .next()
        .ok_or_else(|| ErrorKind::RecordNotFound { model: M::NAME.to_owned(), cause: cause.to_owned() }.into())
}

macro_rules! one {
    ($($kind:ident, $or_error:ident, $by_key:literal, $cause:literal);*) => {$(
        impl FindKind for $kind {
            type Output<T: Send> = Option<T>;
            const LIMIT: Option<i64> = Some(1);
            const BY_KEY: bool = $by_key;
            fn output<M: Model, T: Send>(records: Vec<T>) -> Result<Option<T>, Error> {
                Ok(records.into_iter().next())
            }
        }
        impl FindKind for $or_error {
            type Output<T: Send> = T;
            const LIMIT: Option<i64> = Some(1);
            const BY_KEY: bool = $by_key;
            fn output<M: Model, T: Send>(records: Vec<T>) -> Result<T, Error> {
                one_or_error::<M, T>(records, $cause)
            }
        }
    )*};
}
one! {
    First, FirstOrError, false, "none meets the conditions of find_first_or_error";
    UniqueOne, UniqueOneOrError, true, "none has the key given to find_unique_or_error"
}

impl<'db, M: Model, K: FindKind> Find<'db, M, M, K> {
    pub(super) fn new(handle: &'db Handle) -> Self {
        Self {
            handle,
            arguments: Arguments::default(),
            level: Level::default(),
            options: ReadOptions::default(),
            types: PhantomData,
        }
    }
}

impl<'db, M: Model, T, K> Find<'db, M, T, K> {
    reading_methods!(Find<'db, K>, M, T, level);

    fn reading<U>(self) -> Find<'db, M, U, K> {
        let Self { handle, arguments, level, options, .. } = self;
        Find { handle, arguments, level, options, types: PhantomData }
    }

    /// How relations are read: by a statement for each ([`Load::Query`]), or all in one ([`Load::Join`]). What comes of it is the same. If nothing is
    /// said, the client decides, as its builder says or else by how far away the server is: [`ClientBuilder::load`](https://docs.rs/prisma-client/latest/prisma_client/struct.ClientBuilder.html#method.load).
    pub fn load(mut self, load: Load) -> Self {
        self.options.load = Some(load);
        self
    }

    /// SQL and parameters of the statement that reads the records themselves, without running it.
    ///
    /// # Errors
    /// A query that makes no sense, such as a negative `skip`.
    pub fn to_sql(self) -> Result<Sql, Error>
    where
        K: FindKind,
    {
        let handle = self.handle;
        handle.to_sql(self.into_query().0).map(Sql)
    }

    pub(super) fn into_query(self) -> (ReadQuery, Plans)
    where
        K: FindKind,
    {
        let Level { selection, plans } = self.level;
        let mut arguments = self.arguments.node;
        if let Some(limit) = K::LIMIT {
            arguments.take = Some(if arguments.take.is_some_and(|t| t < 0) { -limit } else { limit });
        }
        (ReadQuery { model: M::ID, arguments, selection, options: self.options }, plans.into())
    }
}

macro_rules! with_arguments {
    ($($kind:ident),*) => {$(
        impl<M: Model, T> Find<'_, M, T, $kind> {
            argument_methods!(M, arguments);
        }
    )*};
}
with_arguments!(ManyRows, First, FirstOrError);

impl<'db, M: Model, T: Record<Model = M>> Find<'db, M, T, ManyRows> {
    /// The records one after the other, without having them all in memory: `while let Some(user) = stream.next().await { … }`.
    ///
    /// Without relations and outside of a transaction, one statement runs as long as the stream lives, on a connection of its own; other queries
    /// run on others of the pool. Otherwise the records come in pages, each with a statement of its own that begins after the last record:
    /// what is written meanwhile may be seen, and other queries run between. Only `distinct` and a negative `take` together with these, and a negative `take` by itself,
    /// need all records at once.
    ///
    /// Nothing is read before the stream is asked. Dropped early, it gives its connection back.
    pub fn stream(self) -> RecordStream<'db, T> {
        let handle = self.handle;
        let (query, plans) = self.into_query();
        RecordStream::new(handle, query, plans)
    }
}

macro_rules! by_key {
    ($($kind:ident),*) => {$(
        impl<'db, M: Model> Find<'db, M, M, $kind> {
            pub(super) fn by_key(handle: &'db Handle, key: UniqueFilter<M>) -> Self {
                let mut find = Self::new(handle).filter(key);
                find.options.batched = handle.engine().settings().batched;
                find
            }
        }

        impl<M: Model, T> Find<'_, M, T, $kind> {
            /// Answers this call together with others: those that are awaited at the same moment, for the same model and with the same conditions and selection, become one
            /// statement with all their keys. So code that asks for one record at a time, such as the resolvers of a GraphQL server, does not
            /// ask the database once for each.
            ///
            /// The call then waits until other tasks have had their turn, which costs it a little if it stays alone. For all calls:
            /// [`ClientBuilder::batch_find_unique`](https://docs.rs/prisma-client/latest/prisma_client/struct.ClientBuilder.html#method.batch_find_unique).
            pub fn batched(mut self) -> Self {
                self.options.batched = true;
                self
            }

            /// A further condition that the record must meet. `None` is no condition.
            pub fn filter(mut self, filter: impl super::filter::IntoFilter<M>) -> Self {
                self.arguments.filter(filter);
                self
            }
        }
    )*};
}
by_key!(UniqueOne, UniqueOneOrError);

/// A query that can be run on any handle: what `await` and `batch` need.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no query that a batch can run",
    label = "not a query",
    note = "the queries of a batch are not awaited: `db.batch((db.user().count(), db.post().find_many()))`"
)]
pub trait Operation: Send {
    /// What it answers.
    type Output: Send;

    /// Runs it.
    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Self::Output, Error>>
    where
        Self: 'a;
}

/// Awaiting a query runs it on the handle that it was made with.
macro_rules! awaitable {
    ([$($generics:tt)*] $ty:ty $(where $($bounds:tt)*)?) => {
        impl<'db, $($generics)*> std::future::IntoFuture for $ty $(where $($bounds)*)? {
            type Output = Result<<Self as $crate::typed::Operation>::Output, $crate::Error>;
            type IntoFuture = $crate::driver::BoxFuture<'db, Self::Output>;
            fn into_future(self) -> Self::IntoFuture {
                let handle = self.handle;
                $crate::typed::Operation::run(self, handle)
            }
        }
        impl<'db, $($generics)*> std::fmt::Debug for $ty $(where $($bounds)*)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(concat!(stringify!($ty))).finish_non_exhaustive()
            }
        }
    };
}
pub(super) use awaitable;

impl<M: Model, T: Record<Model = M>, K: FindKind> Operation for Find<'_, M, T, K> {
    type Output = K::Output<T>;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Self::Output, Error>>
    where
        Self: 'a,
    {
        let (mut query, plans) = self.into_query();
        if K::BY_KEY && query.options.batched {
            return Box::pin(batched::<M, T, K>(handle, query, plans));
        }
        Box::pin(async move {
            let mut sink = RecordSink::<T>::new(plans);
            handle.read(&mut query, &mut sink).await?;
            K::output::<M, T>(sink.finish()?)
        })
    }
}
awaitable!([M: Model, T: Record<Model = M>, K: FindKind] Find<'db, M, T, K>);

/// Runs a read by a unique key together with others of its kind.
async fn batched<M: Model, T: Record<Model = M>, K: FindKind>(
    handle: &Handle,
    mut query: ReadQuery,
    plans: Plans,
) -> Result<K::Output<T>, Error> {
    let sink = RecordSink::<T>::new(plans);
    let Some(key) = unique_key(handle.engine().schema(), &mut query) else {
        let mut sink = sink;
        handle.read(&mut query, &mut sink).await?;
        return K::output::<M, T>(sink.finish()?);
    };
    let making = Making {
        kind: TypeId::of::<T>(),
        sink: Box::new(sink),
        distribute: |sink, groups| Ok(Box::new(Optional::distribute(sink::finish::<T>(sink)?, groups, "")?)),
    };
    let (answers, place) = handle.gather(query, key, making).await?;
    let mut records = match &*answers {
        Ok(records) => records.lock().unwrap_or_else(PoisonError::into_inner),
        Err(error) => return Err(error.clone()),
    };
    let record = records.downcast_mut::<Vec<Option<T>>>().and_then(|all| all.get_mut(place)).and_then(Option::take);
    K::output::<M, T>(record.into_iter().collect())
}

/// Counts records of `M`. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct Count<'db, M> {
    handle: &'db Handle,
    arguments: Arguments<M>,
}

impl<'db, M: Model> Count<'db, M> {
    pub(super) fn new(handle: &'db Handle) -> Self {
        Self { handle, arguments: Arguments::default() }
    }

    argument_methods!(M, arguments);
}

impl<M: Model> Operation for Count<'_, M> {
    type Output = i64;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<i64, Error>>
    where
        Self: 'a,
    {
        let query = AggregateQuery { model: M::ID, arguments: self.arguments.node, aggregates: vec![Aggregate::Count] };
        Box::pin(async move {
            let mut count = 0;
            let mut read = |row: &dyn Row| {
                count = row.integer(0).map_err(|e| Error::internal(e.to_string()))?.unwrap_or(0);
                Ok(())
            };
            handle.aggregate(query, &mut read).await?;
            Ok(count)
        })
    }
}
awaitable!([M: Model] Count<'db, M>);

/// Tells whether there is such a record of `M`. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct Exists<'db, M> {
    handle: &'db Handle,
    arguments: Arguments<M>,
}

impl<'db, M: Model> Exists<'db, M> {
    pub(super) fn new(handle: &'db Handle) -> Self {
        Self { handle, arguments: Arguments::default() }
    }

    /// Only records that meet the condition. `None` is no condition.
    pub fn filter(mut self, filter: impl super::filter::IntoFilter<M>) -> Self {
        self.arguments.filter(filter);
        self
    }
}

impl<M: Model> Operation for Exists<'_, M> {
    type Output = bool;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<bool, Error>>
    where
        Self: 'a,
    {
        let mut count = Count::<M> { handle, arguments: self.arguments };
        count.arguments.node.take = Some(1);
        Box::pin(async move { Ok(count.run(handle).await? > 0) })
    }
}
awaitable!([M: Model] Exists<'db, M>);

/// SQL text with the values of its parameters.
#[derive(Debug, Clone)]
pub struct Sql(pub(super) Statement);

impl Sql {
    /// The text, with placeholders.
    pub fn text(&self) -> &str {
        &self.0.sql
    }

    /// The values, in the order of the placeholders.
    pub fn values(&self) -> &[Value] {
        &self.0.values
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.sql)?;
        if !self.0.values.is_empty() {
            write!(f, " -- {:?}", self.0.values)?;
        }
        Ok(())
    }
}
