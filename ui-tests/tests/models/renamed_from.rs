use prisma_client::{Enum, Model, NotIncluded, client};

#[derive(Model)]
#[prisma(renamed_from = "User")]
struct User<Posts = NotIncluded> {
    #[prisma(id)]
    id: i32,
    #[prisma(renamed_from = "email")]
    mail: String,
    email: String,
    #[prisma(renamed_from("nick", to = "nickname"))]
    nickname: String,
    role: Role,
    #[prisma(relation(many(Post::author)), renamed_from = "entries")]
    posts: Posts,
}

#[derive(Model)]
struct Post<Author = NotIncluded> {
    #[prisma(id)]
    id: i32,
    author_id: i32,
    #[prisma(relation(one(User), fields(author_id), references(id)))]
    author: Author,
}

#[derive(Enum)]
enum Role {
    Reader,
    #[prisma(renamed_from = "Author")]
    Writer,
}

client! {
    struct PrismaClient {
        provider = "sqlite",
        models = [User, Post],
        enums = [Role],
    }
}

fn main() {}
