include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::views.gt("many")).await?;
    Ok(())
}

fn main() {}
