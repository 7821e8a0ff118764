include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().include(post::author.take(1)).await?;
    Ok(())
}

fn main() {}
