include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().filter(user::email.is_null()).await?;
    Ok(())
}

fn main() {}
