//! sqlx by hand.

use sqlx::FromRow;
use sqlx::postgres::{PgConnection as Connection, PgPool as Pool, PgRow as Row};

/// What is related: the keys are one array.
mod children {
    use super::*;
    use crate::data::{Comment, Post, TAKE_COMMENTS, TAKE_POSTS};
    use crate::sql::arrays;

    async fn some<T>(connection: &mut Connection, sql: &'static str, keys: Vec<i32>, take: usize) -> Vec<T>
    where
        T: for<'r> FromRow<'r, Row> + Send + Unpin,
    {
        sqlx::query_as(sql).bind(keys).bind(take as i64).fetch_all(connection).await.unwrap()
    }

    pub(super) async fn posts(connection: &mut Connection, authors: Vec<i32>) -> Vec<Post> {
        sqlx::query_as(arrays::POSTS).bind(authors).fetch_all(connection).await.unwrap()
    }

    pub(super) async fn last_posts(connection: &mut Connection, authors: Vec<i32>) -> Vec<Post> {
        some(connection, arrays::LAST_POSTS, authors, TAKE_POSTS).await
    }

    pub(super) async fn first_comments(connection: &mut Connection, posts: Vec<i32>) -> Vec<Comment> {
        some(connection, arrays::FIRST_COMMENTS, posts, TAKE_COMMENTS).await
    }
}

#[path = "../by_sqlx.rs"]
mod tasks;
pub use tasks::Sqlx;
