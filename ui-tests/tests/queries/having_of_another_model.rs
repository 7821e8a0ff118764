include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().group_by(post::author_id).having(user::version.sum().gt(1)).await?;
    Ok(())
}

fn main() {}
