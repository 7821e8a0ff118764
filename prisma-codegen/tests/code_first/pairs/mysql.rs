use prisma_client::{Model, client};

#[derive(Model)]
#[prisma(
    unique(title(length = 20, sort = Desc), tenant),
    index(body(length = 100), map = "page_body"),
    fulltext(title, body, map = "page_words")
)]
pub struct Page {
    #[prisma(id, default(autoincrement()), db(UnsignedBigInt))]
    pub id: i64,
    #[prisma(unique(length = 40), db(Text))]
    pub title: String,
    #[prisma(db = LongText)]
    pub body: String,
    #[prisma(shard_key)]
    pub tenant: i32,
    #[prisma(db(Bit(1)))]
    pub flag: bool,
    #[prisma(db(UnsignedTinyInt))]
    pub small: i32,
    #[prisma(db(Year))]
    pub year: i32,
}

#[derive(Model)]
#[prisma(id(page, number), shard_key(page, number))]
pub struct Line {
    pub page: i32,
    pub number: i32,
}

client! {
    pub struct PrismaClient { provider = "mysql", preview_features = ["shardKeys"], models = [Page, Line] }
}
