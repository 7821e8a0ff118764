//! What can be done with a model: `db.user()`.

use std::fmt;
use std::marker::PhantomData;

use super::aggregate::{Aggregate, Aggregates};
use super::change::IntoChanges;
use super::create::CreateInput;
use super::filter::UniqueFilter;
use super::find::{Count, Exists, Find, First, FirstOrError, ManyRows, UniqueOne, UniqueOneOrError};
use super::group::{GroupBy, GroupKeys};
use super::model::Model;
use super::upsert_many::{self, MissingOn, UpsertMany, UpsertManyAndReturn};
use super::write::{self, CreateOne, DeleteOne, UpdateOne, UpsertOne};
use super::write_many::{
    CreateMany, CreateManyAndReturn, DeleteMany, MissingFilterOrAll, UpdateEach, UpdateMany, UpdateManyAndReturn,
};
use crate::engine::Handle;
use crate::tree;

/// The queries of model `M`. Each runs when it is awaited, and not before.
pub struct Actions<'db, M> {
    handle: &'db Handle,
    model: PhantomData<fn() -> M>,
}

impl<'db, M: Model> Actions<'db, M> {
    /// The queries of a model on a handle. Called by generated code.
    pub fn new(handle: &'db Handle) -> Self {
        Self { handle, model: PhantomData }
    }

    /// The record with this unique key, if it is there.
    pub fn find_unique(self, unique: impl IntoUnique<M>) -> Find<'db, M, M, UniqueOne> {
        Find::<_, _, UniqueOne>::by_key(self.handle, unique.into_unique())
    }

    /// The record with this unique key, or error P2025.
    pub fn find_unique_or_error(self, unique: impl IntoUnique<M>) -> Find<'db, M, M, UniqueOneOrError> {
        Find::<_, _, UniqueOneOrError>::by_key(self.handle, unique.into_unique())
    }

    /// The first record that the query's conditions and order give, if there is one.
    pub fn find_first(self) -> Find<'db, M, M, First> {
        Find::new(self.handle)
    }

    /// The first record that the query's conditions and order give, or error P2025.
    pub fn find_first_or_error(self) -> Find<'db, M, M, FirstOrError> {
        Find::new(self.handle)
    }

    /// All records that the query's conditions give.
    pub fn find_many(self) -> Find<'db, M, M, ManyRows> {
        Find::new(self.handle)
    }

    /// How many records there are.
    pub fn count(self) -> Count<'db, M> {
        Count::new(self.handle)
    }

    /// Computes something of all records, or of those that the query's conditions give: `aggregate((count(), post::views.sum()))`.
    pub fn aggregate<A: Aggregates<M>>(self, aggregates: A) -> Aggregate<'db, M, A::Output> {
        Aggregate::new(self.handle, aggregates)
    }

    /// Groups the records by the values of fields: `group_by(post::author_id).aggregate((count(), post::views.sum()))`. Without
    /// `aggregate`, it answers the values alone.
    pub fn group_by<K: GroupKeys<M>>(self, keys: K) -> GroupBy<'db, M, K::Output> {
        GroupBy::new(self.handle, keys)
    }

    /// Whether there is such a record.
    pub fn exists(self) -> Exists<'db, M> {
        Exists::new(self.handle)
    }

    /// Creates a record, with its relations, in one transaction.
    pub fn create(self, record: impl CreateInput<M>) -> CreateOne<'db, M, M> {
        CreateOne::new(self.handle, record.into_create())
    }

    /// Creates records without relations, and answers how many.
    pub fn create_many<C: CreateInput<M>>(self, records: impl IntoIterator<Item = C>) -> CreateMany<'db, M> {
        CreateMany::new(self.handle, write::create_many_node("create_many", records))
    }

    /// Creates records without relations, and answers them.
    pub fn create_many_and_return<C: CreateInput<M>>(
        self,
        records: impl IntoIterator<Item = C>,
    ) -> CreateManyAndReturn<'db, M, M> {
        CreateManyAndReturn::new(self.handle, write::create_many_node("create_many_and_return", records))
    }

    /// Changes the record with this unique key, and its relations, in one transaction; P2025 if it is not there.
    pub fn update(self, unique: impl IntoUnique<M>, changes: impl IntoChanges<M>) -> UpdateOne<'db, M, M> {
        UpdateOne::new(self.handle, write::update_node(unique.into_unique(), changes))
    }

    /// Changes columns of many records, and answers how many. Say which with `filter`, or `all`.
    pub fn update_many(self, changes: impl IntoChanges<M>) -> UpdateMany<'db, M, MissingFilterOrAll> {
        UpdateMany::new(self.handle, changes.into_changes())
    }

    /// Changes columns of many records, each in its own way, and answers how many were there:
    /// `update_each([(post::id.eq(1), post::views.set(3)), (post::id.eq(2), post::views.increment(1))])`.
    pub fn update_each<U: IntoUnique<M>, C: IntoChanges<M>>(
        self,
        records: impl IntoIterator<Item = (U, C)>,
    ) -> UpdateEach<'db, M> {
        let records = records.into_iter().map(|(unique, changes)| write::update_node(unique.into_unique(), changes));
        UpdateEach::new(self.handle, records)
    }

    /// Changes columns of many records, and answers them. Say which with `filter`, or `all`.
    pub fn update_many_and_return(
        self,
        changes: impl IntoChanges<M>,
    ) -> UpdateManyAndReturn<'db, M, M, MissingFilterOrAll> {
        UpdateManyAndReturn::new(self.handle, changes.into_changes())
    }

    /// Changes the record with this unique key, or creates it where it is not there.
    pub fn upsert(
        self,
        unique: impl IntoUnique<M>,
        create: impl CreateInput<M>,
        update: impl IntoChanges<M>,
    ) -> UpsertOne<'db, M, M> {
        UpsertOne::new(self.handle, write::upsert_node(unique.into_unique(), create, update))
    }

    /// Creates records without relations, or changes those that are there, and answers how many there are: all that were given.
    ///
    /// Say with [`on`](UpsertMany::on) by which unique key a record is known to be there. It then gets every column that its create value sets (`@updatedAt` moves
    /// too), or what [`update`](UpsertMany::update) says:
    ///
    /// ```ignore
    /// let users = [user::create().email("a").name("A"), user::create().email("b").name("B")];
    /// db.user().upsert_many(users).on(user::email).update((user::logins.increment(1), user::name.set_excluded())).await?;
    /// ```
    ///
    /// It is one statement of the database's own for all records that set the same columns, as far as its parameters go; several are one transaction. One by one they go on
    /// MySQL where another key might be in conflict too, and with `relationMode = "prisma"` where others refer to a column that changes.
    ///
    /// Awaited, it fails with P2009, before anything runs, if two records have the same key, if one does not set it, if `update` changes it, and if relations are written. Which keys are the same is
    /// looked at in the program: where only the database takes two for one, such as texts that differ in case, PostgreSQL and CockroachDB refuse them, and elsewhere the last one counts.
    pub fn upsert_many<C: CreateInput<M>>(self, records: impl IntoIterator<Item = C>) -> UpsertMany<'db, M, MissingOn> {
        UpsertMany::new(self.handle, upsert_many::Node::new("upsert_many", records))
    }

    /// As [`upsert_many`](Self::upsert_many), but answers the records, as they are then, in no certain order.
    pub fn upsert_many_and_return<C: CreateInput<M>>(
        self,
        records: impl IntoIterator<Item = C>,
    ) -> UpsertManyAndReturn<'db, M, M, MissingOn> {
        UpsertManyAndReturn::new(self.handle, upsert_many::Node::new("upsert_many_and_return", records))
    }

    /// Deletes the record with this unique key and answers what it was; P2025 if it is not there.
    pub fn delete(self, unique: impl IntoUnique<M>) -> DeleteOne<'db, M, M> {
        DeleteOne::new(self.handle, tree::Delete { unique: unique.into_unique().node })
    }

    /// Deletes many records, and answers how many. Say which with `filter`, or `all`.
    pub fn delete_many(self) -> DeleteMany<'db, M, MissingFilterOrAll> {
        DeleteMany::new(self.handle)
    }
}

/// Accepted where one record of `M` is named: a condition on all fields of one of its unique keys.
#[diagnostic::on_unimplemented(
    message = "one record of `{M}` must be named by a unique key here, and `{Self}` does not",
    label = "not a unique key of `{M}`",
    note = "`eq` on an `@id` or `@unique` field, or on a compound key, names one record; other conditions go into `.filter(…)`, or into `find_first` and `find_many`"
)]
pub trait IntoUnique<M> {
    /// The key.
    fn into_unique(self) -> UniqueFilter<M>;
}

impl<M> IntoUnique<M> for UniqueFilter<M> {
    fn into_unique(self) -> UniqueFilter<M> {
        self
    }
}

/// Accepted where records of `M` are named: one unique key, or an array or `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "records of `{M}` must be named by unique keys here, and `{Self}` does not",
    label = "not a unique key of `{M}`",
    note = "`eq` on an `@id` or `@unique` field, or on a compound key, names one record: `post::id.eq(1)`; several stand in an array or a `Vec`"
)]
pub trait IntoUniques<M> {
    /// The keys in the query tree.
    fn into_uniques(self) -> Vec<tree::Unique>;
}

impl<M> IntoUniques<M> for UniqueFilter<M> {
    fn into_uniques(self) -> Vec<tree::Unique> {
        vec![self.node]
    }
}
impl<M, const N: usize> IntoUniques<M> for [UniqueFilter<M>; N] {
    fn into_uniques(self) -> Vec<tree::Unique> {
        self.map(|unique| unique.node).into()
    }
}
impl<M> IntoUniques<M> for Vec<UniqueFilter<M>> {
    fn into_uniques(self) -> Vec<tree::Unique> {
        self.into_iter().map(|unique| unique.node).collect()
    }
}

impl<M: Model> fmt::Debug for Actions<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Actions({})", M::NAME)
    }
}
