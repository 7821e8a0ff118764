include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().aggregate(post::views.sum()).await?;
    Ok(())
}

fn main() {}
