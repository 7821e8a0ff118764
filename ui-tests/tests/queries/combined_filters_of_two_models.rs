include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::views.gt(1) & user::version.gt(1)).await?;
    Ok(())
}

fn main() {}
