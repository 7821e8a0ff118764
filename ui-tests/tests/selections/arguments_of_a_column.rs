include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().select(prisma_client::select!(user { email(take: 1) })).await?;
    Ok(())
}

fn main() {}
