include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().delete_many().await?;
    Ok(())
}

fn main() {}
