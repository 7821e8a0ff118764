//! `query_raw` and `execute_raw`.

use super::find::{Operation, awaitable};
use super::from_row::{FromRow, RawRows};
use super::raw_sql::RawSql;
use crate::Error;
use crate::driver::BoxFuture;
use crate::engine::Handle;

/// SQL of the user's own, whose rows are read as `T`. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct QueryRaw<'db, T> {
    handle: &'db Handle,
    sql: RawSql,
    // Not a bound of what is below: who reads rows as what is none is told so once, not again at the `await`.
    read: for<'a> fn(&'a Handle, RawSql) -> BoxFuture<'a, Result<Vec<T>, Error>>,
}

impl<'db, T: FromRow> QueryRaw<'db, T> {
    pub(super) fn new(handle: &'db Handle, sql: RawSql) -> Self {
        Self { handle, sql, read }
    }
}

fn read<T: FromRow>(handle: &Handle, sql: RawSql) -> BoxFuture<'_, Result<Vec<T>, Error>> {
    Box::pin(async move {
        let engine = handle.engine();
        let (sql, values) = sql.render(engine.dialect())?;
        let mut rows = RawRows::new(engine.schema());
        handle.query_raw(&sql, values, &mut rows).await?;
        Ok(rows.records)
    })
}

impl<T: Send + 'static> Operation for QueryRaw<'_, T> {
    type Output = Vec<T>;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Vec<T>, Error>>
    where
        Self: 'a,
    {
        (self.read)(handle, self.sql)
    }
}
awaitable!([T: Send + 'static] QueryRaw<'db, T>);

/// SQL of the user's own that answers how many rows it changed. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct ExecuteRaw<'db> {
    handle: &'db Handle,
    sql: RawSql,
}

impl<'db> ExecuteRaw<'db> {
    pub(super) fn new(handle: &'db Handle, sql: RawSql) -> Self {
        Self { handle, sql }
    }
}

impl Operation for ExecuteRaw<'_> {
    type Output = u64;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<u64, Error>>
    where
        Self: 'a,
    {
        Box::pin(async move {
            let (sql, values) = self.sql.render(handle.engine().dialect())?;
            handle.execute_raw(&sql, values).await
        })
    }
}
awaitable!([] ExecuteRaw<'db>);
