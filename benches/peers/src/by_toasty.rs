//! Toasty, on either database.

use toasty::{Db, Deferred};

use crate::data::{Group, TAKE_COMMENTS, TAKE_POSTS, new_posts};
use crate::plain::Plain;
use crate::task::{AGE, NAME, Note, Peer, Task};
use crate::{POOL, data};

#[derive(Debug, toasty::Model)]
#[table = "users"]
pub struct User {
    #[key]
    #[auto]
    id: i32,
    #[unique]
    email: String,
    name: Option<String>,
    age: i32,
    #[has_many(pair = author)]
    posts: Deferred<Vec<Post>>,
}

#[derive(Debug, toasty::Model)]
#[table = "posts"]
pub struct Post {
    #[key]
    #[auto]
    id: i32,
    title: String,
    content: Option<String>,
    #[default(0)]
    views: i32,
    #[index]
    author_id: i32,
    #[belongs_to(key = author_id, references = id)]
    author: Deferred<User>,
    #[has_many]
    comments: Deferred<Vec<Comment>>,
}

#[derive(Debug, toasty::Model)]
#[table = "comments"]
pub struct Comment {
    #[key]
    #[auto]
    id: i32,
    body: String,
    #[index]
    post_id: i32,
    #[belongs_to(key = post_id, references = id)]
    post: Deferred<Post>,
}

crate::plain!(User, Post, Comment);

/// A user whose posts are loaded.
pub struct WithPosts(User);

impl Plain for WithPosts {
    type Out = data::WithPosts;
    fn plain(mut self) -> Self::Out {
        let posts = std::mem::take(&mut self.0.posts).into_inner();
        (self.0.plain(), posts.plain())
    }
}

pub struct Toasty(Db);

impl Toasty {
    /// `setup` is run on each connection of the pool.
    pub async fn connect(url: &str, setup: &[&str]) -> Self {
        let mut builder = Db::builder();
        builder.models(toasty::models!(User, Post, Comment)).max_pool_size(POOL).pool_health_check_interval(None);
        let db = builder.connect(url).await.unwrap();
        let mut all = Vec::new();
        for _ in 0..POOL {
            let mut connection = db.connection().await.unwrap();
            for sql in setup {
                toasty::sql::statement(*sql).exec(&mut connection).await.unwrap();
            }
            all.push(connection);
        }
        Self(db)
    }

    fn db(&self) -> Db {
        self.0.clone()
    }
}

impl Peer for Toasty {
    type User = User;
    type WithPosts = WithPosts;
    type Deep = (User, Vec<(Post, Vec<Comment>)>);

    fn note(&self, task: Task) -> Option<Note> {
        match task {
            Task::Deep => Some(Note::How(
                "Toasty has no limit for an include: it loads all children, and the program keeps the first",
            )),
            Task::GroupBy => Some(Note::Cannot("Toasty has no `GROUP BY`")),
            Task::Update => Some(Note::How("Toasty's update of a record needs the record: it is read first")),
            _ => None,
        }
    }

    async fn find_by_id(&self, id: i32) -> Option<User> {
        User::get_by_id(&mut self.db(), id).await.ok()
    }

    async fn find_by_email(&self, email: &str) -> Option<User> {
        User::get_by_email(&mut self.db(), email).await.ok()
    }

    async fn ten_rows(&self, age: i32) -> Vec<User> {
        let users = User::filter(User::fields().age().ge(age)).order_by(User::fields().id().asc());
        users.limit(10).exec(&mut self.db()).await.unwrap()
    }

    async fn load(&self) -> Vec<User> {
        User::all().exec(&mut self.db()).await.unwrap()
    }

    async fn with_posts(&self, up_to: i32) -> Vec<WithPosts> {
        let users = User::filter(User::fields().id().le(up_to)).order_by(User::fields().id().asc());
        let users = users.include(User::fields().posts()).exec(&mut self.db()).await.unwrap();
        users.into_iter().map(WithPosts).collect()
    }

    async fn deep(&self, up_to: i32) -> Vec<Self::Deep> {
        let users = User::filter(User::fields().id().le(up_to)).order_by(User::fields().id().asc());
        let users = users.include(User::fields().posts().comments()).exec(&mut self.db()).await.unwrap();
        let of_user = |mut user: User| {
            let mut posts = std::mem::take(&mut user.posts).into_inner();
            posts.sort_by_key(|p| std::cmp::Reverse(p.id));
            posts.truncate(TAKE_POSTS);
            let of_post = |mut post: Post| {
                let mut comments = std::mem::take(&mut post.comments).into_inner();
                comments.sort_by_key(|c| c.id);
                comments.truncate(TAKE_COMMENTS);
                (post, comments)
            };
            (user, posts.into_iter().map(of_post).collect())
        };
        users.into_iter().map(of_user).collect()
    }

    async fn having_post(&self, views: i32) -> Vec<User> {
        let users = User::filter(User::fields().posts().any(Post::fields().views().ge(views)));
        users.order_by(User::fields().id().asc()).exec(&mut self.db()).await.unwrap()
    }

    async fn count(&self, age: i32) -> i64 {
        User::filter(User::fields().age().lt(age)).count().exec(&mut self.db()).await.unwrap() as i64
    }

    async fn group_by_age(&self) -> Vec<Group> {
        unreachable!("its note says so")
    }

    async fn update(&self, id: i32, age: i32) -> User {
        let mut user = User::get_by_id(&mut self.db(), id).await.unwrap();
        user.update().age(age).exec(&mut self.db()).await.unwrap();
        user
    }

    async fn upsert(&self, email: String, age: i32) -> User {
        let upsert = User::upsert_by_email(email).age(age).on_create(|user| user.name(NAME));
        upsert.exec(&mut self.db()).await.unwrap()
    }

    async fn insert(&self, email: String) -> User {
        toasty::create!(User { email: email, name: NAME, age: AGE }).exec(&mut self.db()).await.unwrap()
    }

    async fn create(&self, email: String) -> User {
        let posts: Vec<_> = new_posts().map(|(title, content)| Post::create().title(title).content(content)).collect();
        User::create().email(email).name(NAME).age(AGE).posts(posts).exec(&mut self.db()).await.unwrap()
    }
}
