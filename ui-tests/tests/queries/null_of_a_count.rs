include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().group_by(post::author_id).having(post::title.count().is_null()).await?;
    Ok(())
}

fn main() {}
