include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.profile().find_many().select(prisma_client::select!(profile { id, _count })).await?;
    Ok(())
}

fn main() {}
