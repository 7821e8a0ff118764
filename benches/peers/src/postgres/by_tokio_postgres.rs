//! tokio-postgres by hand, on deadpool's pool: the floor.

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod};
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Row};

use crate::data::{Comment, Deep, Group, Post, TAKE_COMMENTS, TAKE_POSTS, User, WithPosts, group, new_posts};
use crate::sql::{self, arrays};
use crate::task::{AGE, NAME, Peer};

pub struct TokioPostgres {
    pool: Pool,
}

fn user(row: &Row) -> User {
    User { id: row.get(0), email: row.get(1), name: row.get(2), age: row.get(3) }
}

fn post(row: &Row) -> Post {
    Post { id: row.get(0), title: row.get(1), content: row.get(2), views: row.get(3), author_id: row.get(4) }
}

fn comment(row: &Row) -> Comment {
    Comment { id: row.get(0), body: row.get(1), post_id: row.get(2) }
}

type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

async fn all<T>(client: &Client, sql: &str, params: Params<'_>, read: fn(&Row) -> T) -> Vec<T> {
    let statement = client.prepare_cached(sql).await.unwrap();
    client.query(&statement, params).await.unwrap().iter().map(read).collect()
}

impl TokioPostgres {
    pub fn connect(url: &str) -> Self {
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(url.parse().unwrap(), NoTls, manager);
        Self { pool: Pool::builder(manager).max_size(super::POOL).build().unwrap() }
    }

    /// What is in the database of this user.
    pub async fn written(&self, email: &str) -> Option<WithPosts> {
        let client = self.pool.get().await.unwrap();
        let user = all(&client, sql::BY_EMAIL, &[&email], user).await.pop()?;
        let posts = all(&client, arrays::POSTS, &[&vec![user.id]], post).await;
        Some((user, posts))
    }

    async fn one(&self, sql: &str, params: Params<'_>) -> Option<User> {
        let client = self.pool.get().await.unwrap();
        let statement = client.prepare_cached(sql).await.unwrap();
        client.query_opt(&statement, params).await.unwrap().as_ref().map(user)
    }

    async fn users(&self, sql: &str, params: Params<'_>) -> Vec<User> {
        all(&self.pool.get().await.unwrap(), sql, params, user).await
    }
}

impl Peer for TokioPostgres {
    type User = User;
    type WithPosts = WithPosts;
    type Deep = Deep;

    async fn find_by_id(&self, id: i32) -> Option<User> {
        self.one(sql::BY_ID, &[&id]).await
    }

    async fn find_by_email(&self, email: &str) -> Option<User> {
        self.one(sql::BY_EMAIL, &[&email]).await
    }

    async fn ten_rows(&self, age: i32) -> Vec<User> {
        self.users(sql::TEN, &[&age]).await
    }

    async fn load(&self) -> Vec<User> {
        self.users(sql::LOAD, &[]).await
    }

    async fn with_posts(&self, up_to: i32) -> Vec<WithPosts> {
        let client = self.pool.get().await.unwrap();
        let users = all(&client, sql::UP_TO, &[&up_to], user).await;
        let keys: Vec<i32> = users.iter().map(|u| u.id).collect();
        let posts = all(&client, arrays::POSTS, &[&keys], post).await;
        group(users, posts, |u| u.id, |p| p.author_id)
    }

    async fn deep(&self, up_to: i32) -> Vec<Deep> {
        let client = self.pool.get().await.unwrap();
        let users = all(&client, sql::UP_TO, &[&up_to], user).await;
        let keys: Vec<i32> = users.iter().map(|u| u.id).collect();
        let posts = all(&client, arrays::LAST_POSTS, &[&keys, &(TAKE_POSTS as i64)], post).await;
        let keys: Vec<i32> = posts.iter().map(|p| p.id).collect();
        let comments = all(&client, arrays::FIRST_COMMENTS, &[&keys, &(TAKE_COMMENTS as i64)], comment).await;
        group(users, group(posts, comments, |p| p.id, |c| c.post_id), |u| u.id, |p| p.0.author_id)
    }

    async fn having_post(&self, views: i32) -> Vec<User> {
        self.users(sql::HAVING_POST, &[&views]).await
    }

    async fn count(&self, age: i32) -> i64 {
        all(&self.pool.get().await.unwrap(), sql::COUNT, &[&age], |row| row.get(0)).await[0]
    }

    async fn group_by_age(&self) -> Vec<Group> {
        let read = |row: &Row| (row.get(0), row.get(1), row.get(2));
        all(&self.pool.get().await.unwrap(), sql::GROUP, &[], read).await
    }

    async fn update(&self, id: i32, age: i32) -> User {
        self.one(sql::UPDATE, &[&age, &id]).await.unwrap()
    }

    async fn upsert(&self, email: String, age: i32) -> User {
        self.one(sql::UPSERT, &[&email, &NAME, &age]).await.unwrap()
    }

    async fn insert(&self, email: String) -> User {
        self.one(sql::INSERT, &[&email, &NAME, &AGE]).await.unwrap()
    }

    async fn create(&self, email: String) -> User {
        let mut client = self.pool.get().await.unwrap();
        let (insert, posts) =
            (client.prepare_cached(sql::INSERT).await, client.prepare_cached(&sql::INSERT_POSTS).await);
        let tx = client.transaction().await.unwrap();
        let row = tx.query_one(&insert.unwrap(), &[&email, &NAME, &AGE]).await.unwrap();
        let user = user(&row);
        let texts: Vec<_> = new_posts().collect();
        let params: Vec<&(dyn ToSql + Sync)> =
            texts.iter().flat_map(|(title, content)| [title as &(dyn ToSql + Sync), content, &user.id]).collect();
        tx.execute(&posts.unwrap(), &params).await.unwrap();
        tx.commit().await.unwrap();
        user
    }
}
