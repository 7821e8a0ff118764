include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().include(user::posts).select(prisma_client::select!(user { id })).await?;
    Ok(())
}

fn main() {}
