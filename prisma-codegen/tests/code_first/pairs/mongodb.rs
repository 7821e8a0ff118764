use prisma_client::chrono::{DateTime, Utc};
use prisma_client::{Model, NotIncluded, client};

#[derive(Model)]
#[prisma(unique(place.city.name), index(place.street(sort = Desc)))]
pub struct Post<Tags = NotIncluded> {
    #[prisma(id, default(auto()), map = "_id", db(ObjectId))]
    pub id: String,
    #[prisma(db(ObjectId))]
    pub tag_ids: Vec<String>,
    #[prisma(relation(many(Tag::posts), fields(tag_ids), references(id)))]
    pub tags: Tags,
    pub place: Option<Address>,
    #[prisma(map = "former_places")]
    pub former: Vec<Address>,
}

#[derive(Model)]
#[prisma(fulltext(text(sort = Desc)))]
pub struct Tag<Posts = NotIncluded> {
    #[prisma(id, default(auto()), map = "_id", db(ObjectId))]
    pub id: String,
    pub text: String,
    #[prisma(db(ObjectId))]
    pub post_ids: Vec<String>,
    #[prisma(relation(many(Post::tags), fields(post_ids), references(id)))]
    pub posts: Posts,
}

/// Where it was written.
#[derive(Model)]
#[prisma(composite)]
pub struct Address {
    #[prisma(default("none"))]
    pub street: String,
    #[prisma(map = "town")]
    pub city: City,
    #[prisma(db(Date))]
    pub since: Option<DateTime<Utc>>,
}

#[derive(Model)]
#[prisma(composite)]
pub struct City {
    pub name: String,
}

client! {
    pub struct PrismaClient {
        provider = "mongodb",
        url = env("MONGODB_URL"),
        models = [Post, Tag],
        types = [Address, City],
    }
}
