use prisma_client::Model;

#[derive(Model)]
pub struct User {
    pub email: String,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User] }
}

fn main() {}
