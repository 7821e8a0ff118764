use prisma_client::serde_json::Value;
use prisma_client::{Model, client};

#[derive(Model)]
#[prisma(index(tags, type = Gin))]
pub struct Log {
    #[prisma(id, default(autoincrement()))]
    pub id: i64,
    #[prisma(default(sequence(virtual = true, min_value = 1, max_value = 99, increment = 2, start = 3, cache = 4)))]
    pub part: i32,
    pub tags: Vec<String>,
    #[prisma(db(JsonB))]
    pub body: Value,
}

client! {
    pub struct PrismaClient { provider = "cockroachdb", models = [Log] }
}
