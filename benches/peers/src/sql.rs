//! The SQL of those who write it by hand. SQLite takes `$1` too, as names: parameters stand in their order.

use std::sync::LazyLock;

use crate::data::{AUTHORS, POSTS, USERS};

pub const BY_ID: &str = "SELECT id, email, name, age FROM users WHERE id = $1";
pub const BY_EMAIL: &str = "SELECT id, email, name, age FROM users WHERE email = $1";
pub const TEN: &str = "SELECT id, email, name, age FROM users WHERE age >= $1 ORDER BY id LIMIT 10";
pub const LOAD: &str = "SELECT id, email, name, age FROM users";
pub const UP_TO: &str = "SELECT id, email, name, age FROM users WHERE id <= $1 ORDER BY id";
pub const HAVING_POST: &str = "SELECT id, email, name, age FROM users
    WHERE id IN (SELECT author_id FROM posts WHERE views >= $1) ORDER BY id";
pub const COUNT: &str = "SELECT count(*) FROM users WHERE age < $1";
pub const GROUP: &str = "SELECT age, count(*), max(id) FROM users GROUP BY age ORDER BY age";
pub const UPDATE: &str = "UPDATE users SET age = $1 WHERE id = $2 RETURNING id, email, name, age";
pub const UPSERT: &str = "INSERT INTO users (email, name, age) VALUES ($1, $2, $3)
    ON CONFLICT (email) DO UPDATE SET age = excluded.age RETURNING id, email, name, age";
pub const INSERT: &str = "INSERT INTO users (email, name, age) VALUES ($1, $2, $3) RETURNING id, email, name, age";
pub static INSERT_POSTS: LazyLock<String> = LazyLock::new(|| {
    let rows: Vec<_> = (0..POSTS).map(|i| format!("(${}, ${}, ${})", i * 3 + 1, i * 3 + 2, i * 3 + 3)).collect();
    format!("INSERT INTO posts (title, content, author_id) VALUES {}", rows.join(", "))
});

/// The posts of so many authors, for SQLite: a parameter each.
pub fn posts_of(authors: usize) -> String {
    format!("SELECT id, title, content, views, author_id FROM posts WHERE author_id IN ({})", marks(authors))
}

/// Some posts of each author, the last first, for SQLite.
pub fn last_posts_of(authors: usize, take: usize) -> String {
    format!(
        "SELECT id, title, content, views, author_id FROM (SELECT *, row_number() OVER (PARTITION BY author_id ORDER BY id DESC) AS n
         FROM posts WHERE author_id IN ({})) WHERE n <= {take} ORDER BY author_id, n",
        marks(authors)
    )
}

/// Some comments of each post, the first first, for SQLite.
pub fn first_comments_of(posts: usize, take: usize) -> String {
    format!(
        "SELECT id, body, post_id FROM (SELECT *, row_number() OVER (PARTITION BY post_id ORDER BY id) AS n
         FROM comments WHERE post_id IN ({})) WHERE n <= {take} ORDER BY post_id, n",
        marks(posts)
    )
}

fn marks(count: usize) -> String {
    (1..=count).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ")
}

/// The same for PostgreSQL, which takes an array.
pub mod arrays {
    pub const POSTS: &str = "SELECT id, title, content, views, author_id FROM posts WHERE author_id = ANY($1)";
    pub const LAST_POSTS: &str = "SELECT p.* FROM unnest($1::int[]) a(id) CROSS JOIN LATERAL
        (SELECT id, title, content, views, author_id FROM posts WHERE author_id = a.id ORDER BY id DESC LIMIT $2) p";
    pub const FIRST_COMMENTS: &str = "SELECT c.* FROM unnest($1::int[]) p(id) CROSS JOIN LATERAL
        (SELECT id, body, post_id FROM comments WHERE post_id = p.id ORDER BY id LIMIT $2) c";
}

/// Takes out what tasks have added, and puts the ages back.
pub fn restore() -> String {
    format!(
        "DELETE FROM posts WHERE id > {}; DELETE FROM users WHERE id > {USERS}; UPDATE users SET age = id % 90 WHERE age <> id % 90",
        AUTHORS * POSTS
    )
}
