include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().select(prisma_client::select!(user { posts(order_by: user::id.desc()) { title } })).await?;
    Ok(())
}

fn main() {}
