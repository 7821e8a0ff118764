include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().update_many(user::version.set(2)).await?;
    Ok(())
}

fn main() {}
