//! Several queries in one transaction.

use super::find::Operation;
use super::tuples::for_tuples;
use crate::Error;
use crate::driver::BoxFuture;
use crate::engine::Handle;

/// Queries to be run in one transaction: a tuple of any queries, or a `Vec` or array of queries of one type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no batch of queries",
    note = "a batch is a tuple of queries that are not awaited, or a `Vec` or array of queries of one type"
)]
pub trait Batch: Send {
    /// The answers, in the order of the queries.
    type Output: Send;

    /// Runs the queries one after the other.
    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Self::Output, Error>>
    where
        Self: 'a;
}

/// Runs a batch in a transaction of its own. Its answers are a type by themselves, so that a mistake in it is told once, not again at
/// the `await`.
pub(super) fn run<'a, T: Send + 'a>(
    handle: &'a Handle,
    batch: impl Batch<Output = T> + 'a,
) -> BoxFuture<'a, Result<T, Error>> {
    Box::pin(async move {
        let transaction = handle.begin(None).await?;
        match batch.run(&transaction).await {
            Ok(answers) => transaction.commit().await.map(|()| answers),
            Err(error) => {
                // The query's error is the one to tell; what cannot be rolled back is thrown away by the pool.
                let _ = transaction.rollback().await;
                Err(error)
            }
        }
    })
}

impl<Q: Operation> Batch for Vec<Q> {
    type Output = Vec<Q::Output>;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Self::Output, Error>>
    where
        Self: 'a,
    {
        Box::pin(async move {
            let mut answers = Vec::with_capacity(self.len());
            for query in self {
                answers.push(query.run(handle).await?);
            }
            Ok(answers)
        })
    }
}

impl<Q: Operation, const N: usize> Batch for [Q; N] {
    type Output = Vec<Q::Output>;

    fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Self::Output, Error>>
    where
        Self: 'a,
    {
        Batch::run(Vec::from(self), handle)
    }
}

macro_rules! tuple {
    ($($q:ident)*) => {
        impl<$($q: Operation),*> Batch for ($($q,)*) {
            type Output = ($($q::Output,)*);

            fn run<'a>(self, handle: &'a Handle) -> BoxFuture<'a, Result<Self::Output, Error>>
            where
                Self: 'a,
            {
                #[allow(non_snake_case)]
                let ($($q,)*) = self;
                Box::pin(async move { Ok(($($q.run(handle).await?,)*)) })
            }
        }
    };
}
for_tuples!(tuple: A B C D E F G H);
