include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().distinct([post::views]).await?;
    Ok(())
}

fn main() {}
