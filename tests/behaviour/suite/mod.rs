//! The suites: compiled once for each provider, whose module is `super`. It has the generated items of the schema,
//! `fresh!()` for a database of one's own, and constants for what the provider can do.

use std::fmt::Debug;
use std::future::IntoFuture;
use std::task::Poll;
use std::time::Duration;

use prisma_client::{Change, Error, ErrorKind, Filter, NotIncluded, OrderBy};

use super::*;

mod aggregate;
mod batched;
mod create;
mod create_nested;
mod defaults;
mod delete;
mod find;
mod group_by;
mod include;
mod include_pages;
mod joined;
mod json_filters;
mod keyset;
mod many;
mod nulls;
mod order;
mod own_errors;
mod page;
mod protocol;
mod raw;
mod related;
mod relation_filters;
mod savepoints;
mod scalar_filters;
mod select;
mod serde;
mod settings;
mod statements;
mod stream;
mod transactions;
mod types;
mod update;
mod update_each;
mod update_to_many;
mod update_to_one;
mod upsert;
mod upsert_many;

/// The code of the error of a query that must fail.
#[track_caller]
fn code<T: Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code().unwrap()
}

/// Gives a future up when it has had to wait so many times; it is dropped while what it waits for is under way.
async fn given_up<F: Future>(after: usize, future: F) -> Option<F::Output> {
    let (mut future, mut left) = (std::pin::pin!(future), after);
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// A user with nothing but what it must have.
async fn user_named(db: &PrismaClient, email: &str) -> User {
    db.user().create(user::create().email(email)).await.unwrap()
}

/// The titles of the posts that meet a filter, by id.
async fn titles(db: &PrismaClient, filter: impl prisma_client::IntoFilter<Post>) -> Vec<String> {
    let posts = db.post().find_many().filter(filter).order_by(post::id.asc()).await.unwrap();
    posts.into_iter().map(|p| p.title).collect()
}

/// The emails of the users that meet a filter, by id.
async fn emails(db: &PrismaClient, filter: impl prisma_client::IntoFilter<User>) -> Vec<String> {
    let users = db.user().find_many().filter(filter).order_by(user::id.asc()).await.unwrap();
    users.into_iter().map(|u| u.email).collect()
}
