include!("../../lists.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().order_by(post::views.relevance("cat").desc()).await?;
    Ok(())
}

fn main() {}
