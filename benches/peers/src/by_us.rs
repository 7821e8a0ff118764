//! This library, for the provider of the module that this stands in.

use prisma_client::{Load, NotIncluded, count};

use super::{Comment, Post, User};
use super::{PrismaClient, comment, post, user};
use crate::data::{self, Group, TAKE_COMMENTS, TAKE_POSTS, new_posts};
use crate::plain::Plain;
use crate::task::{AGE, NAME, Note, Peer, Task};

pub struct Us {
    pub db: PrismaClient,
    /// How relations are read; `None` is what the client thinks best.
    load: Option<Load>,
}

type WithPosts = User<Vec<Post>>;
type PostWithComments = Post<NotIncluded, Vec<Comment>>;
type Deep = User<Vec<PostWithComments>>;

crate::plain!(User, Post, Comment);

impl Plain for PostWithComments {
    type Out = (data::Post, Vec<data::Comment>);
    fn plain(self) -> Self::Out {
        let Self { id, title, content, views, author_id, comments, .. } = self;
        (data::Post { id, title, content, views, author_id }, comments.plain())
    }
}

impl Plain for WithPosts {
    type Out = data::WithPosts;
    fn plain(self) -> Self::Out {
        (data::User { id: self.id, email: self.email, name: self.name, age: self.age }, self.posts.plain())
    }
}

impl Plain for Deep {
    type Out = data::Deep;
    fn plain(self) -> Self::Out {
        (data::User { id: self.id, email: self.email, name: self.name, age: self.age }, self.posts.plain())
    }
}

impl Us {
    pub async fn connect(url: &str, load: Option<Load>) -> Self {
        let builder = PrismaClient::builder().url(url).max_connections(super::POOL as u32);
        let builder = match load {
            Some(load) => builder.load(load),
            None => builder,
        };
        Self { db: builder.connect().await.unwrap(), load }
    }
}

impl Peer for Us {
    type User = User;
    type WithPosts = WithPosts;
    type Deep = Deep;

    fn note(&self, task: Task) -> Option<Note> {
        let is_include = matches!(task, Task::Include | Task::IncludeTen | Task::Deep);
        (self.load.is_some() && !is_include).then_some(Note::Same)
    }

    async fn find_by_id(&self, id: i32) -> Option<User> {
        self.db.user().find_unique(user::id.eq(id)).await.unwrap()
    }

    async fn find_by_email(&self, email: &str) -> Option<User> {
        self.db.user().find_unique(user::email.eq(email)).await.unwrap()
    }

    async fn ten_rows(&self, age: i32) -> Vec<User> {
        self.db.user().find_many().filter(user::age.gte(age)).order_by(user::id.asc()).take(10).await.unwrap()
    }

    async fn load(&self) -> Vec<User> {
        self.db.user().find_many().await.unwrap()
    }

    async fn with_posts(&self, up_to: i32) -> Vec<WithPosts> {
        let users = self.db.user().find_many().filter(user::id.lte(up_to)).order_by(user::id.asc());
        users.include(user::posts).await.unwrap()
    }

    async fn deep(&self, up_to: i32) -> Vec<Deep> {
        let comments = post::comments.order_by(comment::id.asc()).take(TAKE_COMMENTS as i64);
        let posts = user::posts.order_by(post::id.desc()).take(TAKE_POSTS as i64).include(comments);
        let users = self.db.user().find_many().filter(user::id.lte(up_to)).order_by(user::id.asc());
        users.include(posts).await.unwrap()
    }

    async fn having_post(&self, views: i32) -> Vec<User> {
        let users = self.db.user().find_many().filter(user::posts.some(post::views.gte(views)));
        users.order_by(user::id.asc()).await.unwrap()
    }

    async fn count(&self, age: i32) -> i64 {
        self.db.user().count().filter(user::age.lt(age)).await.unwrap()
    }

    async fn group_by_age(&self) -> Vec<Group> {
        let groups = self.db.user().group_by(user::age).aggregate((count(), user::id.max())).order_by(user::age.asc());
        groups.await.unwrap().into_iter().map(|(age, (count, last))| (age, count, last)).collect()
    }

    async fn update(&self, id: i32, age: i32) -> User {
        self.db.user().update(user::id.eq(id), user::age.set(age)).await.unwrap()
    }

    async fn upsert(&self, email: String, age: i32) -> User {
        let create = user::create().email(email.clone()).name(NAME).age(age);
        self.db.user().upsert(user::email.eq(email), create, user::age.set(age)).await.unwrap()
    }

    async fn insert(&self, email: String) -> User {
        self.db.user().create(user::create().email(email).name(NAME).age(AGE)).await.unwrap()
    }

    async fn create(&self, email: String) -> User {
        let posts = new_posts().map(|(title, content)| post::create().title(title).content(content));
        let user = user::create().email(email).name(NAME).age(AGE).posts(posts.collect::<Vec<_>>());
        self.db.user().create(user).await.unwrap()
    }
}
