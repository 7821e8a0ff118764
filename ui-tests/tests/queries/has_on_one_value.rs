include!("../../lists.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::title.has("a")).await?;
    Ok(())
}

fn main() {}
