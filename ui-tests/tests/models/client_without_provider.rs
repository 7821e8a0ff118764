prisma_client::client! {
    pub struct PrismaClient { models = [] }
}

fn main() {}
