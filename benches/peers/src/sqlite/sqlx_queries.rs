//! sqlx by hand.

use sqlx::query::QueryAs;
use sqlx::sqlite::{SqliteArguments, SqliteConnection as Connection, SqlitePool as Pool, SqliteRow as Row};
use sqlx::{AssertSqlSafe, FromRow, Sqlite};

/// What is related: a parameter for each key.
mod children {
    use super::*;
    use crate::data::{Comment, Post, TAKE_COMMENTS, TAKE_POSTS};
    use crate::sql;

    async fn all<T>(connection: &mut Connection, sql: String, keys: Vec<i32>) -> Vec<T>
    where
        T: for<'r> FromRow<'r, Row> + Send + Unpin,
    {
        let query: QueryAs<'_, Sqlite, T, SqliteArguments> = sqlx::query_as(AssertSqlSafe(sql));
        keys.into_iter().fold(query, QueryAs::bind).fetch_all(connection).await.unwrap()
    }

    pub(super) async fn posts(connection: &mut Connection, authors: Vec<i32>) -> Vec<Post> {
        all(connection, sql::posts_of(authors.len()), authors).await
    }

    pub(super) async fn last_posts(connection: &mut Connection, authors: Vec<i32>) -> Vec<Post> {
        all(connection, sql::last_posts_of(authors.len(), TAKE_POSTS), authors).await
    }

    pub(super) async fn first_comments(connection: &mut Connection, posts: Vec<i32>) -> Vec<Comment> {
        all(connection, sql::first_comments_of(posts.len(), TAKE_COMMENTS), posts).await
    }
}

#[path = "../by_sqlx.rs"]
mod tasks;
pub use tasks::Sqlx;
