use prisma_client::{Model, NotIncluded};

#[derive(Model)]
pub struct User<Posts = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    #[prisma(relation(many(Post::author)))]
    pub posts: Posts,
}

#[derive(Model)]
pub struct Post<Author = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    pub author_id: i32,
    #[prisma(relation(one(User), fields(author_di), references(id)))]
    pub author: Author,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User, Post] }
}

fn main() {}
