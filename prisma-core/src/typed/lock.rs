//! Locks on the rows that a query reads.

use super::client::ClientSchema;
use super::find::Find;
use super::model::Model;
use crate::tree::{Lock, LockStrength, LockWait};

/// A provider that locks rows.
#[diagnostic::on_unimplemented(
    message = "row locks are not there for this provider",
    label = "this provider has no row locks",
    note = "PostgreSQL, CockroachDB and MySQL have them; on SQLite a transaction that writes has the whole database to itself"
)]
pub trait RowLocks {}

/// Within a transaction only, at whose end the locks are gone; outside of one, the query fails with P2028. The rows of included relations are not locked.
impl<M: Model, T, K> Find<'_, M, T, K>
where
    M::Schema: ClientSchema,
{
    /// Locks the records as an update would: until the transaction ends, others neither change nor lock them.
    pub fn for_update(self) -> Self
    where
        <M::Schema as ClientSchema>::Provider: RowLocks,
    {
        self.locked(|lock| lock.strength = LockStrength::Update)
    }

    /// Locks the records against changes: until the transaction ends, others do not change them.
    pub fn for_share(self) -> Self
    where
        <M::Schema as ClientSchema>::Provider: RowLocks,
    {
        self.locked(|lock| lock.strength = LockStrength::Share)
    }

    /// Passes over records that somebody else has locked, such as jobs of a queue that are taken. Without `for_share`, it locks as
    /// [`for_update`](Self::for_update) does.
    pub fn skip_locked(self) -> Self
    where
        <M::Schema as ClientSchema>::Provider: RowLocks,
    {
        self.locked(|lock| lock.wait = LockWait::SkipLocked)
    }

    /// Fails with P2034 where somebody else has locked a record, instead of waiting. Without `for_share`, it locks as
    /// [`for_update`](Self::for_update) does.
    pub fn no_wait(self) -> Self
    where
        <M::Schema as ClientSchema>::Provider: RowLocks,
    {
        self.locked(|lock| lock.wait = LockWait::NoWait)
    }

    fn locked(mut self, change: impl FnOnce(&mut Lock)) -> Self {
        change(self.options.lock.get_or_insert_default());
        self
    }
}
