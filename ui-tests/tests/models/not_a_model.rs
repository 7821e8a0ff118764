pub struct User {
    pub id: i32,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User] }
}

fn main() {}
