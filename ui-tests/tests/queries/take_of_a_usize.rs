include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().take([1, 2].len()).await?;
    Ok(())
}

fn main() {}
