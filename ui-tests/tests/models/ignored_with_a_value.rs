use prisma_client::{Model, NotIncluded};

#[derive(Model)]
pub struct User<Notes = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    #[prisma(ignore)]
    pub secret: Option<String>,
    #[prisma(unsupported("polygon"))]
    pub area: String,
    #[prisma(relation(many(Note::user)), ignore)]
    pub notes: Notes,
}

#[derive(Model)]
#[prisma(ignore)]
pub struct Note<User = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    #[prisma(relation(one(User), fields(id), references(id)))]
    pub user: User,
}

prisma_client::client! {
    pub struct PrismaClient { provider = "sqlite", models = [User, Note] }
}

fn main() {}
