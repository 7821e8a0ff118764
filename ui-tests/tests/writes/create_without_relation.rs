include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.post().create(post::create().title("x")).await?;
    Ok(())
}

fn main() {}
