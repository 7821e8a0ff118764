//! Diesel's view of the tables.

use diesel::prelude::*;

use crate::data;

diesel::table! {
    users {
        id -> Integer,
        email -> Text,
        name -> Nullable<Text>,
        age -> Integer,
    }
}

diesel::table! {
    posts {
        id -> Integer,
        title -> Text,
        content -> Nullable<Text>,
        views -> Integer,
        author_id -> Integer,
    }
}

diesel::table! {
    comments {
        id -> Integer,
        body -> Text,
        post_id -> Integer,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, posts, comments);

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = users)]
pub struct User {
    pub id: i32,
    pub email: String,
    pub name: Option<String>,
    pub age: i32,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(User, foreign_key = author_id))]
pub struct Post {
    pub id: i32,
    pub title: String,
    pub content: Option<String>,
    pub views: i32,
    pub author_id: i32,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = comments, belongs_to(Post, foreign_key = post_id))]
pub struct Comment {
    pub id: i32,
    pub body: String,
    pub post_id: i32,
}

crate::plain!(User, Post, Comment);

#[derive(Insertable)]
#[diesel(table_name = users)]
pub struct NewUser {
    pub email: String,
    pub name: &'static str,
    pub age: i32,
}

#[derive(Insertable)]
#[diesel(table_name = posts)]
pub struct NewPost {
    pub title: String,
    pub content: String,
    pub author_id: i32,
}

impl NewUser {
    /// A new user with this address.
    pub fn of(email: String, age: i32) -> Self {
        Self { email, name: crate::task::NAME, age }
    }
}

/// The posts of a new user.
pub fn posts_of(author_id: i32) -> Vec<NewPost> {
    data::new_posts().map(|(title, content)| NewPost { title, content, author_id }).collect()
}
