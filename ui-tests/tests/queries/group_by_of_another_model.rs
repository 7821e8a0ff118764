include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().group_by(user::email).await?;
    Ok(())
}

fn main() {}
