include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_unique(post::title.eq("x")).await?;
    Ok(())
}

fn main() {}
