include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().select((user::id, user::email)).await?;
    Ok(())
}

fn main() {}
