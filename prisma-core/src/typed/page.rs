//! Keyset pages: `find_many().page(20)`.

use super::arguments::RecordCount;
use super::find::{Find, ManyRows, Operation, Sql, awaitable};
use super::model::{Model, Record};
use super::sink::RecordSink;
use crate::Error;
use crate::driver::BoxFuture;
use crate::engine::{Handle, PageCursor, PageEnds, PageRequest};

/// Some of the records that a query gives, and where to go on.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The records, in the order asked for.
    pub records: Vec<T>,
    /// For [`after`](FindPage::after), if there are records behind these.
    pub next: Option<PageCursor>,
    /// For [`before`](FindPage::before), if there are records before these, or were when this page's own cursor was made.
    pub previous: Option<PageCursor>,
}

/// A read of one page of records of `M` as `T`. It runs when it is awaited.
#[must_use = "a query runs when it is awaited"]
pub struct FindPage<'db, M, T> {
    handle: &'db Handle,
    find: Find<'db, M, T, ManyRows>,
    request: PageRequest,
}

impl<'db, M: Model, T> Find<'db, M, T, ManyRows> {
    /// At most so many records, with cursors for the pages behind and before them:
    ///
    /// ```ignore
    /// let query = || db.post().find_many().filter(post::published.eq(true)).order_by(post::views.desc());
    /// let first = query().page(20).await?;
    /// let second = query().page(20).after(first.next).await?;
    /// ```
    ///
    /// A page begins behind the values that the cursor holds, by a condition on the columns of the order (keyset): no record is passed over, as with `skip`, or looked up, as with
    /// `cursor`, and it does not matter if it is gone. What an index of these columns finds is found as fast on the thousandth page as on the first. The primary key stands behind the order,
    /// if no unique key is in it. One statement reads the page; a record more than asked for tells whether others follow.
    ///
    /// Awaited, it fails with P2009 where the order looks at related records, at a search, or at columns of enums, lists, `Json` or `Bytes`; with `skip`, `take`, `cursor` or `distinct`; with a
    /// page of 0 records; and with a cursor of another order.
    pub fn page(self, records: impl RecordCount<u32>) -> FindPage<'db, M, T> {
        let request = PageRequest { size: records.into_count(), ..PageRequest::default() };
        FindPage { handle: self.handle, find: self, request }
    }
}

impl<M: Model, T> FindPage<'_, M, T> {
    /// The page behind this place: [`Page::next`] of the one before. `None` is no cursor.
    pub fn after(mut self, cursor: impl Into<Option<PageCursor>>) -> Self {
        self.request.after = cursor.into();
        self
    }

    /// The page before this place, still in the order asked for: [`Page::previous`] of the one behind. `None` is no cursor.
    pub fn before(mut self, cursor: impl Into<Option<PageCursor>>) -> Self {
        self.request.before = cursor.into();
        self
    }

    /// SQL and parameters of the statement that reads the records themselves, without running it.
    ///
    /// # Errors
    /// What [`page`](Find::page) says.
    pub fn to_sql(self) -> Result<Sql, Error> {
        let (query, _) = self.find.into_query();
        self.handle.keyset_to_sql(query, self.request).map(Sql)
    }
}

impl<M: Model, T: Record<Model = M>> Operation for FindPage<'_, M, T> {
    type Output = Page<T>;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Page<T>, Error>>
    where
        Self: 'a,
    {
        let request = self.request;
        let (query, plans) = self.find.into_query();
        Box::pin(async move {
            let mut sink = RecordSink::<T>::new(plans);
            let PageEnds { next, previous } = handle.read_keyset(query, request, &mut sink).await?;
            Ok(Page { records: sink.finish()?, next, previous })
        })
    }
}
awaitable!([M: Model, T: Record<Model = M>] FindPage<'db, M, T>);
