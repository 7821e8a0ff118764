use prisma_client::{Model, NotIncluded};

#[derive(Model)]
pub struct User<Posts = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    #[prisma(relation(many(Post)))]
    pub posts: Posts,
}

#[derive(Model)]
pub struct Post<Author = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    #[prisma(relation(one(User)))]
    pub author: Author,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User, Post] }
}

fn main() {}
