include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().include(user::posts).include(user::posts).await?;
    Ok(())
}

fn main() {}
