include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::author.some(user::id.eq(1))).await?;
    Ok(())
}

fn main() {}
