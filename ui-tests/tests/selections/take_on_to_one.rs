include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().select(prisma_client::select!(post { author(take: 1) { email } })).await?;
    Ok(())
}

fn main() {}
