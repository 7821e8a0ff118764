use prisma_client::Model;

#[derive(Model)]
pub struct User {
    #[prisma(id)]
    pub id: i32,
    pub role: Role,
}

pub enum Role {
    Admin,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User] }
}

fn main() {}
