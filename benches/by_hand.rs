//! The tasks written by hand, with sqlx and with rusqlite: columns by index, statements cached, children grouped.

use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row, SqlitePool};

#[derive(Debug)]
pub struct User {
    pub id: i64,
    pub email: String,
    pub name: Option<String>,
    pub age: i64,
}

#[derive(Debug)]
pub struct Post {
    pub id: i64,
    pub title: String,
    pub content: Option<String>,
    pub views: i64,
    pub author_id: i64,
}

impl FromRow<'_, SqliteRow> for User {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self { id: row.try_get(0)?, email: row.try_get(1)?, name: row.try_get(2)?, age: row.try_get(3)? })
    }
}

impl FromRow<'_, SqliteRow> for Post {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get(0)?,
            title: row.try_get(1)?,
            content: row.try_get(2)?,
            views: row.try_get(3)?,
            author_id: row.try_get(4)?,
        })
    }
}

const BY_ID: &str = "SELECT id, email, name, age FROM User WHERE id = ?";
const FIRST: &str = "SELECT id, email, name, age FROM User ORDER BY id LIMIT ?";
const USERS: &str = "SELECT id, email, name, age FROM User";
const INSERT_USER: &str = "INSERT INTO User (email, name, age) VALUES (?, ?, ?) RETURNING id, email, name, age";
const INSERT_POSTS: &str = "INSERT INTO Post (title, content, authorId) VALUES (?, ?, ?), (?, ?, ?), (?, ?, ?), (?, ?, ?), (?, ?, ?), \
     (?, ?, ?), (?, ?, ?), (?, ?, ?), (?, ?, ?), (?, ?, ?)";

pub mod with_sqlx {
    use super::*;

    pub async fn find_by_id(pool: &SqlitePool, id: i64) -> Option<User> {
        sqlx::query_as(BY_ID).bind(id).fetch_optional(pool).await.unwrap()
    }

    pub async fn find_many(pool: &SqlitePool, limit: i64) -> Vec<User> {
        sqlx::query_as(FIRST).bind(limit).fetch_all(pool).await.unwrap()
    }

    /// Two statements, children grouped by position: the users come in the order of their ids.
    pub async fn users_with_posts(pool: &SqlitePool) -> Vec<(User, Vec<Post>)> {
        let mut connection = pool.acquire().await.unwrap();
        let users: Vec<User> = sqlx::query_as(USERS).fetch_all(&mut *connection).await.unwrap();
        let mut sql = String::from("SELECT id, title, content, views, authorId FROM Post WHERE authorId IN (");
        for i in 0..users.len() {
            sql.push_str(if i == 0 { "?" } else { ", ?" });
        }
        sql.push(')');
        let mut query = sqlx::query_as::<_, Post>(sqlx::AssertSqlSafe(sql));
        for user in &users {
            query = query.bind(user.id);
        }
        let posts = query.fetch_all(&mut *connection).await.unwrap();
        group(users, posts)
    }

    pub async fn create(pool: &SqlitePool, email: &str) -> User {
        sqlx::query_as(INSERT_USER).bind(email).bind("Name").bind(30).fetch_one(pool).await.unwrap()
    }

    pub async fn create_with_posts(pool: &SqlitePool, email: &str) -> User {
        let mut tx = pool.begin().await.unwrap();
        let user: User =
            sqlx::query_as(INSERT_USER).bind(email).bind("Name").bind(30).fetch_one(&mut *tx).await.unwrap();
        let mut query = sqlx::query(INSERT_POSTS);
        for i in 0..10 {
            query = query.bind(format!("Post {i}")).bind("Lorem ipsum").bind(user.id);
        }
        query.execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        user
    }
}

pub mod with_rusqlite {
    use super::*;
    use rusqlite::{Connection, Row, params};

    fn user(row: &Row<'_>) -> rusqlite::Result<User> {
        Ok(User { id: row.get(0)?, email: row.get(1)?, name: row.get(2)?, age: row.get(3)? })
    }

    fn post(row: &Row<'_>) -> rusqlite::Result<Post> {
        Ok(Post {
            id: row.get(0)?,
            title: row.get(1)?,
            content: row.get(2)?,
            views: row.get(3)?,
            author_id: row.get(4)?,
        })
    }

    pub fn find_by_id(connection: &Connection, id: i64) -> Option<User> {
        connection.prepare_cached(BY_ID).unwrap().query_row([id], user).ok()
    }

    pub fn find_many(connection: &Connection, limit: i64) -> Vec<User> {
        let mut statement = connection.prepare_cached(FIRST).unwrap();
        statement.query_map([limit], user).unwrap().collect::<Result<_, _>>().unwrap()
    }

    pub fn users_with_posts(connection: &Connection) -> Vec<(User, Vec<Post>)> {
        let mut statement = connection.prepare_cached(USERS).unwrap();
        let users: Vec<User> = statement.query_map([], user).unwrap().collect::<Result<_, _>>().unwrap();
        let marks = vec!["?"; users.len()].join(", ");
        let sql = format!("SELECT id, title, content, views, authorId FROM Post WHERE authorId IN ({marks})");
        let mut statement = connection.prepare_cached(&sql).unwrap();
        let ids = rusqlite::params_from_iter(users.iter().map(|u| u.id));
        let posts = statement.query_map(ids, post).unwrap().collect::<Result<_, _>>().unwrap();
        group(users, posts)
    }

    pub fn create(connection: &Connection, email: &str) -> User {
        // To its end: a statement that is left at its row keeps SQLite from checkpointing.
        connection.prepare_cached(INSERT_USER).unwrap().query_one(params![email, "Name", 30], user).unwrap()
    }

    pub fn create_with_posts(connection: &Connection, email: &str) -> User {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let user = create(connection, email);
        let mut statement = connection.prepare_cached(INSERT_POSTS).unwrap();
        for i in 0..10 {
            statement.raw_bind_parameter(i * 3 + 1, format!("Post {i}")).unwrap();
            statement.raw_bind_parameter(i * 3 + 2, "Lorem ipsum").unwrap();
            statement.raw_bind_parameter(i * 3 + 3, user.id).unwrap();
        }
        statement.raw_execute().unwrap();
        drop(statement);
        connection.execute_batch("COMMIT").unwrap();
        user
    }
}

/// Users in the order of their ids, 1 and up, each with its posts.
fn group(users: Vec<User>, posts: Vec<Post>) -> Vec<(User, Vec<Post>)> {
    let mut grouped: Vec<(User, Vec<Post>)> = users.into_iter().map(|u| (u, Vec::new())).collect();
    for post in posts {
        grouped[post.author_id as usize - 1].1.push(post);
    }
    grouped
}
