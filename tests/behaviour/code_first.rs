//! Models written as structs.

use prisma_client::{Model, NotIncluded};

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
}

#[derive(Model)]
pub struct Post<Author = NotIncluded> {
    #[prisma(id, default(autoincrement()))]
    pub id: i32,
    pub title: String,
    pub author_id: Option<i32>,
    #[prisma(relation(one(User), fields(author_id), references(id), on_delete = SetNull))]
    pub author: Author,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User, Post] }
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
