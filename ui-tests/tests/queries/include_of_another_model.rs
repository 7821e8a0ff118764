include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().include(post::author).await?;
    Ok(())
}

fn main() {}
