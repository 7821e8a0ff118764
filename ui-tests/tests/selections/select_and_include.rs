include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().select(prisma_client::select!(user { id })).include(user::posts).await?;
    Ok(())
}

fn main() {}
