include!("../../lists.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::tags.has(1)).await?;
    Ok(())
}

fn main() {}
