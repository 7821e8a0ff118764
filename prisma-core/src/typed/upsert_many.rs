//! `upsert_many`: many records, each changed if it is there, and created if it is not.

use std::fmt;
use std::marker::PhantomData;

use super::change::{IntoChanges, TakesChanges};
use super::create::CreateInput;
use super::field::{CompoundKey, Field, UniqueKey};
use super::find::{Operation, Sql, awaitable};
use super::include::Level;
use super::model::{Model, Record};
use super::select::reading_methods;
use super::write::{counting_write, create_many_node, first_statement, no_relations, write_records};
use crate::Error;
use crate::driver::BoxFuture;
use crate::engine::Handle;
use crate::tree::{self, FieldId, RecordChange, UpsertChanges, WriteQuery};

/// State of an `upsert_many` that does not say by which key it knows records.
#[derive(Debug)]
pub enum MissingOn {}
/// State of an `upsert_many` that says by which key it knows records.
#[derive(Debug)]
pub enum Known {}

/// State of an `upsert_many` that may be awaited.
#[diagnostic::on_unimplemented(
    message = "`upsert_many` must know by which unique key a record is there already",
    label = "`.on(…)` was not called",
    note = "name an `@id` or `@unique` field, or a compound key: `.on(user::email)`, `.on(post::author_id_title)`"
)]
pub trait NamesKey: Send + 'static {}
impl NamesKey for Known {}

/// A unique key of `M`, by its name: what [`on`](UpsertMany::on) takes.
#[diagnostic::on_unimplemented(
    message = "`.on(…)` takes a unique key of `{M}`, and `{Self}` is none",
    label = "not a unique key of `{M}`",
    note = "it is the token of an `@id` or `@unique` field, or of a compound key: `.on(user::email)`, `.on(post::author_id_title)`"
)]
pub trait IntoKeyFields<M> {
    /// The fields of the key.
    fn into_fields(self) -> Vec<FieldId>;
}

impl<M, T> IntoKeyFields<M> for Field<M, T, UniqueKey> {
    fn into_fields(self) -> Vec<FieldId> {
        vec![self.id()]
    }
}
impl<M, T> IntoKeyFields<M> for CompoundKey<M, T> {
    fn into_fields(self) -> Vec<FieldId> {
        self.fields()
    }
}

/// A column that gets what the new record would have had: made by [`set_excluded`](Field::set_excluded).
pub struct Excluded<M> {
    field: FieldId,
    model: PhantomData<fn() -> M>,
}

impl<M, T, K> Field<M, T, K> {
    /// In `upsert_many(…).update(…)`: gets what the record would have had if it had been created (`EXCLUDED` in SQL).
    pub fn set_excluded(self) -> Excluded<M> {
        Excluded { field: self.id(), model: PhantomData }
    }
}

impl<M> Clone for Excluded<M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M> Copy for Excluded<M> {}
impl<M> fmt::Debug for Excluded<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Excluded({:?})", self.field)
    }
}

/// Changes of the records that an `upsert_many` finds there.
#[derive(Debug, Default)]
pub struct Found {
    record: RecordChange,
    excluded: Vec<FieldId>,
}

impl TakesChanges for Found {
    fn record(&mut self) -> &mut RecordChange {
        &mut self.record
    }
}

impl<M> IntoChanges<M, Found> for Excluded<M> {
    fn add_to(self, changes: &mut Found) {
        changes.excluded.push(self.field);
    }
}

/// Nowhere else is there a record that would have been created. Not implemented by anything: it is there for its message.
#[diagnostic::on_unimplemented(
    message = "`set_excluded` is for `upsert_many(…).update(…)` alone: here there is no other record whose value it could be",
    label = "give the value: `set(…)`"
)]
pub trait HasExcluded {}

impl<M> IntoChanges<M> for Excluded<M>
where
    Excluded<M>: HasExcluded,
{
    fn add_to(self, _: &mut RecordChange) {}
}

pub(super) struct Node {
    records: Result<tree::CreateMany, Error>,
    key: Vec<FieldId>,
    update: Option<Found>,
}

impl Node {
    pub(super) fn new<M: Model, C: CreateInput<M>>(method: &str, records: impl IntoIterator<Item = C>) -> Self {
        Self { records: create_many_node(method, records), key: Vec::new(), update: None }
    }

    fn into_tree<M: Model>(self, method: &str) -> Result<tree::UpsertMany, Error> {
        let Self { records, key, update } = self;
        let update = update.map(|Found { record, excluded }| {
            no_relations::<M>(method, record.relations.is_empty(), "`upsert` for each record")?;
            Ok::<_, Error>(UpsertChanges { scalars: record.scalars, excluded })
        });
        Ok(tree::UpsertMany { records: records?.records, key, update: update.transpose()? })
    }
}

macro_rules! methods {
    ($name:ident [$($record:ident)?]) => {
        impl<'db, M: Model, $($record,)? S> $name<'db, M, $($record,)? S> {
            /// The unique key by which a record is known to be there: `on(user::email)`, or a compound key, `on(post::author_id_title)`. Each record must
            /// set it.
            pub fn on(mut self, key: impl IntoKeyFields<M>) -> $name<'db, M, $($record,)? Known> {
                self.rest.0.key = key.into_fields();
                $name { handle: self.handle, rest: self.rest, types: PhantomData }
            }

            /// What changes of records that are there, in place of every column that the new record sets:
            /// `update((user::logins.increment(1), user::name.set_excluded()))`. `()` leaves them as they are.
            pub fn update(mut self, changes: impl IntoChanges<M, Found>) -> Self {
                changes.add_to(self.rest.0.update.get_or_insert_default());
                self
            }
        }
    };
}

/// Creates records, or changes those that are there, and answers how many. It runs when it is awaited, once it says by which key it knows them.
#[must_use = "a query runs when it is awaited"]
pub struct UpsertMany<'db, M, S> {
    handle: &'db Handle,
    rest: (Node,),
    types: PhantomData<fn() -> (M, S)>,
}
methods!(UpsertMany []);

impl<'db, M: Model> UpsertMany<'db, M, MissingOn> {
    pub(super) fn new(handle: &'db Handle, node: Node) -> Self {
        Self { handle, rest: (node,), types: PhantomData }
    }
}

impl<M: Model, S: NamesKey> UpsertMany<'_, M, S> {
    fn into_query(self) -> Result<WriteQuery, Error> {
        Ok(WriteQuery::UpsertMany(M::ID, self.rest.0.into_tree::<M>("upsert_many")?))
    }

    first_statement!();
}

counting_write!([M: Model, S: NamesKey] UpsertMany<M, S>);

/// Creates records, or changes those that are there, and answers them. It runs when it is awaited, once it says by which key it knows them.
#[must_use = "a query runs when it is awaited"]
pub struct UpsertManyAndReturn<'db, M, T, S> {
    handle: &'db Handle,
    rest: (Node, Level),
    types: PhantomData<fn() -> (M, T, S)>,
}
methods!(UpsertManyAndReturn[T]);

impl<'db, M: Model> UpsertManyAndReturn<'db, M, M, MissingOn> {
    pub(super) fn new(handle: &'db Handle, node: Node) -> Self {
        Self { handle, rest: (node, Level::default()), types: PhantomData }
    }
}

impl<'db, M: Model, T, S> UpsertManyAndReturn<'db, M, T, S> {
    reading_methods!(UpsertManyAndReturn<'db, S>, M, T, rest.1);

    fn reading<U>(self) -> UpsertManyAndReturn<'db, M, U, S> {
        UpsertManyAndReturn { handle: self.handle, rest: self.rest, types: PhantomData }
    }
}

impl<M: Model, T: Record<Model = M>, S: NamesKey> Operation for UpsertManyAndReturn<'_, M, T, S> {
    type Output = Vec<T>;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Vec<T>, Error>>
    where
        Self: 'a,
    {
        let (node, level) = self.rest;
        let node = node.into_tree::<M>("upsert_many_and_return");
        Box::pin(async move {
            let node = node?;
            write_records(handle, level, |selection| WriteQuery::UpsertManyAndReturn(M::ID, node, selection)).await
        })
    }
}
awaitable!([M: Model, T: Record<Model = M>, S: NamesKey] UpsertManyAndReturn<'db, M, T, S>);
