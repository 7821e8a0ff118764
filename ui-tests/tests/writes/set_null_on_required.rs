include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().update(user::id.eq(1), user::email.set(None)).await?;
    Ok(())
}

fn main() {}
