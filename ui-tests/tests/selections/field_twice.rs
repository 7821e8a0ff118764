include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().select(prisma_client::select!(user { id, email, id })).await?;
    Ok(())
}

fn main() {}
