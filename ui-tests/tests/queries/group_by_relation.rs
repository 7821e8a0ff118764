include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().group_by(post::author).await?;
    Ok(())
}

fn main() {}
