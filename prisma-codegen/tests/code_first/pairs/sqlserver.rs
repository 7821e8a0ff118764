use prisma_client::{Model, client};

#[derive(Model)]
#[prisma(schema = "sales")]
pub struct Bill {
    #[prisma(id(map = "bill_key", sort = Desc, clustered = false), default(autoincrement()))]
    pub id: i32,
    #[prisma(unique(clustered = true), default("none", map = "bill_number"), db(NVarChar(40)))]
    pub number: String,
    #[prisma(default(0, map = "bill_total"), db(Money))]
    pub total: f64,
}

#[derive(Model)]
#[prisma(
    schema = "dbo",
    id(bill(sort = Desc), number, map = "part_key", clustered = false),
    index(name, clustered = true)
)]
pub struct Part {
    pub bill: i32,
    pub number: i32,
    pub name: String,
}

client! {
    pub struct PrismaClient { provider = "sqlserver", schemas = ["dbo", "sales"], models = [Bill, Part] }
}
