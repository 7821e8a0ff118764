include!("../../blog.rs");

async fn run(db: &PrismaClient) -> Result<(), Error> {
    db.user().update(user::name.eq("x"), user::version.increment(1)).await?;
    Ok(())
}

fn main() {}
