include!("../../lists.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::tags.eq("a")).await?;
    Ok(())
}

fn main() {}
