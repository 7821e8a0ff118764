prisma_client::client! {
    pub struct PrismaClient { provider = "sqllite", models = [] }
}

fn main() {}
