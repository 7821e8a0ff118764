//! Records one after the other: `find_many().stream()`.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::column::{Columns, Decode};
use super::model::{Record, Slots};
use super::sink::{Plans, RecordSink, column_error};
use crate::driver::{BoxFuture, Row, pause};
use crate::engine::Handle;
use crate::tree::ReadQuery;
use crate::{Error, Groups, Sink};

/// Records as they come, of [`Find::stream`](super::find::Find::stream). It is a [`Stream`]; [`next`](Self::next) is there without a trait.
#[must_use = "a stream reads nothing until it is asked"]
pub struct RecordStream<'db, T> {
    buffer: Buffer<T>,
    /// Fills the buffer, and pauses when that has some; gone when all is read.
    reading: Option<BoxFuture<'db, Result<(), Error>>>,
    /// Why no more could be read; told after the records before.
    failed: Option<Error>,
}

/// How many records are in memory, more or less.
const PAGE: usize = 256;

impl<'db, T: Record> RecordStream<'db, T> {
    pub(super) fn new(handle: &'db Handle, query: ReadQuery, plans: Plans) -> Self {
        let buffer = Buffer::default();
        let arguments = &query.arguments;
        let is_backwards = arguments.take.is_some_and(|take| take < 0);
        let in_pages = handle.in_transaction() || !query.selection.relations.is_empty();
        let has_key = handle.engine().schema().model(query.model).identifier().is_some();
        let reading: BoxFuture<'db, _> = if is_backwards || in_pages && !(arguments.distinct.is_empty() && has_key) {
            Box::pin(all(handle, query, plans, buffer.clone()))
        } else if in_pages {
            Box::pin(pages(handle, query, plans, buffer.clone()))
        } else {
            Box::pin(rows(handle, query, buffer.clone()))
        };
        Self { buffer, reading: Some(reading), failed: None }
    }
}

impl<T> RecordStream<'_, T> {
    /// The next record; `None` after the last one, or after an error.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T> Stream for RecordStream<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(record) = this.buffer.lock().pop_front() {
                return Poll::Ready(Some(Ok(record)));
            }
            let Some(reading) = &mut this.reading else { return Poll::Ready(this.failed.take().map(Err)) };
            let polled = reading.as_mut().poll(context);
            if polled.is_pending() && !this.buffer.lock().is_empty() {
                continue;
            }
            let done = ready!(polled);
            // The connection goes back before the last records are taken.
            this.reading = None;
            this.failed = done.err();
        }
    }
}

impl<T> fmt::Debug for RecordStream<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordStream").field("is_done", &self.reading.is_none()).finish_non_exhaustive()
    }
}

/// Records that are read and not taken yet.
struct Buffer<T>(Arc<Mutex<VecDeque<T>>>);

impl<T> Buffer<T> {
    fn lock(&self) -> MutexGuard<'_, VecDeque<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Buffer<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// The rows of one statement.
async fn rows<T: Record>(handle: &Handle, mut query: ReadQuery, buffer: Buffer<T>) -> Result<(), Error> {
    let mut sink = StreamSink { buffer };
    handle.read(&mut query, &mut sink).await
}

/// All records, then one after the other.
async fn all<T: Record>(handle: &Handle, mut query: ReadQuery, plans: Plans, buffer: Buffer<T>) -> Result<(), Error> {
    let mut sink = RecordSink::<T>::new(plans);
    handle.read(&mut query, &mut sink).await?;
    let records = sink.finish()?;
    buffer.lock().extend(records);
    Ok(())
}

/// Page by page, each from the last record of the one before.
async fn pages<T: Record>(handle: &Handle, mut query: ReadQuery, plans: Plans, buffer: Buffer<T>) -> Result<(), Error> {
    let mut left = query.arguments.take.and_then(|take| usize::try_from(take).ok());
    loop {
        let page = left.map_or(PAGE, |left| left.min(PAGE));
        query.arguments.take = Some(page as i64);
        let mut sink = RecordSink::<T>::new(plans.clone());
        let last = handle.read_page(query.clone(), &mut sink).await?;
        let records = sink.finish()?;
        let is_last = records.len() < page || left == Some(page);
        buffer.lock().extend(records);
        let (Some(last), false) = (last, is_last) else { return Ok(()) };
        left = left.map(|left| left - page);
        query.arguments.cursor = Some(Box::new(last));
        query.arguments.skip = Some(1);
        pause().await;
    }
}

/// Takes rows as records, one by one.
struct StreamSink<T> {
    buffer: Buffer<T>,
}

impl<T: Record> Sink for StreamSink<T> {
    fn row(&mut self, row: &dyn Row) -> Result<(), Error> {
        let base = T::Base::decode(&mut Columns::new(row)).map_err(|e| column_error::<T>(&e))?;
        let record = T::assemble(base, &mut Slots::default())?;
        self.buffer.lock().push_back(record);
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.buffer.lock().len() >= PAGE
    }

    fn reverse(&mut self) {}

    fn child(&self, _: usize) -> Box<dyn Sink> {
        Box::new(StreamSink { buffer: self.buffer.clone() })
    }

    fn attach(&mut self, _: usize, _: Box<dyn Sink>, _: Groups) -> Result<(), Error> {
        Err(Error::internal("a relation in a stream of rows"))
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
