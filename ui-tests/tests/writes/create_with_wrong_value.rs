include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().create(user::create().email(1)).await?;
    Ok(())
}

fn main() {}
