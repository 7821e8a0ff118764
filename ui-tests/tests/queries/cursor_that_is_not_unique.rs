include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().cursor(post::views.eq(1)).await?;
    Ok(())
}

fn main() {}
