use prisma_client::{Model, client};

#[derive(Model)]
struct Post {
    #[prisma(id, renamed_from)]
    id: i32,
}

client! {
    struct PrismaClient {
        provider = "sqlite",
        models = [Post],
    }
}

fn main() {}
