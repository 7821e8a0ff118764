//! rusqlite by hand: the floor. One connection, called where it stands; for many tasks, five of them and a queue.

use std::path::Path;
use std::sync::Mutex;

use rusqlite::{Connection, Row, params, params_from_iter};
use tokio::sync::Semaphore;

use crate::data::{Comment, Deep, Group, Post, TAKE_COMMENTS, TAKE_POSTS, User, WithPosts, group, new_posts};
use crate::sql;
use crate::task::{AGE, NAME, Peer};

pub struct Rusqlite {
    connection: Mutex<Connection>,
    pool: Mutex<Vec<Connection>>,
    free: Semaphore,
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, email: row.get(1)?, name: row.get(2)?, age: row.get(3)? })
}

fn post(row: &Row<'_>) -> rusqlite::Result<Post> {
    Ok(Post { id: row.get(0)?, title: row.get(1)?, content: row.get(2)?, views: row.get(3)?, author_id: row.get(4)? })
}

fn comment(row: &Row<'_>) -> rusqlite::Result<Comment> {
    Ok(Comment { id: row.get(0)?, body: row.get(1)?, post_id: row.get(2)? })
}

impl Rusqlite {
    pub fn open(path: &Path) -> Self {
        let open = || {
            let connection = Connection::open(path).unwrap();
            connection.execute_batch(super::PRAGMAS).unwrap();
            connection.set_prepared_statement_cache_capacity(100);
            connection
        };
        let pool = (0..super::POOL).map(|_| open()).collect();
        Self { connection: Mutex::new(open()), pool: Mutex::new(pool), free: Semaphore::new(super::POOL) }
    }

    /// What is in the database of this user.
    pub fn written(&self, email: &str) -> Option<WithPosts> {
        let found = self.one(sql::BY_EMAIL, email)?;
        let connection = self.connection.lock().unwrap();
        let posts = all(&connection, &sql::posts_of(1), [found.id], post);
        Some((found, posts))
    }

    fn one(&self, sql: &str, key: impl rusqlite::ToSql) -> Option<User> {
        one(&self.connection.lock().unwrap(), sql, key)
    }

    fn all<T>(&self, sql: &str, params: impl rusqlite::Params, read: fn(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        all(&self.connection.lock().unwrap(), sql, params, read)
    }
}

fn one(connection: &Connection, sql: &str, key: impl rusqlite::ToSql) -> Option<User> {
    use rusqlite::OptionalExtension;
    connection.prepare_cached(sql).unwrap().query_one([key], user).optional().unwrap()
}

fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    connection.prepare_cached(sql).unwrap().query_map(params, read).unwrap().collect::<Result<_, _>>().unwrap()
}

/// To its end: a statement that is left at its row keeps SQLite from checkpointing.
fn write(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> User {
    connection.prepare_cached(sql).unwrap().query_one(params, user).unwrap()
}

impl Peer for Rusqlite {
    type User = User;
    type WithPosts = WithPosts;
    type Deep = Deep;

    async fn find_by_id(&self, id: i32) -> Option<User> {
        self.one(sql::BY_ID, id)
    }

    async fn find_pooled(&self, id: i32) -> Option<User> {
        let _permit = self.free.acquire().await.unwrap();
        let connection = self.pool.lock().unwrap().pop().unwrap();
        let found = one(&connection, sql::BY_ID, id);
        self.pool.lock().unwrap().push(connection);
        found
    }

    async fn find_by_email(&self, email: &str) -> Option<User> {
        self.one(sql::BY_EMAIL, email)
    }

    async fn ten_rows(&self, age: i32) -> Vec<User> {
        self.all(sql::TEN, [age], user)
    }

    async fn load(&self) -> Vec<User> {
        self.all(sql::LOAD, [], user)
    }

    async fn with_posts(&self, up_to: i32) -> Vec<WithPosts> {
        let users = self.all(sql::UP_TO, [up_to], user);
        let posts = self.all(&sql::posts_of(users.len()), params_from_iter(users.iter().map(|u| u.id)), post);
        group(users, posts, |u| u.id, |p| p.author_id)
    }

    async fn deep(&self, up_to: i32) -> Vec<Deep> {
        let users = self.all(sql::UP_TO, [up_to], user);
        let keys = params_from_iter(users.iter().map(|u| u.id));
        let posts = self.all(&sql::last_posts_of(users.len(), TAKE_POSTS), keys, post);
        let keys = params_from_iter(posts.iter().map(|p| p.id));
        let comments = self.all(&sql::first_comments_of(posts.len(), TAKE_COMMENTS), keys, comment);
        group(users, group(posts, comments, |p| p.id, |c| c.post_id), |u| u.id, |p| p.0.author_id)
    }

    async fn having_post(&self, views: i32) -> Vec<User> {
        self.all(sql::HAVING_POST, [views], user)
    }

    async fn count(&self, age: i32) -> i64 {
        self.all(sql::COUNT, [age], |row| row.get(0))[0]
    }

    async fn group_by_age(&self) -> Vec<Group> {
        self.all(sql::GROUP, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    async fn update(&self, id: i32, age: i32) -> User {
        write(&self.connection.lock().unwrap(), sql::UPDATE, [age, id])
    }

    async fn upsert(&self, email: String, age: i32) -> User {
        write(&self.connection.lock().unwrap(), sql::UPSERT, params![email, NAME, age])
    }

    async fn insert(&self, email: String) -> User {
        write(&self.connection.lock().unwrap(), sql::INSERT, params![email, NAME, AGE])
    }

    async fn create(&self, email: String) -> User {
        let connection = self.connection.lock().unwrap();
        connection.prepare_cached("BEGIN IMMEDIATE").unwrap().execute([]).unwrap();
        let user = write(&connection, sql::INSERT, params![email, NAME, AGE]);
        let mut statement = connection.prepare_cached(&sql::INSERT_POSTS).unwrap();
        for (i, (title, content)) in new_posts().enumerate() {
            statement.raw_bind_parameter(i * 3 + 1, title).unwrap();
            statement.raw_bind_parameter(i * 3 + 2, content).unwrap();
            statement.raw_bind_parameter(i * 3 + 3, user.id).unwrap();
        }
        statement.raw_execute().unwrap();
        connection.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
        user
    }
}
