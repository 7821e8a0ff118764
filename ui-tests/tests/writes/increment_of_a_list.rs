include!("../../lists.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().update_many(post::marks.increment(1)).all().await?;
    Ok(())
}

fn main() {}
