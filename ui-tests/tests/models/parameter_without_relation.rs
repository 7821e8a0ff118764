use prisma_client::{Model, NotIncluded};

#[derive(Model)]
pub struct User<Posts = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    pub posts: Posts,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User] }
}

fn main() {}
