include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().aggregate(post::views).await?;
    Ok(())
}

fn main() {}
