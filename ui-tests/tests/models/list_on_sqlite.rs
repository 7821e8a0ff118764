use prisma_client::Model;

#[derive(Model)]
#[prisma(index(tags, typ = Gin))]
pub struct Post {
    #[prisma(id(clustered = true))]
    pub id: i32,
    pub tags: Vec<String>,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [Post] }
}

fn main() {}
