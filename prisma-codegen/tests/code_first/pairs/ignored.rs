use std::marker::PhantomData;

use prisma_client::{Model, NotIncluded, client};

#[derive(Model)]
pub struct User {
    #[prisma(id)]
    pub id: i32,
    #[prisma(default("x"), ignore)]
    pub secret: PhantomData<String>,
    #[prisma(relation(many(Note::user)), ignore)]
    pub notes: PhantomData<()>,
}

#[derive(Model)]
#[prisma(ignore)]
pub struct Note<User = NotIncluded> {
    #[prisma(id)]
    pub id: i32,
    #[prisma(relation(one(User), fields(user_id), references(id)))]
    pub user: User,
    pub user_id: i32,
}

client! {
    pub struct PrismaClient { provider = "sqlite", models = [User, Note] }
}
