//! What a handle runs.

use super::{Handle, PageEnds, PageRequest, aggregate, keyset, read};
use crate::driver::{RowVisitor, Statement};
use crate::sql::StatementKind;
use crate::tree::{AggregateQuery, GroupQuery, ReadQuery, Unique};
use crate::{Error, ErrorKind, Sink};

impl Handle {
    /// Runs a read, which is used up; its records go to `sink`.
    ///
    /// # Errors
    /// What the database reports; a column that does not hold what the schema says (P2023); more values than a statement
    /// can have (P2029); a column that the client omits.
    #[allow(clippy::manual_async_fn, reason = "a function would keep its arguments twice")]
    pub fn read<'a>(
        &'a self,
        query: &'a mut ReadQuery,
        sink: &'a mut dyn Sink,
    ) -> impl Future<Output = Result<(), Error>> + Send + 'a {
        async move {
            self.check(query)?;
            let mut lease = self.lease().await?;
            read::read(&mut lease.session()?, query, sink).await.map(drop)
        }
    }

    /// Runs a read of one page of many; answers the key of the last record, at which the next page has its cursor.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn read_page(&self, mut query: ReadQuery, sink: &mut dyn Sink) -> Result<Option<Unique>, Error> {
        self.check(&query)?;
        let mut lease = self.lease().await?;
        read::read_page(&mut lease.session()?, &mut query, sink).await
    }

    /// Runs a read of a keyset page: some records in an order of columns of the model; answers the places at its ends.
    ///
    /// # Errors
    /// As [`read`](Self::read); a page that cannot be (P2009).
    pub async fn read_keyset(
        &self,
        query: ReadQuery,
        request: PageRequest,
        sink: &mut dyn Sink,
    ) -> Result<PageEnds, Error> {
        self.check(&query)?;
        let mut lease = self.lease().await?;
        keyset::read(&mut lease.session()?, query, request, sink).await
    }

    pub(super) fn check(&self, query: &ReadQuery) -> Result<(), Error> {
        if query.options.lock.is_some() && !self.in_transaction() {
            let message = "row locks last until a transaction ends, and this query is in none: run it on the `tx` of `db.transaction(…)` or of `db.begin()`";
            return Err(ErrorKind::Transaction { message: message.to_owned() }.into());
        }
        if query.options.lock.is_some() && !query.arguments.distinct.is_empty() {
            let message = "a query with `distinct` cannot lock rows: lock them in a query of its own".to_owned();
            return Err(ErrorKind::InvalidQuery { code: "P2009", path: Vec::new(), message }.into());
        }
        self.engine().check_omitted(query.model, &query.selection)
    }

    /// Runs an aggregate; `rows` sees one row with a column for each thing computed, in their order.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn aggregate(&self, query: AggregateQuery, rows: &mut dyn RowVisitor) -> Result<(), Error> {
        let mut lease = self.lease().await?;
        aggregate::aggregate(&mut lease.session()?, query, rows).await
    }

    /// Runs a query for groups; `rows` sees a row for each group: the columns that they are grouped by, then one for each thing
    /// computed. If `take` is negative, the groups come in the opposite of the order asked for.
    ///
    /// # Errors
    /// As [`read`](Self::read); a condition or an order that looks at fields of which a group has many values (P2019).
    pub async fn group(&self, query: GroupQuery, rows: &mut dyn RowVisitor) -> Result<(), Error> {
        let mut lease = self.lease().await?;
        aggregate::group(&mut lease.session()?, query, rows).await
    }

    /// The statement that a read runs for its first level. Nothing is run.
    ///
    /// # Errors
    /// A query with more values than a statement can have (P2029).
    pub fn to_sql(&self, mut query: ReadQuery) -> Result<Statement, Error> {
        read::first_statement(self.engine(), &mut query, StatementKind::Read, &[])
    }

    /// The statement that a keyset page runs for its first level. Nothing is run.
    ///
    /// # Errors
    /// As [`to_sql`](Self::to_sql); a page that cannot be (P2009).
    pub fn keyset_to_sql(&self, query: ReadQuery, request: PageRequest) -> Result<Statement, Error> {
        keyset::statement(self.engine(), query, request)
    }

    /// The statement that an aggregate runs. Nothing is run.
    ///
    /// # Errors
    /// As [`to_sql`](Self::to_sql).
    pub fn aggregate_to_sql(&self, mut query: AggregateQuery) -> Result<Statement, Error> {
        aggregate::statement(self.engine(), &mut query)
    }

    /// The statement that a query for groups runs. Nothing is run.
    ///
    /// # Errors
    /// As [`to_sql`](Self::to_sql), and P2019 as [`group`](Self::group).
    pub fn group_to_sql(&self, mut query: GroupQuery) -> Result<Statement, Error> {
        aggregate::group_statement(self.engine(), &mut query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::WriteQuery;

    /// Queries may be awaited on any thread.
    #[test]
    fn futures_are_send() {
        fn send<T: Send>(_: T) {}
        let _ = |handle: &Handle, query: &mut ReadQuery, sink: &mut dyn Sink| send(handle.read(query, sink));
        let _ = |handle: &Handle, query: WriteQuery, sink: &mut dyn Sink| send(handle.write(query, Some(sink)));
        let _ = |handle: &Handle, query, rows: &mut dyn RowVisitor| send(handle.aggregate(query, rows));
        let _ = |handle: &Handle, query, rows: &mut dyn RowVisitor| send(handle.group(query, rows));
    }
}
