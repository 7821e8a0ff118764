include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().aggregate(user::posts.count()).await?;
    Ok(())
}

fn main() {}
