include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().find_many().filter(post::author.is(post::title.eq("x"))).await?;
    Ok(())
}

fn main() {}
