//! Models written as structs.

use std::marker::PhantomData;

use prisma_client::{Enum, Model, NotIncluded};

#[derive(Model)]
#[prisma(map = "users")]
pub struct User<Posts = NotIncluded> {
    #[prisma(id, default(autoincrement()))]
    pub id: i32,
    #[prisma(unique)]
    pub email: String,
    pub name: Option<String>,
    #[prisma(relation(many(Post::author)))]
    pub posts: Posts,
    /// In the database only.
    #[prisma(ignore, default("none"))]
    pub legacy: PhantomData<String>,
    #[prisma(relation(many(Audit::user)), ignore)]
    pub audits: PhantomData<()>,
}

/// A table that the client does not see.
#[allow(dead_code)]
#[derive(Model)]
#[prisma(ignore)]
pub struct Audit<User = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    pub user_id: i32,
    #[prisma(relation(one(User), fields(user_id), references(id)))]
    pub user: User,
}

#[derive(Enum)]
pub enum State {
    #[prisma(map = "draft")]
    Draft,
    Done,
}

#[derive(Model)]
#[prisma(unique(title(sort = Desc), author_id, map = "post_title"), index(state))]
pub struct Post<Author = NotIncluded> {
    #[prisma(id, default(autoincrement()))]
    pub id: i32,
    pub title: String,
    #[prisma(default(State::Draft))]
    pub state: State,
    pub author_id: Option<i32>,
    #[prisma(relation(one(User), fields(author_id), references(id), on_delete = SetNull))]
    pub author: Author,
}

/// How much has been written.
#[derive(Model)]
#[prisma(view)]
pub struct Written {
    #[prisma(unique)]
    pub author_id: i32,
    pub posts: i32,
}

prisma_client::client! {
    pub struct PrismaClient {
        provider = "sqlite",
        preview_features = ["views"],
        models = [User, Post, Audit, Written],
        enums = [State],
    }
}

#[tokio::test]
async fn the_same_items_come_out() {
    let db = PrismaClient::in_memory().await.unwrap();
    let user = db
        .user()
        .create(user::create().email("a@b.c").posts([post::create().title("one"), post::create().title("two")]))
        .include(user::posts.order_by(post::id.desc()))
        .await
        .unwrap();
    assert_eq!(user.posts[0].title, "two");
    assert_eq!(user.posts[0].author_id, Some(user.id));
    db.user().delete(user::id.eq(user.id)).await.unwrap();
    assert_eq!(db.post().count().filter(post::author_id.is_null()).await.unwrap(), 2);
}

#[tokio::test]
async fn what_the_client_does_not_see() {
    let db = PrismaClient::in_memory().await.unwrap();
    let user = db.user().create(user::create().email("a@b.c")).await.unwrap();
    assert_eq!(format!("{user:?}"), r#"User { id: 1, email: "a@b.c", name: None, posts: NotIncluded }"#);
    let legacy: Vec<User> = db.user().find_many().await.unwrap();
    assert_eq!(legacy, [user]);
}

#[tokio::test]
async fn enums_and_views() {
    let db = PrismaClient::in_memory().await.unwrap();
    db.post().create(post::create().title("one")).await.unwrap();
    let states = db.post().find_many().filter(post::state.eq(State::Draft)).await.unwrap();
    assert_eq!(states.len(), 1);
    let read = db.written().find_unique(written::author_id.eq(1)).to_sql().unwrap();
    assert!(read.to_string().contains("FROM") && read.to_string().contains("Written"), "{read}");
}
