include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().find_many().order_by(user::id).await?;
    Ok(())
}

fn main() {}
