//! sqlx by hand, for the database of the module that this stands in.

use sqlx::{FromRow, Row as _};

use super::{Connection, Pool, Row, children};
use crate::data::{Comment, Deep, Group, Post, User, WithPosts, group, new_posts};
use crate::sql;
use crate::task::{AGE, NAME, Peer};

pub struct Sqlx(pub Pool);

impl FromRow<'_, Row> for User {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { id: row.try_get(0)?, email: row.try_get(1)?, name: row.try_get(2)?, age: row.try_get(3)? })
    }
}

impl FromRow<'_, Row> for Post {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get(0)?,
            title: row.try_get(1)?,
            content: row.try_get(2)?,
            views: row.try_get(3)?,
            author_id: row.try_get(4)?,
        })
    }
}

impl FromRow<'_, Row> for Comment {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { id: row.try_get(0)?, body: row.try_get(1)?, post_id: row.try_get(2)? })
    }
}

impl Sqlx {
    async fn insert_on(connection: &mut Connection, email: String) -> User {
        sqlx::query_as(sql::INSERT).bind(email).bind(NAME).bind(AGE).fetch_one(connection).await.unwrap()
    }
}

impl Peer for Sqlx {
    type User = User;
    type WithPosts = WithPosts;
    type Deep = Deep;

    async fn find_by_id(&self, id: i32) -> Option<User> {
        sqlx::query_as(sql::BY_ID).bind(id).fetch_optional(&self.0).await.unwrap()
    }

    async fn find_by_email(&self, email: &str) -> Option<User> {
        sqlx::query_as(sql::BY_EMAIL).bind(email).fetch_optional(&self.0).await.unwrap()
    }

    async fn ten_rows(&self, age: i32) -> Vec<User> {
        sqlx::query_as(sql::TEN).bind(age).fetch_all(&self.0).await.unwrap()
    }

    async fn load(&self) -> Vec<User> {
        sqlx::query_as(sql::LOAD).fetch_all(&self.0).await.unwrap()
    }

    async fn with_posts(&self, up_to: i32) -> Vec<WithPosts> {
        let mut connection = self.0.acquire().await.unwrap();
        let users: Vec<User> = sqlx::query_as(sql::UP_TO).bind(up_to).fetch_all(&mut *connection).await.unwrap();
        let posts = children::posts(&mut connection, users.iter().map(|u| u.id).collect()).await;
        group(users, posts, |u| u.id, |p| p.author_id)
    }

    async fn deep(&self, up_to: i32) -> Vec<Deep> {
        let mut connection = self.0.acquire().await.unwrap();
        let users: Vec<User> = sqlx::query_as(sql::UP_TO).bind(up_to).fetch_all(&mut *connection).await.unwrap();
        let posts = children::last_posts(&mut connection, users.iter().map(|u| u.id).collect()).await;
        let comments = children::first_comments(&mut connection, posts.iter().map(|p| p.id).collect()).await;
        group(users, group(posts, comments, |p| p.id, |c| c.post_id), |u| u.id, |p| p.0.author_id)
    }

    async fn having_post(&self, views: i32) -> Vec<User> {
        sqlx::query_as(sql::HAVING_POST).bind(views).fetch_all(&self.0).await.unwrap()
    }

    async fn count(&self, age: i32) -> i64 {
        sqlx::query_scalar(sql::COUNT).bind(age).fetch_one(&self.0).await.unwrap()
    }

    async fn group_by_age(&self) -> Vec<Group> {
        sqlx::query_as(sql::GROUP).fetch_all(&self.0).await.unwrap()
    }

    async fn update(&self, id: i32, age: i32) -> User {
        sqlx::query_as(sql::UPDATE).bind(age).bind(id).fetch_one(&self.0).await.unwrap()
    }

    async fn upsert(&self, email: String, age: i32) -> User {
        sqlx::query_as(sql::UPSERT).bind(email).bind(NAME).bind(age).fetch_one(&self.0).await.unwrap()
    }

    async fn insert(&self, email: String) -> User {
        Self::insert_on(&mut *self.0.acquire().await.unwrap(), email).await
    }

    async fn create(&self, email: String) -> User {
        let mut tx = self.0.begin().await.unwrap();
        let user = Self::insert_on(&mut tx, email).await;
        let mut query = sqlx::query(&**sql::INSERT_POSTS);
        for (title, content) in new_posts() {
            query = query.bind(title).bind(content).bind(user.id);
        }
        query.execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        user
    }
}
