use prisma_client::Model;

#[derive(Model)]
pub struct User {
    #[prisma(id)]
    pub id: i32,
    #[prisma(default("one"))]
    pub version: i32,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User] }
}

fn main() {}
