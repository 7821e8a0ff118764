include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.users().find_many().await?;
    Ok(())
}

fn main() {}
