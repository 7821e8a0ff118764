include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().aggregate(post::title.sum()).await?;
    Ok(())
}

fn main() {}
