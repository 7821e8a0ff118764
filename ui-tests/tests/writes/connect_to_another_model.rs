include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().update(post::id.eq(1), post::author.connect(post::id.eq(1))).await?;
    Ok(())
}

fn main() {}
