//! Diesel, for the connections of the module that this stands in: `wait!` there waits for them where they are asynchronous.

use diesel::dsl::{count_star, max};
use diesel::prelude::{BelongingToDsl, ExpressionMethods, GroupedBy, OptionalExtension, QueryDsl, SelectableHelper};
use diesel::upsert::excluded;

use super::{RunQueryDsl, create, spawn_find};
use crate::data::{Group, TAKE_COMMENTS, TAKE_POSTS};
use crate::diesel_schema::{Comment, NewUser, Post, User, comments, posts, users};
use crate::task::{AGE, Note, Peer, Task};

#[derive(Clone)]
pub struct Diesel(pub(super) super::Pool);

macro_rules! connection {
    ($self:ident) => {
        &mut *wait!($self.0.get()).unwrap()
    };
}

impl Peer for Diesel {
    type User = User;
    type WithPosts = (User, Vec<Post>);
    type Deep = (User, Vec<(Post, Vec<Comment>)>);

    fn note(&self, task: Task) -> Option<Note> {
        match task {
            Task::Deep => Some(Note::How(
                "Diesel has no limit for each parent: it loads all children, and the program keeps the first",
            )),
            Task::ManyTasks => super::MANY_TASKS,
            _ => None,
        }
    }

    async fn find_by_id(&self, id: i32) -> Option<User> {
        wait!(users::table.find(id).select(User::as_select()).get_result(connection!(self))).optional().unwrap()
    }

    async fn find_pooled(&self, id: i32) -> Option<User> {
        spawn_find(self, id).await
    }

    async fn find_by_email(&self, email: &str) -> Option<User> {
        let user = users::table.filter(users::email.eq(email)).select(User::as_select());
        wait!(user.get_result(connection!(self))).optional().unwrap()
    }

    async fn ten_rows(&self, age: i32) -> Vec<User> {
        let users = users::table.filter(users::age.ge(age)).order(users::id).limit(10).select(User::as_select());
        wait!(users.load(connection!(self))).unwrap()
    }

    async fn load(&self) -> Vec<User> {
        wait!(users::table.select(User::as_select()).load(connection!(self))).unwrap()
    }

    async fn with_posts(&self, up_to: i32) -> Vec<Self::WithPosts> {
        let connection = connection!(self);
        let users = users::table.filter(users::id.le(up_to)).order(users::id).select(User::as_select());
        let users = wait!(users.load(connection)).unwrap();
        let posts = wait!(Post::belonging_to(&users).select(Post::as_select()).load(connection)).unwrap();
        let posts = posts.grouped_by(&users);
        users.into_iter().zip(posts).collect()
    }

    async fn deep(&self, up_to: i32) -> Vec<Self::Deep> {
        let connection = connection!(self);
        let users = users::table.filter(users::id.le(up_to)).order(users::id).select(User::as_select());
        let users = wait!(users.load(connection)).unwrap();
        let posts = Post::belonging_to(&users).order(posts::id.desc()).select(Post::as_select());
        let mut posts = wait!(posts.load(connection)).unwrap().grouped_by(&users);
        posts.iter_mut().for_each(|p| p.truncate(TAKE_POSTS));
        let posts: Vec<Post> = posts.into_iter().flatten().collect();
        let comments = Comment::belonging_to(&posts).order(comments::id).select(Comment::as_select());
        let mut comments = wait!(comments.load(connection)).unwrap().grouped_by(&posts);
        comments.iter_mut().for_each(|c| c.truncate(TAKE_COMMENTS));
        let posts = posts.into_iter().zip(comments).grouped_by(&users);
        users.into_iter().zip(posts).collect()
    }

    async fn having_post(&self, views: i32) -> Vec<User> {
        let authors = posts::table.filter(posts::views.ge(views)).select(posts::author_id);
        let users = users::table.filter(users::id.eq_any(authors)).order(users::id).select(User::as_select());
        wait!(users.load(connection!(self))).unwrap()
    }

    async fn count(&self, age: i32) -> i64 {
        wait!(users::table.filter(users::age.lt(age)).count().get_result(connection!(self))).unwrap()
    }

    async fn group_by_age(&self) -> Vec<Group> {
        let groups = users::table.group_by(users::age).select((users::age, count_star(), max(users::id)));
        wait!(groups.order(users::age).load(connection!(self))).unwrap()
    }

    async fn update(&self, id: i32, age: i32) -> User {
        let update = diesel::update(users::table.find(id)).set(users::age.eq(age)).returning(User::as_returning());
        wait!(update.get_result(connection!(self))).unwrap()
    }

    async fn upsert(&self, email: String, age: i32) -> User {
        let upsert = diesel::insert_into(users::table).values(NewUser::of(email, age));
        let upsert = upsert.on_conflict(users::email).do_update().set(users::age.eq(excluded(users::age)));
        wait!(upsert.returning(User::as_returning()).get_result(connection!(self))).unwrap()
    }

    async fn insert(&self, email: String) -> User {
        let insert = diesel::insert_into(users::table).values(NewUser::of(email, AGE)).returning(User::as_returning());
        wait!(insert.get_result(connection!(self))).unwrap()
    }

    async fn create(&self, email: String) -> User {
        create(self, email).await
    }
}
