use prisma_client::Model;

#[derive(Model)]
#[prisma(table = "users")]
pub struct User {
    #[prisma(id)]
    pub id: i32,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User] }
}

fn main() {}
