use prisma_client::Model;

#[derive(Model)]
pub struct User<Posts> {
    #[prisma(id)]
    pub id: i32,
    #[prisma(relation(many(Post::author)))]
    pub posts: Posts,
}

fn main() {}
