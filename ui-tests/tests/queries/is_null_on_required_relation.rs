include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::author.is_null()).await?;
    Ok(())
}

fn main() {}
