include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().update(post::id.eq(1), post::author.disconnect()).await?;
    Ok(())
}

fn main() {}
