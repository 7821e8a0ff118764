//! What is in the databases, and the records that all answers are compared as.

/// Users, with ids from 1.
pub const USERS: i32 = 10_000;
/// The first so many of them have [`POSTS`] posts each.
pub const AUTHORS: i32 = 1_000;
/// Posts of each author.
pub const POSTS: i32 = 10;
/// The first so many posts have [`COMMENTS`] comments each.
pub const DISCUSSED: i32 = 1_000;
/// Comments of each of these.
pub const COMMENTS: i32 = 5;

/// In the three-level include: posts for a user.
pub const TAKE_POSTS: usize = 3;
/// In the three-level include: comments for a post.
pub const TAKE_COMMENTS: usize = 2;

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: i32,
    pub email: String,
    pub name: Option<String>,
    pub age: i32,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub id: i32,
    pub title: String,
    pub content: Option<String>,
    pub views: i32,
    pub author_id: i32,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: i32,
    pub body: String,
    pub post_id: i32,
}

/// A user and all of its posts.
pub type WithPosts = (User, Vec<Post>);
/// A user and some of its posts with some of their comments.
pub type Deep = (User, Vec<(Post, Vec<Comment>)>);
/// An age, how many have it, and the last of them.
pub type Group = (i32, i64, Option<i32>);

impl User {
    /// The user with this id, as it is at first.
    pub fn seed(id: i32) -> Self {
        Self { id, email: email(id), name: (id % 7 != 0).then(|| format!("User {id}")), age: id % 90 }
    }
}

impl Post {
    /// The post with this id, as it is at first.
    pub fn seed(id: i32) -> Self {
        let content = (id % 5 != 0).then(|| "Lorem ipsum dolor sit amet, consectetur adipiscing elit".to_owned());
        Self { id, title: format!("Post {id}"), content, views: id * 37 % 1000, author_id: (id - 1) / POSTS + 1 }
    }
}

impl Comment {
    /// The comment with this id.
    pub fn seed(id: i32) -> Self {
        Self { id, body: format!("Comment {id}"), post_id: (id - 1) / COMMENTS + 1 }
    }
}

/// The address of a user.
pub fn email(id: i32) -> String {
    format!("user{id}@example.com")
}

/// Titles and contents of the posts that a new user gets.
pub fn new_posts() -> impl Iterator<Item = (String, String)> {
    (0..POSTS).map(|i| (format!("New post {i}"), "Lorem ipsum dolor sit amet".to_owned()))
}

/// Puts children with their parents, by their keys; those of a parent mostly stand together.
pub fn group<P, C>(parents: Vec<P>, children: Vec<C>, key: fn(&P) -> i32, of: fn(&C) -> i32) -> Vec<(P, Vec<C>)> {
    let places: std::collections::HashMap<i32, usize> = parents.iter().enumerate().map(|(i, p)| (key(p), i)).collect();
    let mut grouped: Vec<(P, Vec<C>)> = parents.into_iter().map(|p| (p, Vec::new())).collect();
    let (mut last, mut place) = (None, 0);
    for child in children {
        let parent = of(&child);
        if last != Some(parent) {
            (last, place) = (Some(parent), places[&parent]);
        }
        grouped[place].1.push(child);
    }
    grouped
}
