include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().aggregate((prisma_client::count(), user::version.sum())).await?;
    Ok(())
}

fn main() {}
