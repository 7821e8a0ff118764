//! What a handle runs.

use super::{Handle, read};
use crate::driver::Statement;
use crate::tree::ReadQuery;
use crate::{Error, Sink};

impl Handle {
    /// Runs a read; its records go to `sink`.
    ///
    /// # Errors
    /// What the database reports; a column that does not hold what the schema says (P2023).
    pub async fn read(&self, query: ReadQuery, sink: &mut dyn Sink) -> Result<(), Error> {
        let mut lease = self.lease().await?;
        read::read(&mut lease.session()?, query, sink).await
    }

    /// The statement that a read runs for its first level. Nothing is run.
    ///
    /// # Errors
    /// A query with more values than a statement can have (P2029).
    pub fn to_sql(&self, mut query: ReadQuery) -> Result<Statement, Error> {
        read::statement(self.engine(), query.model, &mut query.arguments, &mut query.selection)
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
        let _ = |handle: &Handle, query: ReadQuery, sink: &mut dyn Sink| send(handle.read(query, sink));
        let _ = |handle: &Handle, query: WriteQuery, sink: &mut dyn Sink| send(handle.write(query, Some(sink)));
    }
}
