include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().group_by(post::author_id).order_by(user::version.max().desc()).await?;
    Ok(())
}

fn main() {}
