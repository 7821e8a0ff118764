include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::views.sum().gt(10)).await?;
    Ok(())
}

fn main() {}
