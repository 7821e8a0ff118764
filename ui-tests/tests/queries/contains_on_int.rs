include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::views.contains("1")).await?;
    Ok(())
}

fn main() {}
