use prisma_client::Model;

#[derive(Model)]
pub struct Post {
    #[prisma(id)]
    pub id: i32,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [], models = [Post] }
}

fn main() {}
