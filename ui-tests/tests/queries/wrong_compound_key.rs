include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_unique(post::author_id_title.eq((1, 2))).await?;
    Ok(())
}

fn main() {}
